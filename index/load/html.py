"""Saved web pages: the story and what the page says of itself, with menus, comments and teasers left out.

trafilatura finds the story; `index.load.page` reads what the page states.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Iterator

from index.errors import LoadError
from index.load.content import Content
from index.load.decode import CP1252_NOTICE, canonical, decoded_as
from index.load.page import Element, Statements, fields, is_free, parse, statements

MAX_BYTES = 20_000_000
PAYWALL_NOTICE = "the page says that it is not free to read: it may hold only the beginning"

for _library in ("trafilatura", "htmldate"):  # what they find amiss is said by our own errors and notices
    logging.getLogger(_library).setLevel(logging.CRITICAL)

_CHARSET = re.compile(rb"""<meta[^>]{0,200}?charset\s*=\s*["']?\s*([\w-]+)""", re.IGNORECASE)
_HEAD_BYTES = 4096  # where HTML wants the charset to stand, and some


def read(data: bytes) -> Content:
    """The content of a ``.html`` file.

    Raises:
        LoadError: it is too large, no HTML, or holds no story.
    """
    if len(data) > MAX_BYTES:
        raise LoadError(f"a page of {len(data) / 1e6:.0f} MB; Beleg reads pages of up to {MAX_BYTES / 1e6:.0f} MB")
    markup, notices = _decoded(data)
    tree = parse(markup)
    stated = statements(tree)
    said = fields(tree, stated)
    text = _story(tree)
    if not text:
        raise LoadError("no story found in it: a page of links, or one that only a browser completes")
    return Content(text, said, None, (*notices, *_noticed(stated)))


def _story(tree: Element) -> str:
    from trafilatura import extract  # half a second, which most commands need not wait for

    return canonical(extract(tree, include_comments=False) or "")


def _noticed(stated: Statements) -> Iterator[str]:
    if not is_free(stated):
        yield PAYWALL_NOTICE


def _decoded(data: bytes) -> tuple[str, tuple[str, ...]]:
    """By its byte order mark, as UTF-8, by what its head says, or else as cp1252."""
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return data.decode("utf-16", "replace"), ()
    try:
        return data.decode("utf-8-sig"), ()
    except UnicodeDecodeError:
        stated = _CHARSET.search(data[:_HEAD_BYTES])
    try:
        if stated and stated[1].lower() not in {b"utf-8", b"utf8"}:
            return decoded_as(data, stated[1].decode("ascii")), ()
    except (LookupError, UnicodeDecodeError):
        pass
    return data.decode("cp1252", "replace"), (CP1252_NOTICE,)
