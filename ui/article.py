"""What the source panel shows of an article: its text in paragraphs, with the quotation and the boilerplate marked.

Nothing here is HTML. The panel builds its view from these strings with `textContent` alone (assets/panel.js).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict, dataclass
from itertools import pairwise
from typing import Any, Literal, Protocol

from index.types import Document
from qa.types import Lang
from ui.inert import http_url, sound
from ui.reference import Reference
from ui.strings import dateline, language_name, words

Mark = Literal["quote", "near", "boilerplate", "title", ""]
_HEADING = "title"  # also the boilerplate kind of lines that repeat the title; the panel shows it as its heading


class Documents(Protocol):
    """Where articles are looked up."""

    def document(self, doc_id: str) -> Document:
        """The document of that id.

        Raises:
            KeyError: there is none.
        """


@dataclass(frozen=True, slots=True)
class Run:
    """Characters of one paragraph that are marked alike."""

    text: str
    mark: Mark


@dataclass(frozen=True, slots=True)
class Article:
    """One filled panel; `notice` says why nothing is marked, empty where the quotation is."""

    title: str
    byline: str
    lang: str
    url: str | None
    notice: str
    paragraphs: tuple[tuple[Run, ...], ...]

    def to_json(self) -> dict[str, Any]:
        """Plain lists, dicts and strings."""
        return asdict(self)


def article(documents: Documents, href: object, lang: Lang) -> Article:
    """The article that `href` points into; a notice in its place where it is gone, or beside it where it has changed.

    Raises:
        ValueError: `href` is not a reference, or points outside the text.
        UnusableIndexError: there is no index to look into.
    """
    reference = Reference.parse(href)
    try:
        document = documents.document(reference.doc_id)
    except KeyError:
        return Article(words(lang).source_panel, "", lang, None, words(lang).missing, ())
    changed = not document.sha256.startswith(reference.sha)
    if not changed and reference.end > len(document.text):
        raise ValueError("not a reference to a place in an article")
    return Article(
        title=sound(document.title),
        byline=byline(document, lang),
        lang=document.lang,
        url=http_url(document.url),
        notice=words(lang).changed if changed else "",
        paragraphs=tuple(paragraphs(document, None if changed else reference)),
    )


def byline(document: Document, lang: Lang) -> str:
    """Source, authors, date and language, as far as they are known."""
    stated = document.published.value if document.published else None
    parts = (document.source, ", ".join(document.authors), dateline(stated, lang), language_name(document.lang, lang))
    return sound(" · ".join(filter(None, parts)))


def paragraphs(document: Document, reference: Reference | None) -> Iterator[tuple[Run, ...]]:
    """The lines of the text that are not blank; `reference` is what is marked in them."""
    start = 0
    for line in document.text.split("\n"):
        end = start + len(line)
        runs = tuple(_runs(document, reference, start, end))
        if any(run.text.strip() for run in runs):
            yield runs
        start = end + 1


def _runs(document: Document, reference: Reference | None, start: int, end: int) -> Iterator[Run]:
    """Characters `start` to `end`, cut wherever what they are changes; repetitions of the title are left out."""
    marks = tuple(_marks(document, reference))
    cuts = {start, end, *(cut for mark in marks for cut in mark[:2] if start < cut < end)}
    for left, right in pairwise(sorted(cuts)):
        kind: Mark = next((kind for first, last, kind in marks if first <= left and right <= last), "")
        if kind != _HEADING:
            yield Run(sound(document.text[left:right]), kind)


def _marks(document: Document, reference: Reference | None) -> Iterator[tuple[int, int, Mark]]:
    """Start, end and kind of all that is marked; where two overlap, the first counts."""
    if reference is not None:
        yield reference.start, reference.end, "quote" if reference.kind == "cite" else "near"
    for mark in document.boilerplate:
        yield mark.start, mark.end, "title" if mark.kind == _HEADING else "boilerplate"
