"""The gate: what `beleg eval --check` compares a run with, and how far below it may be.

Two things are checked. A minimum in ``expectations.yaml`` must be reached. And no measure in `GATED` may lie clearly
below the baseline, an earlier run of the same questions that was accepted: it fails where the 95 % interval of the
paired difference, now less then, lies wholly below zero. So the tolerance is what the questions themselves give: one
question that turns is within it, a ranking that is worse is not.

A baseline is numbers alone, so that it can be committed where the texts may not be: for each measure the value of each
question, in the order of the set.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from pydantic import ConfigDict, TypeAdapter, ValidationError

from index.errors import problems
from qa.errors import EvaluationError
from qa.evaluate import Evaluation, write_whole
from qa.expectations import check, read_expectations
from qa.intervals import Floats, bootstrap
from qa.metrics import MEASURES, MEASURES_OF_LEGS, Measure, Outcome

GATED = (
    *("recall@1", "RR@10", "nDCG@10", "sentence_hit@1", "sentence_hit@3"),
    *("answered_right", "abstention_recall", "language_accuracy"),
    *("lexical nDCG@10", "dense nDCG@10", "fused nDCG@10", "reranked nDCG@10"),
)
"""What may not get worse; each has at most one sample of a question."""
FOLDER = "baselines"
_DIGITS = 4
_SEED = 4


@dataclass(frozen=True, slots=True)
class Baseline:
    """An accepted run: ``samples[measure][i]`` is the value of the i-th question, None where it has none."""

    __pydantic_config__ = ConfigDict(extra="forbid")

    question_set: str
    questions_sha256: str
    model: str
    samples: Mapping[str, tuple[float | None, ...]]


_PARSER: TypeAdapter[Baseline] = TypeAdapter(Baseline)


def baseline_path(questions: Path, name: str) -> Path:
    """Where the baseline of a question set is kept: beside it."""
    return questions.parent / FOLDER / f"{name}.json"


def require(questions: Path) -> None:
    """Make sure, before anything is asked, that there is something to check a question set by.

    Raises:
        EvaluationError: there is neither a file of expectations nor a baseline beside it, or the file cannot be used.
    """
    minimums = questions.parent / "expectations.yaml"
    if minimums.exists() or not (questions.parent / FOLDER).is_dir():
        read_expectations(minimums)


def unmet(evaluation: Evaluation, questions: Path) -> tuple[str, ...]:
    """One line for each expectation that is not met and each measure that is clearly below the baseline.

    Both lie beside the file or folder `questions`; one of the two may be missing.

    Raises:
        EvaluationError: there is neither, or one cannot be used.
    """
    minimums, path = questions.parent / "expectations.yaml", baseline_path(questions, evaluation.question_set)
    if not path.exists():
        return check(evaluation, read_expectations(minimums))
    expected = read_expectations(minimums) if minimums.exists() else ()
    ours = [one for one in expected if one.question_set == evaluation.question_set]
    return (*(check(evaluation, ours) if ours else ()), *regressions(evaluation, read_baseline(path)))


def regressions(evaluation: Evaluation, baseline: Baseline) -> tuple[str, ...]:
    """One line for each measure that is clearly below the baseline.

    Raises:
        EvaluationError: the baseline is of other questions.
    """
    if baseline.questions_sha256 != evaluation.questions_sha256:
        raise EvaluationError(
            f"the baseline of {evaluation.question_set!r} was made with other questions "
            f"(sha256 {baseline.questions_sha256[:12]}, now {evaluation.questions_sha256[:12]}). If these are meant, "
            f"run beleg eval with --accept"
        )
    lines = (_regression(evaluation, name, before) for name, before in baseline.samples.items())
    return tuple(filter(None, lines))


def accept(evaluation: Evaluation, path: Path) -> None:
    """Keep a run as the baseline in `path`.

    Raises:
        EvaluationError: it cannot be written there.
    """
    samples = {name: _samples(evaluation.outcomes, _MEASURES[name]) for name in GATED}
    kept = Baseline(
        evaluation.question_set,
        evaluation.questions_sha256,
        evaluation.model,
        {name: values for name, values in samples.items() if any(value is not None for value in values)},
    )
    lines = ",\n".join(f"  {json.dumps(name)}: {json.dumps(values)}" for name, values in kept.samples.items())
    head = {"question_set": kept.question_set, "questions_sha256": kept.questions_sha256, "model": kept.model}
    content = json.dumps(head, indent=1)[:-2] + f',\n "samples": {{\n{lines}\n }}\n}}\n'
    try:
        write_whole(path, content.encode("utf-8"))
    except OSError as error:
        raise EvaluationError(f"{path}: the baseline cannot be written ({error.strerror})") from error


def read_baseline(path: Path) -> Baseline:
    """The baseline in `path`.

    Raises:
        EvaluationError: it cannot be read, or is none.
    """
    try:
        found = _PARSER.validate_json(path.read_bytes())
    except OSError as error:
        raise EvaluationError(f"{path}: cannot be read ({error.strerror})") from error
    except ValidationError as error:
        raise EvaluationError(f"{path}: no baseline ({problems(error)}). Make it anew with --accept") from error
    if unknown := [name for name in found.samples if name not in _MEASURES]:
        raise EvaluationError(f"{path}: no measure {unknown[0]!r}. Make it anew with --accept")
    if len({len(values) for values in found.samples.values()}) != 1:
        raise EvaluationError(f"{path}: measures of different numbers of questions. Make it anew with --accept")
    return found


_MEASURES: Mapping[str, Measure] = {measure.name: measure for measure in (*MEASURES, *MEASURES_OF_LEGS)}


def _samples(outcomes: Sequence[Outcome], measure: Measure) -> tuple[float | None, ...]:
    """Each question's only sample, rounded; None where it has none."""
    values = (next(iter(measure.samples(outcome)), None) for outcome in outcomes)
    return tuple(None if value is None else round(value, _DIGITS) for value in values)


def _regression(evaluation: Evaluation, name: str, before: Sequence[float | None]) -> str:
    """What is to be said of a measure; "" where it is not clearly lower."""
    now = _samples(evaluation.outcomes, _MEASURES[name])
    pairs: Floats = np.array(
        [pair for pair in zip(now, before, strict=True) if None not in pair], dtype=np.float64
    ).reshape(-1, 2)
    if not len(pairs):
        return f"{evaluation.question_set}: {name} has no sample, the baseline has some"
    gain = bootstrap(pairs[:, 0] - pairs[:, 1], seed=_SEED)
    if gain.high >= 0:
        return ""
    means = pairs.mean(axis=0)
    return (
        f"{evaluation.question_set}: {name} is {means[0]:.3f}, in the baseline {means[1]:.3f}; the difference of "
        f"{gain.value:.3f} (95 % interval {gain.low:.3f} to {gain.high:.3f}, n = {len(pairs)}) is beyond chance"
    )
