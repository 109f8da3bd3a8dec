"""The vectors of all chunks in a file, searched one by one: for filters that let few chunks through.

A graph has no filter of its own, and Chroma's takes longer the more there is. So what a filter leaves is either so much
that the graph's best hold enough of it, or so little that every vector can be looked at. Kept in half precision, which
a cosine does not notice.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import numpy.typing as npt

from index.errors import CorruptIndexError
from index.vectors import Vector

_AT_ONCE = 4096  # rows turned to single precision together: 6 MB


class ChunkVectors:
    """Chunk vectors opened for searching; safe to use from several threads. They stay on disk, mapped.

    Raises:
        CorruptIndexError: the file cannot be read.
    """

    def __init__(self, path: Path) -> None:
        try:
            self._vectors: npt.NDArray[np.float16] = np.load(path, mmap_mode="r")
        except (OSError, ValueError, EOFError) as error:
            raise CorruptIndexError(f"{path} cannot be read: {error}") from error

    def count(self) -> int:
        """Number of chunks."""
        return len(self._vectors)

    def nearest(self, keys: npt.NDArray[np.intp], vector: Vector, k: int) -> list[tuple[int, float]]:
        """Of the chunks with these keys the nearest `k` as (chunk key, cosine similarity), best first, ties by key."""
        starts = range(0, max(1, len(keys)), _AT_ONCE)
        scores = np.concatenate([self._scores(keys[start : start + _AT_ONCE], vector) for start in starts])
        best = np.lexsort((keys, -scores))[: max(0, k)]
        return [(int(keys[row]), float(scores[row])) for row in best]

    def _scores(self, keys: npt.NDArray[np.intp], vector: Vector) -> Vector:
        return np.asarray(self._vectors[keys], np.float32) @ vector
