"""Run a question set through the assistant and keep what happened, as one JSON document.

The document is byte-identical on every run over the same index, but for what stands under ``run``: the date, the
machine, versions and latencies. It does not judge the numbers; `qa/expectations.py` does.
"""

from __future__ import annotations

import json
import os
import platform
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from importlib import metadata
from itertools import chain
from pathlib import Path
from time import perf_counter
from typing import Any, NamedTuple, Protocol

from index.types import Document
from qa.errors import EvaluationError
from qa.intervals import Interval, measured
from qa.metrics import JudgedCitation, Outcome, Score, Traced, judge, judge_citation, percentile, score
from qa.questions import GoldQuestion, QuestionSet
from qa.types import Excerpt

VERSIONS_OF = ("torch", "sentence-transformers", "chromadb", "tantivy", "ir-measures")
_DIGITS = 6


class IndexInfo(Protocol):
    """What an evaluation records of the index that it asked."""

    @property
    def generation(self) -> str:
        """The generation that serves."""

    @property
    def documents(self) -> int:
        """How many documents it holds."""

    @property
    def chunks(self) -> int:
        """How many chunks it holds."""

    @property
    def model(self) -> str:
        """The encoder's name."""


class Answering(Protocol):
    """The side of the assistant that is evaluated."""

    def trace(self, question: str) -> Traced:
        """The answer with all that led to it; the language is the assistant's to detect."""

    def document(self, doc_id: str) -> Document:
        """The stored document; raises `KeyError` where there is none."""

    def info(self) -> IndexInfo:
        """The index that serves."""


@dataclass(frozen=True, slots=True)
class Environment:
    """Where and when a run took place: nothing in it is expected to be the same twice."""

    date: str
    machine: str
    cpus: int
    versions: Mapping[str, str]
    generation: str


@dataclass(frozen=True, slots=True)
class Evaluation:
    """One run of one question set. `seconds[i]` is what answering the question of `outcomes[i]` took."""

    question_set: str
    questions_sha256: str
    model: str
    documents: int
    chunks: int
    outcomes: tuple[Outcome, ...]
    seconds: tuple[float, ...]
    environment: Environment

    @property
    def total(self) -> dict[str, Score]:
        """Every measure over all questions."""
        return score(self.outcomes)

    @property
    def by_lang(self) -> dict[str, dict[str, Score]]:
        """Every measure for each language that questions are in."""
        return _scored(self._groups(_lang))

    @property
    def intervals(self) -> dict[str, Interval]:
        """The 95 % interval of every measure over all questions."""
        return measured(self.outcomes)

    @property
    def intervals_by_lang(self) -> dict[str, dict[str, Interval]]:
        """As `intervals`, for each language that questions are in."""
        return {lang: measured(outcomes) for lang, outcomes in self._groups(_lang).items()}

    @property
    def by_tag(self) -> dict[str, dict[str, Score]]:
        """Every measure for each tag; a question with several counts under each."""
        return _scored(self._groups(lambda outcome: outcome.question.tags))

    def latency(self, percent: float) -> float:
        """The nearest-rank percentile of a question's seconds, the cold first one included."""
        return percentile(self.seconds, percent)

    def to_json(self) -> dict[str, Any]:
        """Plain lists, dicts, strings and numbers, in a fixed order; only ``run`` differs between two runs."""
        return {
            "question_set": self.question_set,
            "questions_sha256": self.questions_sha256,
            "model": self.model,
            "documents": self.documents,
            "chunks": self.chunks,
            "total": _scores(self.total, self.intervals),
            "by_lang": {lang: _scores(self.by_lang[lang], found) for lang, found in self.intervals_by_lang.items()},
            "by_tag": {tag: _scores(scores) for tag, scores in self.by_tag.items()},
            "questions": [_question(outcome) for outcome in self.outcomes],
            "run": self._run(),
        }

    def _groups(self, keys: Callable[[Outcome], Iterable[str]]) -> dict[str, list[Outcome]]:
        """The outcomes under each of their keys, keys in order."""
        names = sorted(set(chain.from_iterable(map(keys, self.outcomes))))
        return {name: [o for o in self.outcomes if name in keys(o)] for name in names}

    def _run(self) -> dict[str, Any]:
        names = (outcome.question.id for outcome in self.outcomes)
        return {
            **asdict(self.environment),
            "latency_ms": {"p50": _ms(self.latency(50)), "p95": _ms(self.latency(95)), "first": _ms(self.seconds[0])},
            "question_ms": {name: _ms(seconds) for name, seconds in zip(names, self.seconds, strict=True)},
        }


class Asked(NamedTuple):
    """How far an evaluation is: `done` of `total` questions."""

    done: int
    total: int


def evaluate(
    assistant: Answering, questions: QuestionSet, on_progress: Callable[[int, int], None] | None = None
) -> Evaluation:
    """Ask every question once, in order, and judge what came back; `on_progress` gets how many are done, of how many.

    Raises:
        BelegError: as `steps`.
    """
    for step in steps(assistant, questions):
        if isinstance(step, Evaluation):
            return step
        if on_progress is not None:
            on_progress(*step)
    raise AssertionError("the last step is the evaluation")


