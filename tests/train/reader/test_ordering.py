"""Weights that order the sentences of a question: on made-up clues, and the loss held against what it should be."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.optimize import check_grad

from train.reader.ordering import PENALTY, SINGLE, Flags, Numbers, Sentences, loss, ordering


def questions(*, answered: int = 100, others: int = 100, sentences: int = 6) -> list[tuple[Numbers, Flags]]:
    """Of the first clue right sentences have more; the second all of an answered question have, the third is noise."""
    draw = np.random.default_rng(2)
    made = []
    for number in range(answered + others):
        clues, holds = draw.normal(size=(sentences, 3)), np.zeros(sentences, dtype=bool)
        if number < answered:
            holds[draw.integers(sentences)] = True
            clues[holds, 0] += 2
            clues[:, 1] += 2
        made.append((clues, holds))
    return made


def test_what_tells_the_sentences_of_a_question_apart_is_weighed_most() -> None:
    _, evidence, of_question, noise = ordering(questions())
    assert evidence > 2 * of_question > 2 * abs(noise)


def test_scores_are_log_odds() -> None:
    asked = questions()
    bias, *weights = ordering(asked)
    clues, holds = (np.concatenate(parts) for parts in zip(*asked, strict=True))
    assert np.mean(1 / (1 + np.exp(-(bias + clues @ np.array(weights))))) == pytest.approx(holds.mean(), rel=0.01)


def test_a_clue_counted_in_other_units_orders_the_same() -> None:
    asked = questions()
    bias, *weights = ordering(asked)
    units = np.array([10.0, 0.1, 1.0])
    other_bias, *other = ordering([(clues * units + 5, holds) for clues, holds in asked])
    assert np.array(other) * units == pytest.approx(weights, abs=0.002)
    assert other_bias + 5 * sum(other) == pytest.approx(bias, abs=0.01)


def test_a_clue_that_never_differs_weighs_nothing() -> None:
    *_, last = ordering([(np.hstack([clues, np.full((len(clues), 1), 0.1)]), holds) for clues, holds in questions()])
    assert last == 0


@given(
    weights=st.lists(st.floats(-3, 3), min_size=3, max_size=3),
    lengths=st.lists(st.integers(1, 4), min_size=1, max_size=4),
    seed=st.integers(0, 9),
)
def test_the_gradient_is_that_of_the_loss(weights: list[float], lengths: list[int], seed: int) -> None:
    draw = np.random.default_rng(seed)
    answered = [(draw.normal(size=(length, 2)), np.arange(length) == length - 1) for length in lengths]
    every = [*answered, (draw.normal(size=(3, 2)), np.zeros(3, dtype=bool))]
    both = Sentences.of(every), Sentences.of(answered)
    assert check_grad(lambda w: loss(w, *both)[0], lambda w: loss(w, *both)[1], np.array(weights)) < 1e-4


def test_the_loss_of_one_question_by_hand() -> None:
    one = Sentences.of([(np.array([[2.0], [0.5]]), np.array([True, False]))])
    value, _ = loss(np.array([-1.0, 1.0]), one, one)
    order = np.log(1 + np.exp(0.5 - 2.0))
    single = np.log(1 + np.exp(-1.0)) + np.log(1 + np.exp(-0.5))
    assert value == pytest.approx(order + SINGLE * single + PENALTY / 2)


def test_of_several_right_sentences_any_will_do() -> None:
    clues = np.array([[1.0], [3.0], [2.0]])
    asked = Sentences.of([(clues, np.array([True, False, True]))])
    nothing = asked._replace(clues=np.zeros((0, 1)), holds=np.zeros(0, dtype=bool))
    value, _ = loss(np.array([0.0, 1.0]), nothing, asked)
    share = (np.e + np.e**2) / (np.e + np.e**2 + np.e**3)
    assert value == pytest.approx(-np.log(share) + PENALTY / 2)
