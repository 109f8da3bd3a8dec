"""Late interaction: how near a sentence is to a question, token by token, by the encoder that the index has.

A sentence is taken twice: alone, and in the context of its passage, where "he" and "this" are near to what they mean
(the same idea for vectors of chunks is late chunking, Guenther et al. 2024). docs/log.md has what each is worth.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable, Iterable, Sequence
from typing import Generic, NamedTuple, TypeVar

import numpy as np
import numpy.typing as npt

from index.embed import Embedder, Vectors
from index.types import Passage, Span, embedded_text

_KEPT_SENTENCES = 2048  # of some 25 kB each
_KEPT_PASSAGES = 512  # of some 100 kB each

K = TypeVar("K", bound=Hashable)
V = TypeVar("V")
_Tokens = npt.NDArray[np.float16]  # a cosine does not notice


class Likeness(NamedTuple):
    """Late interaction of a question and a sentence, in [-1, 1]: of the sentence alone, and in its passage."""

    alone: float
    in_context: float


class _Text(NamedTuple):
    """A passage as it is embedded, and where its sentences are in that text."""

    text: str
    spans: tuple[Span, ...]


def late_interaction(query: Vectors, sentence: Vectors | _Tokens) -> float:
    """The mean over the question's tokens of the cosine with their nearest token in the sentence, in [-1, 1].

    ColBERT's score (Khattab and Zaharia 2020), divided by the number of tokens. Both are unit vectors, one row a token.
    """
    return float((query @ sentence.T.astype(np.float32)).max(axis=1).mean())


class SentenceTokens:
    """Token vectors of recent sentences and passages, so that asking again about the same articles embeds nothing."""

    def __init__(self, embedder: Embedder) -> None:
        self._embedder = embedder
        self._alone = _Recent(self._sentences, _KEPT_SENTENCES)
        self._in_context = _Recent(self._passages, _KEPT_PASSAGES)

    def likeness(self, question: str, passages: Sequence[Passage]) -> list[list[Likeness]]:
        """Of `question` and every sentence of every passage, in their order.

        A sentence of which its passage's context shows no token, beyond the encoder's window, counts as it is alone.
        """
        query = self._embedder.query_tokens([question])[0]
        said = [[passage.document.text[start:end] for start, end in passage.chunk.sentences] for passage in passages]
        alone = self._alone.of(text for sentences in said for text in sentences)
        near = {text: late_interaction(query, tokens) for text, tokens in alone.items()}
        texts = [_text(passage) for passage in passages]
        in_context = self._in_context.of(texts)
        return [
            [
                Likeness(near[one], late_interaction(query, tokens) if len(tokens) else near[one])
                for one, tokens in zip(sentences, in_context[text], strict=True)
            ]
            for sentences, text in zip(said, texts, strict=True)
        ]

    def _sentences(self, texts: Sequence[str]) -> list[_Tokens]:
        return [tokens.astype(np.float16) for tokens in self._embedder.document_tokens(texts)]

    def _passages(self, texts: Sequence[_Text]) -> list[list[_Tokens]]:
        found = self._embedder.span_tokens([one.text for one in texts], [one.spans for one in texts])
        return [[tokens.astype(np.float16) for tokens in of_passage] for of_passage in found]


class _Recent(Generic[K, V]):
    """What was made of the keys that were asked for last; safe to use from several threads."""

    def __init__(self, make: Callable[[Sequence[K]], Sequence[V]], most: int) -> None:
        self._make = make
        self._most = most
        self._kept: OrderedDict[K, V] = OrderedDict()
        self._lock = threading.Lock()

    def of(self, keys: Iterable[K]) -> dict[K, V]:
        """What each key makes, however many there are."""
        wanted = list(dict.fromkeys(keys))
        with self._lock:
            new = [key for key in wanted if key not in self._kept]
            self._kept.update(zip(new, self._make(new), strict=True))
            for key in wanted:
                self._kept.move_to_end(key)
            found = {key: self._kept[key] for key in wanted}
            while len(self._kept) > self._most:
                self._kept.popitem(last=False)
        return found


def _text(passage: Passage) -> _Text:
    text, chunk = embedded_text(passage), passage.chunk
    shift = len(text) - chunk.end  # what stands before the chunk is its title and date
    return _Text(text, tuple(Span(start + shift, end + shift) for start, end in chunk.sentences))
