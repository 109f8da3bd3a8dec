"""What rankings and confidences are worth, each figure with its uncertainty; and the plot of risk against coverage.

Pure functions of numbers but for the plot: they know neither Beleg nor its data, and not what counts as right.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass
from itertools import cycle
from pathlib import Path

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Statistic = Callable[[Floats], float]

CONFIDENCE_PERCENT = 95
_CURVE_POINTS = 400  # more cannot be seen
_STYLES, _GREYS = (":", "--", "-", "-."), ("0.3", "0.3", "0.0", "0.5")  # told apart without colour


@dataclass(frozen=True, slots=True)
class Interval:
    """A value with the 95 % interval from `low` to `high`."""

    value: float
    low: float
    high: float


def mean(values: Floats) -> float:
    """The arithmetic mean."""
    return float(np.mean(values))


def bootstrap(
    values: npt.ArrayLike,
    statistic: Statistic = mean,
    *,
    groups: Sequence[Hashable] | None = None,
    seed: int,
    resamples: int = 2000,
) -> Interval:
    """`statistic` of `values`, shape ``(n,)`` or ``(n, columns)``, with its percentile bootstrap interval.

    Efron and Tibshirani 1993, chapter 13. Rows are drawn with replacement; with `groups`, one label a row, whole groups
    are (the cluster bootstrap, Davison and Hinkley 1997, section 3.8), since questions on one article stand and fall
    together. Resamples of which the statistic is not a number, e.g. for want of a class, do not count.

    Raises:
        ValueError: no values, or another number of labels than of rows.
    """
    rows = np.asarray(values, dtype=np.float64)
    if not len(rows) or (groups is not None and len(groups) != len(rows)):
        raise ValueError(f"no bootstrap of {len(rows)} rows in {len(rows) if groups is None else len(groups)} labels")
    order, starts, sizes = _members(range(len(rows)) if groups is None else groups)
    draws = np.random.default_rng(seed).integers(len(sizes), size=(resamples, len(sizes)))
    found = np.array([statistic(rows[order[_places(starts[draw], sizes[draw])]]) for draw in draws])
    found = found[~np.isnan(found)]
    tail = (100 - CONFIDENCE_PERCENT) / 2
    low, high = np.percentile(found, [tail, 100 - tail]) if len(found) else (np.nan, np.nan)
    return Interval(statistic(rows), float(low), float(high))


def hit_at(k: int, ranks: npt.ArrayLike) -> Floats:
    """1 where the rank of the first right one is at most `k`, else 0. Ranks count from 1; 0 says not found."""
    ranked = np.asarray(ranks)
    return np.asarray((ranked > 0) & (ranked <= k), dtype=np.float64)


def auroc(confidence: npt.ArrayLike, right: npt.ArrayLike) -> float:
    """The probability that a right one has more confidence than a wrong one, ties counting half; nan without both.

    The area under the ROC curve by mean ranks (Mann and Whitney 1947, Hanley and McNeil 1982).
    """
    is_right = np.asarray(right, dtype=bool)
    rights, wrongs = int(is_right.sum()), int((~is_right).sum())
    if not rights or not wrongs:
        return float("nan")
    _, tie, sizes = np.unique(np.asarray(confidence), return_inverse=True, return_counts=True)
    mean_rank = np.cumsum(sizes) - (sizes - 1) / 2
    beaten = mean_rank[tie][is_right].sum() - rights * (rights + 1) / 2
    return float(beaten / (rights * wrongs))


def risk_coverage(confidence: npt.ArrayLike, right: npt.ArrayLike) -> tuple[Floats, Floats]:
    """Coverage 1/n, 2/n .. 1 and at each the risk: the share of wrong ones among the so many most confident.

    El-Yaniv and Wiener 2010, Geifman and El-Yaniv 2017. Where confidences tie, the risk is the expected one under a
    random order among them.
    """
    wrong = 1 - np.asarray(right, dtype=np.float64)
    _, tie, sizes = np.unique(-np.asarray(confidence, dtype=np.float64), return_inverse=True, return_counts=True)
    expected = np.repeat(np.bincount(tie, wrong) / sizes, sizes)
    answered = np.arange(1, len(wrong) + 1)
    return answered / len(wrong), np.cumsum(expected) / answered


def area_under_risk_coverage(confidence: npt.ArrayLike, right: npt.ArrayLike) -> float:
    """The mean risk over all coverages, 0 at best (Geifman, Uziel and El-Yaniv 2019, equation 2)."""
    return mean(risk_coverage(confidence, right)[1])


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


def _members(labels: Sequence[Hashable]) -> tuple[npt.NDArray[np.intp], npt.NDArray[np.intp], npt.NDArray[np.intp]]:
    """Rows in the order of their groups, and where in it each group starts and how many rows it has."""
    numbers = {label: number for number, label in enumerate(dict.fromkeys(labels))}
    codes = np.array([numbers[label] for label in labels], dtype=np.intp)
    sizes = np.bincount(codes)
    return np.argsort(codes, kind="stable"), np.cumsum(sizes) - sizes, sizes


def _places(starts: npt.NDArray[np.intp], sizes: npt.NDArray[np.intp]) -> npt.NDArray[np.intp]:
    """``start .. start + size - 1`` for each pair of them, one after the other."""
    ends = np.cumsum(sizes)
    return np.asarray(np.arange(ends[-1]) + np.repeat(starts - (ends - sizes), sizes))
