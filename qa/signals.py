"""Reading without a trained network: a few signals from the encoder and from matching words, weighed.

The weights of the logistic regression over them are what train.calibrate fits on development data.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

from index.embed import Embedder
from index.headings import is_subheading
from index.reader import IndexReader
from index.types import Passage
from qa.interaction import Likeness, SentenceTokens
from qa.match import Matcher, matched
from qa.read import best_first, documents_of, guarded, logistic, weighed
from qa.retrieve import Found
from qa.types import Evidence, Question, Reading

CALIBRATION = Path(__file__).parent / "calibration.json"


class Signals(NamedTuple):
    """What speaks for a sentence being the answer: two mean cosines and three shares.

    Six more were tried and gained nothing on development data; docs/log.md names them.
    """

    similarity: float  # encoder: late interaction of question and sentence
    in_context: float  # the same of the sentence as it is in its passage
    coverage: float  # share of the question's words in the sentence, weighed by rarity
    names: float  # share of the question's names and numbers in title and passage
    retrieval: float  # the passage's fused score: 1 for first place in both legs


@dataclass(frozen=True, slots=True)
class Calibration:
    """Logistic weights by whether question and document share a language, and the threshold for answering.

    `encoder` is the digest of the one that the similarities were fitted with; "" for the weights without an encoder.
    """

    encoder: str
    threshold: float
    weights: Mapping[str, tuple[float, ...]]  # "same" | "across" -> (bias, one weight per signal)

    def probability(self, signals: Signals, *, same_language: bool) -> float:
        """P(the sentence answers), by logistic regression over `signals`."""
        return logistic(weighed(self.weights["same" if same_language else "across"], signals))


def read_calibrations(path: Path = CALIBRATION) -> Mapping[str, Calibration]:
    """The shipped calibrations by kind: ``dense`` with an encoder, ``lexical`` without one."""
    stored = json.loads(path.read_text(encoding="utf-8"))
    return {
        kind: Calibration(c["encoder"], c["threshold"], {k: tuple(w) for k, w in c["weights"].items()})
        for kind, c in stored["calibrations"].items()
    }


class SignalReader:
    """Reads with an encoder and words, or, where `embedder` is None, with words alone."""

    def __init__(self, index: IndexReader, embedder: Embedder | None, calibration: Calibration) -> None:
        self._index = index
        self._tokens = None if embedder is None else SentenceTokens(embedder)
        self._calibration = calibration

    def read(self, question: Question, found: Sequence[Found]) -> Reading:
        """Every sentence of the found passages once, the most probable answer first, ties in reading order."""
        ranked = best_first(self._evidence(question, found))
        return guarded(question, ranked, documents_of(found), confidence=ranked[0].score if ranked else 0.0)

    def _evidence(self, question: Question, found: Sequence[Found]) -> Iterator[Evidence]:
        for rank, ((_, passage), rows) in enumerate(zip(found, self.signals(question, found), strict=True), start=1):
            same = passage.document.lang == question.lang
            for sentence, row in zip(passage.chunk.sentences, rows, strict=True):
                if is_subheading(passage.document.text, sentence):
                    continue
                score = self._calibration.probability(row, same_language=same)
                yield Evidence(passage.document.id, sentence, score, rank, row._asdict())

    def signals(self, question: Question, found: Sequence[Found]) -> list[list[Signals]]:
        """The signals of every sentence of every passage, in their order."""
        passages = [passage for _, passage in found]
        langs = {passage.document.lang for passage in passages}
        matchers = {lang: Matcher.of(question, self._index, lang) for lang in langs}
        likenesses = self._likenesses(question, passages)
        return [
            _signals(one, likeness, matchers[one.passage.document.lang])
            for one, likeness in zip(found, likenesses, strict=True)
        ]

    def _likenesses(self, question: Question, passages: Sequence[Passage]) -> list[list[Likeness]]:
        """Late interaction of the question and each sentence, by passage; zeros without an encoder."""
        if self._tokens is None:
            return [[Likeness(0.0, 0.0)] * len(passage.chunk.sentences) for passage in passages]
        return self._tokens.likeness(question.text, passages)


def _signals(found: Found, likeness: Sequence[Likeness], matcher: Matcher) -> list[Signals]:
    hit, passage = found
    coverages, names = matched(matcher, passage.document, passage.chunk.sentences)
    return [Signals(*like, coverage, names, hit.score) for like, coverage in zip(likeness, coverages, strict=True)]
