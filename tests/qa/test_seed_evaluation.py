"""The committed questions through the real assistant: the promises of `beleg eval --check`, kept."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from qa.baseline import unmet
from qa.evaluate import Evaluation, evaluate
from qa.expectations import check, read_expectations
from qa.questions import QuestionSet, read_questions
from qa.retrieve import Fused, Ranking, fuse

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


def test_no_measure_is_clearly_below_the_accepted_run(evaluation: Evaluation) -> None:
    assert unmet(evaluation, EVALS / "seed.jsonl") == ()


def test_a_ranking_that_is_broken_on_purpose_does_not_pass(
    assistant: Assistant, questions: QuestionSet, monkeypatch: pytest.MonkeyPatch
) -> None:
    def worst_first(dense: Ranking, lexical: Ranking) -> list[Fused]:
        found = fuse(dense, lexical)
        return [replace(one, score=1 - one.score) for one in reversed(found)]

    monkeypatch.setattr("qa.retrieve.fuse", worst_first)
    failures = unmet(evaluate(assistant, questions), EVALS / "seed.jsonl")
    assert {"nDCG@10", "fused", "lexical", "dense"} <= {failure.split()[1] for failure in failures}


def test_the_reader_makes_the_ranking_of_the_legs_no_worse(evaluation: Evaluation) -> None:
    """On these questions; it is what the reader is for."""
    legs = {leg: scores["nDCG@10"].value for leg, scores in evaluation.legs.items()}
    assert legs["reranked"] >= legs["fused"] > legs["lexical"]


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
