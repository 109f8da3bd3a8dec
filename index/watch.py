"""Follows files and folders: says when to build again."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from watchfiles import Change, DefaultFilter, watch

from index.errors import LoadError
from index.load.files import DESCRIPTIONS

_QUIET_MS = 1000  # how long nothing may change before a burst of changes counts as over
_LONGEST_MS = 10_000  # but no burst is waited for longer


def bursts(paths: Sequence[Path], data_dir: Path) -> Iterator[int]:
    """0 to begin with and then, after each burst of changes to `paths`, how many files changed; ends by Ctrl-C only.

    Nothing is missed that changes while the caller builds, the first time included. What changes below `data_dir` does
    not count: a build changes that itself.

    Raises:
        LoadError: the folder of one of `paths` does not exist.
    """
    roots = [path.expanduser().resolve() for path in paths]
    changes = watch(
        # Not a file itself: most editors replace it, and who watches it would go on watching the one that is gone.
        *{root if root.is_dir() else root.parent for root in roots},
        watch_filter=_Wanted(roots, data_dir.resolve()),
        step=_QUIET_MS,
        debounce=_LONGEST_MS,
        rust_timeout=_QUIET_MS,
        yield_on_timeout=True,
        recursive=any(root.is_dir() for root in roots),
    )
    try:
        next(changes)  # only this starts to watch
    except FileNotFoundError as error:
        raise LoadError(f"a folder to follow does not exist: {', '.join(map(str, paths))}") from error
    yield 0
    yield from (len({path for _, path in burst}) for burst in changes if burst)


class _Wanted(DefaultFilter):
    """What is in one of the roots or describes it, but for temporary files and what lies below `data_dir`."""

    def __init__(self, roots: Sequence[Path], data_dir: Path) -> None:
        super().__init__()
        self._roots = roots
        self._described = {root.with_name(DESCRIPTIONS) for root in roots}
        self._data_dir = data_dir

    def __call__(self, change: Change, path: str) -> bool:
        changed = Path(path)
        ours = changed in self._described or any(changed.is_relative_to(root) for root in self._roots)
        return ours and not changed.is_relative_to(self._data_dir) and super().__call__(change, path)
