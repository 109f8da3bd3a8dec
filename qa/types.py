"""Answers and what they are made of. A `Citation` cannot exist unless it is its document's text."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import InitVar, asdict, dataclass, field
from typing import Any, Literal, NamedTuple, Self

from index.types import Document, Hit, Leg, Span
from qa.errors import CitationError

Lang = Literal["de", "en"]
Status = Literal["answered", "abstained"]
Verdict = Literal["quoted", "enough quoted", "far below the best", "below the threshold", "name missing"]
CONTEXT_CHARS = 240


class Question(NamedTuple):
    """What was asked, stripped, and the language the answer's frame is worded in."""

    text: str
    lang: Lang


@dataclass(frozen=True, slots=True)
class Evidence:
    """One sentence that a reader found, with how well it answers: `score` is a probability in [0, 1].

    `rank` is the best rank, from 1, of a passage that has it, and `signals` is what the score was made of.
    """

    doc_id: str
    sentence: Span
    score: float
    rank: int = 0
    signals: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Reading:
    """What a reader makes of what was found: every sentence once, the most probable answer first.

    `confidence` is the probability in [0, 1] that the first one answers; `unmentioned` are names and numbers of the
    question that the text around it does not have in any form, which is why it may be lower than that one's score.
    """

    evidence: tuple[Evidence, ...]
    confidence: float
    unmentioned: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Excerpt:
    """Characters of a document together with where they come from; `before` and `after` are the text around them."""

    doc_id: str
    doc_sha256: str
    start: int
    end: int
    quote: str
    title: str
    source: str | None
    published: str | None
    url: str | None
    lang: str
    before: str
    after: str
    document: InitVar[Document]

    def __post_init__(self, document: Document) -> None:
        place = f"characters {self.start} to {self.end} of {self.doc_id!r}"
        if (document.id, document.sha256) != (self.doc_id, self.doc_sha256):
            raise CitationError(f"{place}: checked against another document or another version, {document.id!r}")
        if not 0 <= self.start < self.end <= len(document.text):
            raise CitationError(f"{place}: outside the text, which has {len(document.text)} characters")
        if document.text[self.start : self.end] != self.quote:
            raise CitationError(f"{place}: the text there is not the quote {self.quote!r}")
        if any(mark.start < self.end and self.start < mark.end for mark in document.boilerplate):
            raise CitationError(f"{place}: reaches into boilerplate, which is never cited")


@dataclass(frozen=True, slots=True)
class Place:
    """Another document that holds the words of a citation: the same report at another outlet, or another version."""

    doc_id: str
    title: str
    source: str | None
    published: str | None
    url: str | None

    @classmethod
    def of(cls, document: Document) -> Self:
        """Where `document` is."""
        published = document.published.value if document.published else None
        return cls(document.id, document.title, document.source, published, document.url)


@dataclass(frozen=True, slots=True)
class Citation(Excerpt):
    """A numbered excerpt that the answer quotes.

    `lead_in` is the text from the sentence before up to the quote, where the quote makes no sense without it ("Er sagte
    dies am Freitag."): shown beside the quote, not as part of it. `also` are the other documents that are the same
    report and have the quote word for word. `speaker` is the name of who says it, "" where the text leaves a doubt.

    Raises:
        CitationError: the quote is not ``document.text[start:end]`` of exactly this document, or is boilerplate; or the
            lead-in is not what stands before it.
    """

    number: int = 0
    score: float = 0.0
    lead_in: str = ""
    also: tuple[Place, ...] = ()
    speaker: str = ""

    def __post_init__(self, document: Document) -> None:
        Excerpt.__post_init__(self, document)  # slots leave a bare super() without its class
        if document.text[max(0, self.start - len(self.lead_in)) : self.start] != self.lead_in:
            raise CitationError(f"the text before character {self.start} of {self.doc_id!r} is not {self.lead_in!r}")


@dataclass(frozen=True, slots=True)
class NearMiss(Excerpt):
    """An excerpt close to the question that does *not* answer it well enough to be cited."""

    score: float = 0.0


@dataclass(frozen=True, slots=True)
class Candidate:
    """A sentence that was read, and why it was quoted or not.

    `rank` is its passage's fused rank from 1, `dense` and `lexical` that passage's place in each leg.
    """

    doc_id: str
    start: int
    end: int
    sentence: str
    title: str
    rank: int
    dense: Leg | None
    lexical: Leg | None
    signals: Mapping[str, float]
    score: float
    verdict: Verdict


@dataclass(frozen=True, slots=True)
class Scope:
    """The documents that a question was put to, where that was not all of them.

    `since` and `until` are ISO 8601 days of publication, both included, and `words` those of the question that named
    them, empty where the user set them; `documents` counts what was searched of the `total`, and `undated` what was not
    for want of a date.
    """

    since: str | None
    until: str | None
    sources: tuple[str, ...]
    langs: tuple[str, ...]
    ids: tuple[str, ...]
    words: str
    documents: int
    total: int
    undated: int


@dataclass(frozen=True, slots=True)
class Answer:
    """The one shape that terminal, HTTP and page share (`to_json`).

    `text` is the frame in the question's language with every quote in it verbatim; `confidence` is the probability in
    [0, 1] that the best quotation answers; `candidates` are the most probable sentences, quoted or not; `notices` says
    all that was degraded or skipped; `timings` are seconds by stage; `scope` is None where all documents were asked,
    and `searched` counts those that were.
    """

    question: str
    lang: Lang
    status: Status
    text: str
    citations: tuple[Citation, ...]
    near_misses: tuple[NearMiss, ...]
    confidence: float
    notices: tuple[str, ...]
    generation: str
    timings: Mapping[str, float] = field(default_factory=dict)
    candidates: tuple[Candidate, ...] = ()
    scope: Scope | None = None
    searched: int = 0

    def __post_init__(self) -> None:
        if (self.status == "answered") != bool(self.citations):
            raise CitationError(f"an answer that is {self.status} with {len(self.citations)} citations")

    def to_json(self) -> dict[str, Any]:
        """Plain lists, dicts, strings and numbers."""
        return asdict(self)


@dataclass(frozen=True, slots=True)
class SearchResult:
    """Ranked passages for a question, best first; `excerpts[i]` shows `hits[i]`."""

    question: str
    lang: Lang
    hits: tuple[Hit, ...]
    excerpts: tuple[NearMiss, ...]
    notices: tuple[str, ...]
    generation: str
    timings: Mapping[str, float] = field(default_factory=dict)
    scope: Scope | None = None

    def to_json(self) -> dict[str, Any]:
        """Plain lists, dicts, strings and numbers."""
        return asdict(self)


@dataclass(frozen=True, slots=True)
class Stage:
    """What `Assistant.stream` reports before the answer."""

    name: Literal["searching", "reading"]


def excerpt_fields(document: Document, span: Span) -> dict[str, Any]:
    """The arguments that `Citation` and `NearMiss` share, cut from `document` at `span`."""
    start, end = span
    return {
        "doc_id": document.id,
        "doc_sha256": document.sha256,
        "start": start,
        "end": end,
        "quote": document.text[start:end],
        "title": document.title,
        "source": document.source,
        "published": document.published.value if document.published else None,
        "url": document.url,
        "lang": document.lang,
        "before": document.text[max(0, start - CONTEXT_CHARS) : start],
        "after": document.text[end : end + CONTEXT_CHARS],
        "document": document,
    }
