"""The cross-language gap: the same question asked in two languages, and how much further down its answer then is.

Twins name each other in the question set (`qa.questions.GoldQuestion.twin`). Ranks are those of the first passage with
gold; what lies beyond the passages that are read, or was not found, counts as the rank after them.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple

from qa.intervals import Interval, bootstrap
from qa.metrics import Outcome
from qa.ranking import RECALL_CUTOFFS

BEYOND = RECALL_CUTOFFS[-1] + 1
_SEED = 4


class Twins(NamedTuple):
    """The outcomes of one question in two languages, ordered by language."""

    first: Outcome
    second: Outcome

    @property
    def languages(self) -> str:
        """As ``de-en``."""
        return f"{self.first.question.lang}-{self.second.question.lang}"

    @property
    def across(self) -> tuple[Outcome, Outcome] | None:
        """The twin in another language than the gold, and the one in its language; None where that is not told."""
        for one, other in ((self.first, self.second), (self.second, self.first)):
            if other.question.lang == other.gold_lang == one.gold_lang:
                return one, other
        return None


def pairs(outcomes: Sequence[Outcome]) -> list[Twins]:
    """All twins among `outcomes`, in the order of the first of each pair; those whose twin was not asked are left."""
    asked = {outcome.question.id: outcome for outcome in outcomes}
    found: dict[frozenset[str], Twins] = {}
    for outcome in outcomes:
        other = asked.get(outcome.question.twin)
        if other is not None:
            first, second = sorted((outcome, other), key=lambda one: one.question.lang)
            found.setdefault(frozenset((outcome.question.id, other.question.id)), Twins(first, second))
    return list(found.values())


def rank(outcome: Outcome) -> int:
    """The rank of the first passage with gold, at most `BEYOND`."""
    return min(outcome.chunk_rank or BEYOND, BEYOND)


def gaps(outcomes: Sequence[Outcome]) -> dict[str, tuple[Interval, int]]:
    """Each gap with its interval, over how many pairs.

    ``rank, across``: rank of the twin in another language than the gold less that of the one in its language, and
    ``1/rank, across`` the same of reciprocal ranks. ``rank, de-en``: rank of the German twin less that of the English
    one, whatever the gold's language. ``same verdict``: the share of pairs that went alike, right or wrong, those
    without an answer included.
    """
    twins = pairs(outcomes)
    ranked = [one for one in twins if one.first.question.answerable and one.second.question.answerable]
    crossing = [across for one in ranked if (across := one.across)]
    found: dict[str, list[float]] = {
        "rank, across": [rank(one) - rank(other) for one, other in crossing],
        "1/rank, across": [1 / rank(one) - 1 / rank(other) for one, other in crossing],
        **_by_languages(ranked, lambda one: rank(one.first) - rank(one.second)),
        "same verdict": [float(one.first.is_right == one.second.is_right) for one in twins],
    }
    return {name: (bootstrap(values, seed=_SEED), len(values)) for name, values in found.items() if values}


def _by_languages(twins: Sequence[Twins], value: Callable[[Twins], float]) -> Mapping[str, list[float]]:
    languages = sorted({one.languages for one in twins})
    return {f"rank, {name}": [value(one) for one in twins if one.languages == name] for name in languages}
