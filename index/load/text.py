"""Plain text: the headline is a title-like first line. Line ends within a paragraph are not undone."""

from __future__ import annotations

from index.load.content import Content, take_apart
from index.load.title import first_line_title


def read(data: bytes) -> Content:
    """The content of a ``.txt`` file.

    Raises:
        LoadError: see `take_apart`.
    """
    return take_apart(data, first_line_title)
