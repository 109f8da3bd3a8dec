"""Pages of the list of documents: which ones are wanted, in which order, and the SQL that finds them."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from typing import Any, Literal, NamedTuple

Order = Literal["title", "source", "published", "lang", "chunks"]

MAX_ROWS = 1000
_MAX_WORDS = 8
_SORTED_CHARS = 16  # of a title: what follows seldom decides, and folding it would cost half of the time
_PLAIN = {
    code: decomposed[0]
    for code in range(0xC0, 0x250)
    if len(decomposed := unicodedata.normalize("NFKD", chr(code))) > 1 and unicodedata.combining(decomposed[1])
}
_KEYS: dict[Order, str] = {
    "title": f"sortable(substr(title, 1, {_SORTED_CHARS})) {{way}}, title",
    "source": "sortable(source)",
    "published": "published",
    "lang": "lang",
    "chunks": "(SELECT count(*) FROM chunks WHERE document = number)",
}
_WORDS = "folded(title || char(10) || coalesce(source, '') || char(10) || id)"


@dataclass(frozen=True, slots=True)
class Query:
    """Which documents: those with every word of `matching` in their title, outlet or id, `limit` of them from `offset`.

    What has no date or outlet comes last in any order by it; documents that are alike stand in build order.

    Raises:
        ValueError: there is no such order, or the numbers are none of a page.
    """

    matching: str = ""
    order: Order = "published"
    descending: bool = True
    offset: int = 0
    limit: int = 25

    def __post_init__(self) -> None:
        if self.order not in _KEYS or self.offset < 0 or not 1 <= self.limit <= MAX_ROWS:
            raise ValueError(f"no page of the list: {self}")

    @property
    def words(self) -> tuple[str, ...]:
        """What has to occur, in any case."""
        return tuple(self.matching.casefold().split()[:_MAX_WORDS])

    @property
    def sql(self) -> str:
        """Finds the numbers of all documents that match, in order; its parameters are `words`."""
        way = "DESC" if self.descending else "ASC"
        key = _KEYS[self.order].format(way=way)
        where = " AND ".join([f"instr({_WORDS}, ?)"] * len(self.words)) or "TRUE"
        column = self.order if self.order in {"source", "published"} else "number"
        return f"SELECT number FROM documents WHERE {where} ORDER BY {column} IS NULL, {key} {way}, number"  # noqa: S608 - constants


ROWS = """
SELECT documents.id, sha256, title, lang, source, published, documents.path,
    (SELECT count(*) FROM chunks WHERE document = number), origin != number
FROM json_each(?) JOIN documents ON number = value ORDER BY json_each.key
"""
"""Reads the rows of a page; the parameter is a JSON list of numbers of documents."""


class Row(NamedTuple):
    """A document as a list shows it; `repeats` says that another one, before it in the index, is the same report."""

    id: str
    sha256: str
    title: str
    lang: str
    source: str | None
    published: str | None
    path: str
    chunks: int
    repeats: bool


class Page(NamedTuple):
    """A page of the list, and how many documents match in all."""

    total: int
    rows: tuple[Row, ...]

    def to_json(self) -> dict[str, Any]:
        """Plain lists, dicts, strings and numbers."""
        return {"total": self.total, "documents": [row._asdict() for row in self.rows]}


def sortable(text: str | None) -> str | None:
    """`text` as it is sorted: without case and accents, "Österreich" beside "Ostende"."""
    return None if text is None else text.casefold().translate(_PLAIN)
