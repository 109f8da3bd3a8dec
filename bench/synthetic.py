"""An index of any size without an encoder's work: vectors around topics, words by chance, by Beleg's own writers.

Documents are of three chunks. Each document is about one topic, near whose centre its vectors lie, and half of a
topic's documents appear within a season, as news do. Everything is drawn from a seed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from index.documents import DocumentsWriter
from index.generation import (
    CHROMA,
    CHUNKS,
    DOCUMENTS,
    LEXICAL,
    SENTENCES,
    Encoder,
    Manifest,
    digests,
    new_generation,
    publish,
    write_manifest,
)
from index.lexical import Row, build_lexical
from index.npy import RowsWriter
from index.sentence_vectors import SentenceVectorsWriter
from index.settings import IndexSettings
from index.staleness import recipe_of
from index.store import build_store
from index.types import Chunk, Document, Passage, Published, Span, embedded_text, text_sha256

Vectors = npt.NDArray[np.float32]

LANG = "de"
DIMENSION = 384
FIRST_DAY, DAYS = date(2015, 1, 1), 3650
CHUNKS_A_DOCUMENT, SENTENCES_A_CHUNK, WORDS_A_SENTENCE = 3, 4, 12
DOCUMENTS_A_TOPIC, OUTLETS, UNDATED = 33, 20, 0.05
_SEASON = 90  # days before and after
# How far a vector lies from what it belongs to, in parts of its length. Chosen to be like news under the encoder that
# ships: chunks of two articles have a mean cosine of 0.13, chunks of one article 0.69.
_COMMON, _OF_DOCUMENT, _OF_CHUNK, _OF_SENTENCE = 0.6, 0.75, 0.6, 0.7
_AT_ONCE = 5000  # chunks whose sentences are drawn together


class Made(NamedTuple):
    """What a synthetic index is drawn from: a centre for each topic, and the topic of each document."""

    centres: Vectors
    topics: npt.NDArray[np.intp]


def draw(chunks: int, seed: int) -> Made:
    """Topics for so many chunks."""
    rng = np.random.default_rng(seed)
    documents = -(-chunks // CHUNKS_A_DOCUMENT)
    topics = max(1, documents // DOCUMENTS_A_TOPIC)
    centres = unit(_COMMON * unit(rng.standard_normal((1, DIMENSION))) + unit(rng.standard_normal((topics, DIMENSION))))
    return Made(centres, rng.integers(topics, size=documents))


def around(centres: npt.ArrayLike, distance: float, rng: np.random.Generator) -> Vectors:
    """A unit vector beside each of `centres`."""
    middle = np.asarray(centres, np.float32)
    return unit(middle + rng.standard_normal(middle.shape, np.float32) * np.float32(distance / DIMENSION**0.5))


def unit(vectors: npt.ArrayLike) -> Vectors:
    """Rows scaled to length one."""
    array = np.asarray(vectors, np.float32)
    return np.asarray(array / np.linalg.norm(array, axis=1, keepdims=True), np.float32)


def questions(made: Made, words: Sequence[str], count: int, seed: int) -> list[tuple[str, Vectors]]:
    """Questions of six longer words each, with the vector of something that a document could say."""
    rng = np.random.default_rng(seed)
    longer = [word for word in words if len(word) > 3]  # noqa: PLR2004 - mostly not an article or a preposition
    vectors = around(around(made.centres[rng.choice(made.topics, count)], _OF_DOCUMENT, rng), _OF_CHUNK, rng)
    return [(" ".join(rng.choice(longer, 6)), vector) for vector in vectors]


def write_index(data_dir: Path, made: Made, words: Sequence[str], seed: int, on_step: Callable[[str], None]) -> None:
    """Publish the index in `data_dir`; `on_step` is told what is being written."""
    rng = np.random.default_rng(seed + 1)
    near = around(made.centres[made.topics], _OF_DOCUMENT, rng)
    vectors = around(np.repeat(near, CHUNKS_A_DOCUMENT, axis=0), _OF_CHUNK, rng)
    with new_generation(data_dir) as generation:
        on_step("documents and words")
        build_lexical(generation / LEXICAL, _written(generation, made, words, rng))
        on_step("vectors")
        with RowsWriter(generation / CHUNKS, len(vectors), DIMENSION, np.float16) as rows:
            rows.add(vectors)
        _write_sentences(generation / SENTENCES, vectors, rng)
        on_step("graph")
        build_store(generation / CHROMA, [(LANG, range(len(vectors)), vectors)])
        write_manifest(generation, _manifest(data_dir, generation, len(made.topics), len(vectors)))
        publish(data_dir, generation)


def _written(generation: Path, made: Made, words: Sequence[str], rng: np.random.Generator) -> Iterator[Row]:
    """Writes the documents, and gives what the lexical index has of each chunk."""
    key, common = 0, np.array(words)
    days = _days(made, rng)
    with DocumentsWriter(generation / DOCUMENTS) as writer:
        for number, day in enumerate(days):
            document, chunks = _document(number, int(day), common, rng)
            writer.add(document, chunks)
            for chunk in chunks:
                yield Row(key, LANG, embedded_text(Passage(document, chunk)), number)
                key += 1


def _days(made: Made, rng: np.random.Generator) -> npt.NDArray[np.int64]:
    """The day of each document, -1 for none."""
    count = len(made.topics)
    season = rng.integers(DAYS, size=len(made.centres))[made.topics] + rng.integers(-_SEASON, _SEASON + 1, size=count)
    days = np.where(rng.random(count) < 0.5, season % DAYS, rng.integers(DAYS, size=count))  # noqa: PLR2004 - half of them
    return np.where(rng.random(count) < UNDATED, -1, days)


def _document(
    number: int, day: int, words: npt.NDArray[np.str_], rng: np.random.Generator
) -> tuple[Document, list[Chunk]]:
    drawn = rng.choice(words, (CHUNKS_A_DOCUMENT * SENTENCES_A_CHUNK, WORDS_A_SENTENCE))
    said = [" ".join(sentence) + "." for sentence in drawn]
    ends = np.cumsum([len(sentence) + 1 for sentence in said])
    spans = [Span(int(end) - len(sentence) - 1, int(end) - 1) for end, sentence in zip(ends, said, strict=True)]
    text, name = "\n".join(said), f"{number}.txt"
    published = Published((FIRST_DAY + timedelta(day)).isoformat()) if day >= 0 else None
    source = f"Outlet {rng.integers(OUTLETS)}"
    document = Document(name, text, text_sha256(text), " ".join(drawn[0][:5]), LANG, name, published, source)
    starts = range(0, len(spans), SENTENCES_A_CHUNK)
    return document, [Chunk(name, tuple(spans[start : start + SENTENCES_A_CHUNK])) for start in starts]


def _write_sentences(path: Path, vectors: Vectors, rng: np.random.Generator) -> None:
    with SentenceVectorsWriter(path, len(vectors), len(vectors) * SENTENCES_A_CHUNK, DIMENSION) as writer:
        for start in range(0, len(vectors), _AT_ONCE):
            part = vectors[start : start + _AT_ONCE]
            said = around(np.repeat(part, SENTENCES_A_CHUNK, axis=0), _OF_SENTENCE, rng)
            writer.add([SENTENCES_A_CHUNK] * len(part), said)


def _manifest(data_dir: Path, generation: Path, documents: int, chunks: int) -> Manifest:
    return Manifest(
        created=datetime.now(UTC).isoformat(timespec="seconds"),
        roots=(),
        recipe=recipe_of((), "", IndexSettings.load(data_dir=data_dir)),
        encoder=Encoder("synthetic", "0" * 64, DIMENSION),
        documents=documents,
        repeated=0,
        undated=0,
        chunks={LANG: chunks},
        skipped=(),
        notices=(),
        files=digests(generation),
    )
