"""Fitting the trained reader's weights: on made-up clues whose right sentence is known."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa.trained import Clues, Signs
from train.reader.calibrate import WRONG, Shown, cross_fitted, figures, fit, show, threshold
from train.reader.gather import Asked

ARTICLES = [f"article {number}" for number in range(20)]


def asked(draw: np.random.Generator, article: str, *, answerable: bool) -> Asked:
    """Six sentences; where there is an answer, one has more evidence."""
    clues = draw.normal(size=(6, len(Clues._fields)))
    holds = np.zeros(6, dtype=bool)
    if answerable:
        right = draw.integers(6)
        clues[right, 0] += 6
        holds[right] = True
    kind = "same" if draw.random() < 0.5 else "across"
    return Asked(article, kind, "archive", "as it is" if answerable else "left out", clues, holds)


@pytest.fixture(scope="module")
def questions() -> list[Asked]:
    draw = np.random.default_rng(1)
    return [asked(draw, article, answerable=bool(i % 2)) for article in ARTICLES for i in range(12)]


def test_evidence_that_tells_is_weighed_and_noise_is_not(questions: list[Asked]) -> None:
    fitted = fit(questions)
    for kind in ("same", "across"):
        _, evidence, *others = fitted["weights"][kind]["sentence"]
        assert evidence > 3 * max(map(abs, others))
        assert len(fitted["weights"][kind]["answer"]) == 1 + len(Signs._fields)


def test_answers_are_told_from_questions_without_one(questions: list[Asked]) -> None:
    halves, shown = cross_fitted(questions)
    assert len(halves) == 2
    assert len(shown) == len(questions)
    found = figures(shown)["archive"]
    assert found["right_sentence_first"] > 0.9
    assert found["answered"] > 0.9
    assert found["abstained_when_left_out"] > 0.7  # a tenth of all questions may be answered wrongly
    assert found["answered_wrongly"] < 0.15
    assert found["auroc_of_right"] > 0.9


def test_a_question_for_which_nothing_was_found_is_not_answered(questions: list[Asked]) -> None:
    nothing = questions[0]._replace(clues=np.zeros((0, len(Clues._fields))), holds=np.zeros(0, dtype=bool))
    (shown,) = show(fit(questions), [nothing])
    assert (shown.confidence, shown.right) == (0.0, False)


@given(st.lists(st.tuples(st.floats(0.01, 0.99), st.booleans()), min_size=1))
def test_at_the_threshold_no_more_than_the_allowed_share_is_answered_wrongly(answers: list[tuple[float, bool]]) -> None:
    one = Asked("a", "same", "archive", "as it is", np.zeros((0, len(Clues._fields))), np.zeros(0, dtype=bool))
    shown = [Shown(one, round(confidence, 3), right) for confidence, right in answers]
    least = threshold(shown)
    wrong = sum(not answer.right for answer in shown if answer.confidence >= least)
    assert wrong <= WRONG * len(shown) + 1e-9
