"""The committed questions through the real assistant: the promises of `beleg eval --check`, kept."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from qa.evaluate import Evaluation, evaluate
from qa.expectations import check, read_expectations
from qa.questions import QuestionSet, read_questions

if TYPE_CHECKING:
    from qa.pipeline import Assistant

EVALS = Path(__file__).parents[2] / "evals"


@pytest.fixture(scope="module")
def questions(assistant: Assistant) -> QuestionSet:
    return read_questions(EVALS / "seed.jsonl", assistant.document)


@pytest.fixture(scope="module")
def evaluation(assistant: Assistant, questions: QuestionSet) -> Evaluation:
    return evaluate(assistant, questions)


def test_the_seed_questions_meet_the_committed_expectations(evaluation: Evaluation) -> None:
    assert check(evaluation, read_expectations(EVALS / "expectations.yaml")) == ()


def test_a_second_evaluation_differs_in_nothing_but_the_run(
    assistant: Assistant, questions: QuestionSet, evaluation: Evaluation
) -> None:
    first, second = evaluation.to_json(), evaluate(assistant, questions).to_json()
    first.pop("run"), second.pop("run")
    assert json.dumps(first) == json.dumps(second)


@pytest.mark.parametrize("question", ["What did Hegseth say about NATO?", "Was hat Hegseth zur NATO gesagt?"])
def test_hegseth_on_nato_is_found_in_both_languages(evaluation: Evaluation, question: str) -> None:
    (outcome,) = [outcome for outcome in evaluation.outcomes if outcome.question.question == question]
    assert outcome.sentence_rank == 1
    assert any("Die Vereinigten Staaten glauben nicht" in c.quote and c.exact for c in outcome.citations)
