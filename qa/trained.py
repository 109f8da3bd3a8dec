"""Reading with the trained network: every sentence of what was found competes, and the best one has a probability.

Two logistic regressions, both fitted by train.reader.calibrate on development data: one orders the sentences by what
the network, retrieval and matching words say of each; the other tells from the best one and its lead over the next how
probable it is that it answers.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import NamedTuple

from index.embed import Embedder
from index.errors import ModelError
from index.headings import is_subheading
from index.model_files import MODELS
from index.reader import IndexReader
from index.types import Document, Span
from qa.interaction import Likeness, SentenceTokens
from qa.match import Matcher, matched
from qa.network import ReaderNetwork
from qa.read import best_first, documents_of, guarded, logistic, weighed
from qa.retrieve import Found
from qa.rows import row
from qa.types import Evidence, Question, Reading
from qa.windows import Window, places, windows

READER = MODELS / "reader-de-en"
CALIBRATION = "calibration.json"  # beside the weights that it was fitted for
MAX_LEAD = 6.0  # in logits: beyond, the next sentence no longer matters


class Clues(NamedTuple):
    """What speaks for a sentence being the answer."""

    evidence: float  # network: logit of the sentence
    relevance: float  # network: logit of the window that it is read in
    retrieval: float  # fused score of the best passage that has it: 1 for first place in both legs
    coverage: float  # share of the question's words in it, weighed by rarity
    names: float  # share of the question's names and numbers in title and window
    cosine: float  # of question and passage, as the dense leg scores it; 0 where it did not bring the passage
    similarity: float  # encoder: late interaction of question and sentence
    in_context: float  # the same of the sentence as it is in its passage


class Signs(NamedTuple):
    """What tells whether the best sentence is right."""

    score: float  # its logit
    lead: float  # over the next sentence, in logits, at most `MAX_LEAD`
    relevance: float
    retrieval: float
    coverage: float
    names: float
    cosine: float
    similarity: float
    in_context: float


class Clued(NamedTuple):
    """One reading of a sentence."""

    doc_id: str
    sentence: Span
    rank: int
    same_language: bool
    clues: Clues


@dataclass(frozen=True, slots=True)
class Weights:
    """Of the two regressions: the bias, and one for each field of `Clues` and of `Signs`."""

    sentence: tuple[float, ...]
    answer: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class ReaderCalibration:
    """Weights by whether question and document share a language, and the threshold for answering.

    `reader` and `encoder` are the digests of what they were fitted with.
    """

    reader: str
    encoder: str
    threshold: float
    weights: Mapping[str, Weights]  # "same" | "across"

    def of(self, *, same_language: bool) -> Weights:
        """The weights for a document in the question's language, or in another."""
        return self.weights["same" if same_language else "across"]


def read_calibration(folder: Path = READER, half: int | None = None) -> ReaderCalibration:
    """The calibration in a reader's folder; with `half`, 0 or 1, the one to measure that half of the data with.

    Raises:
        ModelError: there is none, or it is damaged.
    """
    path = folder / CALIBRATION
    try:
        stored = json.loads(path.read_text(encoding="utf-8"))
        fitted = stored if half is None else stored["halves"][half]
        weights = {kind: Weights(tuple(w["sentence"]), tuple(w["answer"])) for kind, w in fitted["weights"].items()}
        return ReaderCalibration(stored["reader"], stored["encoder"], fitted["threshold"], weights)
    except (OSError, ValueError, LookupError, TypeError) as error:
        raise ModelError(
            f"{path} cannot be read: {type(error).__name__}: {error}. Fit it again: make calibrate"
        ) from error


