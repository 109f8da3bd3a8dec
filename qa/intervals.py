"""How sure a figure is: 95 % intervals by the bootstrap, of one run's measures and of the difference between two runs.

Whole questions are drawn, not citations: those of one answer stand and fall together. The same questions give the same
intervals each time.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from qa.metrics import MEASURES, Measure, Outcome

Floats = npt.NDArray[np.float64]
Statistic = Callable[[Floats], float]

CONFIDENCE_PERCENT = 95
_SEED, _RESAMPLES = 4, 2000


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
    resamples: int = _RESAMPLES,
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
    labels = range(len(rows)) if groups is None else groups
    return _interval(statistic(rows), _resampled(rows, statistic, labels, seed, resamples))


def measured(outcomes: Sequence[Outcome], measures: Sequence[Measure] = MEASURES) -> dict[str, Interval]:
    """Every measure that has a sample in `outcomes`, with its interval; a count's is that of its share, times n.

    Raises:
        ValueError: no outcomes.
    """
    return _intervals(samples(outcomes, measures), shares, measures)


def differences(
    now: Sequence[Outcome], before: Sequence[Outcome], measures: Sequence[Measure] = MEASURES
) -> dict[str, Interval]:
    """What each measure has gained from `before` to `now`, which are outcomes of the same questions in the same order.

    The pairs are drawn, so that what is hard about a question is hard in both.

    Raises:
        ValueError: no outcomes, or other questions.
    """
    if [one.question.id for one in now] != [one.question.id for one in before]:
        raise ValueError("differences are between outcomes of the same questions")
    pairs = np.stack([samples(now, measures), samples(before, measures)], axis=-1)
    return _intervals(pairs, lambda rows: np.asarray(shares(rows[..., 0]) - shares(rows[..., 1])), measures)


def samples(outcomes: Sequence[Outcome], measures: Sequence[Measure]) -> Floats:
    """Shape ``(outcomes, 2, measures)``: sum and number of each outcome's samples of each measure."""
    held = [[tuple(measure.samples(outcome)) for measure in measures] for outcome in outcomes]
    return np.array([[list(map(sum, row)), list(map(len, row))] for row in held], dtype=np.float64)


def shares(rows: Floats) -> Floats:
    """Of rows of `samples` the mean sample of each measure, nan where it has none."""
    sums, counts = rows.sum(axis=0)
    return np.asarray(np.divide(sums, counts, out=np.full_like(sums, np.nan), where=counts > 0))


def _intervals(rows: Floats, statistic: Callable[[Floats], Floats], measures: Sequence[Measure]) -> dict[str, Interval]:
    """The interval of each measure of which `statistic` of all `rows` is a number."""
    if not len(rows):
        raise ValueError("no intervals of no outcomes")
    values, found = statistic(rows), _resampled(rows, statistic, range(len(rows)), _SEED, _RESAMPLES)
    counts = rows[:, 1].reshape(len(rows), len(measures), -1)[..., 0].sum(axis=0)
    scales = [n if measure.kind == "count" else 1.0 for measure, n in zip(measures, counts, strict=True)]
    return {
        measure.name: _interval(values[column] * scale, found[:, column] * scale)
        for column, (measure, scale) in enumerate(zip(measures, scales, strict=True))
        if not np.isnan(values[column])
    }


def _resampled(
    rows: Floats,
    statistic: Callable[[Floats], float] | Callable[[Floats], Floats],
    labels: Sequence[Hashable],
    seed: int,
    resamples: int,
) -> Floats:
    """`statistic` of each resample, shape ``(resamples,)`` or ``(resamples, what it gives)``."""
    order, starts, sizes = _members(labels)
    draws = np.random.default_rng(seed).integers(len(sizes), size=(resamples, len(sizes)))
    return np.array([statistic(rows[order[_places(starts[draw], sizes[draw])]]) for draw in draws], dtype=np.float64)


def _interval(value: float, found: Floats) -> Interval:
    """`value` between the percentiles of what the resamples gave, shape ``(resamples,)``."""
    numbers = found[~np.isnan(found)]
    tail = (100 - CONFIDENCE_PERCENT) / 2
    low, high = np.percentile(numbers, [tail, 100 - tail]) if len(numbers) else (np.nan, np.nan)
    return Interval(float(value), float(low), float(high))


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
