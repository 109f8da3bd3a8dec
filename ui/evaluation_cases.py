"""A place in a document as the evaluation tab shows it: the quotation, what is to be said of it, and the way to it.

A place is a link into the source panel only where the article still has there what was quoted.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cache

from index.errors import BelegError
from index.types import Document
from qa import report_cases
from qa.inert import inert
from qa.metrics import Outcome
from qa.report_cases import Place, View
from qa.types import Lang
from ui.reference import SHA_CHARS, Kind, Reference
from ui.strings import words

MAX_SHOWN = 200  # questions of a group: a page of thousands could not be scrolled


class Texts:
    """Looks up what an article says now."""

    def __init__(self, document: Callable[[str], Document]) -> None:
        self._document = cache(document)

    def of(self, place: Place) -> Document | None:
        """The article that a place is in; None where it is gone or no longer reads so there."""
        try:
            document = self._document(place.doc_id)
        except (KeyError, BelegError):
            return None
        return document if document.text[place.start : place.end] == place.quote else None


def cases(outcomes: Sequence[Outcome], texts: Texts, lang: Lang) -> str:
    """All questions by what became of them, each place with a link."""

    def shown(place: Place, *, cited: bool, verdict: str) -> str:
        return _place(place, "cite" if cited else "near", verdict, texts, lang)

    return report_cases.cases(outcomes, View(shown, lang, MAX_SHOWN))


def _place(place: Place, kind: Kind, verdict: str, texts: Texts, lang: Lang) -> str:
    document = texts.of(place)
    said = f'<b class="beleg-verdict">{inert(verdict)}</b>' if verdict else ""
    link = f"{_link(kind, place, document, lang)} " if document else ""
    name = f"<bdi>{inert((document and document.title) or place.doc_id)}</bdi>"
    return f'<blockquote dir="auto">{inert(place.quote)}</blockquote><p class="beleg-place">{said} {link}{name}</p>'


def _link(kind: Kind, place: Place, document: Document, lang: Lang) -> str:
    href = Reference(kind, document.id, document.sha256[:SHA_CHARS], place.start, place.end).href
    return f'<a class="beleg-open" href="{href}">{inert(words(lang).read_in_article)}</a>'
