"""Evaluations by the name of their question set, one at a time; the last two runs of each set are kept.

A set is a file ``<name>.jsonl`` in the folder of the settings or among those that were added, which lie in
``<data_dir>/questions``. Its runs lie in ``<data_dir>/evaluations``, as `qa.evaluate.write_result` writes them.
"""

from __future__ import annotations

import json
import logging
import re
import threading
from collections.abc import Generator, Mapping
from dataclasses import fields
from pathlib import Path
from typing import Any

from pydantic import TypeAdapter

from qa.errors import EvaluationError
from qa.evaluate import Answering, Asked, Environment, Evaluation, steps, write_result, write_whole
from qa.expectations import Expectation, read_expectations
from qa.metrics import JudgedCitation, Outcome
from qa.questions import GoldQuestion, begins_like_questions, parse_questions, read_content
from qa.ranking import leg_values, retrieval_values
from qa.settings import Settings

logger = logging.getLogger(__name__)

SUFFIX = ".jsonl"
MAX_SET_BYTES = 2_000_000
_NAME = re.compile(r"\w[\w.-]{0,99}")
_RUNNING = threading.Lock()  # of the whole program: two evaluations at once would measure each other
_QUESTION: TypeAdapter[GoldQuestion] = TypeAdapter(GoldQuestion)
_QUESTION_FIELDS = tuple(field.name for field in fields(GoldQuestion))


class Runs:
    """The question sets of an installation and their runs; safe to use from several threads."""

    def __init__(self, assistant: Answering, settings: Settings) -> None:
        self._assistant = assistant
        self._shipped = settings.questions
        self._added = settings.data_dir / "questions"
        self._kept = settings.data_dir / "evaluations"

    def names(self) -> tuple[str, ...]:
        """The sets that can be run, in order."""
        return tuple(sorted(self._sets()))

    def run(self, name: str) -> Generator[Asked | Evaluation, None, None]:
        """Ask the questions of a set: how far it is after each, and last the evaluation, which is then kept.

        Raises:
            EvaluationError: there is no such set, it does not fit the index, or an evaluation is running.
            BelegError: there is no index that can answer.
        """
        path = self._path(name)
        if not _RUNNING.acquire(blocking=False):
            raise EvaluationError("an evaluation is already running, and there is one at a time; try again later")
        try:
            questions = parse_questions(read_content(path), path.name, self._assistant.document)
            for step in steps(self._assistant, questions):
                if isinstance(step, Evaluation):
                    self._keep(step)
                yield step
        finally:
            _RUNNING.release()

    def add(self, file: str, content: bytes) -> str:
        """Keep a set under the name that its `file` has; the name. One that was added under it before is replaced.

        Raises:
            EvaluationError: the content is too large, no question set or does not fit the index, or the name is none.
        """
        name = Path(file).stem
        if file != f"{name}{SUFFIX}" or not _NAME.fullmatch(name):
            raise EvaluationError(
                f"{file!r} names no question set: that takes letters, digits, - and _, then {SUFFIX}; rename the file"
            )
        if len(content) > MAX_SET_BYTES:
            raise EvaluationError(f"{file}: {len(content)} bytes; a question set has at most {MAX_SET_BYTES}. Split it")
        if (self._shipped / file).exists():
            raise EvaluationError(f"{file}: Beleg has a question set of this name already; rename the file")
        parse_questions(content, file, self._assistant.document)
        try:
            write_whole(self._added / file, content)
        except OSError as error:
            raise EvaluationError(f"{file}: cannot be kept in {self._added} ({error.strerror}); make room") from error
        return name

    def last(self, name: str) -> Evaluation | None:
        """The last run of a set; None where there is none that can be read."""
        return _read(self.result(name))

    def before(self, name: str) -> Evaluation | None:
        """The run before the last one of a set."""
        return _read(self._earlier(name))

    def result(self, name: str) -> Path:
        """The file that the last run of a set is written to.

        Raises:
            EvaluationError: the name is none.
        """
        if not _NAME.fullmatch(name):
            raise EvaluationError(f"{name!r} is no name of a question set: it has letters, digits, - and _")
        return self._kept / f"{name}.json"

    def expectations(self, name: str) -> tuple[Expectation, ...]:
        """What is expected of a set; empty where nothing is.

        Raises:
            EvaluationError: there is no such set, or the expectations beside it cannot be read.
        """
        path = self._path(name).parent / "expectations.yaml"
        found = read_expectations(path) if path.exists() else ()
        return tuple(expectation for expectation in found if expectation.question_set == name)

    def _sets(self) -> dict[str, Path]:
        """Files by name; what only ends like a question set is left out."""
        files = (path for folder in (self._added, self._shipped) for path in folder.glob(f"*{SUFFIX}"))
        return {path.stem: path for path in files if _NAME.fullmatch(path.stem) and begins_like_questions(path)}

    def _path(self, name: str) -> Path:
        sets = self._sets()
        if name not in sets:
            known = ", ".join(sorted(sets)) or f"none; put one into {self._shipped}"
            raise EvaluationError(f"there is no question set {name!r}; there are: {known}")
        return sets[name]

    def _earlier(self, name: str) -> Path:
        return self._kept / "before" / self.result(name).name

    def _keep(self, evaluation: Evaluation) -> None:
        last, earlier = self.result(evaluation.question_set), self._earlier(evaluation.question_set)
        if last.exists():
            earlier.parent.mkdir(exist_ok=True)
            last.replace(earlier)
        write_result(evaluation, last)


