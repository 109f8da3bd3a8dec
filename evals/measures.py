"""What rankings and confidences are worth; and the plot of risk against coverage.

Pure functions of numbers but for the plot: they know neither Beleg nor its data, and not what counts as right.
"""

from __future__ import annotations

from collections.abc import Mapping
from itertools import cycle
from pathlib import Path

import numpy as np
import numpy.typing as npt

from qa.curves import risk_coverage
from qa.intervals import Floats

_CURVE_POINTS = 400  # more cannot be seen
_STYLES, _GREYS = (":", "--", "-", "-."), ("0.3", "0.3", "0.0", "0.5")  # told apart without colour


def hit_at(k: int, ranks: npt.ArrayLike) -> Floats:
    """1 where the rank of the first right one is at most `k`, else 0. Ranks count from 1; 0 says not found."""
    ranked = np.asarray(ranks)
    return np.asarray((ranked > 0) & (ranked <= k), dtype=np.float64)


def coverage_at_risk(confidence: npt.ArrayLike, right: npt.ArrayLike, risk: float) -> float:
    """The greatest coverage that has at most this risk; 0 where none has (Geifman and El-Yaniv 2017)."""
    coverage, risks = risk_coverage(confidence, right)
    return float(coverage[risks <= risk].max(initial=0.0))


def threshold_for(confidence: npt.ArrayLike, abstained: float) -> float:
    """The greatest threshold below which at most the share `abstained` of these confidences lies."""
    ordered = np.sort(np.asarray(confidence, dtype=np.float64))
    allowed = int(np.floor(abstained * len(ordered) + 1e-9))  # 0.1 * 30 is a little less than 3
    return float(ordered[allowed]) if allowed < len(ordered) else float("inf")


def expected_calibration_error(
    confidence: npt.ArrayLike, right: npt.ArrayLike, bins: int = 10, *, equal_mass: bool = False
) -> float:
    """The mean distance of confidence from accuracy over bins, weighed by how many lie in each.

    Bins of equal width, ``((m-1)/M, m/M]``, as Guo et al. 2017 (equation 3); with `equal_mass`, between quantiles
    (Nguyen and O'Connor 2015), which the many confidences near 0 cannot hide in one bin. Confidences lie in [0, 1].
    """
    confident, is_right = np.asarray(confidence, dtype=np.float64), np.asarray(right, dtype=np.float64)
    inner = np.linspace(0, 1, bins + 1)[1:-1]
    edges = np.quantile(confident, inner) if equal_mass else inner
    gaps = np.bincount(np.searchsorted(edges, confident), confident - is_right, minlength=bins)
    return float(np.abs(gaps).sum() / len(confident))


def plot_risk_coverage(curves: Mapping[str, tuple[Floats, Floats]], path: Path, *, mark: float = 0.1) -> None:
    """Draw the named curves of `risk_coverage` into the file `path` (SVG or PNG, by suffix), and a line at risk `mark`.

    The same curves give the same SVG, byte for byte; text in it is outlines, so that it needs no font.
    """
    from matplotlib import rc_context
    from matplotlib.figure import Figure

    with rc_context({"svg.hashsalt": "risk-coverage", "font.size": 10}):
        figure = Figure(figsize=(6.4, 4.2), layout="constrained")
        axes = figure.subplots()
        for (name, (coverage, risk)), style, grey in zip(curves.items(), cycle(_STYLES), cycle(_GREYS), strict=False):
            shown = np.unique(np.linspace(0, len(coverage) - 1, _CURVE_POINTS).astype(int))
            axes.plot(coverage[shown], risk[shown], linestyle=style, color=grey, linewidth=1.6, label=name)
        axes.axhline(mark, color="0.7", linewidth=0.8, label=f"risk {mark:g}")
        axes.set(xlim=(0, 1), ylim=(0, 1))
        axes.set_xlabel("coverage: share of the questions that are answered")
        axes.set_ylabel("risk: share of the answers that are wrong")
        axes.legend(frameon=False, loc="upper left")
        path.parent.mkdir(parents=True, exist_ok=True)
        figure.savefig(path, metadata={"Date": None} if path.suffix == ".svg" else None)
