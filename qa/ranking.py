"""What the ranking of each retrieval leg is worth, by ir_measures (https://ir-measur.es).

A question's gold is sentences or whole documents; of each the rank is known, from 1, and 0 says that it was not found.
Two decisions of ours, which ir_measures leaves open, because neighbouring chunks share a sentence and one chunk may
hold several gold sentences:

- A chunk is relevant when it contains a whole gold sentence.
- Each gold sentence is a topic of its own for recall, and the best-ranked chunk that contains it is its one relevant
  chunk. So recall@k is the share of a question's gold sentences that lie in its first k chunks: a second chunk with the
  same sentence neither helps nor is missed. It may stay below 1 at k = 1 where the alternatives stand far apart.
- ``RR@10`` is the reciprocal rank of the first relevant chunk.
- ``nDCG@10`` gives a chunk as gain the number of gold sentences that no better-ranked chunk contains; a gold sentence
  that was not retrieved stays in the ideal ranking as a chunk of its own. ``AP`` counts the same chunks, each once.

Where the gold is documents, a document ranks where its best chunk does, and all is as in any run over documents: recall
is the share of the relevant ones, and grades are gains.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from index.types import Chunk
from qa.questions import GoldQuestion, GoldSpan
from qa.types import Evidence

LEGS = ("lexical", "dense", "fused", "reranked")
"""Each leg alone, both together, and these in the order of their best sentence as the reader has it."""
LEG_MEASURES = ("R@1", "R@5", "R@20", "R@100", "RR@10", "AP", "nDCG@10")
RECALL_CUTOFFS = (1, 5, 20)
_LEG_CUTOFFS = (1, 5, 20, 100)
_UNRETRIEVED = "not retrieved"

Ranks = Sequence[int]


def ranks_of(question: GoldQuestion, chunks: Iterable[Chunk]) -> tuple[int, ...]:
    """The rank of each gold sentence, or each gold document, of a question in a ranking of chunks."""
    held = list(chunks)
    if question.documents:
        places = {doc_id: rank for rank, doc_id in enumerate(dict.fromkeys(chunk.doc_id for chunk in held), 1)}
        return tuple(places.get(doc_id, 0) for doc_id in question.documents)
    return span_ranks(question.gold, held)


def span_ranks(gold: Sequence[GoldSpan], chunks: Sequence[Chunk]) -> tuple[int, ...]:
    """For each gold sentence the rank of the first chunk that contains it whole, or 0."""
    return tuple(next((rank for rank, chunk in enumerate(chunks, 1) if _contains(chunk, span)), 0) for span in gold)


def reranked(fused: Sequence[Chunk], read: Sequence[Chunk], evidence: Iterable[Evidence]) -> tuple[Chunk, ...]:
    """The chunks that were read by their best sentence, ties as they were found; behind them the rest of `fused`."""
    scores: dict[tuple[str, int, int], float] = {}
    for one in evidence:
        key = (one.doc_id, *one.sentence)
        scores[key] = max(one.score, scores.get(key, one.score))
    best = {
        chunk.id: max((scores.get((chunk.doc_id, *sentence), -1.0) for sentence in chunk.sentences), default=-1.0)
        for chunk in read
    }
    return (*sorted(read, key=lambda chunk: -best[chunk.id]), *(chunk for chunk in fused if chunk.id not in best))


def retrieval_values(ranks: Ranks, grades: Sequence[int] = ()) -> dict[str, float]:
    """``recall@k``, ``RR@10`` and ``nDCG@10`` of one question; `ranks` is not empty, `grades` as its question has."""
    found = _values({"": ranks}, grades, RECALL_CUTOFFS)[""]
    recalls = {f"recall@{k}": found[f"R@{k}"] for k in RECALL_CUTOFFS}
    return {**recalls, "RR@10": found["RR@10"], "nDCG@10": found["nDCG@10"]}


def leg_values(ranks: Mapping[str, Ranks], grades: Sequence[int] = ()) -> dict[str, dict[str, float]]:
    """Every measure of `LEG_MEASURES` of one question for each leg, whose `ranks` are not empty."""
    found = _values(ranks, grades, _LEG_CUTOFFS)
    return {leg: {name: found[leg][name] for name in LEG_MEASURES} for leg in ranks}


def _values(ranks: Mapping[str, Ranks], grades: Sequence[int], cutoffs: Sequence[int]) -> dict[str, dict[str, float]]:
    """Values by leg and measure."""
    recalls, others = _recalls(ranks, cutoffs), _first_and_gain(ranks, grades)
    return {leg: {**recalls[leg], **others[leg]} for leg in ranks}


def _recalls(ranks: Mapping[str, Ranks], cutoffs: Sequence[int]) -> dict[str, dict[str, float]]:
    """Recall with one topic per gold; the ranking's documents are named by their rank."""
    from ir_measures import Qrel, R

    topics = {f"{leg} {number}": (leg, rank) for leg, of_leg in ranks.items() for number, rank in enumerate(of_leg)}
    qrels = [Qrel(topic, _name(rank), 1) for topic, (_, rank) in topics.items()]
    depths = {topic: max(*ranks[leg], 1) for topic, (leg, _) in topics.items()}
    totals = {leg: {f"R@{k}": 0.0 for k in cutoffs} for leg in ranks}
    for found in _calculated([R @ k for k in cutoffs], qrels, depths):
        leg, _ = topics[found.query_id]
        totals[leg][str(found.measure)] += found.value
    return {leg: {name: sum_ / len(ranks[leg]) for name, sum_ in of_leg.items()} for leg, of_leg in totals.items()}


def _first_and_gain(ranks: Mapping[str, Ranks], grades: Sequence[int]) -> dict[str, dict[str, float]]:
    """``RR@10``, ``AP`` and ``nDCG@10`` with the leg's ranking as the one topic."""
    from ir_measures import AP, RR, Qrel, nDCG

    gains = {leg: _gains(of_leg, grades) for leg, of_leg in ranks.items()}
    qrels = [Qrel(leg, name, gain) for leg, of_leg in gains.items() for name, gain in of_leg.items()]
    depths = {leg: max(*of_leg, 1) for leg, of_leg in ranks.items()}
    values: dict[str, dict[str, float]] = {leg: {} for leg in ranks}
    for found in _calculated([RR @ 10, AP, nDCG @ 10], qrels, depths):
        values[found.query_id][str(found.measure)] = float(found.value)
    return values


def _gains(ranks: Ranks, grades: Sequence[int]) -> dict[str, int]:
    """What each relevant chunk or document counts, by its name; what was not retrieved has a name of its own."""
    gains: dict[str, int] = {}
    for number, (rank, grade) in enumerate(zip(ranks, grades or (1,) * len(ranks), strict=True)):
        name = _name(rank) if rank else f"{_UNRETRIEVED} {number}"
        gains[name] = gains.get(name, 0) + grade
    return gains


def _calculated(measures: Sequence[Any], qrels: Sequence[Any], depths: Mapping[str, int]) -> Iterable[Any]:
    """What ir_measures makes of rankings that are as deep as `depths` says, by topic."""
    from ir_measures import ScoredDoc, iter_calc

    run = [ScoredDoc(topic, _name(rank), -rank) for topic, depth in depths.items() for rank in range(1, depth + 1)]
    found: Iterable[Any] = iter_calc(measures, qrels, run)
    return found


def _name(rank: int) -> str:
    return f"rank {rank}" if rank else _UNRETRIEVED


def _contains(chunk: Chunk, span: GoldSpan) -> bool:
    return chunk.doc_id == span.doc_id and chunk.start <= span.start and span.end <= chunk.end
