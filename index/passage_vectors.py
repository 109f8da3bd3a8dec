"""From the passages of a half-built index to the files of their vectors, block by block."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import ExitStack, closing
from functools import partial
from itertools import islice
from pathlib import Path
from typing import NamedTuple

import numpy as np

from index.batches import ahead
from index.npy import RowsWriter
from index.sentence_vectors import SentenceVectorsWriter
from index.types import Passage, embedded_text, text_sha256
from index.vectors import Encoding, embed

_BLOCK = 2048  # passages among whose texts, and their sentences', those of like length are looked for


class Places(NamedTuple):
    """Where vectors go: of chunks as the encoder gave them and in half precision, and the folder of the sentences'."""

    exact: Path
    chunks: Path
    sentences: Path


class Sizes(NamedTuple):
    """How many chunks and sentences there are, a sentence counting in every chunk that has it."""

    chunks: int
    sentences: int


class _Block(NamedTuple):
    """Some passages: their texts, and behind these their sentences, and how many tokens of each new one are read."""

    passages: Sequence[Passage]
    texts: Sequence[str]
    tokens: Sequence[int]


def embed_passages(
    passages: Iterable[Passage],
    sizes: Sizes,
    places: Places,
    encoding: Encoding,
    on_embedded: Callable[[int, int], None],
) -> int:
    """Write the vectors of all passages and of their sentences; how many passages the encoder ran on.

    A block is read and its tokens are counted while the one before is encoded. What has been encoded is in the cache a
    few batches later, so that a build that was killed goes on where it stopped; `on_embedded` gets the numbers of
    passages done and of all.
    """
    done = new = 0
    with ExitStack() as files:
        columns = encoding.embedder.dimension
        exact = files.enter_context(RowsWriter(places.exact, sizes.chunks, columns, np.float32))
        chunks = files.enter_context(RowsWriter(places.chunks, sizes.chunks, columns, np.float16))
        sentences = files.enter_context(SentenceVectorsWriter(places.sentences, *sizes, columns))
        on_embedded(0, sizes.chunks)
        for block in files.enter_context(closing(ahead(_blocks(passages, encoding)))):
            count = len(block.passages)
            tell = partial(_tell, on_embedded, done, count, sizes.chunks)
            vectors, computed = embed(block.texts, block.tokens, encoding, tell)
            exact.add(vectors[:count])
            chunks.add(vectors[:count])
            sentences.add([len(passage.chunk.sentences) for passage in block.passages], vectors[count:])
            done, new = done + count, new + sum(position < count for position in computed)
            on_embedded(done, sizes.chunks)
    return new


def _tell(on_embedded: Callable[[int, int], None], done: int, block: int, of: int, share: float) -> None:
    on_embedded(done + int(share * block), of)


def _blocks(passages: Iterable[Passage], encoding: Encoding) -> Iterator[_Block]:
    left = iter(passages)
    while block := list(islice(left, _BLOCK)):
        texts = [embedded_text(passage) for passage in block]
        texts += (passage.document.text[start:end] for passage in block for start, end in passage.chunk.sentences)
        yield _Block(block, texts, _tokens(texts, encoding))


def _tokens(texts: Sequence[str], encoding: Encoding) -> list[int]:
    """How many tokens of each the encoder reads; 0 where the vector is known, as most are where little has changed."""
    shas = [text_sha256(text) for text in texts]
    known = encoding.cache.get(set(shas))
    new = [position for position, sha in enumerate(shas) if sha not in known]
    counts = encoding.embedder.count_tokens([texts[position] for position in new])
    read = {position: min(max(count, 1), encoding.embedder.window) for position, count in zip(new, counts, strict=True)}
    return [read.get(position, 0) for position in range(len(texts))]
