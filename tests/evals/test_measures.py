"""The measures of reading: against cases worked out by hand, and against scikit-learn where it has the same."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from measures import (
    Floats,
    area_under_risk_coverage,
    auroc,
    bootstrap,
    coverage_at_risk,
    expected_calibration_error,
    hit_at,
    mean,
    plot_risk_coverage,
    risk_coverage,
    threshold_for,
)
from sklearn.calibration import calibration_curve
from sklearn.metrics import roc_auc_score

CONFIDENCE = [0.9, 0.8, 0.6, 0.3]
RIGHT = [1, 0, 1, 0]
# Few values, so that there are ties.
JUDGED = st.integers(2, 40).flatmap(
    lambda n: st.tuples(
        arrays(np.float64, n, elements=st.sampled_from([0.0, 0.1, 0.25, 0.5, 0.55, 0.9, 1.0])),
        arrays(np.bool_, n),
    )
)


def test_a_hit_is_a_rank_from_one_to_k() -> None:
    assert hit_at(3, [0, 1, 3, 4]).tolist() == [0, 1, 1, 0]
    assert hit_at(1, [0, 1, 3, 4]).tolist() == [0, 1, 0, 0]


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


def test_risk_is_the_share_of_wrong_ones_among_the_most_confident() -> None:
    coverage, risk = risk_coverage(CONFIDENCE, RIGHT)
    assert coverage.tolist() == [0.25, 0.5, 0.75, 1]
    assert risk == pytest.approx([0, 1 / 2, 1 / 3, 1 / 2])
    assert area_under_risk_coverage(CONFIDENCE, RIGHT) == pytest.approx((0 + 1 / 2 + 1 / 3 + 1 / 2) / 4)


def test_risk_among_ties_is_what_a_random_order_gives_on_average() -> None:
    _, risk = risk_coverage([0.7, 0.7, 0.2], [1, 0, 1])
    assert risk == pytest.approx([1 / 2, 1 / 2, 1 / 3])


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


def test_coverage_at_a_risk_is_the_greatest_that_keeps_to_it() -> None:
    assert coverage_at_risk(CONFIDENCE, RIGHT, 0.4) == 0.75
    assert coverage_at_risk(CONFIDENCE, RIGHT, 0.1) == 0.25
    assert coverage_at_risk([0.9, 0.1], [0, 1], 0.1) == 0


def test_the_threshold_leaves_at_most_the_allowed_share_below() -> None:
    ten = [round(0.1 * i, 1) for i in range(10)]
    assert threshold_for(ten, 0.1) == 0.1
    assert threshold_for(ten, 0.29) == 0.2
    assert threshold_for([0.0, 0.0, 0.5], 0.4) == 0
    assert threshold_for([0.5], 1.0) == float("inf")
    assert threshold_for(range(30), 0.1) == 3


@given(JUDGED, st.floats(0, 1))
def test_no_more_than_the_allowed_share_lies_below_the_threshold(judged: tuple[Floats, Floats], allowed: float) -> None:
    confidence, _ = judged
    assert (confidence < threshold_for(confidence, allowed)).mean() <= allowed + 1e-6


def test_calibration_error_weighs_each_bins_gap_by_its_questions() -> None:
    # Two bins: (0, 0.5] holds 0.3 wrong; (0.5, 1] holds 0.9, 0.8, 0.6, of which two are right.
    expected = 1 / 4 * abs(0.3 - 0) + 3 / 4 * abs(2.3 / 3 - 2 / 3)
    assert expected_calibration_error(CONFIDENCE, RIGHT, bins=2) == pytest.approx(expected)


def test_bins_of_equal_mass_hold_as_many_each() -> None:
    # The lower two and the upper two; bins of equal width would put 0.01 to 0.03 together.
    confidence, right = [0.01, 0.02, 0.03, 0.9], [0, 1, 0, 1]
    expected = abs(0.03 - 1) / 4 + abs(0.93 - 1) / 4
    assert expected_calibration_error(confidence, right, bins=2, equal_mass=True) == pytest.approx(expected)


@pytest.mark.parametrize("equal_mass", [True, False])
@given(judged=JUDGED)
def test_calibration_error_has_the_bins_of_scikit_learn(judged: tuple[Floats, Floats], equal_mass: bool) -> None:  # noqa: FBT001
    confidence, right = judged
    accuracy, confident = calibration_curve(
        right, confidence, n_bins=10, pos_label=True, strategy="quantile" if equal_mass else "uniform"
    )
    edges = np.quantile(confidence, np.linspace(0, 1, 11)) if equal_mass else np.linspace(0, 1, 11)
    counts = np.bincount(np.searchsorted(edges[1:-1], confidence))
    weights = counts[counts > 0] / len(confidence)
    expected = float(weights @ np.abs(accuracy - confident))
    assert expected_calibration_error(confidence, right, equal_mass=equal_mass) == pytest.approx(expected)


def test_a_confidence_that_is_always_true_has_no_calibration_error() -> None:
    assert expected_calibration_error([0.0, 1.0, 1.0], [0, 1, 1]) == 0


def test_the_interval_of_a_share_is_about_that_of_the_binomial() -> None:
    interval = bootstrap([1] * 480 + [0] * 132, seed=1)
    half = 1.96 * np.sqrt(480 * 132 / 612**3)
    assert interval.value == pytest.approx(480 / 612)
    assert interval.low == pytest.approx(interval.value - half, abs=0.005)
    assert interval.high == pytest.approx(interval.value + half, abs=0.005)


def test_questions_that_stand_and_fall_together_make_the_interval_wider() -> None:
    values = [1.0] * 50 + [0.0] * 50
    articles = [i // 10 for i in range(100)]
    alone, together = bootstrap(values, seed=1), bootstrap(values, groups=articles, seed=1)
    assert together.value == alone.value
    assert together.high - together.low > 2 * (alone.high - alone.low)


def test_groups_of_one_are_no_groups() -> None:
    values = np.arange(20.0)
    assert bootstrap(values, groups=[f"q{i}" for i in range(20)], seed=3) == bootstrap(values, seed=3)


def test_a_group_comes_whole_or_not_at_all() -> None:
    groups = ["b", "a", "b", "c", "a", "b"]
    values = [10.0, 1.0, 20.0, 100.0, 2.0, 30.0]
    sums: set[float] = set()

    def keep(drawn: Floats) -> float:
        sums.add(float(drawn.sum()))
        return float(drawn.sum())

    bootstrap(values, keep, groups=groups, seed=1, resamples=300)
    whole = (3.0, 60.0, 100.0)
    assert sums <= {a + b + c for a in whole for b in whole for c in whole} | {sum(values)}
    assert len(sums) == 10


def test_a_statistic_sees_all_columns_of_the_drawn_rows() -> None:
    table = np.column_stack([CONFIDENCE, RIGHT])
    interval = bootstrap(table, lambda drawn: auroc(drawn[:, 0], drawn[:, 1]), seed=1)
    assert interval.value == pytest.approx(3 / 4)
    assert 0 <= interval.low <= interval.high <= 1


def test_a_statistic_that_never_is_a_number_has_no_interval() -> None:
    interval = bootstrap([[0.5, 1.0]], lambda drawn: auroc(drawn[:, 0], drawn[:, 1]), seed=1, resamples=10)
    assert np.isnan([interval.value, interval.low, interval.high]).all()


def test_the_same_seed_gives_the_same_interval() -> None:
    values = np.linspace(0, 1, 30) ** 2
    assert bootstrap(values, seed=1) == bootstrap(values, seed=1)
    assert bootstrap(values, seed=1) != bootstrap(values, seed=2)


@given(arrays(np.float64, st.integers(1, 20), elements=st.floats(0, 1)))
def test_the_interval_lies_within_the_values(values: Floats) -> None:
    interval = bootstrap(values, seed=1, resamples=50)
    ordered = (values.min() - 1e-9, interval.low, interval.high, values.max() + 1e-9)
    assert all(a <= b for a, b in pairwise(ordered))
    assert interval.value == mean(values)


@pytest.mark.parametrize(("values", "groups"), [([], None), ([1.0, 2.0], ["a"])])
def test_nothing_to_draw_from_is_an_error(values: list[float], groups: list[str] | None) -> None:
    with pytest.raises(ValueError, match="no bootstrap of"):
        bootstrap(values, groups=groups, seed=1)


@pytest.mark.parametrize("suffix", [".svg", ".png"])
def test_the_plot_is_one_file_that_is_the_same_each_time(tmp_path: Path, suffix: str) -> None:
    curve = risk_coverage(CONFIDENCE, RIGHT)
    paths = [tmp_path / "new" / f"{name}{suffix}" for name in ("one", "two")]
    for path in paths:
        plot_risk_coverage({"bm25": curve, "signals": curve}, path)
    assert paths[0].read_bytes() == paths[1].read_bytes()
    assert paths[0].stat().st_size > 1000


def test_the_plot_needs_nothing_from_elsewhere(tmp_path: Path) -> None:
    path = tmp_path / "curves.svg"
    plot_risk_coverage({"signals": risk_coverage(CONFIDENCE, RIGHT)}, path)
    drawn = path.read_text(encoding="utf-8")
    assert "<svg" in drawn
    assert "<text" not in drawn
    assert "<image" not in drawn
    assert 'href="http' not in drawn
