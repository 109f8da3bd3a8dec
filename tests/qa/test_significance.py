"""The paired randomisation test: by hand, and against SciPy's."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import permutation_test

from qa.intervals import Floats
from qa.metrics import JudgedCitation, Measure, Outcome
from qa.questions import GoldQuestion, GoldSpan
from qa.significance import p_values, randomised

RIGHT = JudgedCitation("d", 0, 1, "x", exact=True, right=True)
QUESTION = GoldQuestion("q", "Wer?", "de", answerable=True, gold=(GoldSpan("d", 0, 1, "x"),))
CONFIDENCE = (Measure("confidence", lambda outcome: (outcome.confidence,)),)
VALUES = st.lists(st.sampled_from([0.0, 0.25, 0.5, 1.0]), min_size=2, max_size=9)


def outcome(confidence: float, *citations: JudgedCitation) -> Outcome:
    return Outcome(QUESTION, "de", "answered", confidence, (1,), 1, {}, citations)


def p(now: list[float], before: list[float]) -> float:
    found = p_values([outcome(value) for value in now], [outcome(value) for value in before], CONFIDENCE)
    return found["confidence"]


def test_three_gains_of_the_same_size_are_as_great_in_two_of_eight_exchanges() -> None:
    assert p([1, 1, 1, 0.5], [0, 0, 0, 0.5]) == 2 / 8


def test_a_gain_and_a_loss_of_the_same_size_are_nothing() -> None:
    assert p([1, 0], [0, 1]) == 1


def test_the_same_run_twice_differs_in_nothing() -> None:
    assert p([0.3, 0.4], [0.3, 0.4]) == 1


def test_many_gains_are_beyond_chance_and_p_is_never_nothing() -> None:
    assert p([1.0] * 60, [0.5] * 60) == pytest.approx(1 / 10_001)


def test_the_same_runs_have_the_same_p() -> None:
    rng = np.random.default_rng(1)
    now, before = rng.random((2, 40)).tolist()
    assert p(now, before) == p(now, before) == p(before, now)


@given(VALUES, st.randoms(use_true_random=False))
def test_where_all_exchanges_are_made_it_is_the_test_of_scipy(now: list[float], random: object) -> None:
    before = [random.choice([0.0, 0.25, 0.5, 1.0]) for _ in now]  # type: ignore[attr-defined]
    exact = permutation_test(
        (np.array(now), np.array(before)),
        lambda one, other: np.mean(one) - np.mean(other),
        permutation_type="samples",
        n_resamples=np.inf,
    ).pvalue
    assert p(now, before) == pytest.approx(exact)


def test_drawn_exchanges_come_close_to_all_of_them() -> None:
    rng = np.random.default_rng(3)
    now, before = rng.random(30), rng.random(30) - 0.05
    drawn = permutation_test(
        (now, before),
        lambda one, other: np.mean(one) - np.mean(other),
        permutation_type="samples",
        n_resamples=20_000,
        rng=np.random.default_rng(5),
    ).pvalue
    assert p(now.tolist(), before.tolist()) == pytest.approx(drawn, abs=0.02)


def test_citations_of_an_answer_are_exchanged_together() -> None:
    wrong = replace(RIGHT, right=False)
    exact = (Measure("right", lambda one: (float(citation.right) for citation in one.citations)),)
    now = [outcome(1, RIGHT, RIGHT, RIGHT), outcome(1, wrong)]
    before = [outcome(1, wrong, wrong, wrong), outcome(1, RIGHT)]
    # 3/4 against 1/4; exchanging the second gives 4/4 against 0, exchanging the first 0 against 4/4.
    assert p_values(now, before, exact) == {"right": 1.0}
    assert p_values(now[:1], before[:1], exact) == {"right": 1.0}


def test_a_measure_that_one_run_has_no_sample_of_has_no_p() -> None:
    exact = (Measure("exact", lambda one: (float(citation.exact) for citation in one.citations)),)
    assert p_values([outcome(1, RIGHT)], [outcome(1)], exact) == {}


def test_any_statistic_of_rows_can_be_tested() -> None:
    def largest(rows: Floats) -> float:
        return float(rows[:, 0].max())

    now, before = np.array([[3.0], [1.0], [1.0]]), np.array([[2.0], [1.0], [0.0]])
    # Of the four exchanges of the first and the third all leave the largest 3 on one side and 2 on the other.
    assert randomised(now, before, largest) == 1.0
    mean = randomised(now, before, lambda rows: float(rows.mean()))
    assert mean == 2 / 4
