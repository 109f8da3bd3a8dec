"""Reading: which sentences of the retrieved passages answer the question, and how probably.

`EvidenceReader` is the interface. `qa.trained` implements it with a trained network, `qa.signals` without one.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from typing import Protocol

from index.types import Document, Span
from qa.names import mentions, unmentioned
from qa.retrieve import Found
from qa.types import Evidence, Question, Reading

AROUND_CHARS = 1500  # of the text on each side of a sentence: further away its "he" is somebody else
UNMENTIONED_FACTOR = 0.1  # below any threshold: who is not mentioned has said nothing here


class EvidenceReader(Protocol):
    """Scores sentences as answers to a question."""

    def read(self, question: Question, found: Sequence[Found]) -> Reading:
        """Every sentence of the found passages once, and how probable it is that the best one answers."""


def best_first(found: Iterable[Evidence]) -> list[Evidence]:
    """Every sentence once, as its best reading has it, the best first; ties in reading order."""
    best: dict[tuple[str, Span], Evidence] = {}
    for evidence in found:
        key = (evidence.doc_id, evidence.sentence)
        if key not in best or evidence.score > best[key].score:
            best[key] = evidence
    return sorted(best.values(), key=lambda evidence: (-evidence.score, evidence.doc_id, evidence.sentence))


def documents_of(found: Iterable[Found]) -> dict[str, Document]:
    """The documents of the found passages by id."""
    return {passage.document.id: passage.document for _, passage in found}


def guarded(
    question: Question, ranked: Sequence[Evidence], documents: Mapping[str, Document], *, confidence: float
) -> Reading:
    """A reading of this confidence, or of far less where the text around the best sentence misses a name.

    What stands above the article counts: its title, outlet, date and authors.

    Args:
        question: what was asked.
        ranked: evidence, best first.
        documents: by id, those that the evidence is of.
        confidence: the probability that the best one answers.
    """
    if not ranked:
        return Reading((), 0.0)
    best = ranked[0]
    missing = unmentioned(mentions(question), *_told(documents[best.doc_id], best.sentence))
    held = confidence * (UNMENTIONED_FACTOR if missing else 1.0)
    return Reading(tuple(ranked), held, tuple(mention.surface for mention in missing))


def weighed(weights: Sequence[float], values: Sequence[float]) -> float:
    """Bias plus the weighted sum of `values`."""
    return weights[0] + math.fsum(w * v for w, v in zip(weights[1:], values, strict=True))


def logistic(value: float) -> float:
    """The probability whose logit is `value`."""
    return 1 / (1 + math.exp(-value))


def _told(document: Document, sentence: Span) -> tuple[str, str]:
    """What a reader of the sentence is told: the text around it, title, outlet, date and authors; and its language."""
    around = document.text[max(0, sentence.start - AROUND_CHARS) : sentence.end + AROUND_CHARS]
    published = document.published.value if document.published else None
    head = filter(None, (document.title, document.source, published, *document.authors))
    return "\n".join([*head, around]), document.lang
