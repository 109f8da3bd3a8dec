"""Why a sentence was quoted or not: what each leg and the reader made of the most probable ones."""

from __future__ import annotations

from collections.abc import Sequence

from qa.compose import Composed, floor
from qa.retrieve import Found
from qa.types import Candidate, Evidence, Reading, Verdict

CANDIDATES = 12
"""How many are explained: the rest is further below."""


def candidates(found: Sequence[Found], reading: Reading, composed: Composed, threshold: float) -> tuple[Candidate, ...]:
    """The most probable sentences of a reading, best first, with the verdict on each.

    Args:
        found: the passages that were read, in the order of their rank.
        reading: what the reader made of them.
        composed: what was quoted of it.
        threshold: what confidence had to reach.
    """
    return tuple(
        _candidate(found[one.rank - 1], one, _verdict(one, reading, composed, threshold))
        for one in reading.evidence[:CANDIDATES]
    )


def _verdict(one: Evidence, reading: Reading, composed: Composed, threshold: float) -> Verdict:
    start, end = one.sentence
    if any(c.doc_id == one.doc_id and c.start <= start and end <= c.end for c in composed.citations):
        return "quoted"
    if one.score < threshold:
        return "below the threshold"
    if reading.confidence < threshold:
        return "name missing"
    return "far below the best" if one.score < floor(reading, threshold) else "enough quoted"


def _candidate(found: Found, one: Evidence, verdict: Verdict) -> Candidate:
    (hit, passage), (start, end) = found, one.sentence
    return Candidate(
        doc_id=one.doc_id,
        start=start,
        end=end,
        sentence=passage.document.text[start:end],
        title=passage.document.title,
        rank=one.rank,
        dense=hit.dense,
        lexical=hit.lexical,
        signals=one.signals,
        score=one.score,
        verdict=verdict,
    )
