"""The network that remembers: what it gives is what the network gives, and a row is read once."""

from __future__ import annotations

from pathlib import Path

import pytest
from remembered import RememberedNetwork

from index.model_files import MODELS
from qa.network import ReaderNetwork
from qa.rows import Row, row
from train.encoder.export import export_network
from train.reader.model import started


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A reader that has learnt nothing yet."""
    made, reader = tmp_path_factory.mktemp("reader"), started(MODELS / "minilm-de-en")
    export_network(reader.network, reader.tokenizer, 512, made)
    return made


@pytest.fixture(scope="module")
def rows(folder: Path) -> list[Row]:
    network = ReaderNetwork(folder)
    asked, short, long = network.pieces(["Who came?", "Anna came.", "The harbour was empty. " * 9])
    return [row(network.frame, asked, [], told) for told in ([short], [long, short], [short], [long])]


def test_it_gives_what_the_network_gives_row_by_row(folder: Path, rows: list[Row], tmp_path: Path) -> None:
    plain, remembered = ReaderNetwork(folder).read(rows), RememberedNetwork(folder, tmp_path).read(rows)
    for one, other in zip(plain, remembered, strict=True):
        assert other.relevance == pytest.approx(one.relevance, abs=0.05)
        assert other.evidence == pytest.approx(one.evidence, abs=0.05)


def test_a_row_that_another_process_read_is_not_read_again(
    folder: Path, rows: list[Row], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = RememberedNetwork(folder, tmp_path).read(rows)
    second = RememberedNetwork(folder, tmp_path)
    asked: list[int] = []
    monkeypatch.setattr(ReaderNetwork, "read", lambda _, new: asked.append(len(new)) or [])
    assert second.read(rows[::-1]) == first[::-1]
    assert asked == [0]


def test_rows_that_are_alike_but_for_where_sentences_end_are_told_apart(folder: Path, tmp_path: Path) -> None:
    network = RememberedNetwork(folder, tmp_path)
    asked, one, other = network.pieces(["Who came?", "Anna came.", "Nobody else was there."])
    apart, together = network.read([row(network.frame, asked, [], told) for told in ([one, other], [one + other])])
    assert len(apart.evidence) == 2
    assert len(together.evidence) == 1


def test_nothing_to_read_gives_nothing(folder: Path, tmp_path: Path) -> None:
    assert RememberedNetwork(folder, tmp_path).read([]) == []
