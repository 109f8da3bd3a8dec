"""What a file says about itself: title, date, source, url, lang, authors.

A value that cannot be used becomes a notice and is left out; nothing is guessed in its place.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar
from urllib.parse import urlsplit

from index.load.frontmatter import Fields
from index.types import Published

T = TypeVar("T")

KEYS = ("title", "date", "source", "url", "lang", "authors")

_ABSENT = frozenset({"", "~", "null"})
_LANG = re.compile(r"([a-z]{2})(?:[-_][a-z0-9]+)*")
_DATE = re.compile(r"(\d{4})(?:-(\d{2})(?:-(\d{2}))?)?")
_TIME = re.compile(r"(\d{4}-\d{2}-\d{2})[T ](\d{2}:\d{2}(?::\d{2})?)(?:\.\d+)? ?(Z|[+-]\d{2}:\d{2})?")
_MAX_SHOWN = 80


@dataclass(frozen=True, slots=True)
class Metadata:
    """The usable part of a front matter; `notices` says what was not."""

    title: str | None = None
    published: Published | None = None
    source: str | None = None
    url: str | None = None
    lang: str | None = None
    authors: tuple[str, ...] = ()
    notices: tuple[str, ...] = ()


def read_metadata(fields: Fields) -> Metadata:
    """`fields` checked one by one."""
    notices = [f"unknown key {_shown(key)} ignored (known: {', '.join(KEYS)})" for key in fields if key not in KEYS]

    def field(key: str, parse: Callable[[str], T]) -> T | None:
        return _field(fields.get(key, ""), key, parse, notices)

    return Metadata(
        title=field("title", _plain),
        published=field("date", _published),
        source=field("source", _plain),
        url=field("url", _url),
        lang=field("lang", _lang),
        authors=_authors(fields.get("authors", ""), notices),
        notices=tuple(notices),
    )


def _field(value: object, key: str, parse: Callable[[str], T], notices: list[str]) -> T | None:
    if isinstance(value, str) and value.strip() in _ABSENT:
        return None
    try:
        return parse(_text(value))
    except ValueError as error:
        notices.append(f"{key} {_shown(value)} ignored: {error}")
        return None


def _authors(value: object, notices: list[str]) -> tuple[str, ...]:
    names: Iterable[object] = value if isinstance(value, list) else [value]
    found = (_field(name, "authors", _plain, notices) for name in names)
    return tuple(name for name in found if name)


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise ValueError("a single value is expected, not a list or a mapping")  # noqa: TRY004 - becomes a notice
    if any("\ud800" <= char <= "\udfff" for char in value):
        raise ValueError("it holds half a character (a lone surrogate)")
    return value.strip()


def _plain(value: str) -> str:
    return " ".join(value.split())


def _published(value: str) -> Published:
    """The date as precisely as it is written: year, month, day or time."""
    time = _TIME.fullmatch(value)
    if time:
        value = f"{time[1]}T{time[2]}{time[3] or ''}"
        datetime.fromisoformat(value)
    else:
        _check_date(value)
    return Published(value)


def _check_date(value: str) -> None:
    match = _DATE.fullmatch(value)
    if not match:
        raise ValueError("not of the form 2025, 2025-02, 2025-02-12 or 2025-02-12T18:30+01:00; undated instead")
    year, month, day = match.groups(default="01")
    datetime.fromisoformat(f"{year}-{month}-{day}")


def _url(value: str) -> str:
    parts = urlsplit(value)
    if parts.scheme not in {"http", "https"} or not parts.hostname or not value.isprintable() or " " in value:
        raise ValueError("not an http or https address")
    return value


def _lang(value: str) -> str:
    match = _LANG.fullmatch(value.lower())
    if not match:
        raise ValueError("not an ISO 639-1 code such as de or en; the language is detected instead")
    return match[1]


def _shown(value: object) -> str:
    # Never the repr of a nested value: aliases can make that exponentially long.
    return repr(value[:_MAX_SHOWN]) if isinstance(value, str) else f"(a {type(value).__name__})"
