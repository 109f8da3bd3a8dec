"""The least that an evaluation must reach, read from YAML and checked.

Minimum values only: a result that is better than expected is never a failure.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import yaml

from qa.errors import EvaluationError
from qa.evaluate import Evaluation
from qa.metrics import MEASURES, Score


@dataclass(frozen=True, slots=True)
class Expectation:
    """`measure` over all questions of the set `question_set` must be at least `minimum`.

    Raises:
        EvaluationError: there is no such measure, or the minimum is not a number.
    """

    question_set: str
    measure: str
    minimum: float

    def __post_init__(self) -> None:
        """Check the measure's name and the number."""
        known = [measure.name for measure in MEASURES]
        if self.measure not in known:
            raise EvaluationError(
                f"expectations for {self.question_set}: no measure {self.measure!r}; there are {', '.join(known)}"
            )
        if not _is_number(self.minimum):
            raise EvaluationError(
                f"expectations for {self.question_set}: {self.measure} needs a number, got {self.minimum!r}"
            )


def read_expectations(path: Path) -> tuple[Expectation, ...]:
    """All expectations in `path`: a mapping of question sets to mappings of measures to minimum values.

    Raises:
        EvaluationError: the file is unreadable, of another shape, or names a measure that does not exist.
    """
    sets = _mapping(_yaml(path), f"{path}: question sets")
    return tuple(
        Expectation(str(name), str(measure), minimum)  # type: ignore[arg-type]  # Expectation checks the number
        for name, minimums in sets.items()
        for measure, minimum in _mapping(minimums, f"{path}: {name}: measures").items()
    )


def check(evaluation: Evaluation, expectations: Iterable[Expectation]) -> tuple[str, ...]:
    """One line for each expectation of the evaluation's question set that is not met.

    Raises:
        EvaluationError: none of them is for this question set, so that nothing would be checked.
    """
    name = evaluation.question_set
    ours = tuple(expectation for expectation in expectations if expectation.question_set == name)
    if not ours:
        raise EvaluationError(f"no expectations for the question set {name!r}; add them to evals/expectations.yaml")
    reached = evaluation.total
    return tuple(_failure(e, reached.get(e.measure)) for e in ours if not is_met(e, reached.get(e.measure)))


def is_met(expectation: Expectation, reached: Score | None) -> bool:
    """Whether the score is enough. Without a single sample it is not: exactness of no citations is no exactness."""
    return reached is not None and reached.value >= expectation.minimum


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)


def _failure(expectation: Expectation, reached: Score | None) -> str:
    found = "has no sample" if reached is None else f"is {reached.value:.3f} (n = {reached.n})"
    return f"{expectation.question_set}: {expectation.measure} {found}, expected at least {expectation.minimum}"


def _yaml(path: Path) -> object:
    try:
        return yaml.safe_load(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise EvaluationError(f"{path}: the expectations cannot be read ({error.strerror})") from error
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise EvaluationError(f"{path}: the expectations are not YAML ({error})") from error


def _mapping(value: object, what: str) -> dict[object, object]:
    if not isinstance(value, dict) or not value:
        raise EvaluationError(f"{what}: expected a mapping with at least one entry, got {value!r}")
    return value
