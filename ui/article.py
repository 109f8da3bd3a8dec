"""What the source panel shows of an article: its text in paragraphs, with quotations and the boilerplate marked.

Nothing here is HTML. The panel builds its view from these strings with `textContent` alone (assets/panel.js).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass
from itertools import pairwise
from typing import Any, Literal, Protocol

from index.types import Document
from qa.inert import http_url, sound
from qa.types import Lang
from ui.reference import Reference
from ui.strings import dateline, language_name, words

Mark = Literal["quote", "near", "other", "boilerplate", "title", ""]
MAX_OTHERS = 50  # quotations of one answer that are marked beside the one that was opened
_HEADING = "title"  # also the boilerplate kind of lines that repeat the title; the panel shows it as its heading


class Documents(Protocol):
    """Where articles are looked up."""

    def document(self, doc_id: str) -> Document:
        """The document of that id.

        Raises:
            KeyError: there is none.
        """

    def version(self, doc_id: str, sha: str) -> Document:
        """The document as it was when its text's SHA-256 began with `sha`.

        Raises:
            KeyError: it is not kept.
        """


@dataclass(frozen=True, slots=True)
class Run:
    """Characters of one paragraph that are marked alike."""

    text: str
    mark: Mark


@dataclass(frozen=True, slots=True)
class Article:
    """One filled panel; `notice` says why nothing is marked, or that this is an older version of document `id`."""

    id: str
    title: str
    byline: str
    lang: str
    url: str | None
    notice: str
    paragraphs: tuple[tuple[Run, ...], ...]

    def to_json(self) -> dict[str, Any]:
        """Plain lists, dicts and strings."""
        return asdict(self)


def article(documents: Documents, href: object, lang: Lang, others: object = ()) -> Article:
    """The article that `href` points into, as it was when it was quoted, with the places of `others` marked as well.

    Where that version is gone the article as it is now, unmarked, or a notice in its place.

    Raises:
        ValueError: `href` is not a reference, or points outside the text.
        UnusableIndexError: there is no index to look into.
    """
    reference = Reference.parse(href)
    now = _now(documents, reference.doc_id)
    try:
        kept = now if now and now.sha256.startswith(reference.sha) else None
        document = kept or documents.version(reference.doc_id, reference.sha)
    except KeyError:
        return empty(words(lang).missing, lang) if now is None else _filled(now, (), words(lang).changed, lang)
    if reference.end > len(document.text):
        raise ValueError("not a reference to a place in an article")
    notice = words(lang).gone if now is None else "" if now.sha256 == document.sha256 else words(lang).older
    return _filled(document, (reference, *_beside(reference, others)), notice, lang)


def empty(notice: str, lang: Lang) -> Article:
    """No article, and why."""
    return Article("", words(lang).source_panel, "", lang, None, notice, ())


def _now(documents: Documents, doc_id: str) -> Document | None:
    try:
        return documents.document(doc_id)
    except KeyError:
        return None


def _filled(document: Document, references: Sequence[Reference], notice: str, lang: Lang) -> Article:
    return Article(
        id=sound(document.id),
        title=sound(document.title),
        byline=byline(document, lang),
        lang=document.lang,
        url=http_url(document.url),
        notice=notice,
        paragraphs=tuple(paragraphs(document, references)),
    )


def _beside(reference: Reference, others: object) -> Iterator[Reference]:
    """Those of `others`, which come from a browser, that are places in the same version."""
    for href in others[:MAX_OTHERS] if isinstance(others, list) else ():
        with suppress(ValueError):
            other = Reference.parse(href)
            if (other.doc_id, other.sha) == (reference.doc_id, reference.sha):
                yield other


def byline(document: Document, lang: Lang) -> str:
    """Source, authors, date and language, as far as they are known."""
    stated = document.published.value if document.published else None
    parts = (document.source, ", ".join(document.authors), dateline(stated, lang), language_name(document.lang, lang))
    return sound(" · ".join(filter(None, parts)))


def paragraphs(document: Document, references: Sequence[Reference]) -> Iterator[tuple[Run, ...]]:
    """The lines of the text that are not blank; `references` are what is marked in them, the first one most."""
    start = 0
    for line in document.text.split("\n"):
        end = start + len(line)
        runs = tuple(_runs(document, references, start, end))
        if any(run.text.strip() for run in runs):
            yield runs
        start = end + 1


def _runs(document: Document, references: Sequence[Reference], start: int, end: int) -> Iterator[Run]:
    """Characters `start` to `end`, cut wherever what they are changes; repetitions of the title are left out."""
    marks = tuple(_marks(document, references))
    cuts = {start, end, *(cut for mark in marks for cut in mark[:2] if start < cut < end)}
    for left, right in pairwise(sorted(cuts)):
        kind: Mark = next((kind for first, last, kind in marks if first <= left and right <= last), "")
        if kind != _HEADING:
            yield Run(sound(document.text[left:right]), kind)


def _marks(document: Document, references: Sequence[Reference]) -> Iterator[tuple[int, int, Mark]]:
    """Start, end and kind of all that is marked; where two overlap, the first counts."""
    for reference in references[:1]:
        yield reference.start, reference.end, "quote" if reference.kind == "cite" else "near"
    for other in references[1:]:
        yield other.start, other.end, "other"
    for mark in document.boilerplate:
        yield mark.start, mark.end, "title" if mark.kind == _HEADING else "boilerplate"
