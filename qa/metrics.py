"""What one question's run is worth, and the averages over many: pure functions, no index, no clock.

Retrieval measures come from ir_measures; `qa.ranking` says how chunks and gold become its topics.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal, Protocol

from index.types import Chunk, Document, Hit
from qa.questions import GoldQuestion, GoldSpan
from qa.ranking import LEG_MEASURES, LEGS, RECALL_CUTOFFS, leg_values, ranks_of, retrieval_values, span_ranks
from qa.tokens import token_values
from qa.types import Answer, Evidence, Excerpt, Question, Status

Verdict = Literal["right: cited", "right: abstained", "wrong: cited", "missed: abstained"]


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

    `gold_ranks[i]` is the rank of the first chunk that contains the question's `gold[i]` whole or, where its gold is
    documents, of the i-th among the documents of the chunks. `sentence_rank` is that of the first sentence that
    overlaps gold, or is of a gold document. `retrieval` holds the question's value of each retrieval measure; it is
    empty for an unanswerable question. `leg_ranks` are ranks as `gold_ranks` in each leg's own ranking, `legs` what
    they are worth by leg and measure; `tokens` is empty without a gold answer. `gold_lang` is the language of all gold
    documents, "" where there are several or none.
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
    leg_ranks: Mapping[str, tuple[int, ...]] = field(default_factory=dict)
    legs: Mapping[str, Mapping[str, float]] = field(default_factory=dict)
    tokens: Mapping[str, float] = field(default_factory=dict)
    gold_lang: str = ""

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
    return span_ranks(gold, [hit.chunk for hit in hits])


def sentence_rank(gold: Sequence[GoldSpan], evidence: Sequence[Evidence], documents: Sequence[str] = ()) -> int:
    """The rank of the first sentence that overlaps a gold sentence or is of one of the gold `documents`, or 0."""
    return next(
        (
            rank
            for rank, found in enumerate(evidence, 1)
            if found.doc_id in documents or _overlaps_gold(found.doc_id, found.sentence.start, found.sentence.end, gold)
        ),
        0,
    )


def judge_citation(
    citation: Excerpt, document: Document | None, gold: Sequence[GoldSpan], documents: Sequence[str] = ()
) -> JudgedCitation:
    """The verdicts on a citation or a near miss, from the stored `document` alone; None: the index has no such one.

    It is right where it overlaps a gold sentence or is of one of the gold `documents`.

    Deliberately repeats what the constructor of `Citation` checks: the evaluation must not trust it.
    """
    exact = (
        document is not None
        and document.id == citation.doc_id
        and document.sha256 == citation.doc_sha256
        and document.text[citation.start : citation.end] == citation.quote
    )
    right = citation.doc_id in documents or _overlaps_gold(citation.doc_id, citation.start, citation.end, gold)
    return JudgedCitation(citation.doc_id, citation.start, citation.end, citation.quote, exact, right)


def judge(  # noqa: PLR0913 - one parameter is one thing to judge by
    question: GoldQuestion,
    trace: Traced,
    citations: tuple[JudgedCitation, ...],
    near_misses: tuple[JudgedCitation, ...] = (),
    *,
    rankings: Mapping[str, Sequence[Chunk]] | None = None,
    gold_lang: str = "",
) -> Outcome:
    """The outcome of one question from what the assistant did and the verdicts on what it showed.

    `rankings` are the chunks of each leg, best first, where they are known.
    """
    ranks = ranks_of(question, (hit.chunk for hit in trace.hits))
    legs = {leg: ranks_of(question, chunks) for leg, chunks in (rankings or {}).items()} if ranks else {}
    return Outcome(
        question=question,
        detected_lang=trace.question.lang,
        status=trace.answer.status,
        confidence=trace.answer.confidence,
        gold_ranks=ranks,
        sentence_rank=sentence_rank(question.gold, trace.evidence, question.documents),
        retrieval=retrieval_values(ranks, question.grades) if ranks else {},
        citations=citations,
        near_misses=near_misses,
        leg_ranks=legs,
        legs=leg_values(legs, question.grades) if legs else {},
        tokens=token_values(_best_quote(trace.answer), question.answers) if question.answers else {},
        gold_lang=gold_lang,
    )


def score(outcomes: Iterable[Outcome], measures: Sequence[Measure] | None = None) -> dict[str, Score]:
    """Every one of the `measures`, by default `MEASURES`, that has a sample in `outcomes`, in their order."""
    held = tuple(outcomes)
    wanted = MEASURES if measures is None else measures
    samples = {m: [value for outcome in held for value in m.samples(outcome)] for m in wanted}
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


def _overlaps_gold(doc_id: str, start: int, end: int, gold: Sequence[GoldSpan]) -> bool:
    return any(doc_id == span.doc_id and start < span.end and span.start < end for span in gold)


def _best_quote(answer: Answer) -> str:
    """The quotation that answers most probably, "" where there is none; of equal ones the first."""
    return max(answer.citations, key=lambda citation: citation.score).quote if answer.citations else ""


def _retrieval(name: str) -> Measure:
    return Measure(name, lambda o: (o.retrieval[name],) if name in o.retrieval else ())


def _sentence_hit(k: int) -> Measure:
    return Measure(f"sentence_hit@{k}", lambda o: (float(0 < o.sentence_rank <= k),) if o.question.gold else ())


def _tokens(name: str) -> Measure:
    return Measure(name, lambda o: (o.tokens[name],) if name in o.tokens else ())


def _of_leg(leg: str, name: str) -> Measure:
    return Measure(f"{leg} {name}", lambda o: (o.legs[leg][name],) if leg in o.legs else ())


def _language(outcome: Outcome) -> tuple[float, ...]:
    return (float(outcome.detected_lang == outcome.question.lang),) if outcome.question.lang_stated else ()


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
    _tokens("token_f1"),
    _tokens("token_recall"),
    Measure("abstention_precision", lambda o: (float(not o.question.answerable),) if _abstained(o) else ()),
    Measure("abstention_recall", lambda o: () if o.question.answerable else (float(_abstained(o)),)),
    Measure("unanswerable_abstained", lambda o: () if o.question.answerable else (float(_abstained(o)),), "count"),
    Measure("language_accuracy", _language),
)
"""All measures of what was understood, read and answered, in the order that tables show them."""

MEASURES_OF_LEGS: tuple[Measure, ...] = tuple(_of_leg(leg, name) for leg in LEGS for name in LEG_MEASURES)
"""Those of each leg's own ranking, named as ``fused nDCG@10``."""
