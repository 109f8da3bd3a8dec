"""Recall by cutoff and risk by coverage, against cases worked out by hand."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from sklearn.metrics import roc_auc_score

from qa.curves import (
    CUTOFFS,
    area_under_risk_coverage,
    auroc,
    first_is_right,
    operating_point,
    recall_curve,
    risk_coverage,
)
from qa.intervals import Floats, mean
from qa.metrics import JudgedCitation, Outcome, retrieval_values
from qa.questions import GoldQuestion, GoldSpan

CONFIDENCE = [0.9, 0.8, 0.6, 0.3]
RIGHT = [1, 0, 1, 0]
# Few values, so that there are ties.
JUDGED = st.integers(2, 40).flatmap(
    lambda n: st.tuples(
        arrays(np.float64, n, elements=st.sampled_from([0.0, 0.1, 0.25, 0.5, 0.55, 0.9, 1.0])),
        arrays(np.bool_, n),
    )
)
CITED = JudgedCitation("d", 0, 1, "x", exact=True, right=True)
ANSWERED = Outcome(
    GoldQuestion("a", "Wer?", "de", answerable=True, gold=(GoldSpan("d", 0, 1, "x"), GoldSpan("d", 2, 3, "y"))),
    *("de", "answered", 0.9, (1, 4), 1, {}, (CITED,)),
)
SILENT = Outcome(
    GoldQuestion("u", "Wer nicht?", "de", answerable=False, gold=()), "de", "abstained", 0.2, (), 0, {}, ()
)


def test_risk_is_the_share_of_wrong_ones_among_the_most_confident() -> None:
    coverage, risk = risk_coverage(CONFIDENCE, RIGHT)
    assert coverage.tolist() == [0.25, 0.5, 0.75, 1]
    assert risk == pytest.approx([0, 1 / 2, 1 / 3, 1 / 2])
    assert area_under_risk_coverage(CONFIDENCE, RIGHT) == pytest.approx((0 + 1 / 2 + 1 / 3 + 1 / 2) / 4)


def test_risk_among_ties_is_what_a_random_order_gives_on_average() -> None:
    _, risk = risk_coverage([0.7, 0.7, 0.2], [1, 0, 1])
    assert risk == pytest.approx([1 / 2, 1 / 2, 1 / 3])


def test_auroc_counts_the_pairs_that_confidence_orders_rightly() -> None:
    assert auroc(CONFIDENCE, RIGHT) == pytest.approx(3 / 4)
    assert auroc([0.5, 0.5], [1, 0]) == pytest.approx(0.5)


@given(JUDGED)
def test_auroc_is_that_of_scikit_learn_with_ties_too(judged: tuple[Floats, Floats]) -> None:
    confidence, right = judged
    if right.any() and not right.all():
        assert auroc(confidence, right) == pytest.approx(roc_auc_score(right, confidence))
    else:
        assert np.isnan(auroc(confidence, right))


@given(JUDGED)
def test_the_order_of_the_questions_does_not_change_the_curve(judged: tuple[Floats, Floats]) -> None:
    confidence, right = judged
    assert risk_coverage(confidence[::-1], right[::-1])[1] == pytest.approx(risk_coverage(confidence, right)[1])


@given(JUDGED)
def test_at_full_coverage_the_risk_is_the_share_of_wrong_ones(judged: tuple[Floats, Floats]) -> None:
    confidence, right = judged
    coverage, risk = risk_coverage(confidence, right)
    assert coverage[-1] == 1
    assert risk[-1] == pytest.approx(1 - right.mean())


@given(st.lists(st.lists(st.integers(0, 30), min_size=1, max_size=4), min_size=1, max_size=5))
def test_the_recall_curve_is_the_measure_at_its_cutoffs(ranks: list[list[int]]) -> None:
    curve = recall_curve([replace(ANSWERED, gold_ranks=tuple(of_one)) for of_one in ranks])
    values = [retrieval_values(of_one) for of_one in ranks]
    for k in (1, 5, 20):
        expected = mean(np.array([of_one[f"recall@{k}"] for of_one in values]))
        assert curve[CUTOFFS.index(k)] == pytest.approx(expected)


def test_recall_rises_where_a_gold_sentence_is_reached() -> None:
    curve = recall_curve([ANSWERED, SILENT])
    assert (len(curve), curve[0], curve[2], curve[3], curve[19]) == (20, 0.5, 0.5, 1, 1)


def test_without_an_answerable_question_there_is_no_recall() -> None:
    assert recall_curve([SILENT]) == ()


def test_an_unanswerable_question_is_never_answered_rightly() -> None:
    confidence, right = first_is_right([ANSWERED, SILENT, replace(ANSWERED, sentence_rank=2)])
    assert confidence.tolist() == [0.9, 0.2, 0.9]
    assert right.tolist() == [1, 0, 0]


def test_the_operating_point_is_what_was_answered_and_how_much_of_that_was_wrong() -> None:
    assert operating_point([ANSWERED, SILENT]) == (0.5, 0)
    assert operating_point([ANSWERED, replace(ANSWERED, sentence_rank=0), SILENT, SILENT]) == (0.5, 0.5)
    assert operating_point([SILENT]) is None
