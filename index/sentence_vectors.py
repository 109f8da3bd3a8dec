"""The vectors of the sentences of every chunk, by which the dense leg ranks again what the store finds.

A chunk's vector is the mean of all that it says, and the sentence that answers is a part of it. So a chunk scores by
the mean of two cosines, its own and its best sentence's; docs/log.md has what that gains. Sentences are never searched
for, only looked up: there is no graph over them. They are kept in half precision, which a cosine does not notice.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import accumulate
from pathlib import Path

import numpy as np
import numpy.typing as npt

from index.embed import Vectors
from index.errors import CorruptIndexError
from index.vectors import Vector

_VECTORS = "vectors.npy"
_STARTS = "starts.npy"


def write_sentence_vectors(path: Path, counts: Sequence[int], vectors: Vectors) -> None:
    """Write the new folder `path`: for each chunk, in the order of keys, `counts` of the rows of `vectors`."""
    path.mkdir()
    np.save(path / _STARTS, np.fromiter(accumulate(counts, initial=0), np.int64, len(counts) + 1))
    np.save(path / _VECTORS, vectors.astype(np.float16))


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
