"""Evidence to answer: choose quotations, merge neighbours, cite, or abstain; every word quoted is the text's."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from index.types import Document, Span, adjacent
from qa.leaning import lead_in
from qa.speaker import speaker
from qa.types import Answer, Citation, Evidence, NearMiss, Place, Question, Reading, Status, excerpt_fields
from qa.wording import abstained_text, answer_text

NEAR_MISSES = 3
RELATIVE_CUTOFF = 0.7  # a further quote must be nearly as probable as the best one: a judgement, not a fit

_UNDATED = "~"  # after every date

DocumentById = Callable[[str], Document]
SameReport = Callable[[str], Sequence[Document]]


@dataclass(frozen=True, slots=True)
class Quote:
    """Neighbouring sentences of one document that are quoted together; `score` is the best sentence's."""

    doc_id: str
    span: Span
    score: float


@dataclass(frozen=True, slots=True)
class Composed:
    """What reading came to: the part of an `Answer` that depends on evidence alone."""

    status: Status
    text: str
    citations: tuple[Citation, ...]
    near_misses: tuple[NearMiss, ...]
    confidence: float


def compose(  # noqa: PLR0913 - what an answer depends on
    question: Question,
    reading: Reading,
    document: DocumentById,
    *,
    threshold: float,
    max_quotes: int,
    same_report: SameReport = lambda _: (),
) -> Composed:
    """Cite the best one to `max_quotes` sentences if confidence reaches `threshold`, else abstain with near misses."""
    evidence, confidence = reading.evidence, reading.confidence
    if not evidence or confidence < threshold:
        near = tuple(
            NearMiss(**excerpt_fields(document(quote.doc_id), quote.span), score=quote.score)
            for quote in merge_neighbours(evidence[:NEAR_MISSES], document)
        )
        return Composed("abstained", abstained_text(question.lang, near_misses=bool(near)), (), near, confidence)
    chosen = [sentence for sentence in evidence[:max_quotes] if sentence.score >= floor(reading, threshold)]
    citations = tuple(
        _citation(number, quote, document(quote.doc_id), same_report)
        for number, quote in enumerate(as_told(merge_neighbours(chosen, document), document), start=1)
    )
    return Composed("answered", answer_text(citations, question.lang), citations, (), confidence)


def _citation(number: int, quote: Quote, document: Document, same_report: SameReport) -> Citation:
    return Citation(
        **excerpt_fields(document, quote.span),
        number=number,
        score=quote.score,
        lead_in=lead_in(document, quote.span),
        also=_also(quote, document, same_report),
        speaker=speaker(document, quote.span),
    )


def _also(quote: Quote, document: Document, same_report: SameReport) -> tuple[Place, ...]:
    """The other documents that are the same report and have the quote word for word."""
    words = document.text[quote.span.start : quote.span.end]
    return tuple(Place.of(other) for other in same_report(quote.doc_id) if words in other.text)


def floor(reading: Reading, threshold: float) -> float:
    """What the score of a further quote must reach."""
    return max(threshold, RELATIVE_CUTOFF * reading.evidence[0].score)


def merge_neighbours(evidence: Sequence[Evidence], document: DocumentById) -> list[Quote]:
    """Sentences with nothing but white space between them become one quote; best first, ties in reading order."""
    quotes: list[Quote] = []
    for sentence in sorted(evidence, key=lambda e: (e.doc_id, e.sentence)):
        last = quotes[-1] if quotes else None
        if (
            last
            and last.doc_id == sentence.doc_id
            and adjacent(document(last.doc_id).text, last.span, sentence.sentence)
        ):
            span = Span(last.span.start, max(last.span.end, sentence.sentence.end))
            quotes[-1] = Quote(last.doc_id, span, max(last.score, sentence.score))
        else:
            quotes.append(Quote(sentence.doc_id, sentence.sentence, sentence.score))
    return sorted(quotes, key=lambda quote: (-quote.score, quote.doc_id, quote.span))


def as_told(quotes: Sequence[Quote], document: DocumentById) -> list[Quote]:
    """The older article first, undated ones last, and within an article as it has them."""

    def place(quote: Quote) -> tuple[str, str, Span]:
        published = document(quote.doc_id).published
        return (published.value if published else _UNDATED, quote.doc_id, quote.span)

    return sorted(quotes, key=place)


def answer(question: Question, composed: Composed, **rest: object) -> Answer:
    """`composed` with what the pipeline knows beside it: notices, generation, timings."""
    return Answer(
        question=question.text,
        lang=question.lang,
        status=composed.status,
        text=composed.text,
        citations=composed.citations,
        near_misses=composed.near_misses,
        confidence=composed.confidence,
        **rest,  # type: ignore[arg-type]
    )
