"""Late interaction: how near a sentence is to a question, token by token, by the encoder that the index has."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Sequence

from index.embed import Embedder, Vectors

_CACHED_SENTENCES = 2048  # of some 50 kB each


def late_interaction(query: Vectors, sentence: Vectors) -> float:
    """The mean over the question's tokens of the cosine with their nearest token in the sentence, in [-1, 1].

    ColBERT's score (Khattab and Zaharia 2020), divided by the number of tokens. Both are unit vectors, one row a token.
    """
    return float((query @ sentence.T).max(axis=1).mean())


class SentenceTokens:
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
