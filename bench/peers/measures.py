"""How well a contestant finds what was asked for, by document, so that chunks of any size can be compared."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from statistics import fmean, median
from typing import Any

import ir_measures
from ir_measures import R, nDCG

from bench.peers.job import Asked
from qa.intervals import bootstrap

MEASURES = {"R@1": R @ 1, "R@5": R @ 5, "nDCG@10": nDCG @ 10}
SENTENCE, FIRST = "sentence_hit@1", "answer_in_first_hit"
_SEED = 4

Hit = Mapping[str, Any]  # doc, text, and for a sentence its start in the document
Hits = Sequence[Hit]
Values = dict[str, dict[str, float]]  # measure -> question's id -> value


def documents(hits: Hits) -> list[str]:
    """The documents of the hits, best first, each once."""
    return list(dict.fromkeys(hit["doc"] for hit in hits))


def has_answer(asked: Asked, hit: Hit, text: str) -> bool:
    """Whether the hit is of the right document, with this `text`, and one of the answers stands in it as a whole."""
    return hit["doc"] == asked.doc and any(text[slice(*gold)] in hit["text"] for gold in asked.gold)


def overlaps_answer(asked: Asked, hit: Hit, text: str) -> bool:
    """Whether the hit, a sentence, shares a character with an answer, as Beleg's own evaluation asks.

    Raises:
        ValueError: the sentence does not stand in the document's `text` where the hit says.
    """
    if hit["doc"] != asked.doc:
        return False
    start, end = hit["start"], hit["start"] + len(hit["text"])
    if text[start:end] != hit["text"]:
        raise ValueError(f"characters {start} to {end} of {asked.doc} are not {hit['text']!r}")
    return any(start < gold_end and gold_start < end for gold_start, gold_end in asked.gold)


def values(asked: Sequence[Asked], found: Sequence[Hits], texts: Mapping[str, str], *, sentences: bool) -> Values:
    """Every measure of each question; with `sentences` also whether the first hit, which is one, overlaps an answer."""
    qrels = [ir_measures.Qrel(one.id, one.doc, 1) for one in asked]
    run = [
        ir_measures.ScoredDoc(one.id, doc, -rank)
        for one, hits in zip(asked, found, strict=True)
        for rank, doc in enumerate(documents(hits))
    ]
    # A question that found nothing is in no run, and counts as 0.
    got: Values = {name: dict.fromkeys((one.id for one in asked), 0.0) for name in MEASURES}
    names = {measure: name for name, measure in MEASURES.items()}
    for metric in ir_measures.iter_calc(MEASURES.values(), qrels, run):
        got[names[metric.measure]][metric.query_id] = float(metric.value)
    firsts = [(one, hits[0]) for one, hits in zip(asked, found, strict=True) if hits]
    for name, right in ((FIRST, has_answer), (SENTENCE, overlaps_answer)):
        if name == FIRST or sentences:
            verdicts = {one.id: float(right(one, first, texts[one.doc])) for one, first in firsts}
            got[name] = dict.fromkeys((one.id for one in asked), 0.0) | verdicts
    return got


def summary(found: Values) -> dict[str, Any]:
    """Means with 95 % intervals."""
    return {
        name: {key: round(value, 4) for key, value in asdict(bootstrap(list(of.values()), seed=_SEED)).items()}
        for name, of in found.items()
    }


def gain(ours: Mapping[str, float], theirs: Mapping[str, float]) -> dict[str, float]:
    """The mean difference over the same questions, with its paired 95 % interval."""
    pairs = [ours[key] - theirs[key] for key in ours]
    return {name: round(value, 4) for name, value in asdict(bootstrap(pairs, seed=_SEED)).items()}


def length(found: Sequence[Hits]) -> float:
    """Characters of the first hit, on average."""
    return round(fmean(len(hits[0]["text"]) for hits in found if hits), 1) if any(found) else 0.0


def middle(numbers: Sequence[float], digits: int) -> float:
    """The median, rounded."""
    return round(median(numbers), digits)
