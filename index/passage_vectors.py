"""From the passages of a half-built index to the files of their vectors, block by block."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import ExitStack
from itertools import islice
from pathlib import Path
from typing import NamedTuple

import numpy as np

from index.embed import Embedder, Vectors
from index.npy import RowsWriter
from index.sentence_vectors import SentenceVectorsWriter
from index.types import Passage, embedded_text
from index.vectors import VectorCache, embed

_BLOCK = 512  # passages that are embedded, and saved, before the next ones are read


class Places(NamedTuple):
    """Where vectors go: of chunks as the encoder gave them and in half precision, and the folder of the sentences'."""

    exact: Path
    chunks: Path
    sentences: Path


class Sizes(NamedTuple):
    """How many chunks and sentences there are, a sentence counting in every chunk that has it."""

    chunks: int
    sentences: int


class Encoding(NamedTuple):
    """How texts become vectors: the encoder, the cache of what it gave, and after how many texts that is saved."""

    embedder: Embedder
    cache: VectorCache
    batch: int

    def embed(self, texts: Sequence[str]) -> tuple[Vectors, int]:
        """See `index.vectors.embed`."""
        return embed(self.embedder, texts, self.cache, batch=self.batch)


def embed_passages(
    passages: Iterable[Passage],
    sizes: Sizes,
    places: Places,
    encoding: Encoding,
    on_embedded: Callable[[int, int], None],
) -> int:
    """Write the vectors of all passages and of their sentences; how many passages the encoder ran on.

    What has been embedded is in the cache a batch later, so that a build that was killed goes on where it stopped;
    `on_embedded` gets the numbers of passages done and of all.
    """
    done = new = 0
    with ExitStack() as files:
        columns = encoding.embedder.dimension
        exact = files.enter_context(RowsWriter(places.exact, sizes.chunks, columns, np.float32))
        chunks = files.enter_context(RowsWriter(places.chunks, sizes.chunks, columns, np.float16))
        sentences = files.enter_context(SentenceVectorsWriter(places.sentences, *sizes, columns))
        on_embedded(0, sizes.chunks)
        for block in _blocks(passages):
            vectors, computed = encoding.embed([embedded_text(passage) for passage in block])
            exact.add(vectors)
            chunks.add(vectors)
            sentences.add([len(passage.chunk.sentences) for passage in block], encoding.embed(_said(block))[0])
            done, new = done + len(block), new + computed
            on_embedded(done, sizes.chunks)
    return new


def _said(block: Sequence[Passage]) -> list[str]:
    """The sentences of the passages, one after the other."""
    return [passage.document.text[start:end] for passage in block for start, end in passage.chunk.sentences]


def _blocks(passages: Iterable[Passage]) -> Iterator[list[Passage]]:
    left = iter(passages)
    while block := list(islice(left, _BLOCK)):
        yield block
