"""Time several encoders on the same texts, in turns, so that a busy machine slows them all alike.

The path is the product's, tokenising, sorting by length and pooling included. One round before the first is not
counted: it fills caches and lets PyTorch make its kernels for each shape.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from time import perf_counter
from typing import NamedTuple

import numpy as np
from sentence_transformers import SentenceTransformer

from bench.backends import BACKENDS, UnavailableError
from bench.quality import Vectors

BATCH_SIZE = 32  # the product's default
UNCUT = 512  # tokens: as many as the networks have positions, so that nobody is fast by reading less


class Key(NamedTuple):
    """An encoder and a backend, as the table names them."""

    encoder: str
    backend: str


@dataclass(frozen=True, slots=True)
class Speed:
    """Seconds of each counted round over `chunks` texts of `tokens` in all, special tokens included."""

    seconds: tuple[float, ...]
    chunks: int
    tokens: int

    @property
    def chunks_per_s(self) -> float:
        """In the median round."""
        return self.chunks / median(self.seconds)

    @property
    def tokens_per_s(self) -> float:
        """In the median round."""
        return self.tokens / median(self.seconds)

    def times(self, other: Speed) -> float:
        """How many times as fast as `other`: the median over the rounds, each compared with the same round."""
        return median(theirs / ours for ours, theirs in zip(self.seconds, other.seconds, strict=True))


class Ready(NamedTuple):
    """The models that can be measured, and the reason for each that cannot."""

    models: dict[Key, SentenceTransformer]
    left_out: dict[Key, str]


def prepare(
    name: str,
    load: Callable[[], SentenceTransformer],
    backends: Sequence[str],
    folder: Path,
    *,
    asked: Collection[str],
) -> Ready:
    """One encoder with each of `backends`; `folder` is for files that a backend needs while it is used."""
    models: dict[Key, SentenceTransformer] = {}
    left_out = {Key(name, backend): "not asked for" for backend in backends if backend not in asked}
    wanted = [backend for backend in backends if backend in asked]
    try:
        loaded = load()
    except UnavailableError as error:
        return Ready({}, left_out | {Key(name, backend): str(error) for backend in wanted})
    for backend in wanted:
        try:
            models[Key(name, backend)] = BACKENDS[backend](loaded, folder)
        except UnavailableError as error:
            left_out[Key(name, backend)] = str(error)
    return Ready(models, left_out)


def encode(model: SentenceTransformer, texts: Sequence[str]) -> Vectors:
    """Unit vectors, float32, as the product computes them."""
    vectors = model.encode_document(list(texts), batch_size=BATCH_SIZE, show_progress_bar=False, convert_to_numpy=True)
    array = np.asarray(vectors, np.float32)
    return np.asarray(array / np.linalg.norm(array, axis=1, keepdims=True), np.float32)


def token_counts(model: SentenceTransformer, texts: Sequence[str]) -> list[int]:
    """Tokens of each text, special tokens included, nothing cut off."""
    encoded = model.tokenizer(list(texts), truncation=False, padding=False, verbose=False)
    return [len(ids) for ids in encoded["input_ids"]]


def time_in_turns(
    models: Mapping[Key, SentenceTransformer], texts: Sequence[str], rounds: int, on_turn: Callable[[Key], None]
) -> dict[Key, Speed]:
    """Every model once a round, always in the same order; `on_turn` is told before each turn whose it is."""
    seconds: dict[Key, list[float]] = {key: [] for key in models}
    for model in models.values():
        model.max_seq_length = UNCUT
    for _ in range(rounds + 1):
        for key, model in models.items():
            on_turn(key)
            start = perf_counter()
            encode(model, texts)
            seconds[key].append(perf_counter() - start)
    return {
        key: Speed(tuple(seconds[key][1:]), len(texts), sum(min(n, UNCUT) for n in token_counts(model, texts)))
        for key, model in models.items()
    }
