"""Fits what makes a sentence evidence without the trained reader, and when to abstain; writes qa/calibration.json.

Of every question that `train.asking` asks, the sentence that holds the answer is the positive and all others that are
read are negatives.

Weights: logistic regression over `qa.signals.Signals`, apart for one language and across two, with and without an
encoder. Threshold: where accuracy is highest, a question counting as right if it is answered from its own paragraph, or
not answered where it has no answer; on out-of-fold probabilities, a fold being a fifth of the articles.

    python -m train.calibrate ../shared/data/dev
"""

from __future__ import annotations

import argparse
import json
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import chain
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
from rich.progress import track
from sklearn.linear_model import LogisticRegression

from index.embed import Embedder, open_embedder
from index.reader import IndexReader
from index.settings import IndexSettings
from index.types import Span
from qa.signals import CALIBRATION, Calibration, SignalReader, Signals
from train.asking import Case, Kind, Place, Way, archive, stories
from train.encoder.data import read_jsonl

FOLDS = 5
ENCODER_SIGNALS = ("similarity", "in_context")
NO_WEIGHTS = Calibration("", 0.0, {})

Flags = npt.NDArray[np.bool_]
Numbers = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Asked:
    """A question asked in one way, with what was read for it, sentence by sentence."""

    article: str
    kind: Kind
    place: Place
    way: Way
    rows: Numbers  # (sentences, signals)
    holds_answer: Flags
    own_paragraph: Flags


class Judged(NamedTuple):
    """The best sentence for a question: its probability, whether it is right, whether there is an answer at all."""

    probability: float
    right_sentence: bool
    right_paragraph: bool
    answerable: bool


@lru_cache(maxsize=1)
def _reader(index: IndexReader, embedder: Embedder) -> SignalReader:
    """One for all questions over an index: it remembers the sentences that it has embedded."""
    return SignalReader(index, embedder, NO_WEIGHTS)


def read(case: Case, embedder: Embedder) -> Asked:
    """The signals of every sentence that was found for a question."""
    best: dict[tuple[str, Span], Signals] = {}
    rows = _reader(case.index, embedder).signals(case.question, case.found)
    for one, of_passage in zip(case.found, rows, strict=True):
        for sentence, signals in zip(one.passage.chunk.sentences, of_passage, strict=True):
            best.setdefault((one.passage.document.id, sentence), signals)
    holds = np.array([case.holds(*sentence) for sentence in best], dtype=bool)
    own = np.array([case.owns(doc_id) for doc_id, _ in best], dtype=bool)
    signals_of = np.array(list(best.values())).reshape(-1, len(Signals._fields))
    return Asked(case.article, case.kind, case.place, case.way, signals_of, holds, own)


def fit(asked: Sequence[Asked]) -> tuple[float, ...]:
    """Bias and one weight per signal."""
    model = LogisticRegression(C=10.0, max_iter=1000)
    model.fit(np.concatenate([a.rows for a in asked]), np.concatenate([a.holds_answer for a in asked]))
    return (round(float(model.intercept_[0]), 4), *(round(float(w), 4) for w in model.coef_[0]))


def probabilities(weights: Sequence[float], rows: Numbers) -> Numbers:
    """As `Calibration.probability`, for many sentences."""
    return np.asarray(1 / (1 + np.exp(-(weights[0] + rows @ np.array(weights[1:])))))


def out_of_fold(asked: Sequence[Asked]) -> list[tuple[Asked, Judged]]:
    """Every question judged by weights that saw nothing of its article; without any sentence it is not answered."""
    fold = {name: i % FOLDS for i, name in enumerate(sorted({a.article for a in asked}))}
    judged = []
    for held_out in range(FOLDS):
        for kind in ("same", "across"):
            of_kind = [a for a in asked if a.kind == kind]
            weights = fit([a for a in of_kind if fold[a.article] != held_out])
            judged += [(a, judge(a, weights)) for a in of_kind if fold[a.article] == held_out]
    return judged


