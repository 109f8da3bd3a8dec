"""German news for the encoder's benchmark: chunks as the product makes them, and sentences.

What is measured on them is not this file's business; it only reads, chunks and counts words.
"""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain, islice
from pathlib import Path

from index.chunk import TokenCounter, body_sentences, chunk
from index.load.decode import canonical_text
from index.load.document import Loaded, load
from index.load.files import find_files
from index.types import Document, Passage, Published, embedded_text, text_sha256

SEEDS = Path(__file__).parent.parent / "seeds"


@dataclass(frozen=True, slots=True)
class Texts:
    """The embedded text of each chunk, every sentence of the same documents, and how many documents these are."""

    chunks: tuple[str, ...]
    sentences: tuple[str, ...]
    documents: int

    @property
    def words(self) -> int:
        """Words of all chunks, parted by white space."""
        return sum(len(text.split()) for text in self.chunks)


def read_texts(corpus: Path | None, limit: int, *, window: int, count_tokens: TokenCounter) -> Texts:
    """The first `limit` chunks of the seeds and then of `corpus`, and the sentences of the documents they are from."""
    used: list[Document] = []

    def chunks() -> Iterator[str]:
        for document in chain(_seeds(), _corpus(corpus) if corpus else ()):
            used.append(document)
            for part in chunk(document, window=window, count_tokens=count_tokens):
                yield embedded_text(Passage.of(document, part))

    texts = tuple(islice(chunks(), limit))
    sentences = tuple(d.text[span.start : span.end] for d in used for span in body_sentences(d))
    return Texts(texts, sentences, len(used))


def _seeds() -> Iterator[Document]:
    found = (loaded for file in find_files([SEEDS]) for loaded in load(file))
    documents = (loaded.document for loaded in found if isinstance(loaded, Loaded))
    return (document for document in documents if document.lang == "de")


def _corpus(path: Path) -> Iterator[Document]:
    """German documents of a gzipped file of JSON lines with id, title, text and date."""
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        for record in map(json.loads, lines):
            text, _ = canonical_text(record["text"].encode())
            published = Published(record["date"]) if record.get("date") else None
            digest = text_sha256(text)
            yield Document(record["id"], text, digest, record["title"], "de", record["id"], published)
