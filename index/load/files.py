"""The files below the given paths; what cannot be a document is found too, so that the build can say why it is not.

Links are not followed: what they lead to is found as itself, or else the link is, to be refused when it is loaded.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from index.errors import LoadError

DESCRIPTIONS = "SOURCES.md"


@dataclass(frozen=True, slots=True)
class SourceFile:
    """A file to load. `relative` is its POSIX path below the common folder of all that was given, always printable."""

    path: Path
    relative: str


def find_files(paths: Sequence[Path]) -> list[SourceFile]:
    """Every file in `paths`, folders searched to the bottom; sorted by `relative`, each real file once.

    Hidden files and folders are left out unless given by name; `DESCRIPTIONS` always is. A folder that cannot be read
    is listed in place of its files.

    Raises:
        LoadError: a path is neither a file nor a folder; the text names it.
    """
    roots = [_root(path) for path in paths]
    if not roots:
        return []
    base = Path(os.path.commonpath([root if root.is_dir() else root.parent for root in roots]))
    found = {path for root in roots for path in (_walk(root, roots) if root.is_dir() else [root])}
    files = [SourceFile(path, _printable(path.relative_to(base))) for path in found if path.name != DESCRIPTIONS]
    return sorted(files, key=lambda file: file.relative)


def _root(path: Path) -> Path:
    root = path.expanduser().resolve()
    if not (root.is_file() or root.is_dir()):
        problem = "is neither a file nor a folder" if root.exists() else "does not exist"
        raise LoadError(f"{path} {problem}: give `beleg index` the files or folders that hold your texts")
    return root


def _walk(root: Path, roots: Sequence[Path]) -> Iterator[Path]:
    unreadable: list[Path] = []
    for folder, subfolders, names in os.walk(root, onerror=lambda error: unreadable.append(Path(error.filename))):
        here = Path(folder)
        subfolders[:] = [name for name in subfolders if not _hidden(name)]
        links = [name for name in subfolders if (here / name).is_symlink()]
        yield from (here / name for name in [*names, *links] if not _hidden(name) and _is_wanted(here / name, roots))
    yield from unreadable


def _is_wanted(path: Path, roots: Sequence[Path]) -> bool:
    """Regular files, and links to what is not found as itself."""
    if path.is_symlink():
        return not any(_is_found(path.resolve(), root) for root in roots)
    return path.is_file()


def _is_found(path: Path, root: Path) -> bool:
    return path.exists() and path.is_relative_to(root) and not any(map(_hidden, path.relative_to(root).parts))


def _hidden(name: str) -> bool:
    return name.startswith(".")


def _printable(relative: Path) -> str:
    # A name that is not UTF-8 holds lone surrogates, which neither a database nor a page can take.
    return os.fsencode(relative.as_posix()).decode("utf-8", "backslashreplace")