def judge(asked: Asked, weights: Sequence[float]) -> Judged:
    """The best sentence by these weights."""
    answerable = asked.way == "as it is"
    if not len(asked.rows):
        return Judged(0.0, right_sentence=False, right_paragraph=False, answerable=answerable)
    p = probabilities(weights, asked.rows)
    top = int(np.argmax(p))
    return Judged(float(p[top]), bool(asked.holds_answer[top]), bool(asked.own_paragraph[top]), answerable)


def choose_threshold(judged: Sequence[Judged]) -> float:
    """The threshold of the highest accuracy."""
    confidence, _, paragraph, answerable = np.array(judged, dtype=float).T
    candidates = np.unique(np.round(confidence, 3))
    accuracy = [np.mean(np.where(confidence >= t, paragraph, 1 - answerable)) for t in candidates]
    return float(candidates[int(np.argmax(accuracy))])


def figures(judged: Sequence[tuple[Asked, Judged]], threshold: float) -> dict[str, dict[str, float]]:
    """What the threshold comes to, for each kind of index."""
    shown = {}
    for place in Place.__args__:  # type: ignore[attr-defined]
        of = {way: [j for a, j in judged if a.place == place and a.way == way] for way in Way.__args__}  # type: ignore[attr-defined]
        if not (real := of["as it is"]):
            continue
        given = [j for way in of.values() for j in way if j.probability >= threshold]
        shown[place] = {
            "right_sentence_first": _share(j.right_sentence for j in real),
            "right_paragraph_first": _share(j.right_paragraph for j in real),
            "answered": _share(j.probability >= threshold for j in real),
            "abstained_when_left_out": _share(j.probability < threshold for j in of["left out"]),
            "abstained_with_another_name": _share(j.probability < threshold for j in of["another name"]),
            "right_sentence_of_answers_given": _share(j.right_sentence for j in given),
        }
    return shown


def _share(values: Iterator[bool]) -> float:
    return round(float(np.mean(list(values))), 4)


def calibrate(asked: Sequence[Asked], embedder: Embedder | None) -> dict[str, Any]:
    """One calibration with its provenance figures; without an encoder its signals count nothing."""
    if embedder is None:
        asked = [replace(a, rows=a.rows * ~np.isin(Signals._fields, ENCODER_SIGNALS)) for a in asked]
    judged = out_of_fold(asked)
    threshold = choose_threshold([j for _, j in judged])
    return {
        "encoder": embedder.sha256 if embedder else "",
        "encoder_name": embedder.name if embedder else "",
        "threshold": round(threshold, 3),
        "signals": list(Signals._fields),
        "weights": {kind: fit([a for a in asked if a.kind == kind]) for kind in ("same", "across")},
        "out_of_fold": figures(judged, threshold),
    }


def main() -> None:
    """Fit with and without an encoder, print and write."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("dev", type=Path, help="folder of the development data")
    parser.add_argument("--model", help="encoder: a folder or a hub name")
    parser.add_argument("--out", type=Path, default=CALIBRATION)
    arguments = parser.parse_args()
    paragraphs = list(read_jsonl(arguments.dev / "xquad_dev_en_de.jsonl.gz"))
    embedder = open_embedder(IndexSettings.load(model=arguments.model))
    with tempfile.TemporaryDirectory() as folder:
        cases = chain(archive(paragraphs, embedder, Path(folder)), stories(paragraphs, embedder, Path(folder)))
        asked = [read(case, embedder) for case in track(cases, "asking", total=None)]
    kinds = {"dense": calibrate(asked, embedder), "lexical": calibrate(asked, None)}
    text = json.dumps({"data": "xquad_dev_en_de", "paragraphs": len(paragraphs), "calibrations": kinds}, indent=1)
    arguments.out.write_text(text + "\n", encoding="utf-8")
    print(text)


if __name__ == "__main__":
    main()
