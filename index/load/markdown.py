"""Markdown: the headline is the heading at the top. The text stays as written: quotes must be the file's characters.

No markup is taken out: a heading is a sentence of its own, and links, images and tables are read like words.
"""

from __future__ import annotations

from index.load.content import Content, take_apart
from index.load.title import first_heading


def read(data: bytes) -> Content:
    """The content of a ``.md`` file.

    Raises:
        LoadError: see `take_apart`.
    """
    return take_apart(data, first_heading)
