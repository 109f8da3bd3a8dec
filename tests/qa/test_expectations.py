"""Expectations: what fails `beleg eval --check`, and what cannot be checked at all."""

from __future__ import annotations

from pathlib import Path

import pytest

from qa.errors import EvaluationError
from qa.evaluate import Evaluation, environment
from qa.expectations import Expectation, check, read_expectations
from qa.metrics import MEASURES, JudgedCitation, Outcome
from qa.questions import GoldQuestion, GoldSpan

COMMITTED = Path(__file__).parents[2] / "evals" / "expectations.yaml"


def _evaluation(*, cited: bool = True) -> Evaluation:
    """One answerable question with its sentence at rank 2 and, where `cited`, one exact but wrong citation."""
    question = GoldQuestion("q", "Wer?", "de", answerable=True, gold=(GoldSpan("d", 0, 1, "x"),))
    wrong = JudgedCitation("d", 5, 6, "x", exact=True, right=False)
    outcome = Outcome(question, "de", "answered" if cited else "abstained", 0.5, (1,), 2, {}, (wrong,) if cited else ())
    return Evaluation("hand", "0", "m", 1, 1, (outcome,), (0.1,), environment("g"))


def write(tmp_path: Path, text: str) -> Path:
    path = tmp_path / "expectations.yaml"
    path.write_text(text, encoding="utf-8")
    return path


def test_values_at_their_minimum_pass() -> None:
    expected = (Expectation("hand", "sentence_hit@3", 1), Expectation("hand", "citation_exactness", 1.0))
    assert check(_evaluation(), expected) == ()


def test_a_value_below_its_minimum_is_named_with_both_numbers() -> None:
    expected = (Expectation("hand", "sentence_hit@1", 0.8), Expectation("hand", "sentence_hit@3", 0.8))
    assert check(_evaluation(), expected) == ("hand: sentence_hit@1 is 0.000 (n = 1), expected at least 0.8",)


def test_exactness_of_no_citations_is_not_exactness() -> None:
    failures = check(_evaluation(cited=False), (Expectation("hand", "citation_exactness", 1.0),))
    assert failures == ("hand: citation_exactness has no sample, expected at least 1.0",)


def test_expectations_of_other_sets_are_left_alone() -> None:
    assert check(_evaluation(), (Expectation("hand", "answered_right", 0), Expectation("other", "recall@1", 1))) == ()


def test_a_set_without_expectations_is_an_error_not_a_pass() -> None:
    with pytest.raises(EvaluationError, match="no expectations for the question set 'hand'"):
        check(_evaluation(), (Expectation("other", "recall@1", 1),))


def test_a_file_is_read_set_by_set(tmp_path: Path) -> None:
    path = write(tmp_path, "a:\n  recall@1: 0.5\n  nDCG@10: 1\nb:\n  RR@10: 0\n")
    assert read_expectations(path) == (
        Expectation("a", "recall@1", 0.5),
        Expectation("a", "nDCG@10", 1),
        Expectation("b", "RR@10", 0),
    )


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("a:\n  sentence_hit@2: 1\n", "no measure 'sentence_hit@2'; there are recall@1"),
        ("a:\n  recall@1: high\n", "recall@1 needs a number, got 'high'"),
        ("a:\n  recall@1: true\n", "recall@1 needs a number, got True"),
        ("a:\n  recall@1: .nan\n", "recall@1 needs a number, got nan"),
        ("a:\n  recall@1:\n", "recall@1 needs a number, got None"),
        ("a: 1\n", "a: measures: expected a mapping"),
        ("a: {}\n", "a: measures: expected a mapping"),
        ("- a\n", "question sets: expected a mapping"),
        ("", "question sets: expected a mapping"),
        ("a: [\n", "are not YAML"),
    ],
)
def test_a_malformed_file_is_an_error(tmp_path: Path, text: str, said: str) -> None:
    with pytest.raises(EvaluationError) as caught:
        read_expectations(write(tmp_path, text))
    assert said in str(caught.value)


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(EvaluationError, match=r"none\.yaml: the expectations cannot be read"):
        read_expectations(tmp_path / "none.yaml")


def test_the_committed_file_demands_what_was_promised() -> None:
    expected = {(e.measure, e.minimum) for e in read_expectations(COMMITTED) if e.question_set == "seed"}
    promised = {("sentence_hit@3", 0.8), ("citation_exactness", 1.0), ("unanswerable_abstained", 6)}
    assert promised <= expected


def test_the_committed_file_lists_every_measure_in_its_heading() -> None:
    heading = COMMITTED.read_text(encoding="utf-8").split("\nseed:")[0]
    assert [measure.name for measure in MEASURES if measure.name not in heading] == []
