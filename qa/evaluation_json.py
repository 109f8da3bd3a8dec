"""The parts of an evaluation's JSON: plain values in a fixed order, rounded so that a rerun gives the same bytes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any

from qa.intervals import Floats, Interval
from qa.metrics import Outcome, Score, percentile

_DIGITS = 6
_PERCENTILES = (50, 95, 99)


def scores_json(
    found: Mapping[str, Score], intervals: Mapping[str, Interval] | None = None
) -> dict[str, dict[str, float]]:
    """Value, number of samples and, where it is known, the 95 % interval of each measure."""
    return {
        name: {"value": _rounded(score.value), **_bounds((intervals or {}).get(name)), "n": score.n}
        for name, score in found.items()
    }


def figure_json(found: Interval, n: int) -> dict[str, float]:
    """A value with its interval, over `n` samples."""
    return {"value": _rounded(found.value), **_bounds(found), "n": n}


def points_json(points: tuple[Floats, Floats]) -> list[list[float]]:
    """The points of a curve, x and y each."""
    return [[_rounded(x), _rounded(y)] for x, y in zip(*points, strict=True)]


def percentiles_ms(seconds: Sequence[float]) -> dict[str, float]:
    """The median and the two percentiles above it, in milliseconds."""
    return {f"p{percent}": milliseconds(percentile(seconds, percent)) for percent in _PERCENTILES}


def _bounds(interval: Interval | None) -> dict[str, float]:
    return {"low": _rounded(interval.low), "high": _rounded(interval.high)} if interval else {}


def question_json(outcome: Outcome) -> dict[str, Any]:
    """A question with its gold, and what became of it."""
    return {
        "id": outcome.question.id,
        "question": outcome.question.question,
        "lang": outcome.question.lang,
        "detected_lang": outcome.detected_lang,
        "answerable": outcome.question.answerable,
        "gold": [asdict(span) for span in outcome.question.gold],
        "documents": list(outcome.question.documents),
        "grades": list(outcome.question.grades),
        "answers": list(outcome.question.answers),
        "twin": outcome.question.twin,
        "lang_stated": outcome.question.lang_stated,
        "gold_lang": outcome.gold_lang,
        "tags": list(outcome.question.tags),
        "status": outcome.status,
        "confidence": _rounded(outcome.confidence),
        "chunk_rank": outcome.chunk_rank,
        "gold_ranks": list(outcome.gold_ranks),
        "sentence_rank": outcome.sentence_rank,
        "retrieval": {name: _rounded(value) for name, value in outcome.retrieval.items()},
        "leg_ranks": {leg: list(ranks) for leg, ranks in outcome.leg_ranks.items()},
        "tokens": dict(outcome.tokens),
        "citations": [asdict(citation) for citation in outcome.citations],
        "near_misses": [asdict(miss) for miss in outcome.near_misses],
    }


def _rounded(value: float) -> float:
    """Six decimals: what lies beyond is the order of floating-point additions."""
    return round(float(value), _DIGITS)


def milliseconds(seconds: float) -> float:
    """To a tenth of one."""
    return round(seconds * 1000, 1)
