"""Text to unit vectors, through sentence-transformers; the one place in `index` that imports it.

The library is imported when a model is loaded, not when this module is: that import alone takes seconds.
"""

from __future__ import annotations

import copy
import os
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

import numpy as np
import numpy.typing as npt

from index.errors import ModelError
from index.model_files import MENDS, encoder_sha256, find_model
from index.prompts import prompts_of
from index.settings import DEFAULT_MODEL, IndexSettings
from index.types import Span

if TYPE_CHECKING:
    from sentence_transformers import SentenceTransformer

# oneDNN and torch keep what they prepare for each shape of input, by default for 1,024 shapes each. Texts have many
# shapes: a program that answers grew by gigabytes. Both read this once, when the first network runs (docs/log.md).
for _cache in ("ONEDNN_PRIMITIVE_CACHE_CAPACITY", "LRU_CACHE_CAPACITY"):
    os.environ.setdefault(_cache, "64")

Vectors = npt.NDArray[np.float32]
_Encode = Callable[..., Any]  # of sentence-transformers, which gives an array or a list of tensors


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


class SentenceTransformerEmbedder:
    """Any sentence-transformers model, by folder or by hub name; nothing is downloaded unless it is already cached.

    Any text has a vector: the empty one, one in an unknown script, and of one beyond the window its beginning.

    Raises:
        ModelError: no such model on this machine, or its files are damaged.
    """

    def __init__(self, model: str) -> None:
        self.name = model
        folder = find_model(model)
        self.sha256 = encoder_sha256(model, folder)
        self._prompts = prompts_of(model, folder)
        self._model = _load(folder, model)
        # Its own copy: whether a tokenizer cuts off is a state of it, and other threads encode meanwhile. This one does
        # not from its first use on, just below.
        self._uncut = copy.deepcopy(self._model.tokenizer)
        self._before = {prompt: self._tokens_before(prompt) for prompt in (self._prompts.query, self._prompts.document)}
        self.dimension = int(self._model.get_embedding_dimension() or 0)
        self.window = int(self._model.max_seq_length or 512)

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        """Tokens of each text as a document, its prompt and special tokens included, nothing cut off."""
        prompted = as_unicode([self._prompts.document + text for text in texts])
        if not self._uncut.is_fast:
            return [len(ids) for ids in self._token_ids(prompted)]
        # Lengths alone, and nothing else that transformers makes of a text: an index counts every sentence twice.
        return [len(encoding) for encoding in self._uncut.backend_tokenizer.encode_batch_fast(prompted)]

    def embed_documents(self, texts: Sequence[str]) -> Vectors:
        """Unit vectors, float32, shape ``(len(texts), dimension)``; all at once: for many there is `index.vectors`."""
        return self._embed(self._model.encode_document, self._prompts.document, texts)

    def embed_queries(self, texts: Sequence[str]) -> Vectors:
        """Unit vectors, float32, shape ``(len(texts), dimension)``."""
        return self._embed(self._model.encode_query, self._prompts.query, texts)

    def document_tokens(self, texts: Sequence[str]) -> list[Vectors]:
        """For each text the unit vectors of its tokens in context, float32, shape ``(tokens, dimension)``."""
        return self._tokens(self._model.encode_document, self._prompts.document, texts)

    def query_tokens(self, texts: Sequence[str]) -> list[Vectors]:
        """For each text the unit vectors of its tokens in context, float32, shape ``(tokens, dimension)``."""
        return self._tokens(self._model.encode_query, self._prompts.query, texts)

    def span_tokens(self, texts: Sequence[str], spans: Sequence[Sequence[Span]]) -> list[list[Vectors]]:
        """For each text, as a document, and each of its `spans` the unit vectors of its tokens in the text's context.

        A token that a span shares with the next one is in both. Of what is beyond the window there are no tokens, as of
        every span where it cannot be told where the tokens stand.
        """
        prompt = self._prompts.document
        whole = self._encoded(self._model.encode_document, prompt, texts)
        places = self._token_places([prompt + text for text in texts])
        return [
            [_within(span, at - len(prompt), tokens) for span in of_text]
            if len(tokens) == min(len(at), self.window)
            else [tokens[:0] for _ in of_text]
            for tokens, at, of_text in zip(whole, places, spans, strict=True)
        ]

    def _tokens(self, encode: _Encode, prompt: str, texts: Sequence[str]) -> list[Vectors]:
        return [_own(tokens, self._before[prompt]) for tokens in self._encoded(encode, prompt, texts)]

    def _encoded(self, encode: _Encode, prompt: str, texts: Sequence[str]) -> list[Vectors]:
        """The unit vectors of all tokens of each text, of its prompt and special tokens too."""
        if not texts:
            return []
        encoded = encode(
            as_unicode(texts),
            prompt=prompt,
            show_progress_bar=False,
            output_value="token_embeddings",
            convert_to_numpy=False,
        )
        return [unit(tokens.float().cpu().numpy()) for tokens in encoded]

    def _embed(self, encode: _Encode, prompt: str, texts: Sequence[str]) -> Vectors:
        if not texts:
            return np.zeros((0, self.dimension), np.float32)
        vectors = encode(
            as_unicode(texts),
            prompt=prompt,
            batch_size=len(texts),
            show_progress_bar=False,
            convert_to_numpy=True,
        )
        return unit(vectors)

    def _tokens_before(self, prompt: str) -> int:
        """Tokens before a text: the special one and its prompt's, of which the last blank goes with the text."""
        empty, tokens = self._token_ids(["", prompt.strip()])
        return 1 + len(tokens) - len(empty)

    def _token_places(self, texts: Sequence[str]) -> list[npt.NDArray[np.int64]]:
        """Where the tokens of each text stand in it, shape ``(tokens, 2)``: begin and end, the same of special ones."""
        if not texts or not self._uncut.is_fast:
            return [np.zeros((0, 2), np.int64)] * len(texts)
        encoded = self._tokenized(texts, return_offsets_mapping=True)
        return [np.array(places, np.int64).reshape(-1, 2) for places in encoded["offset_mapping"]]

    def _token_ids(self, texts: Sequence[str]) -> list[list[int]]:
        if not texts:
            return []
        ids: list[list[int]] = self._tokenized(texts)["input_ids"]
        return ids

    def _tokenized(self, texts: Sequence[str], **more: bool) -> Any:  # noqa: ANN401 - a mapping of what is asked for
        return self._uncut(as_unicode(texts), truncation=False, padding=False, verbose=False, **more)


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
        ModelError: see `SentenceTransformerEmbedder`.
    """
    return SentenceTransformerEmbedder(settings.model)


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


def _load(folder: Path, model: str) -> SentenceTransformer:
    quiet_and_offline()
    from sentence_transformers import SentenceTransformer

    try:
        loaded = SentenceTransformer(str(folder), local_files_only=True)
    except (OSError, ValueError, KeyError, RuntimeError) as error:
        raise ModelError(f"the encoder {model!r} in {folder} cannot be loaded: {error}. {MENDS}") from error
    if model == DEFAULT_MODEL and loaded.device.type == "cpu" and fast_bfloat16():
        halve_layers(loaded[0].auto_model)
    return loaded


def quiet_and_offline() -> None:
    """To be called before the libraries are imported, which is when they read the variables."""
    # Beleg never asks the network for a model: an unset variable would make the hub client try.
    os.environ.setdefault("HF_HUB_OFFLINE", "1")
    os.environ.setdefault("TOKENIZERS_PARALLELISM", "true")  # no process of ours forks and goes on in Python
    from transformers.utils.logging import disable_progress_bar

    disable_progress_bar()  # type: ignore[no-untyped-call]  # loading the weights takes a tenth of a second


def fast_bfloat16() -> bool:
    """Whether this processor multiplies bfloat16 in hardware (AVX512-BF16, AMX); elsewhere it is imitated, slowly."""
    import torch

    return bool(torch.ops.mkldnn._is_mkldnn_bf16_supported())  # noqa: SLF001 - there is no public question


def halve_layers(network: Any) -> None:  # noqa: ANN401 - transformers' networks have no common type with an encoder
    """Compute a network's layers in bfloat16, in place; embeddings, pooling and what comes out stay float32.

    Measured for the default model by bench/encoder.py; vectors differ from float32's by rounding, so the digest is the
    same.
    """
    import torch

    layers = network.encoder.to(torch.bfloat16)
    layers.register_forward_pre_hook(lambda _, args: (args[0].to(torch.bfloat16), *args[1:]))
    layers.register_forward_hook(_in_float32)


def _in_float32(_layers: object, _args: object, output: Any) -> Any:  # noqa: ANN401 - what transformers gives
    output.last_hidden_state = output.last_hidden_state.float()
    return output
