"""The files below the given paths; what cannot be a document is found too, so that the build can say why it is not.

Links are not followed: what they lead to is found as itself, or else the link is, to be refused when it is loaded.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from index.errors import LoadError
from index.load.formats import ASSETS

DESCRIPTIONS = "SOURCES.md"
_PAGES = (".html", ".htm")
_BESIDE = ("_files", "-Dateien")  # what browsers call the folder of a page's parts


@dataclass(frozen=True, slots=True)
class SourceFile:
    """A file to load. `relative` is its POSIX path below the common folder of all that was given, always printable."""

    path: Path
    relative: str


def find_files(paths: Sequence[Path]) -> list[SourceFile]:
    """Every file in `paths`, folders searched to the bottom; sorted by `relative`, each real file once.

    Left out unless given by name are hidden files and folders, the folder that a browser saves beside a page, and
    images, sound and parts of pages wherever there is something else. `DESCRIPTIONS` always is. A folder that cannot be
    read is listed in place of its files.

    Raises:
        LoadError: a path is neither a file nor a folder; the text names it.
    """
    roots = [_root(path) for path in paths]
    if not roots:
        return []
    base = Path(os.path.commonpath([root if root.is_dir() else root.parent for root in roots]))
    found = {path for root in roots for path in (_walk(root, roots) if root.is_dir() else [root])}
    found = {path for path in found if path in roots or path.suffix.lower() not in ASSETS} or found
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
        subfolders[:] = [name for name in subfolders if not _hidden(name) and not _is_of_page(name, names)]
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


def _is_of_page(folder: str, beside: Sequence[str]) -> bool:
    """Whether a browser saved `folder` for a page among the files beside it."""
    pages = [folder.removesuffix(end) for end in _BESIDE if folder.endswith(end)]
    return any(f"{page}{suffix}" in beside for page in pages for suffix in _PAGES)


def _hidden(name: str) -> bool:
    return name.startswith(".")


def _printable(relative: Path) -> str:
    # A name that is not UTF-8 holds lone surrogates, which neither a database nor a page can take.
    return os.fsencode(relative.as_posix()).decode("utf-8", "backslashreplace")
