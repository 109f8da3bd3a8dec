"""Fits how the trained reader orders sentences, how sure it is of the first one, and when to abstain.

Writes ``calibration.json`` beside the reader's weights. Of every question that `train.asking` asks, what counts is the
sentence that holds the answer. Two logistic regressions for documents in the question's language and two for others:
over `qa.trained.Clues` which of the sentences it is; over `qa.trained.Signs` whether the best one is it (Platt 1999).
The threshold is the lowest at which at most a tenth of the questions get a wrong answer, being asked as often without
their article as with it.

Everything is fitted three times: on all of the data, to be shipped, and on each half of the articles, to be measured on
the other one. What is reported is measured so.

    python -m train.reader.calibrate ../shared/data --reader models/reader-de-en
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
from measures import expected_calibration_error
from remembered import KEPT
from sklearn.linear_model import LogisticRegression
from systems import half

from index.embed import embedder_sha256
from index.model_files import weights_sha256
from index.settings import IndexSettings
from qa.curves import auroc
from qa.read import logistic, weighed
from qa.trained import CALIBRATION, READER, Clues, Signs, signs_of
from train.asking import Kind, Way
from train.reader.gather import Asked, Numbers, gather

WRONG = 0.1  # of the questions asked
KINDS: tuple[Kind, ...] = ("same", "across")
WEAK = 1.0  # inverse strength of the regularisation, as scikit-learn counts it

Fitted = dict[str, Any]  # weights and threshold as the file has them


class Shown(NamedTuple):
    """What a calibration makes of a question: how sure it is of its first sentence, and whether that is right."""

    asked: Asked
    confidence: float
    right: bool


def fit(asked: Sequence[Asked]) -> Fitted:
    """Both regressions of both kinds, and the threshold."""
    weights: dict[str, dict[str, list[float]]] = {}
    for kind in KINDS:
        of_kind = [one for one in asked if one.kind == kind and len(one.holds)]
        sentence = _regression(np.concatenate([a.clues for a in of_kind]), np.concatenate([a.holds for a in of_kind]))
        firsts = [_first(sentence, one) for one in of_kind]
        answer = _regression(
            np.array([signs for signs, _ in firsts]), np.array([right for _, right in firsts]), _balance(of_kind)
        )
        weights[kind] = {"sentence": sentence, "answer": answer}
    shown = show({"weights": weights}, asked)
    return {"threshold": threshold(shown), "weights": weights}


def show(fitted: Fitted, asked: Sequence[Asked]) -> list[Shown]:
    """Every question as `fitted` answers it; one for which nothing was found has no answer."""
    shown = []
    for one in asked:
        if not len(one.holds):
            shown.append(Shown(one, 0.0, right=False))
            continue
        of_kind = fitted["weights"][one.kind]
        signs, right = _first(of_kind["sentence"], one)
        shown.append(Shown(one, logistic(weighed(of_kind["answer"], signs)), right))
    return shown


def threshold(shown: Sequence[Shown]) -> float:
    """The lowest confidence from which on at most `WRONG` of the questions, no name exchanged, get a wrong answer."""
    ranked = sorted((one for one in shown if one.asked.way != "another name"), key=lambda one: -one.confidence)
    confidence = np.array([one.confidence for one in ranked])
    wrong = np.cumsum([not one.right for one in ranked]) / len(ranked)
    last_of_its_kind = np.append(confidence[:-1] != confidence[1:], values=True)
    allowed = np.flatnonzero((wrong <= WRONG) & last_of_its_kind)
    return float(confidence[allowed[-1]]) if len(allowed) else 1.0


def figures(shown: Sequence[tuple[Shown, float]]) -> Mapping[str, Mapping[str, float]]:
    """By place what the cross-fitted confidences, each with its threshold, come to."""
    places = dict.fromkeys(one.asked.place for one, _ in shown)
    return {place: dict(_figures([pair for pair in shown if pair[0].asked.place == place])) for place in places}


def _figures(shown: Sequence[tuple[Shown, float]]) -> Iterator[tuple[str, float]]:
    def of(way: Way) -> list[tuple[Shown, float]]:
        return [pair for pair in shown if pair[0].asked.way == way]

    real = of("as it is")
    asked = [one for one, _ in [*real, *of("left out")]]
    given = [one for one, least in [*real, *of("left out")] if one.confidence >= least]
    confidence, right = np.array([(one.confidence, one.right) for one in asked], dtype=float).T
    yield "questions", len(real)
    yield "right_sentence_first", _share(one.right for one, _ in real)
    yield "answered", _share(one.confidence >= least for one, least in real)
    yield "abstained_when_left_out", _share(one.confidence < least for one, least in of("left out"))
    if renamed := of("another name"):
        yield "abstained_with_another_name", _share(one.confidence < least for one, least in renamed)
    yield "answered_wrongly", round(sum(not one.right for one in given) / len(asked), 4)
    if given:
        yield "wrong_of_answers_given", _share(not one.right for one in given)
    yield "auroc_of_right", round(auroc(confidence, right), 4)
    yield "calibration_error", round(expected_calibration_error(confidence, right), 4)


def cross_fitted(asked: Sequence[Asked]) -> tuple[list[Fitted], list[tuple[Shown, float]]]:
    """By half what is fitted on the other one, and every question as what did not see its article answers it."""
    halves = [fit([one for one in asked if half(one.article) != own]) for own in (0, 1)]
    shown = [
        (one, fitted["threshold"])
        for own, fitted in enumerate(halves)
        for one in show(fitted, [one for one in asked if half(one.article) == own])
    ]
    return halves, shown


def _first(sentence: Sequence[float], one: Asked) -> tuple[Signs, bool]:
    """The signs of the best sentence, and whether it is right."""
    logits = sentence[0] + one.clues @ np.array(sentence[1:])
    best = np.argsort(-logits, kind="stable")[:2]
    return signs_of([(float(logits[i]), Clues(*one.clues[i])) for i in best]), bool(one.holds[best[0]])


def _balance(asked: Sequence[Asked]) -> Numbers:
    """Weights that make questions as they are count as much as all that have no answer."""
    as_it_is = np.array([one.way == "as it is" for one in asked])
    return np.where(as_it_is, 0.5 / as_it_is.sum(), 0.5 / max(1, (~as_it_is).sum())) * len(asked)


def _regression(rows: Numbers, right: npt.NDArray[np.bool_], weights: Numbers | None = None) -> list[float]:
    """Bias and one weight for each column."""
    model = LogisticRegression(C=WEAK, max_iter=2000).fit(rows, right, sample_weight=weights)
    return [round(float(model.intercept_[0]), 4), *(round(float(w), 4) for w in model.coef_[0])]


def _share(values: Iterator[bool]) -> float:
    return round(float(np.mean(list(values))), 4)


def main() -> None:
    """Ask, fit, print and write."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("data", type=Path, help="folder that has dev/ and corpus/")
    parser.add_argument("--reader", type=Path, default=READER, help="the reader's folder")
    parser.add_argument("--kept", type=Path, default=KEPT, help="what the network is remembered to make of a row")
    arguments = parser.parse_args()
    asked = gather(arguments.data, arguments.reader, arguments.kept)
    halves, shown = cross_fitted(asked)
    result = {
        "reader": weights_sha256(arguments.reader),
        "encoder": embedder_sha256(IndexSettings.load()),
        "data": ["xquad_dev_en_de", "quotes_dev_de"],
        "clues": list(Clues._fields),
        "signs": list(Signs._fields),
        **fit(asked),
        "halves": halves,
        "cross_fitted": figures(shown),
    }
    text = json.dumps(result, indent=1) + "\n"
    (arguments.reader / CALIBRATION).write_text(text, encoding="utf-8")
    print(text)


if __name__ == "__main__":
    main()
