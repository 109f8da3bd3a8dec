"""What is judged on reading: BM25 over sentences, and Beleg's pipeline with one evidence reader or another.

They answer over an opened index or read one given passage; they do not know the gold.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import NamedTuple, Protocol, cast
from zlib import crc32

from remembered import RememberedNetwork

from index.chunk import body_sentences
from index.embed import Embedder
from index.filters import EVERYTHING, Filter
from index.lexical import LexicalIndex, Row, build_lexical
from index.reader import IndexReader
from index.types import Hit, Leg, Passage, Span
from index.vectors import Vector
from qa.read import EvidenceReader
from qa.retrieve import Found, Retriever
from qa.settings import Settings
from qa.signals import SignalReader, read_calibrations
from qa.trained import READER, TrainedReader, read_calibration
from qa.types import Question

NOTHING: frozenset[str] = frozenset()
_SENTENCES = 200  # that BM25 brings: more than an article left out has


class Sentence(NamedTuple):
    """A sentence of a document, with a score whose scale is the system's own."""

    doc_id: str
    span: Span
    score: float


@dataclass(frozen=True, slots=True)
class Ranked:
    """Sentences, the best answer first, each once; and how confident the system is in the first one."""

    sentences: tuple[Sentence, ...]
    confidence: float


class System(Protocol):
    """One way to get from a question to sentences, over one index."""

    def answer(self, question: Question, group: str, without: frozenset[str] = NOTHING) -> Ranked:
        """From all documents but those with the ids in `without`.

        `group` is the article that the question is about: what was fitted on it must not answer.
        """

    def read(self, question: Question, group: str, passage: Passage) -> Ranked:
        """From this passage of an indexed document alone."""


@dataclass(frozen=True, slots=True)
class Contestant:
    """How a system is opened over an index.

    `make` is also given a path of its own, where nothing is yet, and the folder in which networks remember what they
    read. `threshold` gives the confidence below which it abstains; None where confidence is a score, not a probability.
    """

    make: Callable[[IndexReader, Embedder, Path, Path], System]
    threshold: Callable[[], float | None]


class Bm25:
    """BM25 over single sentences, each with its document's title; its best score is its confidence."""

    def __init__(self, index: IndexReader, folder: Path) -> None:
        documents = [index.document(listing.id) for listing in index.documents()]
        found = [(document, span) for document in documents for span in body_sentences(document)]
        texts = (f"{document.title}\n{document.text[span.start : span.end]}" for document, span in found)
        langs = [document.lang for document, _ in found]
        build_lexical(folder, map(Row, range(len(found)), langs, texts))
        self._lexical = LexicalIndex(folder)
        self._places = [(document.id, span) for document, span in found]
        self._langs = sorted(set(langs))

    def answer(self, question: Question, group: str, without: frozenset[str] = NOTHING) -> Ranked:
        """From all documents but those with the ids in `without`."""
        del group  # nothing was fitted
        found = [hit for lang in self._langs for hit in self._search(question, lang, _SENTENCES)]
        return _ranked([sentence for sentence in found if sentence.doc_id not in without])

    def read(self, question: Question, group: str, passage: Passage) -> Ranked:
        """From this passage alone; how rare a word is, all sentences of the index tell."""
        del group
        found = self._search(question, passage.document.lang, len(self._places))
        wanted = set(passage.chunk.sentences)
        return _ranked([one for one in found if one.doc_id == passage.document.id and one.span in wanted])

    def _search(self, question: Question, lang: str, limit: int) -> list[Sentence]:
        hits = self._lexical.search(lang, question.text, question.lang, limit)
        return [Sentence(*self._places[key], score) for key, score in hits]


class Searcher:
    """Beleg's retrieval with the settings that the product has, or as if some documents had never been indexed."""

    def __init__(self, index: IndexReader, embedder: Embedder) -> None:
        settings = Settings.load()
        self._index, self._embedder = index, embedder
        self._limit, self._candidates = settings.passages, settings.candidates

    def search(self, question: Question, without: frozenset[str] = NOTHING) -> list[Found]:
        """The passages that the product would read, of all documents but those with the ids in `without`."""
        # A retriever asks an index for no more than what `Lacking` has.
        index = cast("IndexReader", Lacking(self._index, self._document_of, without)) if without else self._index
        return Retriever(index, self._embedder, candidates=self._candidates).search(question, self._limit)

    @cached_property
    def _document_of(self) -> Sequence[str]:
        """The document's id for each chunk key."""
        keys = range(sum(self._index.manifest.chunks.values()))
        return [passage.document.id for passage in self._index.passages(keys)]


