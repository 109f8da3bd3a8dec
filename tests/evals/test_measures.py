"""The measures of reading: against cases worked out by hand, and against scikit-learn where it has the same."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from measures import (
    coverage_at_risk,
    expected_calibration_error,
    hit_at,
    plot_risk_coverage,
    threshold_for,
)
from sklearn.calibration import calibration_curve

from qa.curves import risk_coverage
from qa.intervals import Floats

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
