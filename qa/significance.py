"""Whether two runs over the same questions differ by more than chance: the paired randomisation test.

Fisher's test as Smucker, Allan and Carterette 2007 use it for retrieval: if it made no difference which run a
question's result is from, exchanging the two at random would often give a difference as large as the one seen. The
p-value is the share of exchanges that do, on either side.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import product

import numpy as np

from qa.intervals import Floats, Statistic, samples, shares
from qa.metrics import MEASURES, Measure, Outcome

PERMUTATIONS = 10_000
_EXACT_UP_TO = 13  # questions that differ: 2**13 exchanges are fewer than are drawn otherwise
_SEED = 7
_AT_ONCE = 1000
_ROUNDING = 1e-12


def p_values(
    now: Sequence[Outcome], before: Sequence[Outcome], measures: Sequence[Measure] = MEASURES
) -> dict[str, float]:
    """The two-sided p-value of each measure's difference; the outcomes are of the same questions in the same order.

    Exact where few questions differ in a measure; otherwise of so many random exchanges, and never 0.
    """
    ours, theirs = samples(now, measures), samples(before, measures)
    values = [shares(ours), shares(theirs)]
    return {
        measure.name: _of_sums(ours[..., column], theirs[..., column])
        for column, measure in enumerate(measures)
        if not any(np.isnan(of_run[column]) for of_run in values)
    }


def randomised(now: Floats, before: Floats, statistic: Statistic, permutations: int = 2000) -> float:
    """The p-value of the difference of any `statistic` of rows, one a question, in two runs."""
    differing = np.flatnonzero((now != before).any(axis=1))
    seen = abs(statistic(now) - statistic(before))

    def difference(exchanged: Floats) -> float:
        mask = np.zeros(len(now), dtype=bool)
        mask[differing] = exchanged < 0
        ours, theirs = (np.where(mask[:, None], one, other) for one, other in ((before, now), (now, before)))
        return statistic(ours) - statistic(theirs)

    return _share(lambda signs: np.array([difference(row) for row in signs]), len(differing), seen, permutations)


def _of_sums(ours: Floats, theirs: Floats) -> float:
    """Of one measure, whose sums and numbers of samples are rows of shape ``(2,)``."""
    differing = (ours != theirs).any(axis=1)
    middle, half = (ours + theirs).sum(axis=0) / 2, (ours - theirs)[differing] / 2
    seen = abs(_mean(ours.sum(axis=0)) - _mean(theirs.sum(axis=0)))

    def differences(signs: Floats) -> Floats:
        moved = signs @ half
        return np.asarray(_mean(middle + moved) - _mean(middle - moved))

    return _share(differences, len(half), float(seen), PERMUTATIONS)


def _mean(sums: Floats) -> Floats:
    """Sums over numbers, in the last axis; nan where there is no sample."""
    total, count = sums[..., 0], sums[..., 1]
    return np.asarray(np.divide(total, count, out=np.full_like(total, np.nan), where=count > 0))


def _share(differences: Callable[[Floats], Floats], differing: int, seen: float, permutations: int) -> float:
    """The share of exchanges that differ at least as much as was `seen`; 1 where no question differs.

    Args:
        differences: what exchanges, rows of -1 and 1, one for each question that differs, make of the difference.
        differing: how many questions differ.
        seen: the absolute difference of the runs as they are.
        permutations: how many exchanges are drawn where there are too many for all.
    """
    if not differing:
        return 1.0
    if differing <= _EXACT_UP_TO:
        signs = np.array(list(product((1.0, -1.0), repeat=differing)))
        return float(np.mean(_reach(differences(signs), seen)))
    rng = np.random.default_rng(_SEED)
    reached = 0
    for done in range(0, permutations, _AT_ONCE):
        drawn = rng.choice((1.0, -1.0), size=(min(_AT_ONCE, permutations - done), differing))
        reached += int(_reach(differences(drawn), seen).sum())
    return (reached + 1) / (permutations + 1)


def _reach(differences: Floats, seen: float) -> Floats:
    """1 where a difference is at least as large as was seen; what is no number cannot be told to be smaller."""
    return np.asarray(~(np.abs(differences) < seen - _ROUNDING), dtype=np.float64)