class Pipeline:
    """What a `Searcher` finds, read by the reader of the question's group."""

    def __init__(self, index: IndexReader, embedder: Embedder, reader_of: Callable[[str], EvidenceReader]) -> None:
        self._searcher, self._reader_of = Searcher(index, embedder), reader_of

    def answer(self, question: Question, group: str, without: frozenset[str] = NOTHING) -> Ranked:
        """From all documents but those with the ids in `without`."""
        return self._read(question, group, self._searcher.search(question, without))

    def read(self, question: Question, group: str, passage: Passage) -> Ranked:
        """From this passage alone, which counts as found first by both legs."""
        first = Leg(rank=1, score=1.0)
        return self._read(question, group, [Found(Hit(passage.chunk, 1.0, first, first), passage)])

    def _read(self, question: Question, group: str, found: Sequence[Found]) -> Ranked:
        reading = self._reader_of(group).read(question, found)
        sentences = (Sentence(one.doc_id, one.sentence, one.score) for one in reading.evidence)
        return Ranked(tuple(sentences), reading.confidence)


class Lacking:
    """An index that finds as if the documents in `without` had never been in it, but for how rare words are.

    They are taken out of each leg, before fusion scales its scores; taken out of the fused list they would leave the
    others with scores that look unsure, which makes abstaining easier than it is.
    """

    def __init__(self, index: IndexReader, document_of: Sequence[str], without: frozenset[str]) -> None:
        self.languages = index.languages
        self.passages = index.passages
        self.without_repeats = index.without_repeats
        self._index = index
        self._lacking = {key for key, doc_id in enumerate(document_of) if doc_id in without}

    def dense(self, lang: str, vector: Vector, k: int, only: Filter = EVERYTHING) -> list[tuple[int, float]]:
        """As `IndexReader.dense`."""
        return self._kept(self._index.dense(lang, vector, k + len(self._lacking), only), k)

    def lexical(
        self, lang: str, question: str, question_lang: str, k: int, only: Filter = EVERYTHING
    ) -> list[tuple[int, float]]:
        """As `IndexReader.lexical`."""
        return self._kept(self._index.lexical(lang, question, question_lang, k + len(self._lacking), only), k)

    def _kept(self, hits: Sequence[tuple[int, float]], k: int) -> list[tuple[int, float]]:
        return [hit for hit in hits if hit[0] not in self._lacking][:k]


def half(group: str) -> int:
    """Which half of the development data an article belongs to, 0 or 1."""
    return crc32(group.encode()) % 2


def _signals(index: IndexReader, embedder: Embedder, _: Path, __: Path) -> System:
    reader = SignalReader(index, embedder, read_calibrations()["dense"])
    return Pipeline(index, embedder, lambda _: reader)


def _reader(index: IndexReader, embedder: Embedder, _: Path, kept: Path) -> System:
    network = RememberedNetwork(READER, kept)
    halves = [TrainedReader(index, embedder, network, read_calibration(half=own)) for own in (0, 1)]
    return Pipeline(index, embedder, lambda group: halves[half(group)])


def _bm25(index: IndexReader, _: Embedder, folder: Path, __: Path) -> System:
    return Bm25(index, folder)


SYSTEMS: Mapping[str, Contestant] = {
    "bm25": Contestant(_bm25, lambda: None),
    "signals": Contestant(_signals, lambda: read_calibrations()["dense"].threshold),
    "reader": Contestant(_reader, lambda: read_calibration().threshold),
}
"""All systems by name, the baseline first."""


def _ranked(found: Sequence[Sentence]) -> Ranked:
    best = tuple(sorted(found, key=lambda one: (-one.score, one.doc_id, one.span)))
    return Ranked(best, best[0].score if best else 0.0)
