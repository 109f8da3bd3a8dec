"""The assistant: the one place where index, encoder, retriever, reader and composer are put together."""

from __future__ import annotations

import logging
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from pathlib import Path
from time import perf_counter
from typing import Any

from index.build import BuildReport, Progress, last_roots
from index.documents import Listing
from index.embed import Embedder, open_embedder
from index.errors import ModelError
from index.language import detect_question
from index.reader import IndexReader, open_index, require_model
from index.types import Document, Hit, Passage, Span
from qa.compose import answer, compose
from qa.errors import QuestionError
from qa.explain import candidates
from qa.read import Calibration, SignalReader, read_calibration
from qa.rebuild import rebuild
from qa.retrieve import Retriever
from qa.settings import MAX_QUESTION_CHARS, Settings
from qa.types import Answer, Evidence, Lang, NearMiss, Question, Reading, SearchResult, Stage, excerpt_fields
from qa.wording import unmentioned_text

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Trace:
    """An answer with all that led to it: `hits` and `evidence` are ranked, best first."""

    question: Question
    hits: tuple[Hit, ...]
    evidence: tuple[Evidence, ...]
    answer: Answer


@dataclass(frozen=True, slots=True)
class Info:
    """The index that serves, in plain values."""

    generation: str
    created: str
    documents: int
    chunks: int
    languages: Mapping[str, int]
    model: str
    data_dir: str
    roots: tuple[str, ...]
    notices: tuple[str, ...]

    def to_json(self) -> dict[str, Any]:
        """Plain lists, dicts, strings and numbers."""
        return asdict(self)


@dataclass(slots=True)
class _Opened:
    """One opened index with what searches and reads it; closed when it is retired and its last user has left."""

    index: IndexReader
    embedder: Embedder | None
    retriever: Retriever
    reader: SignalReader
    calibration: Calibration
    notices: tuple[str, ...]
    users: int = 0
    retired: bool = False


@dataclass(slots=True)
class _Clock:
    """Seconds by stage."""

    seconds: dict[str, float] = field(default_factory=dict)

    @contextmanager
    def stage(self, name: str) -> Iterator[None]:
        started = perf_counter()
        try:
            yield
        finally:
            self.seconds[name] = round(perf_counter() - started, 4)


