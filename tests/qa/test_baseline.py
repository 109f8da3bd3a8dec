"""The gate: what lies clearly below an accepted run fails, and what is within chance does not."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from qa.baseline import GATED, accept, baseline_path, read_baseline, regressions, require, unmet
from qa.errors import EvaluationError
from qa.evaluate import Evaluation, environment
from qa.metrics import JudgedCitation, Outcome, retrieval_values
from qa.questions import GoldQuestion, GoldSpan
from qa.ranking import leg_values

RIGHT = JudgedCitation("d", 0, 1, "x", exact=True, right=True)
GOLD = (GoldSpan("d", 0, 1, "x"),)


def outcome(number: int, rank: int = 1) -> Outcome:
    question = GoldQuestion(f"q{number}", "Wer?", "de", answerable=True, gold=GOLD)
    legs = {"lexical": (1,), "fused": (rank,)}
    return Outcome(
        *(question, "de", "answered", 0.9, (rank,), 1, retrieval_values([rank]), (RIGHT,)),
        leg_ranks=legs,
        legs=leg_values(legs),
    )


def run(*ranks: int) -> Evaluation:
    outcomes = tuple(outcome(number, rank) for number, rank in enumerate(ranks))
    return Evaluation("hand", "0" * 64, "m", 1, 1, outcomes, (0.1,) * len(ranks), environment("g"))


GOOD = run(*[1] * 40)


@pytest.fixture
def questions(tmp_path: Path) -> Path:
    accept(GOOD, baseline_path(tmp_path / "hand.jsonl", "hand"))
    return tmp_path / "hand.jsonl"


def test_the_same_run_again_is_not_worse(questions: Path) -> None:
    assert unmet(GOOD, questions) == ()


def test_a_better_run_is_not_worse(tmp_path: Path) -> None:
    path = baseline_path(tmp_path / "hand.jsonl", "hand")
    accept(run(*[3] * 40), path)
    assert regressions(GOOD, read_baseline(path)) == ()


@pytest.mark.parametrize(("turned", "worse"), [(1, False), (3, False), (4, True)])
def test_three_questions_that_turn_are_within_the_tolerance_and_four_are_not(
    questions: Path, turned: int, *, worse: bool
) -> None:
    failures = unmet(run(*[9] * turned, *[1] * (40 - turned)), questions)
    assert any("recall@1" in failure for failure in failures) == worse


def test_a_ranking_that_is_worse_fails_with_both_values_and_the_interval(questions: Path) -> None:
    failures = unmet(run(*[2] * 20, *[1] * 20), questions)
    named = [failure.split()[1:3] for failure in failures]
    assert named == [["recall@1", "is"], ["RR@10", "is"], ["nDCG@10", "is"], ["fused", "nDCG@10"]]
    assert failures[1].startswith(
        "hand: RR@10 is 0.750, in the baseline 1.000; the difference of -0.250 (95 % interval -0.3"
    )
    assert failures[1].endswith("n = 40) is beyond chance")


def test_a_little_worse_in_every_question_is_beyond_chance(questions: Path) -> None:
    assert any("fused nDCG@10" in failure for failure in unmet(run(*[2] * 40), questions))


def test_a_measure_that_has_no_sample_any_more_fails(questions: Path) -> None:
    without = replace(GOOD, outcomes=tuple(replace(one, legs={}, leg_ranks={}) for one in GOOD.outcomes))
    assert "hand: fused nDCG@10 has no sample, the baseline has some" in unmet(without, questions)


def test_a_baseline_of_other_questions_is_an_error_that_says_what_to_do(questions: Path) -> None:
    with pytest.raises(EvaluationError, match=r"made with other questions .* run beleg eval with --accept"):
        unmet(replace(GOOD, questions_sha256="1" * 64), questions)


def test_minimums_and_baseline_are_both_checked(questions: Path) -> None:
    expectations = questions.parent / "expectations.yaml"
    expectations.write_text("other:\n  recall@1: 1\n", encoding="utf-8")
    assert unmet(GOOD, questions) == ()
    expectations.write_text("hand:\n  abstention_recall: 1\n", encoding="utf-8")
    assert unmet(GOOD, questions) == ("hand: abstention_recall has no sample, expected at least 1",)


def test_with_neither_nothing_would_be_checked(tmp_path: Path) -> None:
    with pytest.raises(EvaluationError, match=r"expectations\.yaml"):
        unmet(GOOD, tmp_path / "hand.jsonl")
    (tmp_path / "expectations.yaml").write_text("other:\n  recall@1: 1\n", encoding="utf-8")
    with pytest.raises(EvaluationError, match="no expectations for the question set 'hand'"):
        unmet(GOOD, tmp_path / "hand.jsonl")


def test_that_there_is_something_to_check_by_is_known_before_anything_is_asked(questions: Path, tmp_path: Path) -> None:
    require(questions)
    with pytest.raises(EvaluationError, match=r"expectations\.yaml: the expectations cannot be read"):
        require(tmp_path / "elsewhere" / "hand.jsonl")
    (questions.parent / "expectations.yaml").write_text("- a\n", encoding="utf-8")
    with pytest.raises(EvaluationError, match="question sets: expected a mapping"):
        require(questions)


def test_a_baseline_is_numbers_in_the_order_of_the_questions(questions: Path) -> None:
    path = baseline_path(questions, "hand")
    kept = read_baseline(path)
    assert (kept.question_set, kept.questions_sha256, kept.model) == ("hand", "0" * 64, "m")
    assert set(kept.samples) <= set(GATED)
    assert kept.samples["RR@10"] == (1.0,) * 40
    assert "abstention_recall" not in kept.samples
    assert "Wer" not in path.read_text(encoding="utf-8")


def test_accepting_the_same_run_writes_the_same_bytes(questions: Path) -> None:
    path = baseline_path(questions, "hand")
    before = path.read_bytes()
    accept(GOOD, path)
    assert path.read_bytes() == before


@pytest.mark.parametrize(
    "content",
    [
        "",
        "[]",
        '{"question_set": "hand"}',
        '{"question_set": "hand", "questions_sha256": "0", "model": "m", "samples": {"no such": [1.0]}}',
        '{"question_set": "hand", "questions_sha256": "0", "model": "m", "samples": {"RR@10": [1.0], "recall@1": []}}',
    ],
)
def test_what_is_no_baseline_is_named(tmp_path: Path, content: str) -> None:
    path = tmp_path / "hand.json"
    path.write_text(content, encoding="utf-8")
    with pytest.raises(EvaluationError, match=r"hand\.json: .*--accept"):
        read_baseline(path)
