"""Arrays in .npy files, written row by row: what is made in blocks need never be in memory as a whole."""

from __future__ import annotations

from pathlib import Path
from types import TracebackType
from typing import Self

import numpy as np
import numpy.typing as npt


class RowsWriter:
    """A new .npy file of ``(rows, columns)`` numbers, filled block by block and closed at the end of a ``with`` block.

    Written, not mapped: a full disk says so to who writes, and kills who writes into a mapped file.

    Raises:
        ValueError: at the end of the block, when it did not get as many rows as were announced.
    """

    def __init__(self, path: Path, rows: int, columns: int, dtype: npt.DTypeLike) -> None:
        self._left = rows
        self._dtype = np.dtype(dtype)
        self._file = path.open("wb")
        header = {"descr": np.lib.format.dtype_to_descr(self._dtype), "fortran_order": False, "shape": (rows, columns)}
        np.lib.format.write_array_header_1_0(self._file, header)

    def __enter__(self) -> Self:
        """Close it at the end of the block."""
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        """Close it."""
        self._file.close()
        if self._left and error is None:
            raise ValueError(f"{self._file.name} lacks {self._left} of its rows")

    def add(self, rows: npt.NDArray[np.float32]) -> None:
        """Append `rows`."""
        self._file.write(np.ascontiguousarray(rows, self._dtype).tobytes())
        self._left -= len(rows)
