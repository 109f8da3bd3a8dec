"""What computes an encoder's vectors: any sentence-transformers model, or the packaged one without that library.

Each is imported when it is opened, not when this module is: sentence-transformers alone takes seconds.
"""

from __future__ import annotations

import copy
import json
import os
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, NamedTuple, Protocol

import numpy as np
import numpy.typing as npt

from index.errors import ModelError
from index.model_files import MENDS
from index.precision import fast_bfloat16
from index.settings import DEFAULT_MODEL

if TYPE_CHECKING:
    from sentence_transformers import SentenceTransformer

_AT_ONCE = 2048  # tokens that the library computes together: more is slower on a processor (bench/batching.py)

Rows = list[npt.NDArray[np.float32]]  # of each text one row a token
Places = list[npt.NDArray[np.int64]]  # of each text where its tokens stand


class Role(NamedTuple):
    """What texts are encoded as, and the prompt that stands before each."""

    name: Literal["query", "document"]
    prompt: str


class Network(Protocol):
    """Texts to what a network makes of them; prompts and special tokens are among the tokens."""

    dimension: int
    window: int  # tokens of one text that are read; the rest is cut off

    def pooled(self, texts: Sequence[str], role: Role) -> npt.NDArray[np.float32]:
        """One vector for each text, of any length; shape ``(len(texts), dimension)``."""

    def tokens(self, texts: Sequence[str], role: Role) -> Rows:
        """The vectors of all tokens that are read of each text, of any length."""

    def counts(self, texts: Sequence[str]) -> list[int]:
        """Tokens of each text as it is given, nothing cut off."""

    def places(self, texts: Sequence[str]) -> Places:
        """Where the tokens of each text stand in it, shape ``(tokens, 2)``, nothing cut off; no rows if unknown."""


def open_network(model: str, folder: Path) -> Network:
    """What computes `model`, whose files are in `folder`.

    Raises:
        ModelError: its files are damaged.
    """
    if model != DEFAULT_MODEL:
        return LibraryNetwork(model, folder)
    try:
        return BertNetwork(folder)
    except ModelError as error:
        raise ModelError(f"the encoder {model!r} cannot be loaded: {error}. {MENDS}") from error


