"""The shipped bilingual lexicon."""

from __future__ import annotations

import pytest

from index.lexicon import Lexicon


@pytest.mark.parametrize(("english", "german"), [("negoti", "verhandl"), ("war", "krieg"), ("border", "grenz")])
def test_everyday_words_of_news_are_translated_both_ways(english: str, german: str) -> None:
    assert german in dict(Lexicon.between("en", "de").translations(english))
    assert english in dict(Lexicon.between("de", "en").translations(german))


def test_translations_are_probabilities_best_first() -> None:
    for source, target in (("en", "de"), ("de", "en")):
        for translations in Lexicon.between(source, target).table.values():
            weights = [weight for _, weight in translations]
            assert weights == sorted(weights, reverse=True)
            assert 0 < sum(weights) <= 1.01


def test_a_name_it_does_not_know_has_no_translation() -> None:
    assert Lexicon.between("en", "de").translations("hegseth") == ()
    assert "hegseth" not in Lexicon.of("en")


def test_there_is_none_within_a_language_or_for_a_third() -> None:
    assert not Lexicon.between("de", "de").table
    assert not Lexicon.between("de", "fr").table
    assert not Lexicon.of("fr").table
