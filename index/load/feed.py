"""RSS and Atom: one document an entry, with the whole story where the feed has it and else its summary."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from index.errors import LoadError
from index.load.content import Content, Unusable
from index.load.dates import iso
from index.load.decode import canonical
from index.load.markup import plain

MAX_BYTES = 50_000_000
SUMMARY_NOTICE = "the feed has only a summary of it"


def read(path: Path) -> Iterator[Content | Unusable]:
    """The entries of an ``.rss``, ``.atom`` or ``.xml`` file.

    Raises:
        LoadError: it is too large, or no feed.
    """
    import feedparser  # a fifth of a second, which most commands need not wait for

    size = path.stat().st_size
    if size > MAX_BYTES:
        raise LoadError(f"a feed of {size / 1e6:.0f} MB; Beleg reads feeds of up to {MAX_BYTES / 1e6:.0f} MB")
    feed = feedparser.parse(path.read_bytes())
    if not feed.get("version"):
        raise LoadError("no RSS or Atom feed")
    for number, entry in enumerate(feed.entries, start=1):
        yield _document(entry, feed.feed, number)


def _document(entry: Any, feed: Any, number: int) -> Content | Unusable:  # noqa: ANN401 - feedparser's own dictionaries
    whole = "\n".join(plain(part.value) for part in entry.get("content", ()))
    text = canonical(whole or plain(entry.get("summary", "")))
    if not any(map(str.isalnum, text)):
        return Unusable(f"entry {number}", "neither a text nor a summary")
    authors = [author.get("name", "") for author in entry.get("authors", ())] or [entry.get("author", "")]
    fields: dict[str, object] = {
        "title": plain(entry.get("title", "")),
        "date": iso(entry.get("published", "")),
        "url": entry.get("link", ""),
        "source": feed.get("title", ""),
        "lang": entry.get("language", "") or feed.get("language", ""),
        "authors": [name for name in authors if name],
    }
    stated = {key: value for key, value in fields.items() if value}
    return Content(text, stated, None, () if whole else (SUMMARY_NOTICE,), entry.get("id", "") or str(number))
