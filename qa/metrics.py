"""What one question's run is worth, and the averages over many: pure functions, no index, no clock.

Retrieval measures come from ir_measures (https://ir-measur.es), after two decisions of ours that its measures leave
open, because neighbouring chunks share a sentence and one chunk may hold several gold sentences:

- A chunk is relevant when it contains a whole gold sentence.
- Each gold sentence is a topic of its own for ``recall@k``, and the best-ranked chunk that contains it is its one
  relevant chunk. So ``recall@k`` is the share of a question's gold sentences that lie in its first k chunks: a second
  chunk with the same sentence neither helps nor is missed. It may stay below 1 at k = 1 where the alternatives stand
  far apart.
- ``RR@10`` is the reciprocal rank of the first relevant chunk.
- ``nDCG@10`` gives a chunk as gain the number of gold sentences that no better-ranked chunk contains; a gold sentence
  that was not retrieved stays in the ideal ranking as a chunk of its own.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal, Protocol

from index.types import Document, Hit
from qa.questions import GoldQuestion, GoldSpan
from qa.types import Answer, Evidence, Excerpt, Question, Status

Verdict = Literal["right: cited", "right: abstained", "wrong: cited", "missed: abstained"]

RECALL_CUTOFFS = (1, 5, 20)
_UNRETRIEVED = "not retrieved"


class Traced(Protocol):
    """All that the assistant did with one question: what it understood, found, read and answered."""

    @property
    def question(self) -> Question:
        """The question with the language that was detected."""

    @property
    def hits(self) -> tuple[Hit, ...]:
        """Chunks, best first."""

    @property
    def evidence(self) -> tuple[Evidence, ...]:
        """All sentences that were read, best first, each once."""

    @property
    def answer(self) -> Answer:
        """What the user gets."""


@dataclass(frozen=True, slots=True)
class JudgedCitation:
    """A citation, or a near miss, with its two verdicts: `exact`, it is the stored text; `right`, it overlaps gold."""

    doc_id: str
    start: int
    end: int
    quote: str
    exact: bool
    right: bool


@dataclass(frozen=True, slots=True)
class Outcome:
    """How one question went. Ranks count from 1; 0 says that the gold was not found.

    `gold_ranks[i]` is the rank of the first chunk that contains the question's `gold[i]` whole. `retrieval` holds the
    question's value of each retrieval measure; it is empty for an unanswerable question.
    """

    question: GoldQuestion
    detected_lang: str
    status: Status
    confidence: float
    gold_ranks: tuple[int, ...]
    sentence_rank: int
    retrieval: Mapping[str, float]
    citations: tuple[JudgedCitation, ...]
    near_misses: tuple[JudgedCitation, ...] = ()

    @property
    def chunk_rank(self) -> int:
        """The rank of the first chunk that contains a gold sentence."""
        return min(filter(None, self.gold_ranks), default=0)

    @property
    def verdict(self) -> Verdict:
        """What became of the question, in two words: whether it was answered, and whether that was right."""
        if self.status == "abstained":
            return "missed: abstained" if self.question.answerable else "right: abstained"
        return "right: cited" if any(citation.right for citation in self.citations) else "wrong: cited"

    @property
    def is_right(self) -> bool:
        """Whether the question was answered by gold or, where there is none, not at all."""
        return self.verdict in {"right: cited", "right: abstained"}


@dataclass(frozen=True, slots=True)
class Measure:
    """A named measure: the mean (or, for a `count`, the sum) of the samples that each outcome contributes.

    An outcome that a measure says nothing about contributes none: abstention precision has no sample of an answer.
    """

    name: str
    samples: Callable[[Outcome], Iterable[float]]
    kind: Literal["mean", "count"] = "mean"


@dataclass(frozen=True, slots=True)
class Score:
    """A measure's value over the `n` samples that it is the mean or the sum of."""

    value: float
    n: int
    kind: Literal["mean", "count"] = "mean"


def gold_ranks(gold: Sequence[GoldSpan], hits: Sequence[Hit]) -> tuple[int, ...]:
    """For each gold sentence the rank of the first chunk that contains it whole, or 0."""
    return tuple(next((rank for rank, hit in enumerate(hits, 1) if _contains(hit, span)), 0) for span in gold)


def sentence_rank(gold: Sequence[GoldSpan], evidence: Sequence[Evidence]) -> int:
    """The rank of the first sentence that overlaps a gold sentence, or 0."""
    return next(
        (
            rank
            for rank, found in enumerate(evidence, 1)
            if _overlaps_gold(found.doc_id, found.sentence.start, found.sentence.end, gold)
        ),
        0,
    )


def retrieval_values(ranks: Sequence[int]) -> dict[str, float]:
    """``recall@k``, ``RR@10`` and ``nDCG@10`` of one question; `ranks` is what `gold_ranks` gives, not empty."""
    return {**_recalls(ranks), **_first_and_gain(ranks)}


def judge_citation(citation: Excerpt, document: Document | None, gold: Sequence[GoldSpan]) -> JudgedCitation:
    """The verdicts on a citation or a near miss, from the stored `document` alone; None: the index has no such one.

    Deliberately repeats what the constructor of `Citation` checks: the evaluation must not trust it.
    """
    exact = (
        document is not None
        and document.id == citation.doc_id
        and document.sha256 == citation.doc_sha256
        and document.text[citation.start : citation.end] == citation.quote
    )
    right = _overlaps_gold(citation.doc_id, citation.start, citation.end, gold)
    return JudgedCitation(citation.doc_id, citation.start, citation.end, citation.quote, exact, right)


