"""Question to ranked passages: a dense and a lexical ranking, fused within each document language.

Neither leg filters the other, and no language filters another: English documents cannot push German ones out,
because each language has a ranking of its own and the fused lists are interleaved by rank.
"""

from __future__ import annotations

import heapq
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from index.embed import Embedder
from index.reader import IndexReader
from index.types import Hit, Leg, Passage
from qa.types import Question

RRF_CONSTANT = 10  # chosen with the weights below on development data; docs/log.md has the grid


@dataclass(frozen=True, slots=True)
class LegWeights:
    """How much each leg's rank counts; they sum to one, so that fused scores of two languages compare."""

    dense: float
    lexical: float

    def __post_init__(self) -> None:
        if min(self.dense, self.lexical) < 0 or abs(self.dense + self.lexical - 1) > 1e-9:  # noqa: PLR2004 - rounding
            raise ValueError(f"leg weights must be positive and sum to one: {self}")


SAME_LANGUAGE = LegWeights(dense=0.3, lexical=0.7)
ACROSS_LANGUAGES = LegWeights(dense=0.6, lexical=0.4)

Ranking = Sequence[tuple[int, float]]  # (chunk key, the leg's score), best first


@dataclass(frozen=True, slots=True)
class Fused:
    """A chunk key with its fused score and its place in each leg."""

    key: int
    score: float
    dense: Leg | None
    lexical: Leg | None


def fuse(dense: Ranking, lexical: Ranking, weights: LegWeights) -> list[Fused]:
    """Weighted reciprocal rank fusion, best first, ties by key.

    A chunk scores the sum over legs of ``weight / (RRF_CONSTANT + rank)`` (Cormack, Clarke and Büttcher 2009), scaled
    so that first place in both legs scores 1.
    """
    dense_legs, lexical_legs = _legs(dense), _legs(lexical)
    fused = (
        Fused(key, _rrf(dense_legs.get(key), weights.dense) + _rrf(lexical_legs.get(key), weights.lexical),
              dense_legs.get(key), lexical_legs.get(key))
        for key in dense_legs.keys() | lexical_legs.keys()
    )  # fmt: skip
    return sorted(fused, key=lambda found: (-found.score, found.key))


class Found(NamedTuple):
    """A hit with the passage that it points at."""

    hit: Hit
    passage: Passage


class Retriever:
    """Searches one opened index; without an embedder it searches lexically only."""

    def __init__(self, index: IndexReader, embedder: Embedder | None, *, candidates: int) -> None:
        self._index = index
        self._embedder = embedder
        self._candidates = candidates

    def search(self, question: Question, limit: int) -> list[Found]:
        """The best `limit` chunks of all documents, best first."""
        vector = None if self._embedder is None else self._embedder.embed_queries([question.text])[0]
        by_language = []
        for lang in self._index.languages:
            dense = [] if vector is None else self._index.dense(lang, vector, self._candidates)
            lexical = self._index.lexical(lang, question.text, question.lang, self._candidates)
            by_language.append(fuse(dense, lexical, leg_weights(question.lang, lang)))
        merged = heapq.merge(*by_language, key=lambda found: (-found.score, found.key))
        best = [found for found, _ in zip(merged, range(limit), strict=False)]
        passages = self._index.passages([found.key for found in best])
        return [
            Found(Hit(passage.chunk, found.score, found.dense, found.lexical), passage)
            for found, passage in zip(best, passages, strict=True)
        ]


def leg_weights(question_lang: str, lang: str) -> LegWeights:
    """Words are the stronger evidence within a language; across, they have gone through the lexicon."""
    return SAME_LANGUAGE if question_lang == lang else ACROSS_LANGUAGES


def _legs(ranking: Ranking) -> Mapping[int, Leg]:
    return {key: Leg(rank, score) for rank, (key, score) in enumerate(ranking, start=1)}


def _rrf(leg: Leg | None, weight: float) -> float:
    return 0.0 if leg is None else weight * (RRF_CONSTANT + 1) / (RRF_CONSTANT + leg.rank)
