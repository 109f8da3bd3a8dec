"""Follows files and folders: says when to build again."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from watchfiles import Change, DefaultFilter, watch

_QUIET_MS = 1000  # how long nothing may change before a burst of changes counts as over
_LONGEST_MS = 10_000  # but no burst is waited for longer


def bursts(paths: Sequence[Path], data_dir: Path) -> Iterator[int]:
    """At once and after each burst of changes below `paths`, the number of files that changed; ends by Ctrl-C only.

    What changes below `data_dir` does not count: a build changes that itself.
    """
    yield 0
    changes = watch(*paths, watch_filter=_Outside(data_dir.resolve()), step=_QUIET_MS, debounce=_LONGEST_MS)
    yield from (len({path for _, path in burst}) for burst in changes)


class _Outside(DefaultFilter):
    """All but hidden and temporary files, and what lies below a folder."""

    def __init__(self, folder: Path) -> None:
        super().__init__()
        self._folder = folder

    def __call__(self, change: Change, path: str) -> bool:
        return super().__call__(change, path) and not Path(path).is_relative_to(self._folder)
