"""The network that remembers: what it gives is what the network gives, and a row is read once."""

from __future__ import annotations

import sqlite3
from pathlib import Path
from threading import Timer

import pytest
from remembered import RememberedNetwork

from qa.network import ReaderNetwork
from qa.rows import Row, row


@pytest.fixture(scope="module")
def rows(untrained_reader: Path) -> list[Row]:
    network = ReaderNetwork(untrained_reader)
    asked, short, long = network.pieces(["Who came?", "Anna came.", "The harbour was empty. " * 9])
    return [row(network.frame, asked, [], told) for told in ([short], [long, short], [short], [long])]


def test_it_gives_what_the_network_gives_row_by_row(untrained_reader: Path, rows: list[Row], tmp_path: Path) -> None:
    plain, remembered = (
        ReaderNetwork(untrained_reader).read(rows),
        RememberedNetwork(untrained_reader, tmp_path).read(rows),
    )
    for one, other in zip(plain, remembered, strict=True):
        assert other.relevance == pytest.approx(one.relevance, abs=0.05)
        assert other.evidence == pytest.approx(one.evidence, abs=0.05)


def test_a_row_that_another_process_read_is_not_read_again(
    untrained_reader: Path, rows: list[Row], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = RememberedNetwork(untrained_reader, tmp_path).read(rows)
    second = RememberedNetwork(untrained_reader, tmp_path)
    asked: list[int] = []
    monkeypatch.setattr(ReaderNetwork, "read", lambda _, new: asked.append(len(new)) or [])
    assert second.read(rows[::-1]) == first[::-1]
    assert asked == [0]


def test_opening_waits_for_another_process_that_writes(untrained_reader: Path, rows: list[Row], tmp_path: Path) -> None:
    first = RememberedNetwork(untrained_reader, tmp_path).read(rows)
    (file,) = tmp_path.glob("*.sqlite")
    other = sqlite3.connect(file, isolation_level=None, check_same_thread=False)
    other.execute("BEGIN EXCLUSIVE")
    done = Timer(0.3, other.commit)
    done.start()
    assert RememberedNetwork(untrained_reader, tmp_path).read(rows) == first
    done.join()
    other.close()


def test_rows_that_are_alike_but_for_where_sentences_end_are_told_apart(untrained_reader: Path, tmp_path: Path) -> None:
    network = RememberedNetwork(untrained_reader, tmp_path)
    asked, one, other = network.pieces(["Who came?", "Anna came.", "Nobody else was there."])
    apart, together = network.read([row(network.frame, asked, [], told) for told in ([one, other], [one + other])])
    assert len(apart.evidence) == 2
    assert len(together.evidence) == 1


def test_nothing_to_read_gives_nothing(untrained_reader: Path, tmp_path: Path) -> None:
    assert RememberedNetwork(untrained_reader, tmp_path).read([]) == []
