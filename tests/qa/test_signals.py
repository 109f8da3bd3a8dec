"""Reading without the trained network: real signals on the real seed, probabilities, ties."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.model_files import encoder_sha256, find_model
from index.settings import DEFAULT_MODEL
from qa.pipeline import Assistant
from qa.signals import Calibration, Signals, read_calibrations

WEIGHTS = {"same": (-1.0, 1.0, 0.0, 2.0, 0.0, 0.0), "across": (-2.0, 1.0, 0.0, 2.0, 0.0, 0.0)}
SIGNALS = st.builds(Signals, *(st.floats(0, 1) for _ in Signals._fields))


def test_the_shipped_calibrations_fit_the_signals() -> None:
    shipped = read_calibrations()
    assert set(shipped) == {"dense", "lexical"}
    for calibration in shipped.values():
        assert 0 < calibration.threshold < 1
        assert {kind: len(weights) for kind, weights in calibration.weights.items()} == {
            "same": 1 + len(Signals._fields),
            "across": 1 + len(Signals._fields),
        }


def test_the_shipped_confidence_was_fitted_with_the_shipped_encoder() -> None:
    fitted = read_calibrations()["dense"].encoder
    assert fitted == encoder_sha256(DEFAULT_MODEL, find_model(DEFAULT_MODEL)), "fit it again: make calibrate"


def test_a_probability_is_the_logistic_of_the_weighted_signals() -> None:
    calibration = Calibration("", 0.5, WEIGHTS)
    signals = Signals(0.5, 0.7, 0.25, 0.9, 1.0)
    assert calibration.probability(signals, same_language=True) == pytest.approx(1 / (1 + math.exp(-(-1 + 0.5 + 0.5))))
    assert calibration.probability(signals, same_language=False) < calibration.probability(signals, same_language=True)


@given(SIGNALS, st.booleans(), st.sampled_from(["dense", "lexical"]))
def test_every_shipped_probability_is_one(signals: Signals, same: bool, kind: str) -> None:  # noqa: FBT001
    assert 0 <= read_calibrations()[kind].probability(signals, same_language=same) <= 1


def test_more_of_the_question_in_the_sentence_never_makes_it_less_probable() -> None:
    for calibration in read_calibrations().values():
        for same in (True, False):
            low, high = (Signals(0.3, 0.3, covered, 0.5, 1.0) for covered in (0.1, 0.9))
            assert calibration.probability(low, same_language=same) <= calibration.probability(high, same_language=same)


def test_each_sentence_is_read_once_and_the_best_comes_first(assistant: Assistant) -> None:
    evidence = assistant.trace("What did Hegseth say about NATO?").evidence
    assert len({(e.doc_id, e.sentence) for e in evidence}) == len(evidence)
    assert [e.score for e in evidence] == sorted((e.score for e in evidence), reverse=True)


def test_a_person_who_is_not_there_makes_every_sentence_less_probable(assistant: Assistant) -> None:
    there = assistant.trace("What did Hegseth say about the borders?").evidence[0].score
    not_there = assistant.trace("What did Merkel say about the borders?").evidence[0].score
    assert not_there < there
