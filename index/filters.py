"""Which documents a question is put to: by day of publication, outlet, language and id; and which chunks those are.

A date that is no more exact than a month or a year stands for all of its days, and a document passes where one of them
does: what may lie in the range is let through. An undated document does not pass where days are asked for.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from index.types import Published

Flags = npt.NDArray[np.bool_]

UNDATED = -(2**31)  # stands for the day of a document without one; long before the year 1
_EPOCH = date(1970, 1, 1).toordinal()


@dataclass(frozen=True, slots=True)
class Filter:
    """What documents must be like; a field that is empty asks for nothing.

    `since` and `until` are days by the publisher's own calendar, both included; `sources` are names of outlets in any
    case, `langs` codes as `Document.lang` has them, `documents` ids.

    Raises:
        ValueError: `since` lies after `until`.
    """

    since: date | None = None
    until: date | None = None
    sources: frozenset[str] = frozenset()
    langs: frozenset[str] = frozenset()
    documents: frozenset[str] = frozenset()

    def __post_init__(self) -> None:
        if self.since and self.until and self.since > self.until:
            raise ValueError(f"since {self.since} lies after until {self.until}")

    def __bool__(self) -> bool:
        """Whether it asks for anything."""
        return self != EVERYTHING

    @property
    def has_days(self) -> bool:
        """Whether it asks for days of publication."""
        return bool(self.since or self.until)


EVERYTHING = Filter()


class Facet(NamedTuple):
    """What search asks of one document: its days as numbers since 1970, outlet in small letters, language.

    `origin` is the number of the first document that is the same report, `chunks` counts its chunks.
    """

    first_day: int
    last_day: int
    source: str
    lang: str
    origin: int
    chunks: int
    id: str = ""


class Selection(NamedTuple):
    """What a filter lets through: a flag for each document and for each chunk, both in the order of the index.

    `undated` counts the documents that it would let through if they had a date.
    """

    documents: Flags
    chunks: Flags
    undated: int


class Facets:
    """The facets of every document of an index, in columns; chunks are numbered document by document."""

    def __init__(self, facets: Iterable[Facet]) -> None:
        rows = list(facets)
        self._first = np.array([row.first_day for row in rows], dtype=np.int64)
        self._last = np.array([row.last_day for row in rows], dtype=np.int64)
        self._sources = _Names(row.source for row in rows)
        self._langs = _Names(row.lang for row in rows)
        self._ids = _Names(row.id for row in rows)
        self._chunks = np.array([row.chunks for row in rows], dtype=np.intp)

    def select(self, only: Filter) -> Selection:
        """What `only` lets through."""
        asked = self._sources.among(set(map(folded, only.sources))) & self._langs.among(only.langs)
        asked &= self._ids.among(only.documents)
        dated = self._first != UNDATED
        documents = asked & ((dated & self._in_days(only)) | (not only.has_days))
        undated = int((asked & ~dated).sum()) if only.has_days else 0
        return Selection(documents, np.repeat(documents, self._chunks), undated)

    def _in_days(self, only: Filter) -> Flags:
        since = _number(only.since) if only.since else UNDATED
        until = _number(only.until) if only.until else -UNDATED
        return np.asarray((self._last >= since) & (self._first <= until))


class _Names:
    """A column of names, each kept once: one that is very long must not widen all rows."""

    def __init__(self, names: Iterable[str]) -> None:
        self._numbers: dict[str, int] = {}
        self._column = np.array([self._numbers.setdefault(name, len(self._numbers)) for name in names], dtype=np.intp)

    def among(self, wanted: Collection[str]) -> Flags:
        """Which rows have one of the names; all of them where none is wanted."""
        if not wanted:
            return np.ones(len(self._column), dtype=bool)
        return np.isin(self._column, [self._numbers[name] for name in wanted if name in self._numbers])


def folded(source: str | None) -> str:
    """An outlet's name as it is compared; nothing for none."""
    return (source or "").casefold()


def day_numbers(published: Published | None) -> tuple[int, int]:
    """First and last day that a date may mean, counted from 1970-01-01; `UNDATED` twice for none."""
    if published is None:
        return UNDATED, UNDATED
    first, last = published.days
    return _number(first), _number(last)


def _number(day: date) -> int:
    return day.toordinal() - _EPOCH
