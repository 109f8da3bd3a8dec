"""``SOURCES.md``: where a person describes files of the same folder that carry no front matter themselves.

Its front matter maps file names to the keys of `index.load.metadata`; its prose is for people. It is never a document.
"""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

from index.errors import LoadError
from index.load.decode import canonical_text
from index.load.files import DESCRIPTIONS
from index.load.frontmatter import Fields, split_front_matter


def described(file: Path) -> Fields:
    """What the ``SOURCES.md`` beside `file` says about it; empty where there is none or it says nothing.

    Raises:
        LoadError: the ``SOURCES.md`` or its entry cannot be read.
    """
    path = file.with_name(DESCRIPTIONS)
    try:
        if not path.is_file():
            return {}
        state = path.stat()
        entry = _entries(path, state.st_mtime_ns, state.st_size).get(file.name, {})
    except OSError as error:
        raise LoadError(f"{DESCRIPTIONS} cannot be read: {error.strerror}") from error
    except LoadError as error:
        raise LoadError(f"{DESCRIPTIONS}: {error}") from error
    if not isinstance(entry, dict):
        raise LoadError(f"{DESCRIPTIONS}: the entry of {file.name} is not a mapping of keys such as title and date")
    return entry


@lru_cache(maxsize=8)
def _entries(path: Path, mtime_ns: int, size: int) -> Fields:
    """Parsed once per version of the file, not once per file described."""
    del mtime_ns, size
    return split_front_matter(canonical_text(path.read_bytes())[0])[0]