def judge(
    question: GoldQuestion,
    trace: Traced,
    citations: tuple[JudgedCitation, ...],
    near_misses: tuple[JudgedCitation, ...] = (),
) -> Outcome:
    """The outcome of one question from what the assistant did and the verdicts on what it showed."""
    ranks = gold_ranks(question.gold, trace.hits)
    return Outcome(
        question=question,
        detected_lang=trace.question.lang,
        status=trace.answer.status,
        confidence=trace.answer.confidence,
        gold_ranks=ranks,
        sentence_rank=sentence_rank(question.gold, trace.evidence),
        retrieval=retrieval_values(ranks) if ranks else {},
        citations=citations,
        near_misses=near_misses,
    )


def score(outcomes: Iterable[Outcome]) -> dict[str, Score]:
    """Every measure that has a sample in `outcomes`, in the order of `MEASURES`."""
    held = tuple(outcomes)
    samples = {m: [value for outcome in held for value in m.samples(outcome)] for m in MEASURES}
    return {m.name: Score(_reduce(m, values), len(values), m.kind) for m, values in samples.items() if values}


def percentile(values: Sequence[float], percent: float) -> float:
    """The nearest-rank percentile: the smallest value that at least `percent` per cent of the values do not exceed.

    Raises:
        ValueError: no values, or `percent` is not in (0, 100].
    """
    if not values or not 0 < percent <= 100:  # noqa: PLR2004 - a per cent
        raise ValueError(f"no {percent} % percentile of {len(values)} values")
    return sorted(values)[math.ceil(percent / 100 * len(values)) - 1]


def _reduce(measure: Measure, values: Sequence[float]) -> float:
    total = math.fsum(values)
    return total if measure.kind == "count" else total / len(values)


def _contains(hit: Hit, span: GoldSpan) -> bool:
    chunk = hit.chunk
    return chunk.doc_id == span.doc_id and chunk.start <= span.start and span.end <= chunk.end


def _overlaps_gold(doc_id: str, start: int, end: int, gold: Sequence[GoldSpan]) -> bool:
    return any(doc_id == span.doc_id and start < span.end and span.start < end for span in gold)


def _recalls(ranks: Sequence[int]) -> dict[str, float]:
    """Recall with one topic per gold sentence; the ranking's documents are named by their rank."""
    from ir_measures import Qrel, R, ScoredDoc, calc_aggregate

    measures = {f"recall@{k}": R @ k for k in RECALL_CUTOFFS}
    topics = [f"gold {number}" for number in range(len(ranks))]
    qrels = [Qrel(topic, _name(rank), 1) for topic, rank in zip(topics, ranks, strict=True)]
    run = [ScoredDoc(topic, _name(rank), -rank) for topic in topics for rank in range(1, max(*ranks, 1) + 1)]
    values = calc_aggregate(measures.values(), qrels, run)
    return {name: float(values[measure]) for name, measure in measures.items()}


def _first_and_gain(ranks: Sequence[int]) -> dict[str, float]:
    """``RR@10`` and ``nDCG@10`` with the question as the one topic."""
    from ir_measures import RR, Qrel, ScoredDoc, calc_aggregate, nDCG

    measures = {"RR@10": RR @ 10, "nDCG@10": nDCG @ 10}
    gains = {rank: ranks.count(rank) for rank in ranks if rank}
    missing = [f"{_UNRETRIEVED} {number}" for number in range(ranks.count(0))]
    qrels = [Qrel("q", _name(rank), gain) for rank, gain in gains.items()] + [Qrel("q", name, 1) for name in missing]
    run = [ScoredDoc("q", _name(rank), -rank) for rank in range(1, max(*ranks, 1) + 1)]
    values = calc_aggregate(measures.values(), qrels, run)
    return {name: float(values[measure]) for name, measure in measures.items()}


def _name(rank: int) -> str:
    return f"rank {rank}" if rank else _UNRETRIEVED


def _retrieval(name: str) -> Measure:
    return Measure(name, lambda o: (o.retrieval[name],) if name in o.retrieval else ())


def _sentence_hit(k: int) -> Measure:
    return Measure(f"sentence_hit@{k}", lambda o: (float(0 < o.sentence_rank <= k),) if o.question.answerable else ())


def _abstained(outcome: Outcome) -> bool:
    return outcome.status == "abstained"


MEASURES: tuple[Measure, ...] = (
    *(_retrieval(f"recall@{k}") for k in RECALL_CUTOFFS),
    _retrieval("RR@10"),
    _retrieval("nDCG@10"),
    _sentence_hit(1),
    _sentence_hit(3),
    Measure("citation_exactness", lambda o: (float(c.exact) for c in o.citations)),
    Measure("citation_precision", lambda o: (float(c.right) for c in o.citations)),
    Measure("answered_right", lambda o: (float(any(c.right for c in o.citations)),) if o.question.answerable else ()),
    Measure("abstention_precision", lambda o: (float(not o.question.answerable),) if _abstained(o) else ()),
    Measure("abstention_recall", lambda o: () if o.question.answerable else (float(_abstained(o)),)),
    Measure("unanswerable_abstained", lambda o: () if o.question.answerable else (float(_abstained(o)),), "count"),
    Measure("language_accuracy", lambda o: (float(o.detected_lang == o.question.lang),)),
)
"""All measures, in the order that tables show them."""
