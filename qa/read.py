"""Reading: which sentences of the retrieved passages answer the question, and how probably.

`EvidenceReader` is the interface. `SignalReader` implements it without a trained reader: a few signals from the
encoder and from matching words, weighed by a logistic regression that train.calibrate fits on development data.
"""

from __future__ import annotations

import json
import math
import threading
from collections import OrderedDict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import NamedTuple, Protocol

from index.embed import Embedder, Vectors
from index.lexical import query_terms, terms
from index.reader import IndexReader
from index.types import Document, Passage, Span
from qa.match import Matcher
from qa.names import mentions, unmentioned
from qa.retrieve import Found
from qa.types import Evidence, Question, Reading

CALIBRATION = Path(__file__).parent / "calibration.json"
AROUND_CHARS = 1500  # of the text on each side of a sentence: further away its "he" is somebody else
UNMENTIONED_FACTOR = 0.1  # below any threshold: who is not mentioned has said nothing here
_CACHED_SENTENCES = 2048  # of some 50 kB each


class EvidenceReader(Protocol):
    """Scores sentences as answers to a question."""

    def read(self, question: Question, found: Sequence[Found]) -> Reading:
        """Every sentence of the found passages once, and how probable it is that the best one answers."""


class Signals(NamedTuple):
    """What speaks for a sentence being the answer: a mean cosine and three shares.

    Six more were tried and gained nothing on development data; docs/log.md names them.
    """

    similarity: float  # encoder: late interaction of question and sentence
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
        bias, *weights = self.weights["same" if same_language else "across"]
        logit = bias + sum(w * s for w, s in zip(weights, signals, strict=True))
        return 1 / (1 + math.exp(-logit))


def read_calibration(path: Path = CALIBRATION) -> Mapping[str, Calibration]:
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
        self._vectors = None if embedder is None else _SentenceTokens(embedder)
        self._calibration = calibration

    def read(self, question: Question, found: Sequence[Found]) -> Reading:
        """Every sentence of the found passages once, the most probable answer first, ties in reading order."""
        best: dict[tuple[str, Span], Evidence] = {}
        for rank, ((_, passage), rows) in enumerate(zip(found, self.signals(question, found), strict=True), start=1):
            same = passage.document.lang == question.lang
            for sentence, row in zip(passage.chunk.sentences, rows, strict=True):
                score = self._calibration.probability(row, same_language=same)
                key = (passage.document.id, sentence)
                if key not in best or score > best[key].score:
                    best[key] = Evidence(*key, score, rank, row._asdict())
        ranked = sorted(best.values(), key=lambda evidence: (-evidence.score, evidence.doc_id, evidence.sentence))
        documents = {passage.document.id: passage.document for _, passage in found}
        return guarded(question, ranked, documents)

    def signals(self, question: Question, found: Sequence[Found]) -> list[list[Signals]]:
        """The signals of every sentence of every passage, in their order."""
        passages = [passage for _, passage in found]
        matchers = {lang: self._matcher(question, lang) for lang in {passage.document.lang for passage in passages}}
        similarities = self._similarities(question, passages)
        return [
            _signals(one, similar, matchers[one.passage.document.lang])
            for one, similar in zip(found, similarities, strict=True)
        ]

    def _matcher(self, question: Question, lang: str) -> Matcher:
        return Matcher(query_terms(question.text, question.lang, lang), partial(self._index.rarity, lang))

    def _similarities(self, question: Question, passages: Sequence[Passage]) -> list[list[float]]:
        """Late interaction of the question and each sentence, by passage; zeros without an encoder."""
        texts = [[passage.document.text[start:end] for start, end in passage.chunk.sentences] for passage in passages]
        if self._vectors is None:
            return [[0.0] * len(sentences) for sentences in texts]
        by_text = self._vectors.similarities(question.text, [text for sentences in texts for text in sentences])
        return [[by_text[text] for text in sentences] for sentences in texts]


def guarded(question: Question, ranked: Sequence[Evidence], documents: Mapping[str, Document]) -> Reading:
    """A reading whose confidence is the best sentence's score, far less where the text around it misses a name.

    What stands above the article counts: its title, outlet, date and authors.

    Args:
        question: what was asked.
        ranked: evidence, best first.
        documents: by id, those that the evidence is of.
    """
    if not ranked:
        return Reading((), 0.0)
    best = ranked[0]
    missing = unmentioned(mentions(question), *_told(documents[best.doc_id], best.sentence))
    confidence = best.score * (UNMENTIONED_FACTOR if missing else 1.0)
    return Reading(tuple(ranked), confidence, tuple(mention.surface for mention in missing))


def late_interaction(query: Vectors, sentence: Vectors) -> float:
    """The mean over the question's tokens of the cosine with their nearest token in the sentence, in [-1, 1].

    ColBERT's score (Khattab and Zaharia 2020), divided by the number of tokens. Both are unit vectors, one row a token.
    """
    return float((query @ sentence.T).max(axis=1).mean())


def _told(document: Document, sentence: Span) -> tuple[str, str]:
    """What a reader of the sentence is told: the text around it, title, outlet, date and authors; and its language."""
    around = document.text[max(0, sentence.start - AROUND_CHARS) : sentence.end + AROUND_CHARS]
    published = document.published.value if document.published else None
    head = filter(None, (document.title, document.source, published, *document.authors))
    return "\n".join([*head, around]), document.lang


class _SentenceTokens:
    """Token vectors of recent sentences, so that asking again about the same articles does not embed them again."""

    def __init__(self, embedder: Embedder) -> None:
        self._embedder = embedder
        self._cache: OrderedDict[str, Vectors] = OrderedDict()
        self._lock = threading.Lock()

    def similarities(self, question: str, texts: Sequence[str]) -> dict[str, float]:
        """Late interaction of `question` and each of `texts`."""
        wanted = list(dict.fromkeys(texts))
        query = self._embedder.query_tokens([question])[0]
        with self._lock:
            new = [text for text in wanted if text not in self._cache]
            self._cache.update(zip(new, self._embedder.document_tokens(new), strict=True))
            for text in wanted:
                self._cache.move_to_end(text)
            similar = {text: late_interaction(query, self._cache[text]) for text in wanted}
            while len(self._cache) > _CACHED_SENTENCES:
                self._cache.popitem(last=False)
        return similar


def _signals(found: Found, similar: Sequence[float], matcher: Matcher) -> list[Signals]:
    (hit, passage), document = found, found.passage.document
    sentences = [document.text[start:end] for start, end in passage.chunk.sentences]
    matches = [matcher.matches(terms(sentence, document.lang)) for sentence in sentences]
    in_title = matcher.matches(terms(document.title, document.lang))
    names = matcher.name_coverage(tuple(map(max, zip(in_title, *matches, strict=True))))
    return [
        Signals(similarity, matcher.coverage(match), names, hit.score)
        for similarity, match in zip(similar, matches, strict=True)
    ]