def from_json(result: Mapping[str, Any]) -> Evaluation:
    """The evaluation whose `Evaluation.to_json` this is.

    Raises:
        KeyError, TypeError, ValueError: it is none, or one of an older form.
    """
    run = result["run"]
    outcomes = tuple(map(_outcome, result["questions"]))
    names = [outcome.question.id for outcome in outcomes]
    by_stage = run.get("question_stage_ms")
    return Evaluation(
        **{name: result[name] for name in ("question_set", "questions_sha256", "model", "documents", "chunks")},
        outcomes=outcomes,
        seconds=tuple(run["question_ms"][name] / 1000 for name in names),
        environment=Environment(**{name: run[name] for name in Environment.__dataclass_fields__}),
        stages=tuple({stage: ms / 1000 for stage, ms in by_stage[name].items()} for name in names) if by_stage else (),
    )


def read_result(path: Path) -> Evaluation:
    """The evaluation in a result file.

    Raises:
        EvaluationError: it cannot be read, or is none.
    """
    try:
        return from_json(json.loads(path.read_bytes()))
    except OSError as error:
        raise EvaluationError(f"{path}: cannot be read ({error.strerror}); `beleg eval` writes results") from error
    except (AttributeError, KeyError, TypeError, ValueError, RecursionError) as error:
        raise EvaluationError(
            f"{path}: no result of this version of Beleg ({type(error).__name__}: {error}); run `beleg eval` again"
        ) from error


def _outcome(asked: Mapping[str, Any]) -> Outcome:
    ranks = tuple(asked["gold_ranks"])
    question = _QUESTION.validate_python({name: asked[name] for name in _QUESTION_FIELDS if name in asked})
    legs = {leg: tuple(of_leg) for leg, of_leg in asked.get("leg_ranks", {}).items()}
    return Outcome(
        question=question,
        **{name: asked[name] for name in ("detected_lang", "status", "confidence", "sentence_rank")},
        gold_ranks=ranks,
        retrieval=retrieval_values(ranks, question.grades) if ranks else {},  # what was written is rounded
        citations=tuple(JudgedCitation(**citation) for citation in asked["citations"]),
        near_misses=tuple(JudgedCitation(**miss) for miss in asked["near_misses"]),
        leg_ranks=legs,
        legs=leg_values(legs, question.grades) if legs else {},
        tokens=asked.get("tokens", {}),
        gold_lang=asked.get("gold_lang", ""),
    )


def _read(path: Path) -> Evaluation | None:
    try:
        return from_json(json.loads(path.read_bytes()))
    except FileNotFoundError:
        return None
    except (OSError, KeyError, TypeError, ValueError) as error:
        logger.warning("%s: not a result that can be shown (%s); the next run replaces it", path, type(error).__name__)
        return None