class LibraryNetwork:
    """Any model, as sentence-transformers computes it.

    Raises:
        ModelError: its files are damaged.
    """

    def __init__(self, model: str, folder: Path) -> None:
        self._model = _load(folder, model)
        # Its own copy: whether a tokenizer cuts off is a state of it, and other threads encode meanwhile. This one does
        # not from its first use on, in `_tokenized`.
        self._uncut = copy.deepcopy(self._model.tokenizer)
        self._tokenized(["a"])
        self.dimension = int(self._model.get_embedding_dimension() or 0)
        self.window = int(self._model.max_seq_length or 512)

    def pooled(self, texts: Sequence[str], role: Role) -> npt.NDArray[np.float32]:
        """One vector for each text, of any length; shape ``(len(texts), dimension)``."""
        read = sum(min(count, self.window) for count in self.counts([role.prompt + text for text in texts]))
        at_once = max(1, len(texts) * _AT_ONCE // max(1, read))
        return np.asarray(self._encode(role, texts, batch_size=at_once, convert_to_numpy=True), np.float32)

    def tokens(self, texts: Sequence[str], role: Role) -> Rows:
        """The vectors of all tokens that are read of each text, of any length."""
        encoded = self._encode(role, texts, output_value="token_embeddings", convert_to_numpy=False)
        return [tokens.float().cpu().numpy() for tokens in encoded]

    def counts(self, texts: Sequence[str]) -> list[int]:
        """Tokens of each text as it is given, nothing cut off."""
        if not self._uncut.is_fast:
            return [len(ids) for ids in self._tokenized(texts)["input_ids"]]
        # Lengths alone, and nothing else that transformers makes of a text: an index counts every sentence twice.
        return [len(encoding) for encoding in self._uncut.backend_tokenizer.encode_batch_fast(list(texts))]

    def places(self, texts: Sequence[str]) -> Places:
        """Where the tokens of each text stand in it, shape ``(tokens, 2)``, nothing cut off; no rows if unknown."""
        if not self._uncut.is_fast:
            return [np.zeros((0, 2), np.int64)] * len(texts)
        encoded = self._tokenized(texts, return_offsets_mapping=True)
        return [np.array(places, np.int64).reshape(-1, 2) for places in encoded["offset_mapping"]]

    def _encode(self, role: Role, texts: Sequence[str], **how: Any) -> Any:  # noqa: ANN401 - as the library has it
        encode = self._model.encode_query if role.name == "query" else self._model.encode_document
        return encode(list(texts), prompt=role.prompt, show_progress_bar=False, **how)

    def _tokenized(self, texts: Sequence[str], **more: bool) -> Any:  # noqa: ANN401 - a mapping of what is asked for
        return self._uncut(list(texts), truncation=False, padding=False, verbose=False, **more)


class BertNetwork:
    """The packaged model as `index.bert` computes it: the same vectors, four seconds sooner at hand.

    Its layers compute in bfloat16 where the processor is good at that; vectors differ by rounding.

    Raises:
        ModelError: its files are damaged.
    """

    def __init__(self, folder: Path) -> None:
        from index.bert import Bert, open_tokenizer

        self._bert = Bert(folder, bfloat16=fast_bfloat16())
        self._tokenizer = open_tokenizer(folder)
        config = folder / "sentence_bert_config.json"
        try:
            self.window = int(json.loads(config.read_bytes())["max_seq_length"])
        except (OSError, ValueError, LookupError, TypeError) as error:
            raise ModelError(f"{config} cannot be read: {error}") from error
        self.dimension = self._bert.width

    def pooled(self, texts: Sequence[str], role: Role) -> npt.NDArray[np.float32]:
        """One vector for each text, of any length; shape ``(len(texts), dimension)``."""
        return np.stack([tokens.mean(axis=0) for tokens in self.tokens(texts, role)])

    def tokens(self, texts: Sequence[str], role: Role) -> Rows:
        """The vectors of all tokens that are read of each text, of any length."""
        rows = self._rows([role.prompt + text for text in texts])
        return [hidden.numpy() for hidden in self._bert.rows(rows)]

    def counts(self, texts: Sequence[str]) -> list[int]:
        """Tokens of each text as it is given, nothing cut off."""
        return [len(encoding) for encoding in self._tokenizer.encode_batch_fast(list(texts))]

    def places(self, texts: Sequence[str]) -> Places:
        """Where the tokens of each text stand in it, shape ``(tokens, 2)``, nothing cut off."""
        return [np.array(encoding.offsets, np.int64) for encoding in self._tokenizer.encode_batch(list(texts))]

    def _rows(self, texts: Sequence[str]) -> list[list[int]]:
        """What is read of each text: where one is too long, the last token that is, is still the one that ends it."""
        whole = (encoding.ids for encoding in self._tokenizer.encode_batch_fast(list(texts)))
        return [ids if len(ids) <= self.window else [*ids[: self.window - 1], ids[-1]] for ids in whole]


def _load(folder: Path, model: str) -> SentenceTransformer:
    _quiet_and_offline()
    from sentence_transformers import SentenceTransformer

    try:
        return SentenceTransformer(str(folder), local_files_only=True)
    except (OSError, ValueError, KeyError, RuntimeError) as error:
        raise ModelError(f"the encoder {model!r} in {folder} cannot be loaded: {error}. {MENDS}") from error


def _quiet_and_offline() -> None:
    """To be called before the libraries are imported, which is when they read the variables."""
    # Beleg never asks the network for a model: an unset variable would make the hub client try.
    os.environ.setdefault("HF_HUB_OFFLINE", "1")
    from transformers.utils.logging import disable_progress_bar

    disable_progress_bar()  # type: ignore[no-untyped-call]  # loading the weights takes a tenth of a second
