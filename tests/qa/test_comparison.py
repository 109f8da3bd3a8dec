"""A run beside the run before it."""

from __future__ import annotations

from dataclasses import replace

from qa.comparison import compare
from qa.evaluate import Evaluation, environment
from qa.metrics import JudgedCitation, Outcome
from qa.questions import GoldQuestion, GoldSpan

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
