"""HTML fragments, as exports and feeds have them in titles and texts, as the text that a browser would show."""

from __future__ import annotations

import re
from html import unescape
from html.parser import HTMLParser

_TAG = re.compile(
    r"</(?:p|div|a|em|strong|b|i|span|h[1-6]|ul|li|blockquote)\s*>|<(?:br|p|img|hr)\b[^<>]*>", re.IGNORECASE
)
_ENTITY = re.compile(r"&(?:#\d{2,6}|#x[0-9a-f]{2,5}|[a-z]{2,8});", re.IGNORECASE)
_BLOCKS = "article blockquote br dd div dl dt figcaption figure h1 h2 h3 h4 h5 h6 hr li ol p pre section td tr ul"
_BREAKS = frozenset(_BLOCKS.split())
_UNSEEN = frozenset({"script", "style", "template", "noscript", "iframe", "title"})
_LINE_ENDS = re.compile(r"\s*\n\s*")


def plain(text: str) -> str:
    """What a browser would show of `text`, each block a line; `text` itself where it is no HTML."""
    if _TAG.search(text):
        return shown(text)
    return unescape(text) if _ENTITY.search(text) else text


def shown(markup: str) -> str:
    """What a browser would show of `markup`, each block a line."""
    collected = _Shown()
    collected.feed(markup)
    collected.close()
    return _LINE_ENDS.sub("\n", "".join(collected.parts)).strip()


class _Shown(HTMLParser):
    """Collects the characters outside of scripts and styles; white space within a block is one space."""

    def __init__(self) -> None:
        super().__init__()
        self.parts: list[str] = []
        self._unseen = 0

    def handle_starttag(self, tag: str, attrs: object) -> None:
        del attrs
        self._unseen += tag in _UNSEEN
        self._break(tag)

    def handle_endtag(self, tag: str) -> None:
        self._unseen = max(0, self._unseen - (tag in _UNSEEN))
        self._break(tag)

    def handle_data(self, data: str) -> None:
        if not self._unseen:
            self.parts.append(re.sub(r"\s+", " ", data))

    def _break(self, tag: str) -> None:
        if tag in _BREAKS:
            self.parts.append("\n")
