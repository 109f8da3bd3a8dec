"""Matching the words of a question with the words of a text."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.lexical import Term, query_terms, terms
from qa.match import Matcher


def matched(question: str, text: str, *, question_lang: str = "en", lang: str = "de") -> list[float]:
    matcher = Matcher(query_terms(question, question_lang, lang), lambda _: 1.0)
    return list(matcher.matches(terms(text, lang)))


def test_the_word_itself_matches_fully() -> None:
    assert matched("Putin", "Putin schwieg.") == [1.0]


def test_a_translation_matches_by_its_probability() -> None:
    (found,) = matched("negotiations", "Verhandlungen begannen.")
    assert 0.5 < found < 1


def test_part_of_a_compound_matches_less_than_the_whole() -> None:
    (part,) = matched("Minister", "Der Verteidigungsminister kam.", question_lang="de")
    assert 0 < part < 1


@pytest.mark.parametrize(
    ("asked", "written"), [("Zelensky", "Selenskyj"), ("Zelenskyy", "Selenskyj"), ("Peskow", "Peskov")]
)
def test_a_name_matches_in_another_spelling(asked: str, written: str) -> None:
    assert matched(asked, f"{written} kam.") > [0.6]


@pytest.mark.parametrize(
    ("asked", "written"), [("Merkel", "Macron"), ("Hegseth", "Hegel"), ("2014", "2015"), ("Putin", "Rubin")]
)
def test_another_name_does_not(asked: str, written: str) -> None:
    assert matched(asked, f"{written} kam.") == [0.0]


def term(text: str, *, is_name: bool = False) -> Term:
    return Term(text, ((text, 1.0),), is_name)


def test_coverage_is_a_share_weighed_by_rarity() -> None:
    matcher = Matcher([term("a"), term("b")], {"a": 3.0, "b": 1.0}.__getitem__)
    assert matcher.coverage(matcher.matches(["a"])) == pytest.approx(0.75)
    assert matcher.coverage(matcher.matches([])) == 0.0


def test_a_question_without_weight_is_not_covered() -> None:
    assert Matcher([], lambda _: 1.0).coverage(()) == 0.0
    assert Matcher([term("a")], lambda _: 0.0).coverage((1.0,)) == 0.0


def test_a_term_weighs_as_much_as_its_most_common_reading() -> None:
    rare_or_common = Term("call", (("call", 1.0), ("anruf", 0.5)), is_name=False)
    matcher = Matcher([rare_or_common, term("b")], {"call": 9.0, "anruf": 1.0, "b": 1.0}.__getitem__)
    assert matcher.coverage((1.0, 0.0)) == pytest.approx(0.5)


def test_name_coverage_looks_at_names_alone() -> None:
    matcher = Matcher([term("a"), term("bob", is_name=True)], lambda _: 1.0)
    assert matcher.name_coverage(matcher.matches(["a"])) == 0.0
    assert matcher.name_coverage(matcher.matches(["bob"])) == 1.0
    assert Matcher([term("a")], lambda _: 1.0).name_coverage((0.0,)) == 1.0


@given(st.text(max_size=60), st.text(max_size=120))
def test_every_match_is_a_share(question: str, text: str) -> None:
    assert all(0 <= found <= 1 for found in matched(question, text))
