"""Open the serving generation for searching; the only way in for everything above the index.

A reader keeps the generation that it opened, whatever is built meanwhile; who wants the new one opens again.
"""

from __future__ import annotations

import logging
import math
from collections.abc import Callable, Sequence
from contextlib import ExitStack, closing
from dataclasses import replace
from functools import lru_cache
from pathlib import Path
from types import TracebackType
from typing import Self

import numpy as np

from index.documents import Documents, Listing
from index.errors import CorruptIndexError, MismatchError, NoIndexError, UnusableIndexError
from index.exact import ChunkVectors
from index.filters import EVERYTHING, Facets, Filter, Selection
from index.generation import (
    CHROMA,
    CHUNKS,
    DOCUMENTS,
    LEXICAL,
    REBUILD,
    SENTENCES,
    Manifest,
    complete_generations,
    generation_path,
    held,
    read_manifest,
    serving,
)
from index.lexical import Clause, LexicalIndex
from index.listing import Page, Query
from index.sentence_vectors import SentenceVectors
from index.store import VectorStore
from index.types import Document, Passage
from index.vectors import Vector
from index.verify import check_counts, check_files, check_vectors

logger = logging.getLogger(__name__)

RERANKED = 100
"""Chunks that the dense leg ranks again by their sentences, where that many are wanted or not."""
FEW = 15_000
"""Chunks that a filter may let through for every one of them to be looked at; bench/results/filters.json has why."""
SPARE = 1.5
"""Times as many as should hold the wanted number are asked of the graph: those that pass do not lie evenly."""
_SELECTIONS = 16  # remembered: a filter is mostly asked again


class IndexReader:
    """One generation, opened, checked and warm; safe to use from several threads.

    Raises:
        CorruptIndexError: the generation is damaged.
        MismatchError: it has another format version.
    """

    def __init__(self, generation: Path, notices: Sequence[str] = ()) -> None:
        with ExitStack() as opening:
            opening.enter_context(held(generation))
            self.generation = generation.name
            self.manifest = read_manifest(generation)
            self.notices = tuple(notices)
            check_files(generation, self.manifest)
            self._documents = opening.enter_context(closing(Documents(generation / DOCUMENTS)))
            self._lexical = opening.enter_context(closing(_open_lexical(generation / LEXICAL)))
            facets = list(self._documents.facets())
            self._selection = lru_cache(_SELECTIONS)(Facets(facets).select)
            chunks = [facet.chunks for facet in facets]
            self._numbers = np.repeat(np.arange(len(facets)), chunks)  # of each chunk's document
            self._origins = np.repeat([facet.origin for facet in facets], chunks)
            self._restriction = _restrictions(self._lexical, self._selection)
            self._store: VectorStore | None = None
            self._chunks: ChunkVectors | None = None
            self._sentences: SentenceVectors | None = None
            if self.manifest.encoder:
                self._store = opening.enter_context(closing(VectorStore(generation / CHROMA)))
                self._chunks = ChunkVectors(generation / CHUNKS)
                self._sentences = SentenceVectors(generation / SENTENCES)
            check_counts(self.manifest, self._documents, self._store, self._lexical)
            check_vectors(self.manifest, self._chunks, self._sentences)
            self._warm()
            self._opened = opening.pop_all()

    @property
    def languages(self) -> tuple[str, ...]:
        """Languages of the documents, in alphabetical order."""
        return tuple(sorted(self.manifest.chunks))

    def dense(self, lang: str, vector: Vector, k: int, only: Filter = EVERYTHING) -> list[tuple[int, float]]:
        """The nearest `k` chunks of documents in `lang`, of those that `only` lets through, as (chunk key, score).

        Best first, ties by key. The score is the mean of two cosines with the unit `vector`: the chunk's, and that of
        its nearest sentence. At least `RERANKED` chunks that are near as a whole compete. Nothing when the index was
        built without an encoder (``manifest.encoder is None``).
        """
        if not (self._store and self._sentences):
            return []
        found = self._nearest(self._store, lang, vector, max(k, RERANKED), only)
        best = self._sentences.best([key for key, _ in found], vector)
        scored = [(key, (whole + part) / 2) for (key, whole), part in zip(found, best, strict=True)]
        return sorted(scored, key=lambda hit: (-hit[1], hit[0]))[: max(0, k)]

    def lexical(
        self, lang: str, question: str, question_lang: str, k: int, only: Filter = EVERYTHING
    ) -> list[tuple[int, float]]:
        """The best `k` chunks of documents in `lang`, of those that `only` lets through, as (chunk key, BM25 score)."""
        among = self._restriction(only) if only else None
        return self._lexical.search(lang, question, question_lang, k, among)

    def sources(self) -> list[str]:
        """The outlets that documents are from, in alphabetical order."""
        return self._documents.sources()

    def select(self, only: Filter) -> Selection:
        """Which documents and chunks `only` lets through."""
        return self._selection(only)

    def without_repeats(self, keys: Sequence[int]) -> list[int]:
        """Of these chunk keys those of one document for each report: of the one that comes first among them."""
        chosen: dict[int, int] = {}
        wanted = list(keys)
        places = zip(wanted, self._numbers[wanted].tolist(), self._origins[wanted].tolist(), strict=True)
        return [key for key, number, origin in places if chosen.setdefault(origin, number) == number]

    def same_report(self, doc_id: str) -> list[Document]:
        """The other documents that are the same report as the one with this id."""
        return self._documents.same_report(doc_id)

    def rarity(self, lang: str, term: str) -> float:
        """Inverse document frequency of an index term among the chunks of documents in `lang`, above 0.

        ``ln(1 + (N - n + 0.5) / (n + 0.5))``: Robertson and Spärck Jones 1976, as BM25 uses it.
        """
        held_by = self._lexical.document_frequency(lang, term)
        return math.log(1 + (self.manifest.chunks[lang] - held_by + 0.5) / (held_by + 0.5))

    def passages(self, keys: Sequence[int]) -> list[Passage]:
        """The passages with these chunk keys, in that order."""
        return self._documents.chunks(keys)

    def document(self, doc_id: str) -> Document:
        """The document with this id.

        Raises:
            KeyError: there is none.
        """
        return self._documents.document(doc_id)

    def documents(self) -> list[Listing]:
        """All documents in build order, without their texts."""
        return self._documents.documents()

    def page(self, query: Query) -> Page:
        """One page of the list of documents."""
        return self._documents.page(query)

    def document_counts(self) -> dict[str, int]:
        """Number of documents in each language, the most frequent one first."""
        return self._documents.languages()

    def close(self) -> None:
        """Let go of the generation; it may be collected from now on."""
        self._opened.close()

    def __enter__(self) -> Self:
        """Close it at the end of the block."""
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        """Close it."""
        self.close()

    def _nearest(self, store: VectorStore, lang: str, vector: Vector, k: int, only: Filter) -> list[tuple[int, float]]:
        """The nearest `k` chunks as a whole that `only` lets through.

        Where many pass, the graph is asked for so many more that `k` of them should; where few do, each is compared.
        """
        if not only or not self._chunks:
            return store.search(lang, vector, k)
        if only.langs and lang not in only.langs:
            return []
        chunks = self._selection(replace(only, langs=frozenset({lang}))).chunks
        passing = int(chunks.sum())
        if passing > FEW:
            found = store.search(lang, vector, math.ceil(SPARE * k * self.manifest.chunks[lang] / passing))
            passed = [hit for hit in found if chunks[hit[0]]]
            if len(passed) >= k:
                return passed[:k]
        return self._chunks.nearest(np.flatnonzero(chunks), vector, k)

    def _warm(self) -> None:
        """Search once in each language: loads what Chroma loads lazily, and meets what it would stumble over."""
        if self.manifest.encoder:
            vector = np.eye(1, self.manifest.encoder.dimension, dtype=np.float32)[0]
            for lang in self.languages:
                self.dense(lang, vector, 1)


