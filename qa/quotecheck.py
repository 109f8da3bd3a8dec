"""Checks a quotation: whether its words stand in the indexed documents, where, and who is named beside them.

What counts as the same words is `qa.verbatim`'s. They are looked for in the documents that search finds by the words
and the meaning of the quotation, and in all versions of these reports: never in all documents. That words were not
found is thus not that nobody ever wrote them.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from functools import lru_cache
from itertools import accumulate, chain
from typing import Any, Literal, NamedTuple

from index.chunk import body_sentences
from index.filters import Filter
from index.language import detect_question
from index.types import Document, Passage, Span
from qa.alike import alike, nearest
from qa.difference import Run
from qa.errors import QuestionError
from qa.names import Mention, unmentioned
from qa.opening import Opened
from qa.quoted import speaker_forms
from qa.settings import MAX_QUESTION_CHARS
from qa.types import Citation, Lang, NearMiss, Place, Question, excerpt_fields
from qa.verbatim import pieces, places

Status = Literal["verified", "misattributed", "altered", "not found"]

MAX_PLACES = 20
MAX_SPEAKER_CHARS = 200

_NEAR = 10  # passages by meaning and words together
_BY_WORDS = 100  # passages by words alone, in each document language


class Asked(NamedTuple):
    """A quotation to be checked, stripped; `speaker` and `doc_id` are "" where none is asked for."""

    question: Question
    pieces: tuple[str, ...]
    speaker: str
    doc_id: str


@dataclass(frozen=True, slots=True)
class Standing:
    """One place where the words stand: a citation for each piece of the quotation.

    `named` says whether the speaker, where one is asked for, is named in the sentence or in one beside it.
    """

    pieces: tuple[Citation, ...]
    named: bool


@dataclass(frozen=True, slots=True)
class Check:
    """What came of checking a quotation; the one shape that terminal, HTTP and page share (`to_json`).

    `places` are those where the words stand, at most `MAX_PLACES`, those that name the speaker first, then the older
    ones; `more` counts the others. Of an altered quotation `nearest` is the real sentence, with the share of words in
    common as its score, and `difference` leads from it to the quotation, or to the first piece of it that stands
    nowhere; of one that was not found `nearest` are sentences that are *not* a match, the nearest in meaning first.
    `read` of the `documents` were looked through.
    """

    quote: str
    lang: Lang
    speaker: str
    document: str
    status: Status
    places: tuple[Standing, ...]
    more: int
    nearest: tuple[NearMiss, ...]
    difference: tuple[Run, ...]
    read: int
    documents: int
    notices: tuple[str, ...]
    generation: str
    timings: Mapping[str, float] = field(default_factory=dict)

    def to_json(self) -> dict[str, Any]:
        """Plain lists, dicts, strings and numbers."""
        return {**asdict(self), "difference": [run._asdict() for run in self.difference]}


class _Found(NamedTuple):
    """Documents in which to look for the words, by id, and passages from which the nearest sentences are taken."""

    documents: dict[str, Document]
    near: list[Passage]
    by_words: list[Passage]


def parse_quote(quote: str, speaker: str | None = None, doc_id: str | None = None) -> Asked:
    """What is to be checked, with the language that the quotation is in.

    Raises:
        QuestionError: there are no words in it, or it or the speaker is too long.
    """
    text, said_by = (_text(given) for given in (quote, speaker or ""))
    if len(text) > MAX_QUESTION_CHARS:
        raise QuestionError(
            f"the quotation has {len(text)} characters; at most {MAX_QUESTION_CHARS} are checked. Check a part of it"
        )
    if not text:
        raise QuestionError('the quotation is empty. Give what was said, e.g. beleg verify "We will see what happens"')
    if not (found := pieces(text)):
        raise QuestionError(f"the quotation {text!r} has no words. Give those that somebody is said to have said")
    if len(said_by) > MAX_SPEAKER_CHARS:
        raise QuestionError(
            f"the speaker has {len(said_by)} characters; at most {MAX_SPEAKER_CHARS} are read. Give a name"
        )
    if said_by and not any(map(str.isalnum, said_by)):
        raise QuestionError(f"the speaker {said_by!r} has no letter. Give a name, or none")
    return Asked(Question(text, detect_question(text)), found, said_by, (doc_id or "").strip())


def check(opened: Opened, asked: Asked) -> Check:
    """What the index that is `opened` says of a quotation.

    Raises:
        QuestionError: no document has the id that is asked for.
    """
    found = _found(opened, asked)
    standing, count = _standing(opened, asked, list(found.documents.values()))
    near, differs = ((), ()) if standing else _otherwise(opened, asked, found)
    return Check(
        quote=asked.question.text,
        lang=asked.question.lang,
        speaker=asked.speaker,
        document=asked.doc_id,
        status=_status(standing, differs),
        places=tuple(standing),
        more=count - len(standing),
        nearest=near,
        difference=differs,
        read=len(found.documents),
        documents=1 if asked.doc_id else opened.index.manifest.documents,
        notices=opened.notices,
        generation=opened.index.generation,
    )


def _status(standing: Sequence[Standing], differs: Sequence[Run]) -> Status:
    if standing:
        return "verified" if any(place.named for place in standing) else "misattributed"
    return "altered" if differs else "not found"


def _found(opened: Opened, asked: Asked) -> _Found:
    """Where to look: in what search finds, and in the other versions of it."""
    index = opened.index
    only = Filter(documents=frozenset({asked.doc_id} - {""}))
    documents = {asked.doc_id: _document(opened, asked.doc_id)} if asked.doc_id else {}
    near = [passage for _, passage in opened.retriever.search(asked.question, _NEAR, only)]
    longest = max(asked.pieces, key=len)
    ranked = (index.lexical(lang, longest, asked.question.lang, _BY_WORDS, only) for lang in index.languages)
    by_words = index.passages([key for key, _ in chain.from_iterable(ranked)])
    documents |= {passage.document.id: passage.document for passage in chain(near, by_words)}
    if not asked.doc_id:
        versions = list(chain.from_iterable(map(index.same_report, documents)))
        documents |= {version.id: version for version in versions}
    return _Found(documents, near, by_words)


def _document(opened: Opened, doc_id: str) -> Document:
    try:
        return opened.index.document(doc_id)
    except KeyError:
        raise QuestionError(f"no document has the id {doc_id!r}; beleg search names those that it finds") from None


class _Place(NamedTuple):
    """Where a document has the words: a span for each piece."""

    named: bool
    document: Document
    spans: tuple[Span, ...]


def _standing(opened: Opened, asked: Asked, documents: Sequence[Document]) -> tuple[list[Standing], int]:
    """The places where the words stand, of each report in one version, those with the speaker first; and how many."""
    speaker = speaker_forms(asked.speaker) if asked.speaker else ()
    found = [
        _Place(_names(document, spans, speaker), document, spans)
        for document in documents
        for spans in places(document, asked.pieces)
    ]
    ranked = sorted(found, key=lambda place: (not place.named, *_as_told(place.document), place.spans))
    also = _versions(opened, [place.document for place in ranked])
    told = [place for place in ranked if place.document.id in also]
    firsts = accumulate((len(place.spans) for place in told), initial=1)
    standing = [
        Standing(_cited(place, first, also[place.document.id]), place.named)
        for place, first in zip(told[:MAX_PLACES], firsts, strict=False)
    ]
    return standing, len(told)


def _versions(opened: Opened, documents: Sequence[Document]) -> dict[str, tuple[Place, ...]]:
    """Of each report the first of the `documents` that is it, by id, with the others that are."""
    unique = {document.id: document for document in documents}
    first: dict[str, tuple[Place, ...]] = {}
    told: set[str] = set()
    for doc_id in unique:
        if doc_id not in told:
            others = [other for other in opened.index.same_report(doc_id) if other.id in unique]
            told.update(other.id for other in others)
            first[doc_id] = tuple(map(Place.of, others))
    return first


def _as_told(document: Document) -> tuple[bool, str, str]:
    """The older first, undated ones last."""
    published = document.published
    return (published is None, published.value if published else "", document.id)


def _cited(place: _Place, first: int, also: tuple[Place, ...]) -> tuple[Citation, ...]:
    return tuple(
        Citation(**excerpt_fields(place.document, span), number=number, score=1.0, also=also)
        for number, span in enumerate(place.spans, start=first)
    )


def _names(document: Document, spans: Sequence[Span], speaker: Sequence[Mention]) -> bool:
    """Whether every name of the speaker stands in a sentence of the quotation, or in the one before or after it."""
    return not speaker or any(not unmentioned(speaker, _beside(document, span), document.lang) for span in spans)


def _beside(document: Document, span: Span) -> str:
    """The sentences that `span` is of, with the one before and the one after."""
    body = _body(document)
    first = max(0, bisect_right(body, span.start, key=lambda sentence: sentence.end) - 1)
    last = min(len(body), bisect_left(body, span.end, key=lambda sentence: sentence.start) + 1)
    return document.text[body[first].start : body[last - 1].end]


@lru_cache(maxsize=32)  # documents
def _body(document: Document) -> tuple[Span, ...]:
    return tuple(body_sentences(document))


def _otherwise(opened: Opened, asked: Asked, found: _Found) -> tuple[tuple[NearMiss, ...], tuple[Run, ...]]:
    """The real sentence with its difference, or else the nearest ones without any."""
    stands_nowhere = (piece for piece in asked.pieces if not any(places(d, [piece]) for d in found.documents.values()))
    missing = next(stands_nowhere, None)
    if missing and (altered := alike(missing, asked.question.lang, [*found.near, *found.by_words])):
        return (altered.sentence,), altered.difference
    return nearest(opened.index, opened.embedder, asked.question, found.near), ()


def _text(given: str) -> str:
    """As an engine takes it for text: JSON can carry half of a surrogate pair."""
    return given.encode("utf-8", "replace").decode("utf-8").strip()
