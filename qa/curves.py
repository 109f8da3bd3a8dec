"""Two curves of an evaluation: recall against how many passages are read, and risk against how much is answered."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from qa.intervals import Floats, mean
from qa.metrics import Outcome

CUTOFFS = tuple(range(1, 21))


def recall_curve(outcomes: Sequence[Outcome]) -> tuple[float, ...]:
    """``recall@k`` as `qa.metrics` has it, for each k of `CUTOFFS`; empty where no question is answerable."""
    ranks = [outcome.gold_ranks for outcome in outcomes if outcome.gold_ranks]
    shares = [[np.mean([0 < rank <= k for rank in of_one]) for of_one in ranks] for k in CUTOFFS]
    return tuple(float(np.mean(of_all)) for of_all in shares) if ranks else ()


def first_is_right(outcomes: Sequence[Outcome]) -> tuple[Floats, Floats]:
    """Each question's confidence, and 1 where its most probable sentence is gold, else 0.

    Of an unanswerable question it never is: to be right there is to be not confident.
    """
    confidence = np.array([outcome.confidence for outcome in outcomes], dtype=np.float64)
    return confidence, np.array([outcome.sentence_rank == 1 for outcome in outcomes], dtype=np.float64)


def auroc(confidence: npt.ArrayLike, right: npt.ArrayLike) -> float:
    """The probability that a right one has more confidence than a wrong one, ties counting half; nan without both.

    The area under the ROC curve by mean ranks (Mann and Whitney 1947, Hanley and McNeil 1982).
    """
    is_right = np.asarray(right, dtype=bool)
    rights, wrongs = int(is_right.sum()), int((~is_right).sum())
    if not rights or not wrongs:
        return float("nan")
    _, tie, sizes = np.unique(np.asarray(confidence), return_inverse=True, return_counts=True)
    mean_rank = np.cumsum(sizes) - (sizes - 1) / 2
    beaten = mean_rank[tie][is_right].sum() - rights * (rights + 1) / 2
    return float(beaten / (rights * wrongs))


def operating_point(outcomes: Sequence[Outcome]) -> tuple[float, float] | None:
    """Coverage and risk as Beleg answered, with its threshold; None where it never did."""
    answered = [outcome for outcome in outcomes if outcome.status == "answered"]
    if not answered:
        return None
    return len(answered) / len(outcomes), 1 - mean(first_is_right(answered)[1])


def risk_coverage(confidence: npt.ArrayLike, right: npt.ArrayLike) -> tuple[Floats, Floats]:
    """Coverage 1/n, 2/n .. 1 and at each the risk: the share of wrong ones among the so many most confident.

    El-Yaniv and Wiener 2010, Geifman and El-Yaniv 2017. Where confidences tie, the risk is the expected one under a
    random order among them.
    """
    wrong = 1 - np.asarray(right, dtype=np.float64)
    _, tie, sizes = np.unique(-np.asarray(confidence, dtype=np.float64), return_inverse=True, return_counts=True)
    expected = np.repeat(np.bincount(tie, wrong) / sizes, sizes)
    answered = np.arange(1, len(wrong) + 1)
    return answered / len(wrong), np.cumsum(expected) / answered


def area_under_risk_coverage(confidence: npt.ArrayLike, right: npt.ArrayLike) -> float:
    """The mean risk over all coverages, 0 at best (Geifman, Uziel and El-Yaniv 2019, equation 2)."""
    return mean(risk_coverage(confidence, right)[1])
