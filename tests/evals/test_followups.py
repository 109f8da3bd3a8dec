"""The evaluation of follow-ups: its cases, its figures by hand, and some conversations on the real index."""

from __future__ import annotations

import json
from collections import Counter
from io import StringIO
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from followups import CASES, HELD_OUT, Case, Judged, ask, figures, opened, parts, read_cases, table
from rich.console import Console

from qa.errors import EvaluationError
from qa.metrics import JudgedCitation, Outcome
from qa.questions import GoldQuestion, GoldSpan

if TYPE_CHECKING:
    from collections.abc import Iterator

    from qa.pipeline import Assistant

GOLD = (GoldSpan("d", 0, 4, "Nein"),)


@pytest.fixture(scope="module")
def assistant(shipped: None, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Assistant]:  # noqa: ARG001 - see there
    made = opened(tmp_path_factory.mktemp("followups"))
    yield made
    made.close()


@pytest.fixture(scope="module")
def cases(assistant: Assistant) -> dict[str, Case]:
    return {case.id: case for case in read_cases(CASES, assistant.document)}


def outcome(name: str, recall: float, *, right: bool) -> Outcome:
    question = GoldQuestion(name, "Why?", "en", answerable=True, gold=GOLD)
    found = {"recall@1": recall, "recall@5": 1.0}
    return Outcome(question, "en", "answered", 0.9, (1,), 1, found, (JudgedCitation("d", 0, 4, "Nein", True, right),))


def judged(name: str, before: float, after: float, *tags: str) -> Judged:
    outcomes = (outcome(name, before, right=False), outcome(name, after, right=True))
    return Judged(Case(name, ("Who?", "Why?"), "en", carry=True, gold=GOLD, tags=tags), "Why him?", ("him",), outcomes)


def whole(name: str, asked: str) -> Judged:
    return Judged(Case(name, ("Who?", "Why him?"), "en", carry=False, gold=(), tags=()), asked, (), ())


def test_the_cases_cover_what_they_should(cases: dict[str, Case]) -> None:
    carry = [case for case in cases.values() if case.carry]
    stay = [case for case in cases.values() if not case.carry]
    tags = Counter(tag for case in carry for tag in case.tags)
    assert len(carry) - tags[HELD_OUT] >= 24
    assert tags[HELD_OUT] >= 12
    assert tags["three"] >= 3
    assert tags["switch"] >= 5
    assert Counter(case.lang for case in stay)["de"] == len(stay) / 2 >= 4
    assert len({case.id for case in cases.values()}) == len(cases)


@pytest.mark.parametrize("name", ["f-15", "f-23", "f-10"])
def test_what_is_carried_finds_what_the_last_turn_alone_does_not(
    name: str, cases: dict[str, Case], assistant: Assistant
) -> None:
    one = ask(cases[name], assistant)
    typed, carried = (outcome.retrieval["recall@1"] for outcome in one.outcomes)
    assert (typed, carried) == (0, 1)
    assert one.carried


def test_what_must_stay_is_not_judged_by_answers(cases: dict[str, Case], assistant: Assistant) -> None:
    one = ask(cases["k-05"], assistant)
    assert one.left_alone
    assert one.outcomes == ()


def test_shares_and_what_is_gained_are_means_over_cases() -> None:
    found = figures([judged("a", 0, 1), judged("b", 1, 1), whole("c", "Why him?"), whole("d", "Why Putin?")], 50)
    assert (found["cases"], found["must_stay"], found["left_alone"]) == (2, 2, 1)
    assert found["as typed"]["recall@1"]["value"] == 0.5
    assert found["carried"]["recall@1"]["value"] == found["carried"]["answered_right"]["value"] == 1
    assert found["gain"]["recall@1"]["value"] == 0.5
    assert found["gain"]["answered_right"] == {"value": 1, "low": 1, "high": 1}


def test_held_out_cases_and_every_tag_have_a_row_of_their_own() -> None:
    split = dict(parts([judged("a", 0, 1, "why", HELD_OUT), judged("b", 0, 1, "why"), whole("c", "Why him?")]))
    assert {part: len(of) for part, of in split.items()} == {"all": 3, HELD_OUT: 1, "seen": 2, "why": 2}
    screen = StringIO()
    Console(width=160, file=screen).print(table({part: figures(of, 20) for part, of in split.items()}))
    (row,) = [line for line in screen.getvalue().splitlines() if HELD_OUT in line]
    assert "as typed" in row
    assert "0.00 [0.00, 0.00]" in row
    assert "1 of 1" in screen.getvalue()


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"turns": ["Why?"]}, "two turns"),
        ({"carry": False}, "exactly where something must be carried"),
        ({"gold": []}, "exactly where something must be carried"),
        ({"gold": [{"doc_id": "nowhere.md", "start": 0, "end": 1, "quote": "W"}]}, "nowhere.md"),
        ({"asked": "x"}, "asked"),
        ({"lang": "fr"}, "lang"),
    ],
)
def test_a_wrong_case_is_named(change: dict[str, Any], said: str, assistant: Assistant, tmp_path: Path) -> None:
    line = json.loads(CASES.read_text(encoding="utf-8").splitlines()[0]) | change
    path = tmp_path / "cases.jsonl"
    path.write_text(json.dumps(line) + "\n", encoding="utf-8")
    with pytest.raises(EvaluationError, match=said) as error:
        read_cases(path, assistant.document)
    assert f"{path}:1" in str(error.value)


def test_offsets_that_are_not_the_quote_are_named(assistant: Assistant, tmp_path: Path) -> None:
    line = json.loads(CASES.read_text(encoding="utf-8").splitlines()[0])
    line["gold"][0]["start"] += 1
    line["gold"][0]["end"] += 1
    path = tmp_path / "cases.jsonl"
    path.write_text(json.dumps(line) + "\n", encoding="utf-8")
    with pytest.raises(EvaluationError, match="mend the offsets"):
        read_cases(path, assistant.document)
