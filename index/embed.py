"""Text to unit vectors: the encoder that the settings name, with the prompts that it wants."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

import numpy as np
import numpy.typing as npt

from index.errors import ModelError
from index.model_files import encoder_sha256, find_model
from index.networks import Places, Role, Rows, open_network
from index.prompts import prompts_of
from index.settings import IndexSettings
from index.types import Span

Vectors = npt.NDArray[np.float32]


class Embedder(Protocol):
    """Turns texts into unit vectors; queries and documents may be encoded differently (E5 and its kin are)."""

    @property
    def name(self) -> str:
        """The model as the settings name it."""

    @property
    def sha256(self) -> str:
        """Hex SHA-256 of all that decides the vectors: two encoders with one digest give the same but for rounding."""

    @property
    def dimension(self) -> int:
        """Length of a vector."""

    @property
    def window(self) -> int:
        """Tokens of one text that the model reads, special tokens included; the rest is cut off."""

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        """Tokens of each text as a document, its prompt and special tokens included, nothing cut off."""

    def embed_documents(self, texts: Sequence[str]) -> Vectors:
        """Unit vectors, float32, shape ``(len(texts), dimension)``; all at once: for many there is `index.vectors`."""

    def embed_queries(self, texts: Sequence[str]) -> Vectors:
        """Unit vectors, float32, shape ``(len(texts), dimension)``."""

    def document_tokens(self, texts: Sequence[str]) -> list[Vectors]:
        """For each text the unit vectors of its tokens in context, float32, shape ``(tokens, dimension)``."""

    def query_tokens(self, texts: Sequence[str]) -> list[Vectors]:
        """For each text the unit vectors of its tokens in context, float32, shape ``(tokens, dimension)``."""

    def span_tokens(self, texts: Sequence[str], spans: Sequence[Sequence[Span]]) -> list[list[Vectors]]:
        """For each text, as a document, and each of its `spans` the unit vectors of its tokens in the text's context.

        A token that a span shares with the next one is in both. Of what is beyond the window there are no tokens, as of
        every span where it cannot be told where the tokens stand.
        """


class NetworkEmbedder:
    """The vectors of a network, scaled to length one.

    Any text has a vector: the empty one, one in an unknown script, and of one beyond the window its beginning.

    Args:
        model: as the settings name it: a folder or a hub name; nothing is downloaded unless it is already cached.

    Raises:
        ModelError: no such model on this machine, or its files are damaged.
    """

    def __init__(self, model: str) -> None:
        self.name = model
        folder = find_model(model)
        self.sha256 = encoder_sha256(model, folder)
        prompts = prompts_of(model, folder)
        self._query, self._document = Role("query", prompts.query), Role("document", prompts.document)
        self._network = open_network(model, folder)
        self._before = {role: self._tokens_before(role.prompt) for role in (self._query, self._document)}
        self.dimension, self.window = self._network.dimension, self._network.window

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        """Tokens of each text as a document, its prompt and special tokens included, nothing cut off."""
        return self._network.counts(self._prompted(texts)) if texts else []

    def embed_documents(self, texts: Sequence[str]) -> Vectors:
        """Unit vectors, float32, shape ``(len(texts), dimension)``; all at once: for many there is `index.vectors`."""
        return self._embed(texts, self._document)

    def embed_queries(self, texts: Sequence[str]) -> Vectors:
        """Unit vectors, float32, shape ``(len(texts), dimension)``."""
        return self._embed(texts, self._query)

    def document_tokens(self, texts: Sequence[str]) -> list[Vectors]:
        """For each text the unit vectors of its tokens in context, float32, shape ``(tokens, dimension)``."""
        return self._tokens(texts, self._document)

    def query_tokens(self, texts: Sequence[str]) -> list[Vectors]:
        """For each text the unit vectors of its tokens in context, float32, shape ``(tokens, dimension)``."""
        return self._tokens(texts, self._query)

    def span_tokens(self, texts: Sequence[str], spans: Sequence[Sequence[Span]]) -> list[list[Vectors]]:
        """For each text, as a document, and each of its `spans` the unit vectors of its tokens in the text's context.

        A token that a span shares with the next one is in both. Of what is beyond the window there are no tokens, as of
        every span where it cannot be told where the tokens stand.
        """
        if not texts:
            return []
        before = len(self._document.prompt)
        whole, places = self._unit_tokens(texts, self._document), self._places(texts)
        return [
            [_within(span, at - before, tokens) for span in of_text]
            if len(tokens) == min(len(at), self.window)
            else [tokens[:0] for _ in of_text]
            for tokens, at, of_text in zip(whole, places, spans, strict=True)
        ]

    def _embed(self, texts: Sequence[str], role: Role) -> Vectors:
        if not texts:
            return np.zeros((0, self.dimension), np.float32)
        return unit(self._network.pooled(as_unicode(texts), role))

    def _tokens(self, texts: Sequence[str], role: Role) -> list[Vectors]:
        return [_own(tokens, self._before[role]) for tokens in self._unit_tokens(texts, role)]

    def _unit_tokens(self, texts: Sequence[str], role: Role) -> Rows:
        """The unit vectors of all tokens of each text, of its prompt and special tokens too."""
        return [unit(tokens) for tokens in self._network.tokens(as_unicode(texts), role)] if texts else []

    def _places(self, texts: Sequence[str]) -> Places:
        return self._network.places(self._prompted(texts))

    def _prompted(self, texts: Sequence[str]) -> list[str]:
        return as_unicode([self._document.prompt + text for text in texts])

    def _tokens_before(self, prompt: str) -> int:
        """Tokens before a text: the special one and its prompt's, of which the last blank goes with the text."""
        empty, tokens = self._network.counts(["", prompt.strip()])
        return 1 + tokens - empty


def unit(vectors: npt.ArrayLike) -> Vectors:
    """Rows scaled to length one.

    Raises:
        ModelError: a row is zero or not finite, which cosine similarity cannot rank.
    """
    array = np.asarray(vectors, np.float32)
    norms = np.linalg.norm(array, axis=1, keepdims=True)
    if not np.isfinite(norms).all() or (norms == 0).any():
        raise ModelError(
            "the encoder returned a vector that is zero or not finite; its weights are damaged or not fp32-safe"
        )
    return np.asarray(array / norms, np.float32)


def open_embedder(settings: IndexSettings) -> Embedder:
    """The encoder that `settings` names.

    Raises:
        ModelError: see `NetworkEmbedder`.
    """
    return NetworkEmbedder(settings.model)


def embedder_sha256(settings: IndexSettings) -> str:
    """The digest of the encoder that `settings` names, without loading it.

    Raises:
        ModelError: it is not on this machine, or its files are damaged.
    """
    return encoder_sha256(settings.model, find_model(settings.model))


def _own(tokens: Vectors, before: int) -> Vectors:
    """Without the tokens `before` the text and the one after it; all of a text without words."""
    return tokens[before:-1] if len(tokens) > before + 1 else tokens


def _within(span: Span, places: npt.NDArray[np.int64], tokens: Vectors) -> Vectors:
    """Those of the tokens that are, at least in part, inside `span`; the last one is a special one."""
    begins, ends = places[: len(tokens) - 1].T
    return np.asarray(tokens[:-1][(begins < span.end) & (ends > span.start) & (ends > begins)], np.float32)


def as_unicode(texts: Sequence[str]) -> list[str]:
    """`texts` with every half of a surrogate pair replaced, which no tokenizer takes for text."""
    return [text.encode("utf-8", "replace").decode("utf-8") for text in texts]