class Assistant:
    """Answers questions over the index in ``settings.data_dir``; safe to use from several threads.

    Opening is lazy: an assistant can be made before there is an index, and asked again once there is one.
    """

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self._lock = threading.Lock()
        self._opened: _Opened | None = None
        self._embedder: Embedder | None = None

    def ask(self, question: str, lang: Lang | None = None) -> Answer:
        """The answer, in the language of the question unless `lang` says otherwise.

        Raises:
            QuestionError: the question is empty or too long.
            UnusableIndexError: there is no index that can answer.
        """
        return self.trace(question, lang).answer

    def trace(self, question: str, lang: Lang | None = None) -> Trace:
        """As `ask`, with the hits and the evidence."""
        *_, last = self._steps(question, lang)
        if not isinstance(last, Trace):
            raise AssertionError("the last step is the trace")  # noqa: TRY004 - not an argument of wrong type
        return last

    def stream(self, question: str, lang: Lang | None = None) -> Iterator[Stage | Answer]:
        """As `ask`, with a `Stage` before each step that takes time, and last the answer."""
        for step in self._steps(question, lang):
            yield step.answer if isinstance(step, Trace) else step

    def search(self, question: str, limit: int = 10, lang: Lang | None = None) -> SearchResult:
        """The best `limit` passages.

        Raises:
            QuestionError: the question is empty or too long.
            UnusableIndexError: there is no index that can answer.
        """
        asked = parse_question(question, lang)
        clock = _Clock()
        with self._lease() as opened, clock.stage("searching"):
            found = opened.retriever.search(asked, limit)
        return SearchResult(
            question=asked.text,
            lang=asked.lang,
            hits=tuple(hit for hit, _ in found),
            excerpts=tuple(_excerpt(hit, passage) for hit, passage in found),
            notices=(*opened.notices, *_cut_off(asked, opened.embedder)),
            generation=opened.index.generation,
            timings=clock.seconds,
        )

    def document(self, doc_id: str) -> Document:
        """The stored document.

        Raises:
            KeyError: there is none of this id.
        """
        with self._lease() as opened:
            return opened.index.document(doc_id)

    def documents(self) -> list[Listing]:
        """All documents, without their texts."""
        with self._lease() as opened:
            return opened.index.documents()

    def info(self) -> Info:
        """What serves."""
        with self._lease() as opened:
            manifest = opened.index.manifest
            return Info(
                generation=opened.index.generation,
                created=manifest.created,
                documents=manifest.documents,
                chunks=sum(manifest.chunks.values()),
                languages=dict(manifest.chunks),
                model=manifest.encoder.name if manifest.encoder else "none, search is by words only",
                data_dir=str(self.settings.data_dir),
                roots=manifest.roots,
                notices=opened.notices,
            )

    def rebuild(self, paths: Sequence[Path] | None = None) -> Iterator[Progress | BuildReport]:
        """Build in a child process, by default from where the last index was built, then serve the new index.

        Raises:
            BelegError: the build stopped; the old index still serves.
        """
        yield from rebuild(paths or last_roots(self.settings.data_dir), self.settings)
        self.reload()

    def reload(self) -> None:
        """Serve what is current on disk; questions in flight end on the index that they began with."""
        fresh = self._open()
        with self._lock:
            stale, self._opened = self._opened, fresh
            if stale is not None:
                stale.retired = True
                _close_if_unused(stale)

    def warm(self) -> None:
        """Load the encoder and run one question, so that the first real one is not slow."""
        question = Question("Warum?", "de")
        with self._lease() as opened:
            opened.reader.read(question, opened.retriever.search(question, 1))

    def _steps(self, question: str, lang: Lang | None) -> Iterator[Stage | Trace]:
        asked = parse_question(question, lang)
        clock = _Clock()
        with self._lease() as opened:
            yield Stage("searching")
            with clock.stage("searching"):
                found = opened.retriever.search(asked, self.settings.passages)
            yield Stage("reading")
            with clock.stage("reading"):
                reading = opened.reader.read(asked, found)
            with clock.stage("composing"):
                composed = compose(
                    asked,
                    reading,
                    opened.index.document,
                    threshold=self._threshold(opened),
                    max_quotes=self.settings.max_quotes,
                )
            made = answer(
                asked,
                composed,
                candidates=candidates(found, reading, composed, self._threshold(opened)),
                notices=(*opened.notices, *_cut_off(asked, opened.embedder), *_unmentioned(asked, reading)),
                generation=opened.index.generation,
                timings=clock.seconds,
            )
            yield Trace(asked, tuple(hit for hit, _ in found), reading.evidence, made)

    def _threshold(self, opened: _Opened) -> float:
        return opened.calibration.threshold if self.settings.threshold is None else self.settings.threshold

    @contextmanager
    def _lease(self) -> Iterator[_Opened]:
        with self._lock:
            if self._opened is None:
                self._opened = self._open()
            opened = self._opened
            opened.users += 1
        try:
            yield opened
        finally:
            with self._lock:
                opened.users -= 1
                _close_if_unused(opened)

    def _open(self) -> _Opened:
        index = open_index(self.settings.data_dir)
        notices = list(index.notices)
        embedder = self._fitting_embedder(index, notices)
        calibrations = read_calibration()
        calibration = calibrations["lexical" if embedder is None else "dense"]
        if embedder is not None and embedder.sha256 != calibration.encoder:
            notices.append(f"confidence is not calibrated for the encoder {embedder.name!r}: python -m train.calibrate")
        retriever = Retriever(index, embedder, candidates=self.settings.candidates)
        reader = SignalReader(index, embedder, calibration)
        return _Opened(index, embedder, retriever, reader, calibration, tuple(notices))

    def _fitting_embedder(self, index: IndexReader, notices: list[str]) -> Embedder | None:
        """The encoder that the index was built with; None, with a notice, where there is none to be had."""
        if index.manifest.encoder is None:
            notices.append("the index was built without an encoder: search is by words only. Build again: beleg index")
            return None
        try:
            if self._embedder is None:
                self._embedder = open_embedder(self.settings)
        except ModelError as error:
            notices.append(f"search is by words only: {error}")
            return None
        require_model(index.manifest, self._embedder.name, self._embedder.sha256)
        return self._embedder


def parse_question(question: str, lang: Lang | None = None) -> Question:
    """The question, stripped, with its language detected unless `lang` is given.

    Raises:
        QuestionError: it is empty or longer than `MAX_QUESTION_CHARS`.
    """
    # JSON can carry half of a surrogate pair, which neither the tokenizer nor an engine takes for text.
    text = question.encode("utf-8", "replace").decode("utf-8").strip()
    if not text:
        raise QuestionError('the question is empty. Ask something, e.g. beleg ask "What did Hegseth say about NATO?"')
    if len(text) > MAX_QUESTION_CHARS:
        raise QuestionError(
            f"the question has {len(text)} characters; at most {MAX_QUESTION_CHARS} are read. Shorten it"
        )
    return Question(text, lang or detect_question(text))


def _cut_off(question: Question, embedder: Embedder | None) -> Iterator[str]:
    """A notice where the encoder does not read all of the question."""
    if embedder is None:
        return
    (tokens,) = embedder.count_tokens([question.text])
    if tokens > embedder.window:
        yield (
            f"the question has {tokens} tokens, the encoder reads the first {embedder.window}; search by words reads "
            f"all of it. Shorten it"
        )


def _unmentioned(question: Question, reading: Reading) -> Iterator[str]:
    """A notice where the question names what the passage does not."""
    if reading.unmentioned:
        yield unmentioned_text(reading.unmentioned, question.lang)


def _excerpt(hit: Hit, passage: Passage) -> NearMiss:
    span = Span(passage.chunk.start, passage.chunk.end)
    return NearMiss(**excerpt_fields(passage.document, span), score=hit.score)


def _close_if_unused(opened: _Opened) -> None:
    if opened.retired and opened.users == 0:
        opened.index.close()
