"""A folder in which an engine that only reads may still write: links to what it reads, and copies of what it changes.

A generation is never written again, and its disk may be full, read-only or somebody else's.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from shutil import copyfile, disk_usage, rmtree
from tempfile import TemporaryDirectory, gettempdir

from index.errors import UnusableIndexError

_TRIES = 5
_MARGIN = 1_000_000  # bytes that opening an index may need besides what is copied
_MEMORY = Path("/dev/shm")  # noqa: S108 - TemporaryDirectory makes a private folder in it


@contextmanager
def scratch(path: Path, copied: str = "") -> Iterator[Path]:
    """A folder that an engine may open in place of `path`, of which the file named `copied` is copied.

    Locks of those who wrote `path` are left out.

    Raises:
        UnusableIndexError: no temporary folder has room.
    """
    size = (path / copied).stat().st_size if copied else 0
    with TemporaryDirectory(prefix="beleg-", dir=_roomy(size), ignore_cleanup_errors=True) as name:
        folder = Path(name)
        for entry in path.iterdir():
            if entry.name == copied:
                copyfile(entry, folder / copied)
            elif entry.suffix != ".lock":
                (folder / entry.name).symlink_to(entry.absolute())
        try:
            yield folder
        finally:
            _remove(folder)


def _remove(folder: Path) -> None:
    """Remove a folder in which a thread of tantivy, that looks once more after what it opened, may take a lock anew."""
    for _ in range(_TRIES):
        rmtree(folder, ignore_errors=True)


def _roomy(size: int) -> Path:
    needed = size + _MARGIN
    for folder in _temporary_folders():
        if disk_usage(folder).free > needed:
            return folder
    raise UnusableIndexError(
        f"no room to open the index: it needs {needed / 1e6:.1f} MB in a temporary folder. Make room, or set TMPDIR"
    )


def _temporary_folders() -> Iterator[Path]:
    with suppress(FileNotFoundError):  # none can be written to: the disk is full
        yield Path(gettempdir())
    if _MEMORY.is_dir():
        yield _MEMORY
