"""Knowing when to keep silent: against cases worked out by hand, and against scikit-learn."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.metrics import accuracy_score, roc_auc_score

from qa.abstention import abstention
from qa.metrics import Outcome
from qa.questions import GoldQuestion, GoldSpan

GOLD = (GoldSpan("d", 0, 1, "x"),)
CASES = st.lists(
    st.tuples(st.sampled_from([0.0, 0.1, 0.5, 0.9]), st.booleans(), st.booleans(), st.booleans()),
    min_size=2,
    max_size=12,
)


def outcome(confidence: float, *, answerable: bool, right: bool = False, answered: bool = False) -> Outcome:
    question = GoldQuestion("q", "Wer?", "de", answerable=answerable, gold=GOLD if answerable else ())
    rank = 1 if right and answerable else 0
    return Outcome(question, "de", "answered" if answered else "abstained", confidence, (), rank, {}, ())


FOUR = (
    outcome(0.9, answerable=True, right=True, answered=True),
    outcome(0.8, answerable=False, answered=True),
    outcome(0.6, answerable=True, right=True, answered=True),
    outcome(0.3, answerable=True),
)


def test_the_figures_by_hand() -> None:
    found = {name: interval.value for name, interval in abstention(FOUR).items()}
    assert found == {
        "AUROC": pytest.approx(1 / 3),  # of three pairs one is in order
        "AURC": pytest.approx((0 + 1 / 2 + 1 / 3 + 1 / 2) / 4),
        "accuracy": pytest.approx(2 / 4),  # the first and the third
    }


def test_an_interval_surrounds_its_value() -> None:
    for interval in abstention(FOUR * 5).values():
        assert interval.low <= interval.value <= interval.high
        assert interval.low < interval.high


def test_with_answerable_questions_alone_there_is_no_auroc() -> None:
    assert list(abstention([FOUR[0], FOUR[2]])) == ["AURC", "accuracy"]


@given(CASES)
def test_they_are_those_of_scikit_learn(cases: list[tuple[float, bool, bool, bool]]) -> None:
    outcomes = [outcome(c, answerable=a, right=r, answered=s) for c, a, r, s in cases]
    confidence, answerable, _, answered = map(np.array, zip(*cases, strict=True))
    found = abstention(outcomes)
    assert found["accuracy"].value == pytest.approx(accuracy_score(answerable, answered))
    if answerable.any() and not answerable.all():
        assert found["AUROC"].value == pytest.approx(roc_auc_score(answerable, confidence))


def test_figures_of_a_run_that_was_read_again_are_the_same() -> None:
    precise, written = outcome(0.12345678, answerable=True), outcome(0.123457, answerable=True)
    other = outcome(0.1234568, answerable=False)
    assert abstention([precise, other]) == abstention([written, other])
