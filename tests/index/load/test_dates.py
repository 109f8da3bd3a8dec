"""Dates as machines write them, none more precise than it was written."""

from __future__ import annotations

import pytest

from index.load.dates import iso
from index.load.metadata import read_metadata
from index.types import Published


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("2025-02-12", "2025-02-12"),
        ("2025-02", "2025-02"),
        ("2025-02-12T18:30:05.123Z", "2025-02-12T18:30:05Z"),
        ("2025-02-12T18:30:05+0100", "2025-02-12T18:30:05+01:00"),
        ("2025-02-12 18:30", "2025-02-12T18:30"),
        ("2025-02-12 18:30:00 UTC", "2025-02-12T18:30:00Z"),
        ("Wed, 12 Feb 2025 18:30:05 +0100", "2025-02-12T18:30:05+01:00"),
        ("Wed, 12 Feb 2025 18:30:05 GMT", "2025-02-12T18:30:05Z"),
        ("1739381405", "2025-02-12T17:30:05Z"),
        ("1739381405000", "2025-02-12T17:30:05Z"),
    ],
)
def test_a_date_is_brought_into_the_one_form_that_metadata_takes(written: str, expected: str) -> None:
    assert iso(written) == expected
    assert read_metadata({"date": iso(written)}).published == Published(expected)


@pytest.mark.parametrize(
    "written", ["gestern", "20025-02-12", "12.02.2025", "", "2025-02-30T10:00", "Wed, 99 Feb 2025", "１２"]
)
def test_what_is_no_date_is_left_as_it_is_and_later_noticed(written: str) -> None:
    assert iso(written) == written
    metadata = read_metadata({"date": written})
    assert metadata.published is None
    assert bool(metadata.notices) == bool(written)
