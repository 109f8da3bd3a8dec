"""Token overlap, as SQuAD counts it: worked out by hand."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa.tokens import overlap, token_values, tokens


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("The Panthers' defense, again!", ["panthers", "defense", "again"]),
        ("Eine «enge» Zusammenarbeit – und ein Treffen.", ["enge", "zusammenarbeit", "und", "treffen"]),
        ("„Der Weg“  zur\n Nato", ["weg", "zur", "nato"]),
        ("US-Präsident", ["uspräsident"]),
        ("$308 million", ["308", "million"]),
        ("the der a", []),
    ],
)
def test_case_punctuation_and_articles_of_both_languages_do_not_count(text: str, expected: list[str]) -> None:
    assert tokens(text) == expected


def test_f1_and_recall_by_hand() -> None:
    # Of 6 and 2 tokens both of the answer's are there: precision 2/6, recall 1.
    found, gold = "Die Verteidigung der Panthers gab 308 Punkte ab.", "308 Punkte"
    assert overlap(found, gold) == (pytest.approx(2 * (2 / 6) / (2 / 6 + 1)), 1.0)


def test_a_repeated_token_counts_as_often_as_it_is_in_both() -> None:
    assert overlap("ja ja nein", "ja ja ja") == (pytest.approx(2 / 3), pytest.approx(2 / 3))


def test_of_several_answers_the_one_counts_that_fits_best() -> None:
    assert token_values("nach Moskau", ["Kiew", "Moskau", "nach Moskau eingeladen"]) == {
        "token_f1": pytest.approx(4 / 5),
        "token_recall": 1.0,
    }


def test_silence_has_no_token() -> None:
    assert token_values("", ["Moskau"]) == {"token_f1": 0.0, "token_recall": 0.0}
    assert overlap("the", "der") == (1.0, 1.0)
    assert overlap("the", "Moskau") == (0.0, 0.0)


@given(st.text(max_size=40), st.text(max_size=40))
def test_f1_is_symmetric_and_between_zero_and_recall_or_precision(one: str, other: str) -> None:
    (f1, recall), (same, precision) = overlap(one, other), overlap(other, one)
    assert f1 == same
    assert 0 <= min(recall, precision) - 1e-9 <= f1 <= max(recall, precision) + 1e-9 or f1 == 0
    assert overlap(one, one) == (1.0, 1.0)
