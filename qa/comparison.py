"""Two runs of a question set side by side: what has really changed, and which questions are newly right or wrong."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

import numpy as np

from qa.abstention import SEED, STATISTICS, rows
from qa.errors import EvaluationError
from qa.evaluate import Evaluation
from qa.intervals import Interval, Statistic, bootstrap, differences
from qa.metrics import MEASURES, MEASURES_OF_LEGS, Outcome
from qa.significance import p_values, randomised

_DIGITS = 6


@dataclass(frozen=True, slots=True)
class Change:
    """By how much a measure is higher than before, with its interval, and how probable as much is by chance."""

    gain: Interval
    p: float


@dataclass(frozen=True, slots=True)
class Comparison:
    """A run beside one `before` it, over the `shared` questions, which both have word for word and with the same gold.

    `gains` is by how much each measure is higher than before; `newly_right` and `newly_wrong` are outcomes of now.
    `pairs` are the outcomes of shared questions, now and before.
    """

    before: Evaluation
    shared: int
    gains: dict[str, Interval]
    newly_right: tuple[Outcome, ...]
    newly_wrong: tuple[Outcome, ...]
    pairs: tuple[tuple[Outcome, Outcome], ...] = field(default=(), repr=False)


def compare(now: Evaluation, before: Evaluation) -> Comparison:
    """`now` beside `before`."""
    asked = {outcome.question: outcome for outcome in before.outcomes}
    pairs = [(outcome, asked[outcome.question]) for outcome in now.outcomes if outcome.question in asked]
    changed = [new for new, old in pairs if new.is_right != old.is_right]
    return Comparison(
        before=before,
        shared=len(pairs),
        gains=differences([new for new, _ in pairs], [old for _, old in pairs]) if pairs else {},
        newly_right=tuple(outcome for outcome in changed if outcome.is_right),
        newly_wrong=tuple(outcome for outcome in changed if not outcome.is_right),
        pairs=tuple(pairs),
    )


def changes(found: Comparison) -> dict[str, Change]:
    """What each measure has gained: of answers, of each leg's ranking, and of abstaining."""
    return _changes(found.pairs)


def changes_by_tag(found: Comparison) -> dict[str, dict[str, Change]]:
    """As `changes`, over the questions that have each tag."""
    tags = sorted({tag for now, _ in found.pairs for tag in now.question.tags})
    return {tag: _changes([pair for pair in found.pairs if tag in pair[0].question.tags]) for tag in tags}


def comparison_json(now: Evaluation, found: Comparison) -> dict[str, Any]:
    """Plain lists, dicts, strings and numbers, in a fixed order, the same for the same two runs.

    Raises:
        EvaluationError: the runs have no question in common.
    """
    if not found.shared:
        raise EvaluationError(
            f"{now.question_set!r} and {found.before.question_set!r} have no question in common, with the same gold; "
            f"compare two runs of one question set"
        )
    sides = {"now": now, "before": found.before}
    return {
        **{side: {"question_set": run.question_set, "model": run.model, "documents": run.documents,
                  "questions_sha256": run.questions_sha256} for side, run in sides.items()},
        "shared": found.shared,
        "changes": _told(changes(found)),
        "by_tag": {tag: _told(of_tag) for tag, of_tag in changes_by_tag(found).items()},
        "newly_right": [outcome.question.id for outcome in found.newly_right],
        "newly_wrong": [outcome.question.id for outcome in found.newly_wrong],
    }  # fmt: skip


def _changes(pairs: Sequence[tuple[Outcome, Outcome]]) -> dict[str, Change]:
    now, before = [new for new, _ in pairs], [old for _, old in pairs]
    if not pairs:
        return {}
    measures = (*MEASURES, *MEASURES_OF_LEGS)
    gains, ps = differences(now, before, measures), p_values(now, before, measures)
    return {**{name: Change(gain, ps[name]) for name, gain in gains.items()}, **_of_abstaining(now, before)}


def _of_abstaining(now: Sequence[Outcome], before: Sequence[Outcome]) -> dict[str, Change]:
    """The figures of `qa.abstention`, those that both runs have."""
    both = np.stack([rows(now), rows(before)], axis=-1)
    found = {}
    for name, statistic in STATISTICS.items():
        gain = bootstrap(both, _difference(statistic), seed=SEED)
        if not np.isnan(gain.value):
            found[name] = Change(gain, randomised(both[..., 0], both[..., 1], statistic))
    return found


def _difference(statistic: Statistic) -> Statistic:
    """That of the first run less that of the second, of rows of shape ``(columns, 2)``."""
    return lambda rows_of_both: statistic(rows_of_both[..., 0]) - statistic(rows_of_both[..., 1])


def _told(found: dict[str, Change]) -> dict[str, dict[str, float]]:
    return {
        name: {key: round(number, _DIGITS) for key, number in {**asdict(change.gain), "p": change.p}.items()}
        for name, change in found.items()
    }
