"""Rows written block by block are the array that numpy reads, and a file that is not whole is an error."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.npy import RowsWriter

FULL_DISK = Path("/dev/full")


def numbers(rows: int, columns: int = 3) -> np.ndarray:
    return np.random.default_rng(rows).normal(size=(rows, columns)).astype(np.float32)


@given(
    rows=st.integers(0, 40),
    columns=st.integers(1, 5),
    dtype=st.sampled_from([np.float16, np.float32]),
    cuts=st.lists(st.integers(0, 40), max_size=6),
)
def test_however_rows_are_split_into_blocks_the_same_array_is_read(
    tmp_path_factory: pytest.TempPathFactory, rows: int, columns: int, dtype: type[np.floating], cuts: list[int]
) -> None:
    path, whole = tmp_path_factory.mktemp("npy") / "rows.npy", numbers(rows, columns)
    places = [0, *sorted(min(cut, rows) for cut in cuts), rows]
    with RowsWriter(path, rows, columns, dtype) as writer:
        for start, end in pairwise(places):
            writer.add(whole[start:end])
    read = np.load(path)
    assert (read.dtype, read.shape) == (np.dtype(dtype), (rows, columns))
    assert np.array_equal(read, whole.astype(dtype))
    assert np.array_equal(np.load(path, mmap_mode="r"), read)


def test_rows_that_do_not_lie_together_in_memory_are_written_in_order(tmp_path: Path) -> None:
    whole = numbers(8)
    with RowsWriter(tmp_path / "rows.npy", 8, 3, np.float32) as writer:
        writer.add(np.asfortranarray(whole[:4]))
        writer.add(numbers(8)[::-1][:4][::-1])
    assert np.array_equal(np.load(tmp_path / "rows.npy"), whole)


@pytest.mark.parametrize("given_rows", [0, 4, 6])
def test_another_number_of_rows_than_announced_is_an_error(tmp_path: Path, given_rows: int) -> None:
    with (
        pytest.raises(ValueError, match=r"rows\.npy lacks -?\d of its rows"),
        RowsWriter(tmp_path / "rows.npy", 5, 3, np.float32) as writer,
    ):
        writer.add(numbers(given_rows))


def test_what_went_wrong_in_the_block_is_what_is_said(tmp_path: Path) -> None:
    with pytest.raises(KeyError, match="first"), RowsWriter(tmp_path / "rows.npy", 5, 3, np.float32):
        raise KeyError("first")


@pytest.mark.skipif(not FULL_DISK.exists(), reason="needs a device that is always full")
@pytest.mark.parametrize("rows", [1, 100_000])
def test_a_full_disk_is_an_error_of_the_operating_system(tmp_path: Path, rows: int) -> None:
    (tmp_path / "rows.npy").symlink_to(FULL_DISK)
    with (
        pytest.raises(OSError, match="No space left"),
        RowsWriter(tmp_path / "rows.npy", rows, 3, np.float32) as writer,
    ):
        writer.add(numbers(rows))
