"""The data that travels through Beleg: documents, passages of them, and hits.

Frozen, slotted and checked when made; imports nothing of ours but the errors' leaf-free standard library.
"""

from __future__ import annotations

import hashlib
import re
from calendar import monthrange
from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path
from typing import Any, Literal, NamedTuple, Self

Precision = Literal["year", "month", "day", "time"]

_PUBLISHED = re.compile(r"\d{4}(-\d{2}(-\d{2}(T\d{2}:\d{2}(:\d{2})?(Z|[+-]\d{2}:\d{2})?)?)?)?")
_PRECISION_BY_LENGTH: dict[int, Precision] = {4: "year", 7: "month", 10: "day"}


class Span(NamedTuple):
    """A half-open range of characters (Python string indices) of a document's text."""

    start: int
    end: int

    def overlaps(self, other: Span) -> bool:
        """Whether both have a character in common."""
        return self.start < other.end and other.start < self.end


def adjacent(text: str, earlier: Span, later: Span) -> bool:
    """Whether nothing but white space lies between two spans of `text`."""
    return not text[earlier.end : later.start].strip()


@dataclass(frozen=True, slots=True)
class Published:
    """A publication date exactly as precise as the source states it.

    `value` is an ISO 8601 prefix: ``2025``, ``2025-02``, ``2025-02-12`` or ``2025-02-12T18:30:00+01:00``.

    Raises:
        ValueError: `value` is not of that form, or no such day exists.
    """

    value: str

    def __post_init__(self) -> None:
        if not _PUBLISHED.fullmatch(self.value):
            raise ValueError(f"not an ISO 8601 date: {self.value!r}")
        _ = self.days

    @property
    def precision(self) -> Precision:
        """How much of the date is known."""
        return _PRECISION_BY_LENGTH.get(len(self.value), "time")

    @property
    def days(self) -> tuple[date, date]:
        """The first and the last day that it may mean, by the publisher's own calendar: its time zone moves nothing."""
        year, *rest = (int(part) for part in self.value[:10].split("-"))
        match rest:
            case [month, day]:
                return date(year, month, day), date(year, month, day)
            case [month]:
                return date(year, month, 1), date(year, month, monthrange(year, month)[1])
            case _:
                return date(year, 1, 1), date(year, 12, 31)


@dataclass(frozen=True, slots=True)
class Boilerplate:
    """Characters of a document that are not the story: kept in the text, never chunked, never cited.

    `kind` names the rule that marked them, e.g. ``title``, ``hashtags``, ``channel plug``.
    """

    start: int
    end: int
    kind: str


@dataclass(frozen=True, slots=True)
class Document:
    """One article. `text` is canonical: decoded, NFC, line ends are line feeds, everything else untouched.

    `id` is the source URL, or else the path relative to the indexed folder; `path` is that relative path.
    `lang` is an ISO 639-1 code, ``und`` where it is neither stated nor recognised.

    Raises:
        ValueError: `sha256` is not the digest of `text`, or a boilerplate span lies outside it.
    """

    id: str
    text: str
    sha256: str
    title: str
    lang: str
    path: str
    published: Published | None = None
    source: str | None = None
    url: str | None = None
    authors: tuple[str, ...] = ()
    boilerplate: tuple[Boilerplate, ...] = ()

    def __post_init__(self) -> None:
        if text_sha256(self.text) != self.sha256:
            raise ValueError(f"document {self.id!r}: its text does not have the sha256 {self.sha256}")
        for mark in self.boilerplate:
            if not 0 <= mark.start <= mark.end <= len(self.text):
                raise ValueError(f"document {self.id!r}: boilerplate {mark} lies outside its text")

    def to_json(self) -> dict[str, Any]:
        """Plain lists, dicts, strings and numbers; `published` is its ISO 8601 value, `file` is `path`.

        For gradio_client whatever has a "path" is a file, which it would fetch.
        """
        fields = asdict(self)
        file = fields.pop("path")
        return {**fields, "file": file, "published": self.published.value if self.published else None}


@dataclass(frozen=True, slots=True)
class Chunk:
    """A run of whole sentences of one document: what is embedded, searched and ranked.

    `sentences` are spans of the document's text in reading order; the chunk is what they enclose.

    Raises:
        ValueError: no sentences, or sentences out of order.
    """

    doc_id: str
    sentences: tuple[Span, ...]

    def __post_init__(self) -> None:
        if not self.sentences:
            raise ValueError(f"a chunk of {self.doc_id!r} without sentences")
        ends = [0, *(sentence.end for sentence in self.sentences)]
        if any(s.start < end or s.end <= s.start for s, end in zip(self.sentences, ends, strict=False)):
            raise ValueError(f"a chunk of {self.doc_id!r} whose sentences overlap or are out of order")

    @property
    def start(self) -> int:
        """Where the first sentence starts."""
        return self.sentences[0].start

    @property
    def end(self) -> int:
        """Where the last sentence ends."""
        return self.sentences[-1].end

    @property
    def id(self) -> str:
        """Deterministic and unique within one chunking of one document."""
        return f"{self.doc_id}#{self.start}-{self.end}"


@dataclass(frozen=True, slots=True)
class Leg:
    """Where one ranking put a chunk: `rank` from 1 within the document language, `score` as the ranking gives it."""

    rank: int
    score: float


@dataclass(frozen=True, slots=True)
class Hit:
    """A chunk that retrieval returned. `score` is the fused one; a leg that did not find the chunk is None."""

    chunk: Chunk
    score: float
    dense: Leg | None = None
    lexical: Leg | None = None

    def __post_init__(self) -> None:
        if self.dense is None and self.lexical is None:
            raise ValueError(f"hit {self.chunk.id!r} was found by no leg")


class Passage(NamedTuple):
    """A chunk together with the document that it is a slice of."""

    document: Document
    chunk: Chunk

    @property
    def text(self) -> str:
        """The chunk's characters in the document."""
        return self.document.text[self.chunk.start : self.chunk.end]

    @classmethod
    def of(cls, document: Document, chunk: Chunk) -> Self:
        """Pair the two.

        Raises:
            ValueError: the chunk is of another document or reaches outside its text.
        """
        if chunk.doc_id != document.id or chunk.end > len(document.text):
            raise ValueError(f"chunk {chunk.id!r} is not a slice of document {document.id!r}")
        return cls(document, chunk)


def text_sha256(text: str) -> str:
    """Hex SHA-256 of the UTF-8 bytes of `text`."""
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def file_sha256(path: Path) -> str:
    """Hex SHA-256 of a file's bytes."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def embedded_text(passage: Passage) -> str:
    """What both legs index for a chunk: title, date and the chunk. What is *quoted* is only a slice of the text."""
    document = passage.document
    head = " · ".join(filter(None, (document.title, document.published.value if document.published else None)))
    return f"{head}\n{passage.text}" if head else passage.text
