"""YAML front matter: the block between two ``---`` lines at the head of a file, as plain strings.

Nothing is interpreted here. YAML would make ``2025`` a number and ``lang: no`` False, and raise at ``2025-13-45``; read
as strings all of them keep what the author wrote.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

import yaml

from index.errors import LoadError

Fields = Mapping[str, object]

_MAX_CHARS = 1_000_000
_FENCE = re.compile(r"---[ \t]*\n")
_CLOSE = re.compile(r"^(?:---|\.\.\.)[ \t]*(?:\n|\Z)", re.MULTILINE)


def split_front_matter(text: str) -> tuple[Fields, str]:
    """The fields, every scalar a string, and the text behind the block. No block, no fields, all text.

    A pair of ``---`` lines around anything but ``key: value`` is a ruled line and belongs to the text.

    Raises:
        LoadError: the block is not valid YAML.
    """
    opening = _FENCE.match(text)
    closing = _CLOSE.search(text, opening.end(), _MAX_CHARS) if opening else None
    if not opening or not closing:
        return {}, text
    fields = _parsed(text[opening.end() : closing.start()])
    return ({}, text) if fields is None else (fields, text[closing.end() :])


def _parsed(block: str) -> Fields | None:
    try:
        # BaseLoader makes strings, lists and dicts, never objects: safer still than SafeLoader.
        value = yaml.load(block, Loader=yaml.BaseLoader)  # noqa: S506
    except yaml.YAMLError as error:
        raise LoadError(f"front matter is not valid YAML: {' '.join(str(error).split())}") from error
    except RecursionError as error:
        raise LoadError("front matter is nested too deeply") from error
    if value is None or value == "":
        return {}
    return value if isinstance(value, dict) else None
