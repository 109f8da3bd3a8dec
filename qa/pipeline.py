"""The assistant: the one place where index, encoder, retriever, reader and composer are put together."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Generator, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass, field, replace
from datetime import date, datetime
from pathlib import Path
from time import perf_counter
from typing import Any, NamedTuple

from index.build import last_roots
from index.documents import Listing
from index.edits import NO_EDIT, Edit
from index.errors import UnusableIndexError
from index.generation import serving
from index.language import detect_question, is_foreign_question
from index.lexical import query_terms
from index.progress import BuildReport, Progress
from index.reader import IndexReader
from index.types import Chunk, Document, Hit, Passage, Span
from index.versions import version
from qa.compose import Composed, answer, compose
from qa.errors import QuestionError
from qa.examples import Examples
from qa.explain import candidates
from qa.opening import Opened, Opener
from qa.quotecheck import Check, check, parse_quote
from qa.ranking import reranked
from qa.rebuild import rebuild
from qa.retrieve import Found
from qa.scope import ALL, Put, Wanted, put, widened
from qa.settings import MAX_QUESTION_CHARS, Settings
from qa.types import Answer, Evidence, Lang, NearMiss, Question, Reading, SearchResult, Stage, excerpt_fields
from qa.wording import foreign_text, subjectless_text, unmentioned_text

logger = logging.getLogger(__name__)


def _today() -> date:
    return datetime.now().astimezone().date()


@dataclass(frozen=True, slots=True)
class Trace:
    """An answer with all that led to it: `hits` and `evidence` are ranked, best first.

    `put` is how the question was put to the index in the end.
    """

    question: Question
    hits: tuple[Hit, ...]
    evidence: tuple[Evidence, ...]
    answer: Answer
    put: Put


@dataclass(frozen=True, slots=True)
class Info:
    """The index that serves, in plain values."""

    generation: str
    created: str
    documents: int
    chunks: int
    languages: Mapping[str, int]
    sources: tuple[str, ...]
    undated: int
    model: str
    data_dir: str
    roots: tuple[str, ...]
    notices: tuple[str, ...]

    def to_json(self) -> dict[str, Any]:
        """Plain lists, dicts, strings and numbers."""
        return asdict(self)


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
            self.seconds[name] = round(self.seconds.get(name, 0.0) + perf_counter() - started, 4)


class _Attempt(NamedTuple):
    """What came of a question as it was put to the index."""

    as_put: Put
    found: Sequence[Found]
    reading: Reading
    composed: Composed


class Assistant:
    """Answers questions over the index in ``settings.data_dir``; safe to use from several threads.

    Opening is lazy: an assistant can be made before there is an index, and asked again once there is one. What another
    process builds meanwhile serves from the next question on.
    """

    def __init__(self, settings: Settings, today: Callable[[], date] = _today) -> None:
        self.settings = settings
        self._today = today
        self._lock = threading.Lock()
        self._opener = Opener(settings)
        self._examples = Examples()
        self._opened: Opened | None = None
        self._name = ""  # of the generation that was current when it was opened

    def ask(self, question: str, lang: Lang | None = None, wanted: Wanted = ALL) -> Answer:
        """The answer, in the language of the question unless `lang` says otherwise.

        Only `wanted` documents answer, and of these, where the question names days, what was published on them.

        Raises:
            QuestionError: the question is empty or too long, or no document has a wanted outlet or language.
            UnusableIndexError: there is no index that can answer.
        """
        return self.trace(question, lang, wanted).answer

    def trace(self, question: str, lang: Lang | None = None, wanted: Wanted = ALL) -> Trace:
        """As `ask`, with the hits and the evidence."""
        *_, last = self._steps(question, lang, wanted)
        if not isinstance(last, Trace):
            raise AssertionError("the last step is the trace")  # noqa: TRY004 - not an argument of wrong type
        return last

    def stream(self, question: str, lang: Lang | None = None, wanted: Wanted = ALL) -> Iterator[Stage | Answer]:
        """As `ask`, with a `Stage` before each step that takes time, and last the answer."""
        for step in self._steps(question, lang, wanted):
            yield step.answer if isinstance(step, Trace) else step

    def search(self, question: str, limit: int = 10, lang: Lang | None = None, wanted: Wanted = ALL) -> SearchResult:
        """The best `limit` passages; otherwise as `ask`."""
        text = parse_text(question)
        clock = _Clock()
        with self._lease() as opened, clock.stage("searching"):
            asked = Question(text, lang or detect_question(text))
            as_put = put(asked, wanted, opened.index, self._today())
            found = opened.retriever.search(as_put.question, limit, as_put.only)
        return SearchResult(
            question=asked.text,
            lang=asked.lang,
            hits=tuple(hit for hit, _ in found),
            excerpts=tuple(_excerpt(hit, passage) for hit, passage in found),
            notices=(*opened.notices, *as_put.notices, *opened.cut_off(asked)),
            generation=opened.index.generation,
            timings=clock.seconds,
            scope=as_put.scope,
        )

    def rankings(self, trace: Trace) -> dict[str, tuple[Chunk, ...]]:
        """What each leg brings for the question of `trace`, as it was put then, and that as the reader orders it.

        Chunks, best first, by the names of `qa.ranking.LEGS`; for judging, since answering keeps the best alone.
        """
        with self._lease() as opened:
            found = opened.retriever.rankings(trace.put.question, trace.put.only)
        read = [hit.chunk for hit in trace.hits]
        legs = {leg: tuple(chunks) for leg, chunks in found.items()}
        return {**legs, "reranked": reranked(legs["fused"], read, trace.evidence)}

    def verify(self, quote: str, speaker: str | None = None, doc_id: str | None = None) -> Check:
        """Whether the words of `quote` stand in the documents, or in the one of this id, and `speaker` is named beside.

        Raises:
            QuestionError: the quotation has no words or is too long, or no document has the id.
            UnusableIndexError: there is no index that can answer.
        """
        asked = parse_quote(quote, speaker, doc_id)
        clock = _Clock()
        with self._lease() as opened, clock.stage("checking"):
            found = check(opened, asked)
        return replace(found, timings=clock.seconds)

    def examples(self, lang: Lang) -> tuple[str, ...]:
        """A few questions in `lang`, made of what the newest documents say, each of which is answered by its document.

        Empty where there is no index, or nothing in it that such a question can be made of.
        """
        with suppress(UnusableIndexError), self._lease() as opened:
            return self._examples.of(opened.index, lang, self.ask)
        return ()

    def document(self, doc_id: str) -> Document:
        """The stored document.

        Raises:
            KeyError: there is none of this id.
        """
        with self._lease() as opened:
            return opened.index.document(doc_id)

    def version(self, doc_id: str, sha: str) -> Document:
        """The document as it was when its text's SHA-256 began with `sha`; "" stands for as it is.

        Raises:
            KeyError: no generation on the disk has it.
        """
        with suppress(KeyError):
            now = self.document(doc_id)
            if now.sha256.startswith(sha):
                return now
        return version(self.settings.data_dir, doc_id, sha)

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
                sources=tuple(opened.index.sources()),
                undated=manifest.undated,
                model=manifest.encoder.name if manifest.encoder else "none, search is by words only",
                data_dir=str(self.settings.data_dir),
                roots=manifest.roots,
                notices=(*opened.notices, *opened.about_reading),
            )

    @contextmanager
    def index(self) -> Iterator[IndexReader]:
        """The index that serves; it stays open until the end of the block."""
        with self._lease() as opened:
            yield opened.index

    def rebuild(self, paths: Sequence[Path] | None = None, edit: Edit = NO_EDIT) -> Iterator[Progress | BuildReport]:
        """Build in a child process, by default from where the last index was built, then serve the new index.

        Raises:
            BelegError: the build stopped; the old index still serves.
        """
        roots = last_roots(self.settings.data_dir) if paths is None else paths
        yield from rebuild(roots, self.settings, edit)
        self.reload()

    def reload(self) -> None:
        """Serve what is current on disk; questions in flight end on the index that they began with."""
        name, fresh = self._named(), self._opener.open()
        with self._lock:
            self._replace(fresh, name)

    def close(self) -> None:
        """Let go of the index; the next question opens it again."""
        with self._lock:
            self._replace(None, "")

    def warm(self) -> None:
        """Load the encoder and run one question, so that the first real one is not slow."""
        question = Question("Warum?", "de")
        with self._lease() as opened:
            opened.reader.read(question, opened.retriever.search(question, 1))

    def _steps(self, question: str, lang: Lang | None, wanted: Wanted) -> Iterator[Stage | Trace]:
        text = parse_text(question)
        clock = _Clock()
        with self._lease() as opened:
            asked = Question(text, lang or detect_question(text))
            as_put = put(asked, wanted, opened.index, self._today())
            attempt = yield from self._attempt(opened, asked, as_put, clock)
            if as_put.ambiguous and attempt.composed.status == "abstained":
                wider = yield from self._attempt(opened, asked, widened(asked, wanted, as_put, opened.index), clock)
                attempt = wider if wider.composed.status == "answered" else attempt
            made = self._answer(opened, asked, attempt, clock)
            hits = tuple(hit for hit, _ in attempt.found)
            yield Trace(asked, hits, attempt.reading.evidence, made, attempt.as_put)

    def _attempt(self, opened: Opened, asked: Question, as_put: Put, clock: _Clock) -> Generator[Stage, None, _Attempt]:
        yield Stage("searching")
        with clock.stage("searching"):
            found = opened.retriever.search(as_put.question, self.settings.passages, as_put.only)
        yield Stage("reading")
        with clock.stage("reading"):
            reading = opened.reader.read(as_put.question, found)
        with clock.stage("composing"):
            composed = compose(
                asked,
                reading,
                opened.index.document,
                threshold=self._threshold(opened),
                max_quotes=self.settings.max_quotes,
                same_report=opened.index.same_report,
            )
        return _Attempt(as_put, found, reading, composed)

    def _answer(self, opened: Opened, asked: Question, attempt: _Attempt, clock: _Clock) -> Answer:
        as_put, found, reading, composed = attempt
        doubts = _doubts(as_put.question, reading)
        return answer(
            asked,
            composed,
            candidates=candidates(found, reading, composed, self._threshold(opened)),
            notices=(*opened.notices, *opened.about_reading, *as_put.notices, *opened.cut_off(asked), *doubts),
            scope=as_put.scope,
            searched=as_put.scope.documents if as_put.scope else opened.index.manifest.documents,
            generation=opened.index.generation,
            timings=clock.seconds,
        )

    def _current(self) -> Opened:
        """What is open, or, where another process has built since, the new index; to be called under the lock."""
        name = self._named()
        if self._opened is None or name not in {"", self._name}:
            self._replace(fresh := self._opener.open(), name)
            return fresh
        return self._opened

    def _named(self) -> str:
        """The generation that serves on disk; "" where that cannot be told."""
        with suppress(UnusableIndexError):
            return serving(self.settings.data_dir)
        return ""

    def _replace(self, fresh: Opened | None, name: str) -> None:
        """Serve `fresh`, opened when `name` was current; to be called under the lock."""
        stale, self._opened, self._name = self._opened, fresh, name
        if stale is not None:
            stale.retired = True
            stale.close_if_unused()

    def _threshold(self, opened: Opened) -> float:
        return opened.threshold if self.settings.threshold is None else self.settings.threshold

    @contextmanager
    def _lease(self) -> Iterator[Opened]:
        with self._lock:
            opened = self._current()
            opened.users += 1
        try:
            yield opened
        finally:
            with self._lock:
                opened.users -= 1
                opened.close_if_unused()


def parse_text(question: str) -> str:
    """The question, stripped.

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
    return text


def _doubts(question: Question, reading: Reading) -> Iterator[str]:
    """A notice where the question is in no language that is read, is about nothing, or names what is not there."""
    if is_foreign_question(question.text):
        yield foreign_text(question.lang)
    elif not query_terms(question.text, question.lang, question.lang):
        yield subjectless_text(question.lang)
    elif reading.unmentioned:
        yield unmentioned_text(reading.unmentioned, question.lang)


def _excerpt(hit: Hit, passage: Passage) -> NearMiss:
    span = Span(passage.chunk.start, passage.chunk.end)
    return NearMiss(**excerpt_fields(passage.document, span), score=hit.score)