class TrainedReader:
    """Reads what was found in one index."""

    def __init__(
        self, index: IndexReader, embedder: Embedder, network: ReaderNetwork, calibration: ReaderCalibration
    ) -> None:
        self._index = index
        self._network = network
        self._tokens = SentenceTokens(embedder)
        self._calibration = calibration

    def read(self, question: Question, found: Sequence[Found]) -> Reading:
        """Every sentence of the found passages once, the most probable answer first, ties in reading order.

        The score of a sentence is the confidence in the best one, scaled by how much less probable it is.
        """
        clued = self.clues(question, found)
        if not clued:
            return Reading((), 0.0)
        ranked = best_first(map(self._weighed, clued))  # by logits, until they are scaled
        confidence = self._confidence(question, ranked, documents := documents_of(found))
        scale = confidence / logistic(ranked[0].score)
        scaled = [replace(one, score=logistic(one.score) * scale) for one in ranked]
        return guarded(question, scaled, documents, confidence=confidence)

    def clues(self, question: Question, found: Sequence[Found]) -> list[Clued]:
        """The clues of every sentence in every window that has it, window by window."""
        if not found:
            return []
        at = places(found)
        read = windows(found, self._network.pieces)
        likeness = self._likeness(question, found)
        langs = {window.document.lang for window in read}
        matchers = {lang: Matcher.of(question, self._index, lang) for lang in langs}
        clued: list[Clued] = []
        for window, (relevance, evidence) in zip(read, self._scored(question, read), strict=True):
            document = window.document
            coverages, names = matched(matchers[document.lang], document, window.sentences)
            same = document.lang == question.lang
            for sentence, logit, coverage in zip(window.sentences, evidence, coverages, strict=True):
                if is_subheading(document.text, sentence):
                    continue
                rank, score = at[document.id, sentence]
                dense = found[rank - 1].hit.dense
                cosine = dense.score if dense else 0.0
                clues = Clues(logit, relevance, score, coverage, names, cosine, *likeness[document.id, sentence])
                clued.append(Clued(document.id, sentence, rank, same, clues))
        return clued

    def count_pieces(self, question: Question) -> int:
        """Of how many pieces the question is; `MAX_QUESTION_PIECES` of them are read."""
        (pieces,) = self._network.pieces([question.text])
        return len(pieces)

    def _likeness(self, question: Question, found: Sequence[Found]) -> dict[tuple[str, Span], Likeness]:
        """Of the question and each sentence, by the passage that makes most of it."""
        passages = [passage for _, passage in found]
        best: dict[tuple[str, Span], Likeness] = {}
        for passage, likeness in zip(passages, self._tokens.likeness(question.text, passages), strict=True):
            for sentence, like in zip(passage.chunk.sentences, likeness, strict=True):
                key = (passage.document.id, sentence)
                best[key] = max(like, best.get(key, like))
        return best

    def _scored(self, question: Question, read: Sequence[Window]) -> list[tuple[float, tuple[float, ...]]]:
        titles = [window.document.title for window in read]
        asked, *headlines = self._network.pieces([question.text, *titles])
        rows = [
            row(self._network.frame, asked, title, window.pieces) for title, window in zip(headlines, read, strict=True)
        ]
        return [(one.relevance, one.evidence) for one in self._network.read(rows)]

    def _weighed(self, one: Clued) -> Evidence:
        weights = self._calibration.of(same_language=one.same_language)
        score = weighed(weights.sentence, one.clues)
        return Evidence(one.doc_id, one.sentence, score, one.rank, one.clues._asdict())

    def _confidence(self, question: Question, ranked: Sequence[Evidence], documents: Mapping[str, Document]) -> float:
        same = documents[ranked[0].doc_id].lang == question.lang
        signs = signs_of([(one.score, Clues(**one.signals)) for one in ranked[:2]])
        return logistic(weighed(self._calibration.of(same_language=same).answer, signs))


def signs_of(best: Sequence[tuple[float, Clues]]) -> Signs:
    """From the logits and clues of the best sentence and, where there is one, the next."""
    score, clues = best[0]
    lead = min(MAX_LEAD, score - best[1][0]) if len(best) > 1 else MAX_LEAD
    told = clues._asdict()
    return Signs(score, lead, **{name: told[name] for name in Signs._fields[2:]})