def steps(assistant: Answering, questions: QuestionSet) -> Iterator[Asked | Evaluation]:
    """As `evaluate`: how far it is after each question, and last the evaluation. Leaving it early is no error.

    Raises:
        BelegError: the assistant cannot answer at all, e.g. without an index.
        EvaluationError: another index has begun to serve, so that the questions were not all put to one.
    """
    info = assistant.info()
    runs: list[tuple[Outcome, float]] = []
    for question in questions.questions:
        runs.append(_ask(assistant, question, info.generation))
        yield Asked(len(runs), len(questions.questions))
    yield Evaluation(
        question_set=questions.name,
        questions_sha256=questions.sha256,
        model=info.model,
        documents=info.documents,
        chunks=info.chunks,
        outcomes=tuple(outcome for outcome, _ in runs),
        seconds=tuple(seconds for _, seconds in runs),
        environment=environment(info.generation),
    )


def environment(generation: str) -> Environment:
    """This machine, now; packages are asked for their version without importing them."""
    return Environment(
        date=datetime.now(UTC).isoformat(timespec="seconds"),
        machine=f"{platform.system()} {platform.machine()}",
        cpus=os.cpu_count() or 1,
        versions={"python": platform.python_version(), **{name: _version(name) for name in VERSIONS_OF}},
        generation=generation,
    )


def write_result(evaluation: Evaluation, path: Path) -> None:
    """Write the evaluation's JSON to `path`, whole or not at all; folders are made.

    Raises:
        EvaluationError: it cannot be written there.
    """
    content = json.dumps(evaluation.to_json(), ensure_ascii=False, indent=1) + "\n"
    try:
        write_whole(path, content.encode("utf-8"))
    except OSError as error:
        raise EvaluationError(f"{path}: the result cannot be written ({error.strerror}); give another --out") from error


def write_whole(path: Path, content: bytes) -> None:
    """Write `content` to `path`, whole or not at all; folders are made.

    Raises:
        OSError: it cannot be written there.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    written = path.with_name(f"{path.name}.{os.getpid()}.tmp")
    try:
        written.write_bytes(content)
        written.replace(path)
    finally:
        written.unlink(missing_ok=True)


def _ask(assistant: Answering, question: GoldQuestion, generation: str) -> tuple[Outcome, float]:
    """One question's outcome and its seconds; judging is not in them."""
    start = perf_counter()
    trace = assistant.trace(question.question)
    seconds = perf_counter() - start
    if trace.answer.generation != generation:
        raise EvaluationError(
            f"the index was rebuilt during the evaluation, from {generation} to {trace.answer.generation}; run it again"
        )
    citations = tuple(_judge(assistant, citation, question) for citation in trace.answer.citations)
    near_misses = tuple(_judge(assistant, miss, question) for miss in trace.answer.near_misses)
    return judge(question, trace, citations, near_misses), seconds


def _judge(assistant: Answering, citation: Excerpt, question: GoldQuestion) -> JudgedCitation:
    try:
        document = assistant.document(citation.doc_id)
    except KeyError:
        return judge_citation(citation, None, question.gold)  # cited, but not stored: inexact, not a reason to stop
    return judge_citation(citation, document, question.gold)


def _version(package: str) -> str:
    try:
        return metadata.version(package)
    except metadata.PackageNotFoundError:
        return "not installed"


def _lang(outcome: Outcome) -> tuple[str]:
    return (outcome.question.lang,)


def _scored(groups: Mapping[str, Iterable[Outcome]]) -> dict[str, dict[str, Score]]:
    return {name: score(outcomes) for name, outcomes in groups.items()}


def _scores(
    scores: Mapping[str, Score], intervals: Mapping[str, Interval] | None = None
) -> dict[str, dict[str, float]]:
    """Value, number of samples and, where it is known, the 95 % interval of each measure."""
    return {
        name: {"value": _rounded(found.value), **_bounds((intervals or {}).get(name)), "n": found.n}
        for name, found in scores.items()
    }


def _bounds(interval: Interval | None) -> dict[str, float]:
    return {"low": _rounded(interval.low), "high": _rounded(interval.high)} if interval else {}


def _question(outcome: Outcome) -> dict[str, Any]:
    return {
        "id": outcome.question.id,
        "question": outcome.question.question,
        "lang": outcome.question.lang,
        "detected_lang": outcome.detected_lang,
        "answerable": outcome.question.answerable,
        "gold": [asdict(span) for span in outcome.question.gold],
        "tags": list(outcome.question.tags),
        "status": outcome.status,
        "confidence": _rounded(outcome.confidence),
        "chunk_rank": outcome.chunk_rank,
        "gold_ranks": list(outcome.gold_ranks),
        "sentence_rank": outcome.sentence_rank,
        "retrieval": {name: _rounded(value) for name, value in outcome.retrieval.items()},
        "citations": [asdict(citation) for citation in outcome.citations],
        "near_misses": [asdict(miss) for miss in outcome.near_misses],
    }


def _rounded(value: float) -> float:
    """Six decimals: what lies beyond is the order of floating-point additions."""
    return round(float(value), _DIGITS)


def _ms(seconds: float) -> float:
    return round(seconds * 1000, 1)
