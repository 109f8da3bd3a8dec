"""The vectors of the sentences of every chunk, by which the dense leg ranks again what the store finds.

A chunk's vector is the mean of all that it says, and the sentence that answers is a part of it. So a chunk scores by
the mean of two cosines, its own and its best sentence's; docs/log.md has what that gains. Sentences are never searched
for, only looked up: there is no graph over them. They are kept in half precision, which a cosine does not notice.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from types import TracebackType
from typing import Self

import numpy as np
import numpy.typing as npt

from index.embed import Vectors
from index.errors import CorruptIndexError
from index.npy import RowsWriter
from index.vectors import Vector

_VECTORS = "vectors.npy"
_STARTS = "starts.npy"


class SentenceVectorsWriter:
    """The new folder `path` for so many chunks and sentences, filled in the order of keys, closed after a ``with``."""

    def __init__(self, path: Path, chunks: int, sentences: int, dimension: int) -> None:
        path.mkdir()
        self._starts = path / _STARTS
        self._counts = np.zeros(chunks, np.int64)
        self._added = 0
        self._vectors = RowsWriter(path / _VECTORS, sentences, dimension, np.float16)

    def __enter__(self) -> Self:
        """Close it at the end of the block."""
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        """Close it."""
        self._vectors.__exit__(kind, error, at)
        np.save(self._starts, np.concatenate([[0], np.cumsum(self._counts)]))

    def add(self, counts: Sequence[int], vectors: Vectors) -> None:
        """The next chunks: for each of them so many of the rows of `vectors`."""
        self._counts[self._added : self._added + len(counts)] = counts
        self._added += len(counts)
        self._vectors.add(vectors)


class SentenceVectors:
    """Sentence vectors opened for looking up; safe to use from several threads. They stay on disk, mapped.

    Raises:
        CorruptIndexError: the files cannot be read or contradict each other.
    """

    def __init__(self, path: Path) -> None:
        try:
            self._starts = np.load(path / _STARTS)
            self._vectors: npt.NDArray[np.float16] = np.load(path / _VECTORS, mmap_mode="r")
        except (OSError, ValueError, EOFError) as error:
            raise CorruptIndexError(f"{path} cannot be read: {error}") from error
        if self._vectors.ndim != 2 or self._starts[-1] != len(self._vectors) or (np.diff(self._starts) < 1).any():  # noqa: PLR2004 - rows and columns
            raise CorruptIndexError(f"{path} is damaged: its vectors and its chunks do not fit")

    def count(self) -> int:
        """Number of chunks."""
        return len(self._starts) - 1

    def best(self, keys: Sequence[int], vector: Vector) -> list[float]:
        """For each chunk key the cosine of the unit `vector` with the nearest of its sentences."""
        return [float((self._of(key) @ vector).max()) for key in keys]

    def _of(self, key: int) -> Vectors:
        return np.asarray(self._vectors[self._starts[key] : self._starts[key + 1]], np.float32)
