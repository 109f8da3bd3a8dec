"""A run beside the run before it."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from qa.comparison import changes, changes_by_tag, compare, comparison_json
from qa.errors import EvaluationError
from qa.evaluate import Evaluation, environment
from qa.intervals import Interval
from qa.metrics import JudgedCitation, Outcome, retrieval_values
from qa.questions import GoldQuestion, GoldSpan
from qa.ranking import leg_values

RIGHT = JudgedCitation("d", 0, 1, "x", exact=True, right=True)
WRONG = replace(RIGHT, right=False)


def outcome(name: str, *citations: JudgedCitation) -> Outcome:
    question = GoldQuestion(name, "Wer?", "de", answerable=True, gold=(GoldSpan("d", 0, 1, "x"),))
    return Outcome(question, "de", "answered" if citations else "abstained", 0.5, (1,), 1, {}, citations)


def run(*outcomes: Outcome) -> Evaluation:
    return Evaluation("hand", "0", "m", 1, 1, outcomes, (0.1,) * len(outcomes), environment("g"))


def test_questions_that_changed_sides_are_named() -> None:
    before = run(outcome("a", WRONG), outcome("b", RIGHT), outcome("c"), outcome("d", RIGHT))
    now = run(outcome("a", RIGHT), outcome("b"), outcome("c", WRONG), outcome("d", RIGHT, WRONG))
    found = compare(now, before)
    assert found.before is before
    assert found.shared == 4
    assert [one.question.id for one in found.newly_right] == ["a"]
    assert [one.question.id for one in found.newly_wrong] == ["b"]
    assert found.gains["answered_right"].value == 0


def test_only_questions_that_are_still_the_same_are_compared() -> None:
    old = outcome("b", WRONG)
    reworded = replace(outcome("b", RIGHT), question=replace(old.question, question="Wer ging?"))
    found = compare(run(reworded, outcome("a", RIGHT), outcome("new")), run(outcome("a", WRONG), old))
    assert found.shared == 1
    assert [one.question.id for one in found.newly_right] == ["a"]
    assert found.gains["answered_right"].value == 1


def test_two_sets_without_a_question_in_common_have_no_differences() -> None:
    found = compare(run(outcome("a")), run(outcome("b")))
    assert (found.shared, found.gains, found.newly_right, found.newly_wrong) == (0, {}, (), ())


def ranked(name: str, rank: int, *tags: str) -> Outcome:
    asked = GoldQuestion(name, "Wer?", "de", answerable=True, gold=(GoldSpan("d", 0, 1, "x"),), tags=tags)
    legs = {"fused": (rank,)}
    made = Outcome(asked, "de", "answered", 0.5, (rank,), 1, retrieval_values([rank]), (RIGHT,))
    return replace(made, leg_ranks=legs, legs=leg_values(legs))


BEFORE = run(*(ranked(f"q{number}", 2, "odd" if number % 2 else "even") for number in range(6)))
AFTER = run(*(ranked(f"q{number}", 1, "odd" if number % 2 else "even") for number in range(6)))


def test_each_measure_has_its_gain_with_an_interval_and_a_p_value() -> None:
    found = changes(compare(AFTER, BEFORE))
    assert found["fused RR@10"].gain == found["RR@10"].gain == Interval(0.5, 0.5, 0.5)
    assert found["fused RR@10"].p == 2 / 2**6
    assert found["answered_right"].gain.value == 0
    assert found["answered_right"].p == 1


def test_how_well_a_run_knew_when_to_be_silent_is_compared_too() -> None:
    quiet = GoldQuestion("u", "Wer nicht?", "de", answerable=False)
    unsure = Outcome(quiet, "de", "abstained", 0.1, (), 0, {}, ())
    loud = replace(unsure, status="answered", confidence=0.9, citations=(WRONG,))
    found = changes(compare(run(outcome("a", RIGHT), unsure), run(outcome("a", RIGHT), loud)))
    assert {name: found[name].gain.value for name in ("AUROC", "AURC", "accuracy")} == {
        "AUROC": 1.0,
        "AURC": pytest.approx((0 + 1 / 2) / 2 - (1 + 1 / 2) / 2),
        "accuracy": 0.5,
    }
    assert found["accuracy"].p == 1, "one question that differs is nothing"


def test_changes_are_broken_down_by_tag() -> None:
    assert [(tag, of_tag["RR@10"].p) for tag, of_tag in changes_by_tag(compare(AFTER, BEFORE)).items()] == [
        ("even", 2 / 2**3),
        ("odd", 2 / 2**3),
    ]


def test_a_comparison_is_told_in_plain_values_the_same_each_time() -> None:
    told = comparison_json(AFTER, compare(AFTER, BEFORE))
    assert json.dumps(told) == json.dumps(comparison_json(AFTER, compare(AFTER, BEFORE)))
    assert (told["shared"], told["before"]["model"], told["newly_right"]) == (6, "m", [])
    assert told["changes"]["nDCG@10"] == {
        "value": pytest.approx(1 - 0.63093, abs=1e-5),
        "low": pytest.approx(1 - 0.63093, abs=1e-5),
        "high": pytest.approx(1 - 0.63093, abs=1e-5),
        "p": 0.03125,
    }
    assert list(told["by_tag"]) == ["even", "odd"]


def test_runs_of_other_questions_are_not_compared() -> None:
    one, other = run(outcome("a")), run(outcome("b"))
    with pytest.raises(EvaluationError, match="'hand' and 'hand' have no question in common"):
        comparison_json(one, compare(one, other))
