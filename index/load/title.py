"""A document's title, and the lines at its head that repeat it.

A title comes from the front matter, the head of the text or the file name, never from the middle of the text.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import islice, takewhile

from index.clean import kind_of
from index.types import Boilerplate, Span

MAX_TITLE_CHARS = 150
TITLE_KIND = "title"
HEAD_LINES = 3

_LINE = re.compile(r"[^\n]*\S[^\n]*")
_HEADING = re.compile(r"\s{0,3}#{1,6}[ \t]+(?P<title>.*?)(?:[ \t]+#+)?\s*")
_SENTENCE_END = re.compile(r"(?<!\.)\.[“”»«\"]?$|[,;:–-]$")
_MARKUP = "*_` \t\u200b\ufeff"


def first_line_title(text: str) -> str | None:
    """The first line where it is title-like: short, not ending in a full stop, no plug, and followed by other text."""
    lines = _lines(text)
    first = next(lines, None)
    if first is None:
        return None
    title = _shown(text, first)
    if len(title) > MAX_TITLE_CHARS or _SENTENCE_END.search(title) or kind_of(title):
        return None
    followed = any(_same(_shown(text, line)) != _same(title) for line in lines)
    return title if title and followed else None


def first_heading(text: str) -> str | None:
    """The Markdown heading ``# ...`` that the text begins with."""
    first = next(_lines(text), None)
    match = _HEADING.fullmatch(text, first.start, first.end) if first else None
    return " ".join(match["title"].strip(_MARKUP).split()) or None if match else None


def mark_title(text: str, title: str) -> tuple[Boilerplate, ...]:
    """The lines at the head of `text` that say nothing but `title`, marked: they are no sentences of the body.

    A page's headline may have a kicker above it, so it is looked for in the first `HEAD_LINES` lines.
    """

    def repeats(line: Span) -> bool:
        return _same(_shown(text, line)) == _same(title)

    below_kicker = (line for line in islice(_lines(text), HEAD_LINES) if repeats(line))
    found = dict.fromkeys((*takewhile(repeats, _lines(text)), *below_kicker))
    return tuple(Boilerplate(line.start, line.end, TITLE_KIND) for line in sorted(found))


def _lines(text: str) -> Iterator[Span]:
    """Lines that are not blank."""
    return (Span(match.start(), match.end()) for match in _LINE.finditer(text))


def _shown(text: str, line: Span) -> str:
    """A line as a reader sees it: without heading marks and emphasis around it, white space collapsed."""
    heading = _HEADING.fullmatch(text, line.start, line.end)
    return " ".join((heading["title"] if heading else text[line.start : line.end]).strip(_MARKUP).split())


def _same(title: str) -> str:
    return title.strip(_MARKUP).casefold()
