"""Every passage and every sentence gets the vector of its own text, whatever the blocks, and none is computed twice."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import numpy as np
import pytest

from index import passage_vectors
from index.embed import Embedder, Vectors
from index.passage_vectors import Places, Sizes, embed_passages
from index.sentence_vectors import SentenceVectors
from index.types import Chunk, Document, Passage, Span, embedded_text, text_sha256
from index.vectors import Encoding, VectorCache


def passages(count: int) -> list[Passage]:
    """Passages of one, two or three sentences, each from a document of its own."""
    return [_passage(number, 1 + number % 3) for number in range(count)]


def _passage(number: int, sentences: int) -> Passage:
    said = [f"Satz {part} von Artikel {number}." for part in range(sentences)]
    text, spans = " ".join(said), []
    for one in said:
        start = text.index(one)
        spans.append(Span(start, start + len(one)))
    document = Document(
        id=f"{number}.txt", text=text, sha256=text_sha256(text), title=f"Titel {number}", lang="de", path="a.txt"
    )
    return Passage.of(document, Chunk(document.id, tuple(spans)))


def said(passage: Passage) -> list[str]:
    return [passage.document.text[start:end] for start, end in passage.chunk.sentences]


def sizes(given: list[Passage]) -> Sizes:
    return Sizes(len(given), sum(len(passage.chunk.sentences) for passage in given))


def write(
    folder: Path, given: Iterable[Passage], announced: Sizes, embedder: Embedder, told: list[tuple[int, int]]
) -> int:
    folder.mkdir(parents=True)
    with VectorCache.open(folder.parent, embedder.sha256, embedder.dimension) as cache:
        encoding = Encoding(embedder, cache, 40)
        return embed_passages(given, announced, places(folder), encoding, lambda *step: told.append(step))


def places(folder: Path) -> Places:
    return Places(folder / "exact.npy", folder / "chunks.npy", folder / "sentences")


@pytest.fixture
def small_blocks(monkeypatch: pytest.MonkeyPatch) -> int:
    monkeypatch.setattr(passage_vectors, "_BLOCK", 3)
    return 3


@pytest.mark.usefixtures("small_blocks")
@pytest.mark.parametrize("count", [0, 1, 3, 7])
def test_each_passage_and_sentence_has_the_vector_of_its_text(tmp_path: Path, embedder: Embedder, count: int) -> None:
    given, told = passages(count), list[tuple[int, int]]()
    assert write(tmp_path / "new", iter(given), sizes(given), embedder, told) == count
    exact, halves = np.load(tmp_path / "new/exact.npy"), np.load(tmp_path / "new/chunks.npy")
    assert (exact.dtype, halves.dtype) == (np.float32, np.float16)
    assert exact.shape == halves.shape == (count, embedder.dimension)
    expected = embedder.embed_documents([embedded_text(passage) for passage in given]) if given else exact
    assert np.array_equal(exact, expected)
    assert np.array_equal(halves, expected.astype(np.float16))
    assert (told[0], told[-1]) == ((0, count), (count, count))
    assert told == sorted(told)
    sentences = SentenceVectors(tmp_path / "new/sentences")
    assert sentences.count() == count
    for key, passage in enumerate(given):
        for vector in embedder.embed_documents(said(passage)):
            assert sentences.best([key], vector)[0] == pytest.approx(1, abs=2e-3)


def test_the_size_of_blocks_changes_no_byte(
    tmp_path: Path, embedder: Embedder, monkeypatch: pytest.MonkeyPatch
) -> None:
    given = passages(10)
    for block in (1, 4, 100):
        monkeypatch.setattr(passage_vectors, "_BLOCK", block)
        write(tmp_path / f"{block}" / "new", given, sizes(given), embedder, [])
    files = [{path.name: path.read_bytes() for path in tmp_path.glob(f"{block}/new/**/*.npy")} for block in (1, 4, 100)]
    assert len(files[0]) == 4
    assert files[0] == files[1] == files[2]


@pytest.mark.usefixtures("small_blocks")
def test_what_an_encoder_gave_before_it_failed_is_not_asked_for_again(
    tmp_path: Path, embedder: Embedder, encoded: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    given, embed = passages(7), embedder.embed_documents

    def failing(texts: list[str]) -> Vectors:
        if any("Artikel 5" in text for text in texts):
            raise RuntimeError("the power is out")
        return embed(texts)

    monkeypatch.setattr(embedder, "embed_documents", failing)
    with pytest.raises(RuntimeError, match="the power is out"):
        write(tmp_path / "first", given, sizes(given), embedder, [])
    before = sum("Titel" in text for text in encoded)
    assert before >= 3  # the first block, its sentences included
    monkeypatch.setattr(embedder, "embed_documents", embed)
    assert write(tmp_path / "second", given, sizes(given), embedder, []) == 7 - before
    assert len(encoded) == len(set(encoded)) == sum(sizes(given))


@pytest.mark.parametrize(("chunks", "sentences"), [(4, 6), (3, 7)])
def test_fewer_passages_or_sentences_than_announced_are_an_error(
    tmp_path: Path, embedder: Embedder, chunks: int, sentences: int
) -> None:
    given = passages(3)
    assert sizes(given) == (3, 6)
    with pytest.raises(ValueError, match="lacks 1 of its rows"):
        write(tmp_path / "new", given, Sizes(chunks, sentences), embedder, [])
