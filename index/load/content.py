"""What every reader gives: the text of a file, apart from what the file says about itself."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from index.load.decode import canonical_text
from index.load.frontmatter import Fields, split_front_matter


@dataclass(frozen=True, slots=True)
class Content:
    """A file taken apart. `headline` is the title its text begins with, where the format shows one."""

    text: str
    front_matter: Fields
    headline: str | None
    notices: tuple[str, ...]


def take_apart(data: bytes, headline: Callable[[str], str | None]) -> Content:
    """The content of `data`, its headline found by `headline`.

    Raises:
        LoadError: the bytes are not text, or the front matter is not valid.
    """
    whole, notices = canonical_text(data)
    front_matter, text = split_front_matter(whole)
    return Content(text, front_matter, headline(text), notices)