def _restrictions(lexical: LexicalIndex, select: Callable[[Filter], Selection]) -> Callable[[Filter], Clause]:
    """What restricts search by words to the documents that a filter lets through, remembered."""

    @lru_cache(_SELECTIONS)
    def restriction(only: Filter) -> Clause:
        return lexical.restriction(select(only).documents)

    return restriction


def open_index(data_dir: Path) -> IndexReader:
    """A reader of the serving generation; where that is damaged, of the newest sound one, with a notice.

    Raises:
        NoIndexError: nothing has been built yet.
        CorruptIndexError: no generation is sound.
        MismatchError: the serving one has another format version.
    """
    name = "CURRENT"
    try:
        name = serving(data_dir)
        return IndexReader(generation_path(data_dir, name))
    except CorruptIndexError as error:
        if _serving_changed(data_dir, name):
            return open_index(data_dir)
        return _open_previous(data_dir, name, error)


def require_model(manifest: Manifest, name: str, sha256: str) -> None:
    """Make sure that questions are embedded as the documents were; nothing to check in an index without vectors.

    Raises:
        MismatchError: the index was built with another encoder; the text names both models.
    """
    encoder = manifest.encoder
    if encoder and encoder.sha256 != sha256:
        raise MismatchError(
            f"the index was built with the encoder {encoder.name} (sha256 {encoder.sha256[:12]}), the settings name "
            f"{name} (sha256 {sha256[:12]}). {REBUILD}, or set BELEG_MODEL={encoder.name}"
        )


def _open_previous(data_dir: Path, damaged: str, error: CorruptIndexError) -> IndexReader:
    for name in complete_generations(data_dir):
        notice = f"The index {damaged} is damaged ({error}); answers come from {name}. {REBUILD}"
        try:
            reader = IndexReader(generation_path(data_dir, name), [notice]) if name != damaged else None
        except UnusableIndexError as other:
            logger.warning("%s cannot serve instead: %s", name, other)
            continue
        if reader:
            logger.warning(notice)
            return reader
    raise CorruptIndexError(
        f"the index {damaged} is damaged ({error}), and no other generation can serve instead. {REBUILD}"
    ) from error


def _serving_changed(data_dir: Path, name: str) -> bool:
    """Whether another generation than `name` serves by now."""
    try:
        return serving(data_dir) != name
    except (NoIndexError, CorruptIndexError):
        return False


def _open_lexical(path: Path) -> LexicalIndex:
    try:
        return LexicalIndex(path)
    except (ValueError, OSError) as error:
        raise CorruptIndexError(f"{path} cannot be opened: {error}") from error
