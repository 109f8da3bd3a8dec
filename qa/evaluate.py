"""Run a question set through the assistant and keep what happened, as one JSON document.

The document is byte-identical on every run over the same index, but for what stands under ``run``: the date, the
machine, versions and latencies. It does not judge the numbers; `qa/expectations.py` does.
"""

from __future__ import annotations

import json
import os
import platform
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from importlib import metadata
from itertools import chain
from pathlib import Path
from time import perf_counter
from typing import Any, NamedTuple, Protocol, TypeVar

from index.types import Chunk, Document
from qa.abstention import abstention, curve
from qa.errors import EvaluationError
from qa.evaluation_json import (
    figure_json,
    milliseconds,
    percentiles_ms,
    points_json,
    question_json,
    scores_json,
)
from qa.intervals import Interval, measured
from qa.metrics import (
    MEASURES_OF_LEGS,
    JudgedCitation,
    Outcome,
    Score,
    Traced,
    judge,
    judge_citation,
    percentile,
    score,
)
from qa.questions import GoldQuestion, QuestionSet
from qa.ranking import LEG_MEASURES, LEGS
from qa.twins import gaps
from qa.types import Excerpt

VERSIONS_OF = ("torch", "sentence-transformers", "chromadb", "tantivy", "ir-measures")
Found = TypeVar("Found")


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

    def rankings(self, trace: Any) -> Mapping[str, Sequence[Chunk]]:  # noqa: ANN401 - its own trace
        """The chunks that each leg brings for the question of a `trace` that it made, best first."""

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
    """One run of one question set.

    `seconds[i]` is what answering the question of `outcomes[i]` took, and `stages[i]` that by stage; empty where it is
    not known.
    """

    question_set: str
    questions_sha256: str
    model: str
    documents: int
    chunks: int
    outcomes: tuple[Outcome, ...]
    seconds: tuple[float, ...]
    environment: Environment
    stages: tuple[Mapping[str, float], ...] = ()

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

    @property
    def legs(self) -> dict[str, dict[str, Score]]:
        """The measures of each leg's ranking over all questions."""
        return _by_leg(score(self.outcomes, MEASURES_OF_LEGS))

    @property
    def intervals_of_legs(self) -> dict[str, dict[str, Interval]]:
        """The 95 % intervals of `legs`."""
        return _by_leg(measured(self.outcomes, MEASURES_OF_LEGS))

    @property
    def abstention(self) -> dict[str, Interval]:
        """How well it knew when to keep silent, by the figures of `qa.abstention`."""
        return abstention(self.outcomes)

    @property
    def twins(self) -> dict[str, tuple[Interval, int]]:
        """The gaps between the questions that are asked in two languages, and over how many pairs; see `qa.twins`."""
        return gaps(self.outcomes)

    @property
    def stage_seconds(self) -> dict[str, tuple[float, ...]]:
        """The seconds of each stage, question by question; a question that did not come to a stage has none there."""
        names = dict.fromkeys(chain.from_iterable(self.stages))
        return {name: tuple(of_one[name] for of_one in self.stages if name in of_one) for name in names}

    def latency(self, percent: float) -> float:
        """The nearest-rank percentile of a question's seconds, the cold first one included."""
        return percentile(self.seconds, percent)

    def to_json(self) -> dict[str, Any]:
        """Plain lists, dicts, strings and numbers, in a fixed order; only ``run`` differs between two runs."""
        of_legs = self.intervals_of_legs
        return {
            "question_set": self.question_set,
            "questions_sha256": self.questions_sha256,
            "model": self.model,
            "documents": self.documents,
            "chunks": self.chunks,
            "total": scores_json(self.total, self.intervals),
            "by_lang": {lang: scores_json(self.by_lang[lang], found) for lang, found in self.intervals_by_lang.items()},
            "by_tag": {tag: scores_json(scores) for tag, scores in self.by_tag.items()},
            "legs": {leg: scores_json(scores, of_legs[leg]) for leg, scores in self.legs.items()},
            "abstention": {name: figure_json(found, len(self.outcomes)) for name, found in self.abstention.items()},
            "risk_coverage": points_json(curve(self.outcomes)),
            "twins": {name: figure_json(*found) for name, found in self.twins.items()},
            "questions": [question_json(outcome) for outcome in self.outcomes],
            "run": self._run(),
        }

    def _groups(self, keys: Callable[[Outcome], Iterable[str]]) -> dict[str, list[Outcome]]:
        """The outcomes under each of their keys, keys in order."""
        names = sorted(set(chain.from_iterable(map(keys, self.outcomes))))
        return {name: [o for o in self.outcomes if name in keys(o)] for name in names}

    def _run(self) -> dict[str, Any]:
        names = [outcome.question.id for outcome in self.outcomes]
        by_question = dict(zip(names, self.stages, strict=True)) if self.stages else {}
        return {
            **asdict(self.environment),
            "latency_ms": {**percentiles_ms(self.seconds), "first": milliseconds(self.seconds[0])},
            "stage_ms": {name: percentiles_ms(seconds) for name, seconds in self.stage_seconds.items()},
            "question_ms": {name: milliseconds(seconds) for name, seconds in zip(names, self.seconds, strict=True)},
            "question_stage_ms": {
                name: {stage: milliseconds(seconds) for stage, seconds in of_one.items()}
                for name, of_one in by_question.items()
            },
        }


