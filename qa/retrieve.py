"""Question to ranked passages: a dense and a lexical ranking, fused within each document language.

Neither leg filters the other, and no language filters another: English documents cannot push German ones out,
because each language has a ranking of its own and the fused lists are merged by scaled score.
"""

from __future__ import annotations

import heapq
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from index.embed import Embedder
from index.filters import EVERYTHING, Filter
from index.reader import IndexReader
from index.types import Chunk, Hit, Leg, Passage
from qa.types import Question

DENSE_WEIGHT = 0.7
"""What the dense leg counts, the lexical one the rest; chosen on development data, docs/log.md has the grid."""

Ranking = Sequence[tuple[int, float]]  # (chunk key, the leg's score), best first


@dataclass(frozen=True, slots=True)
class Fused:
    """A chunk key with its fused score and its place in each leg."""

    key: int
    score: float
    dense: Leg | None
    lexical: Leg | None


def fuse(dense: Ranking, lexical: Ranking) -> list[Fused]:
    """A convex combination of the legs' scores, best first, ties by key (Bruch, Gai and Ingber 2023).

    Dense scores are scaled from their least to their greatest, lexical ones from nothing to their greatest, so that
    first place in both legs scores 1 whatever the encoder's cosines are like. A leg gives nothing for what it did not
    bring; one that brought nothing at all leaves its weight to the other.
    """
    dense_legs, lexical_legs = _legs(dense), _legs(lexical)
    shares = _scaled(dense, dense[-1][1] if dense else 0.0), _scaled(lexical, 0.0)
    weight = DENSE_WEIGHT if dense and lexical else float(bool(dense))
    fused = (
        Fused(key, weight * shares[0].get(key, 0.0) + (1 - weight) * shares[1].get(key, 0.0),
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

    def search(self, question: Question, limit: int, only: Filter = EVERYTHING) -> list[Found]:
        """The best `limit` chunks of the documents that `only` lets through, best first, of each report in one version.

        None for a question without a letter or a digit.
        """
        best = self._merged([fuse(dense, lexical) for dense, lexical in self._ranked(question, only)])[:limit]
        passages = self._index.passages([found.key for found in best])
        return [
            Found(Hit(passage.chunk, found.score, found.dense, found.lexical), passage)
            for found, passage in zip(best, passages, strict=True)
        ]

    def rankings(self, question: Question, only: Filter = EVERYTHING) -> dict[str, list[Chunk]]:
        """All that each leg alone and both together bring, best first: as `search` would, had it only that leg."""
        ranked = self._ranked(question, only)
        merged = {
            "lexical": self._merged([fuse((), lexical) for _, lexical in ranked]),
            "dense": self._merged([fuse(dense, ()) for dense, _ in ranked]),
            "fused": self._merged([fuse(dense, lexical) for dense, lexical in ranked]),
        }
        keys = sorted({found.key for of_leg in merged.values() for found in of_leg})
        chunks = dict(zip(keys, (passage.chunk for passage in self._index.passages(keys)), strict=True))
        return {leg: [chunks[found.key] for found in of_leg] for leg, of_leg in merged.items()}

    def _ranked(self, question: Question, only: Filter) -> list[tuple[Ranking, Ranking]]:
        """The dense and the lexical ranking in each document language."""
        if not any(character.isalnum() for character in question.text):
            return []
        vector = None if self._embedder is None else self._embedder.embed_queries([question.text])[0]
        return [
            (
                [] if vector is None else self._index.dense(lang, vector, self._candidates, only),
                self._index.lexical(lang, question.text, question.lang, self._candidates, only),
            )
            for lang in self._index.languages
        ]

    def _merged(self, by_language: Sequence[Sequence[Fused]]) -> list[Fused]:
        """The fused lists of all languages as one, of each report in one version."""
        merged = {found.key: found for found in heapq.merge(*by_language, key=lambda found: (-found.score, found.key))}
        return [merged[key] for key in self._index.without_repeats(list(merged))]


def _legs(ranking: Ranking) -> Mapping[int, Leg]:
    return {key: Leg(rank, score) for rank, (key, score) in enumerate(ranking, start=1)}


def _scaled(ranking: Ranking, least: float) -> dict[int, float]:
    """Scores from 0 at `least` to 1 at the best; all 1 where they are alike."""
    if not ranking:
        return {}
    extent = ranking[0][1] - least
    return {key: (score - least) / extent if extent > 0 else 1.0 for key, score in ranking}
