"""Run a question set through the assistant and keep what happened, as one JSON document.

The document is byte-identical on every run over the same index, but for what stands under ``run``: the date, the
machine, versions and latencies. It does not judge the numbers; `qa/expectations.py` does.
"""

from __future__ import annotations

import json
import os
import platform
from collections.abc import Callable, Iterable, Mapping
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from importlib import metadata
from itertools import chain
from pathlib import Path
from time import perf_counter
from typing import Any, Protocol

from index.types import Document
from qa.errors import EvaluationError
from qa.metrics import JudgedCitation, Outcome, Score, Traced, judge, judge_citation, percentile, score
from qa.questions import GoldQuestion, QuestionSet
from qa.types import Citation

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
        return self._grouped(lambda outcome: (outcome.question.lang,))

    @property
    def by_tag(self) -> dict[str, dict[str, Score]]:
        """Every measure for each tag; a question with several counts under each."""
        return self._grouped(lambda outcome: outcome.question.tags)

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
            "total": _scores(self.total),
            "by_lang": {lang: _scores(scores) for lang, scores in self.by_lang.items()},
            "by_tag": {tag: _scores(scores) for tag, scores in self.by_tag.items()},
            "questions": [_question(outcome) for outcome in self.outcomes],
            "run": self._run(),
        }

    def _grouped(self, keys: Callable[[Outcome], Iterable[str]]) -> dict[str, dict[str, Score]]:
        """Scores of the outcomes under each of their keys, keys in order."""
        names = sorted(set(chain.from_iterable(map(keys, self.outcomes))))
        return {name: score([o for o in self.outcomes if name in keys(o)]) for name in names}

    def _run(self) -> dict[str, Any]:
        names = (outcome.question.id for outcome in self.outcomes)
        return {
            **asdict(self.environment),
            "latency_ms": {"p50": _ms(self.latency(50)), "p95": _ms(self.latency(95)), "first": _ms(self.seconds[0])},
            "question_ms": {name: _ms(seconds) for name, seconds in zip(names, self.seconds, strict=True)},
        }


def evaluate(
    assistant: Answering, questions: QuestionSet, on_progress: Callable[[int, int], None] | None = None
) -> Evaluation:
    """Ask every question once, in order, and judge what came back; `on_progress` gets how many are done, of how many.

    Raises:
        BelegError: the assistant cannot answer at all, e.g. without an index.
    """
    info = assistant.info()
    runs: list[tuple[Outcome, float]] = []
    for question in questions.questions:
        runs.append(_ask(assistant, question))
        if on_progress is not None:
            on_progress(len(runs), len(questions.questions))
    return Evaluation(
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
        path.parent.mkdir(parents=True, exist_ok=True)
        _replace(path, content)
    except OSError as error:
        raise EvaluationError(f"{path}: the result cannot be written ({error.strerror}); give another --out") from error


def _ask(assistant: Answering, question: GoldQuestion) -> tuple[Outcome, float]:
    """One question's outcome and its seconds; judging is not in them."""
    start = perf_counter()
    trace = assistant.trace(question.question)
    seconds = perf_counter() - start
    citations = tuple(_judge(assistant, citation, question) for citation in trace.answer.citations)
    return judge(question, trace, citations), seconds


def _judge(assistant: Answering, citation: Citation, question: GoldQuestion) -> JudgedCitation:
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


def _replace(path: Path, content: str) -> None:
    written = path.with_name(f"{path.name}.{os.getpid()}.tmp")
    try:
        written.write_text(content, encoding="utf-8")
        written.replace(path)
    finally:
        written.unlink(missing_ok=True)


def _scores(scores: Mapping[str, Score]) -> dict[str, dict[str, float]]:
    return {name: {"value": _rounded(found.value), "n": found.n} for name, found in scores.items()}


def _question(outcome: Outcome) -> dict[str, Any]:
    return {
        "id": outcome.question.id,
        "question": outcome.question.question,
        "lang": outcome.question.lang,
        "detected_lang": outcome.detected_lang,
        "answerable": outcome.question.answerable,
        "status": outcome.status,
        "confidence": _rounded(outcome.confidence),
        "chunk_rank": outcome.chunk_rank,
        "sentence_rank": outcome.sentence_rank,
        "retrieval": {name: _rounded(value) for name, value in outcome.retrieval.items()},
        "citations": [asdict(citation) for citation in outcome.citations],
    }


def _rounded(value: float) -> float:
    """Six decimals: what lies beyond is the order of floating-point additions."""
    return round(float(value), _DIGITS)


def _ms(seconds: float) -> float:
    return round(seconds * 1000, 1)
