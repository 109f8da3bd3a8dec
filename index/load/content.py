"""What every reader gives: the text of a document, apart from what its file says about it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from index.load.decode import canonical_text
from index.load.frontmatter import Fields, split_front_matter


@dataclass(frozen=True, slots=True)
class Content:
    """A document taken apart. `headline` is the title its text begins with, where the format shows one.

    `place` names it within its file, where that holds several; empty where it is all of it.
    """

    text: str
    fields: Fields
    headline: str | None
    notices: tuple[str, ...]
    place: str = ""


@dataclass(frozen=True, slots=True)
class Unusable:
    """A record that is no document, where it is in its file, and why."""

    place: str
    reason: str


def take_apart(data: bytes, headline: Callable[[str], str | None]) -> Content:
    """The content of `data`, its headline found by `headline`.

    Raises:
        LoadError: the bytes are not text, or the front matter is not valid.
    """
    whole, notices = canonical_text(data)
    fields, text = split_front_matter(whole)
    return Content(text, fields, headline(text), notices)
