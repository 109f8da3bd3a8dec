"""The same question in two languages: the gap worked out by hand."""

from __future__ import annotations

from dataclasses import replace

import pytest

from qa.metrics import JudgedCitation, Outcome
from qa.questions import GoldQuestion, GoldSpan
from qa.twins import BEYOND, gaps, pairs, rank
from qa.types import Lang

RIGHT = JudgedCitation("d", 0, 1, "x", exact=True, right=True)
GOLD = (GoldSpan("d", 0, 1, "x"),)


def outcome(name: str, lang: Lang, place: int, twin: str = "", gold_lang: str = "de") -> Outcome:
    question = GoldQuestion(name, "Wer?", lang, answerable=True, gold=GOLD, twin=twin)
    return Outcome(question, lang, "answered", 0.9, (place,), 1, {}, (RIGHT,), gold_lang=gold_lang)


def silent(name: str, lang: Lang, twin: str = "") -> Outcome:
    question = GoldQuestion(name, "Wer nicht?", lang, answerable=False, twin=twin)
    return Outcome(question, lang, "abstained", 0.1, (), 0, {}, ())


RUN = (
    outcome("a-de", "de", 1, "a-en"),
    outcome("a-en", "en", 4, "a-de"),
    outcome("b-en", "en", 2, gold_lang="en"),  # its twin names it
    outcome("b-de", "de", 0, "b-en", gold_lang="en"),
    outcome("alone", "de", 1),
    silent("c-de", "de", "c-en"),
    silent("c-en", "en"),
)


def test_twins_are_found_whichever_names_the_other_and_ordered_by_language() -> None:
    assert [(one.first.question.id, one.second.question.id) for one in pairs(RUN)] == [
        ("a-de", "a-en"),
        ("b-de", "b-en"),
        ("c-de", "c-en"),
    ]


def test_the_gaps_by_hand() -> None:
    found = {name: (interval.value, n) for name, (interval, n) in gaps(RUN).items()}
    assert BEYOND == 21
    assert found == {
        "rank, across": (pytest.approx(((4 - 1) + (21 - 2)) / 2), 2),
        "1/rank, across": (pytest.approx(((1 / 4 - 1) + (1 / 21 - 1 / 2)) / 2), 2),
        "rank, de-en": (pytest.approx(((1 - 4) + (21 - 2)) / 2), 2),
        "same verdict": (1.0, 3),
    }


def test_what_lies_beyond_the_passages_that_are_read_counts_as_not_found() -> None:
    assert [rank(outcome("a", "de", place)) for place in (0, 1, 20, 21, 90)] == [21, 1, 20, 21, 21]


def test_where_the_gold_is_in_both_languages_none_of_them_is_across() -> None:
    both = [replace(one, gold_lang="") for one in RUN]
    assert list(gaps(both)) == ["rank, de-en", "same verdict"]


def test_a_twin_that_was_not_asked_is_none() -> None:
    assert pairs(RUN[:1]) == []
    assert gaps(RUN[4:5]) == {}


def test_twins_that_went_otherwise_are_counted() -> None:
    wrong = replace(RUN[1], citations=(replace(RIGHT, right=False),))
    assert gaps((RUN[0], wrong))["same verdict"][0].value == 0
