"""How well a run knew when to keep silent: figures of confidence and of the answers given, with their intervals.

- ``AUROC``: the probability that an answerable question has more confidence than an unanswerable one.
- ``AURC``: the area under the risk-coverage curve, where an answer is right if its most probable sentence is gold; less
  is better. `qa.curves` has both.
- ``accuracy``: the share of questions that were rightly answered at all or rightly not, at the threshold in use.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from qa.curves import area_under_risk_coverage, auroc, first_is_right, risk_coverage
from qa.intervals import Floats, Interval, Statistic, bootstrap, mean
from qa.metrics import Outcome

SEED = 4
_DIGITS = 6
_CONFIDENCE, _ANSWERABLE, _RIGHT, _ANSWERED = range(4)

STATISTICS: Mapping[str, Statistic] = {
    "AUROC": lambda rows: auroc(rows[:, _CONFIDENCE], rows[:, _ANSWERABLE]),
    "AURC": lambda rows: area_under_risk_coverage(rows[:, _CONFIDENCE], rows[:, _RIGHT]),
    "accuracy": lambda rows: mean(rows[:, _ANSWERED] == rows[:, _ANSWERABLE]),
}


def rows(outcomes: Sequence[Outcome]) -> Floats:
    """Shape ``(outcomes, 4)``: confidence, answerable, whether the first sentence is right, answered."""
    confidence, right = first_is_right(outcomes)
    confidence = np.round(confidence, _DIGITS)  # as it is written: a run that is read again has the same figures
    answerable = [float(outcome.question.answerable) for outcome in outcomes]
    answered = [float(outcome.status == "answered") for outcome in outcomes]
    return np.column_stack([confidence, answerable, right, answered])


def curve(outcomes: Sequence[Outcome]) -> tuple[Floats, Floats]:
    """Coverage and risk, `qa.curves.risk_coverage` of a run."""
    judged = rows(outcomes)
    return risk_coverage(judged[:, _CONFIDENCE], judged[:, _RIGHT])


def abstention(outcomes: Sequence[Outcome]) -> dict[str, Interval]:
    """Each figure with its interval; ``AUROC`` is left out where all questions are answerable, or none.

    Raises:
        ValueError: no outcomes.
    """
    judged = rows(outcomes)
    found = {name: bootstrap(judged, statistic, seed=SEED) for name, statistic in STATISTICS.items()}
    return {name: interval for name, interval in found.items() if not np.isnan(interval.value)}
