"""Two runs of a question set side by side: what has really changed, and which questions are newly right or wrong."""

from __future__ import annotations

from dataclasses import dataclass

from qa.evaluate import Evaluation
from qa.intervals import Interval, differences
from qa.metrics import Outcome


@dataclass(frozen=True, slots=True)
class Comparison:
    """A run beside one `before` it, over the `shared` questions, which both have word for word and with the same gold.

    `gains` is by how much each measure is higher than before; `newly_right` and `newly_wrong` are outcomes of now.
    """

    before: Evaluation
    shared: int
    gains: dict[str, Interval]
    newly_right: tuple[Outcome, ...]
    newly_wrong: tuple[Outcome, ...]


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
    )