class _Run(NamedTuple):
    """How one question went, and the seconds that answering it took, by stage too."""

    outcome: Outcome
    seconds: float
    stages: Mapping[str, float]


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
    runs: list[_Run] = []
    for question in questions.questions:
        runs.append(_ask(assistant, question, info.generation))
        yield Asked(len(runs), len(questions.questions))
    _require_same(info.generation, assistant.info().generation)
    yield Evaluation(
        question_set=questions.name,
        questions_sha256=questions.sha256,
        model=info.model,
        documents=info.documents,
        chunks=info.chunks,
        outcomes=tuple(one.outcome for one in runs),
        seconds=tuple(one.seconds for one in runs),
        environment=environment(info.generation),
        stages=tuple(one.stages for one in runs),
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


def _ask(assistant: Answering, question: GoldQuestion, generation: str) -> _Run:
    """How one question went; what judging takes is not in its seconds."""
    start = perf_counter()
    trace = assistant.trace(question.question)
    seconds = perf_counter() - start
    _require_same(generation, trace.answer.generation)
    outcome = judge(
        question,
        trace,
        tuple(_judge(assistant, citation, question) for citation in trace.answer.citations),
        tuple(_judge(assistant, miss, question) for miss in trace.answer.near_misses),
        rankings=assistant.rankings(trace),
        gold_lang=_gold_lang(assistant, question),
    )
    return _Run(outcome, seconds, trace.answer.timings)


def _require_same(generation: str, now: str) -> None:
    if now != generation:
        raise EvaluationError(f"the index was rebuilt during the evaluation, from {generation} to {now}; run it again")


def _judge(assistant: Answering, citation: Excerpt, question: GoldQuestion) -> JudgedCitation:
    try:
        document = assistant.document(citation.doc_id)
    except KeyError:
        document = None  # cited, but not stored: inexact, not a reason to stop
    return judge_citation(citation, document, question.gold, question.documents)


def _gold_lang(assistant: Answering, question: GoldQuestion) -> str:
    """The language of all documents with gold; "" where there are several, or a document is not there."""
    places = {*question.documents, *(span.doc_id for span in question.gold)}
    try:
        langs = {assistant.document(doc_id).lang for doc_id in places}
    except KeyError:
        return ""
    return langs.pop() if len(langs) == 1 else ""


def _version(package: str) -> str:
    try:
        return metadata.version(package)
    except metadata.PackageNotFoundError:
        return "not installed"


def _lang(outcome: Outcome) -> tuple[str]:
    return (outcome.question.lang,)


def _scored(groups: Mapping[str, Iterable[Outcome]]) -> dict[str, dict[str, Score]]:
    return {name: score(outcomes) for name, outcomes in groups.items()}


def _by_leg(found: Mapping[str, Found]) -> dict[str, dict[str, Found]]:
    """What is named as ``fused nDCG@10``, by leg and measure."""
    legs = {leg: {name: found[f"{leg} {name}"] for name in LEG_MEASURES if f"{leg} {name}" in found} for leg in LEGS}
    return {leg: of_leg for leg, of_leg in legs.items() if of_leg}
