"""BERT (Devlin et al. 2019), computed from the files of a folder as transformers computes it, without importing that.

Importing sentence-transformers takes some four seconds, more than all the rest of a cold answer. So the two
networks that ship with Beleg are computed here; tests hold it against the libraries. Imports torch: import it
where it is used.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from itertools import chain
from pathlib import Path
from threading import Barrier, Lock
from typing import Any, NamedTuple

import torch
from safetensors import SafetensorError
from safetensors.torch import load_file
from tokenizers import Tokenizer
from torch import Tensor
from torch.nn.functional import embedding, gelu, layer_norm, linear, scaled_dot_product_attention

from index.batches import batches
from index.errors import ModelError

_BATCH = 1024  # tokens of a batch, padding included: more are slower where each core has one of its own
_LEAST = 256  # and fewer than this are not worth a core
_CARD_BATCH = 16_384  # of a graphics card
_PATIENCE_S = 30  # for threads to start
_POOLING = Lock()
_HELD = (1e-30, 1e30)  # sums of exponentials that are neither lost nor beyond what numbers hold
_STEP = 16  # rows are filled up to a multiple of this: other lengths make matrices that multiply at half the speed
# What is computed here; a folder that says otherwise needs the library. Both are what BERT has where nothing is said.
_COMPUTED = {"model_type": "bert", "hidden_act": "gelu", "position_embedding_type": "absolute"}


class _Batch(NamedTuple):
    """Rows that are computed together, as `Bert` takes them."""

    rows: Sequence[Sequence[int]]
    segments: Sequence[Sequence[int]] | None = None


class _Affine(NamedTuple):
    """Weight and bias, of a linear map or of a layer's norm."""

    weight: Tensor
    bias: Tensor


class _Layer(NamedTuple):
    """One transformer layer; `qkv` is query, key and value in one map."""

    qkv: _Affine
    attended: _Affine
    attended_norm: _Affine
    up: _Affine
    down: _Affine
    down_norm: _Affine


def open_tokenizer(folder: Path) -> Tokenizer:
    """The tokenizer in a Hugging Face folder; it neither fills up nor cuts off.

    Raises:
        ModelError: there is none, or it is damaged.
    """
    try:
        tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
    except Exception as error:  # the library raises nothing more exact
        raise ModelError(f"the tokenizer in {folder} cannot be loaded: {error}") from error
    tokenizer.no_padding()
    tokenizer.no_truncation()
    return tokenizer


class Bert:
    """The network in a Hugging Face folder.

    Args:
        folder: with ``config.json`` and ``model.safetensors``.
        bfloat16: whether its layers compute in bfloat16 on a processor; a graphics card, where torch finds one, always
            computes in float32, and so do embeddings.

    Raises:
        ModelError: there is none that is computed here, or its files are damaged.
    """

    def __init__(self, folder: Path, *, bfloat16: bool) -> None:
        self._device = _device()
        try:
            config = json.loads((folder / "config.json").read_text(encoding="utf-8"))
            if other := [
                f"{key} {config[key]!r}" for key, value in _COMPUTED.items() if config.get(key, value) != value
            ]:
                raise ModelError(f"{folder} holds a network that is not computed here: {', '.join(other)}")
            stored = load_file(folder / "model.safetensors", str(self._device))
            weights = {name.removeprefix("bert."): tensor for name, tensor in stored.items()}
            self._read(config, weights, bfloat16=bfloat16 and self._device.type == "cpu")
        except (OSError, ValueError, LookupError, TypeError, AttributeError, RuntimeError, SafetensorError) as error:
            raise ModelError(f"{folder} cannot be read: {type(error).__name__}: {error}") from error
        self._pool = _pool() if self._device.type == "cpu" else None

    def _read(self, config: Mapping[str, Any], weights: Mapping[str, Tensor], *, bfloat16: bool) -> None:
        self.positions = int(config["max_position_embeddings"])
        self._heads = int(config["num_attention_heads"])
        self._epsilon = float(config["layer_norm_eps"])
        self._layers_in = torch.bfloat16 if bfloat16 else torch.float32
        self._attention = _in_steps if bfloat16 else _fused
        # Copies: what is loaded is a mapping of the file, which may be written again while this serves.
        self._words, self._places, self._segments = (
            weights[f"embeddings.{kind}_embeddings.weight"].clone() for kind in ("word", "position", "token_type")
        )
        self._norm = _affine(weights, "embeddings.LayerNorm", torch.float32)
        self._layers = [
            _layer(weights, f"encoder.layer.{number}", self._layers_in)
            for number in range(int(config["num_hidden_layers"]))
        ]
        self.head = _affine(weights, "classifier", torch.float32) if "classifier.weight" in weights else None
        self.width = self._words.shape[1]

    def __call__(self, rows: Sequence[Sequence[int]], segments: Sequence[Sequence[int]] | None = None) -> list[Tensor]:
        """What each piece means in its row: for each row float32, shape ``(pieces, width)``.

        Args:
            rows: piece numbers, special ones included, at most `positions` in a row.
            segments: 0 or 1 for each piece; all 0 where not given.

        Raises:
            ValueError: a row is longer, or there is none.
        """
        lengths = [len(row) for row in rows]
        if (longest := max(lengths)) > self.positions:
            raise ValueError(f"a row has {longest} pieces, this network has {self.positions} positions")
        with torch.inference_mode():
            packing = _packing(torch.tensor(lengths, device=self._device), self._layers_in)
            ids = self._joined(rows)
            kinds = torch.zeros_like(ids) if segments is None else self._joined(segments)
            hidden = self._embedded(ids, kinds, packing.places).to(self._layers_in)
            for layer in self._layers:
                hidden = self._norm_of(hidden + self._attended(layer, hidden, packing), layer.attended_norm)
                hidden = self._norm_of(hidden + linear(gelu(linear(hidden, *layer.up)), *layer.down), layer.down_norm)
            return list(torch.split(hidden.float().cpu(), lengths))

    def rows(self, rows: Sequence[Sequence[int]], segments: Sequence[Sequence[int]] | None = None) -> list[Tensor]:
        """What `__call__` gives for each row, of any number.

        Rows of like length are computed together, on a processor each core a batch of its own (bench/batching.py).
        """
        found: dict[int, Tensor] = {}
        batched = list(batches([filled_length(len(row)) for row in rows], self._budget(rows)))
        taken = [
            _Batch([rows[i] for i in batch], None if segments is None else [segments[i] for i in batch])
            for batch in batched
        ]
        for batch, hidden in zip(batched, self._each(taken), strict=True):
            found.update(zip(batch, hidden, strict=True))
        return [found[i] for i in range(len(rows))]

    def _budget(self, rows: Sequence[Sequence[int]]) -> int:
        """Tokens of a batch, so that all cores have about as much to do."""
        if self._pool is None:
            return _BATCH if self._device.type == "cpu" else _CARD_BATCH
        tokens = sum(filled_length(len(row)) for row in rows)
        return min(_BATCH, max(_LEAST, -(-tokens // self._pool.cores)))

    def _each(self, taken: Sequence[_Batch]) -> list[list[Tensor]]:
        if self._pool is None or len(taken) < self._pool.cores:
            return [self(*batch) for batch in taken]
        return list(self._pool.threads.map(lambda batch: self(*batch), taken))

    def _joined(self, rows: Sequence[Sequence[int]]) -> Tensor:
        return torch.tensor(list(chain.from_iterable(rows)), device=self._device)

    def _embedded(self, ids: Tensor, segments: Tensor, places: Tensor) -> Tensor:
        # Kept as they are stored, mostly in half precision, and widened where they are used: exactly the same values.
        kinds, where = embedding(segments, self._segments).float(), embedding(places, self._places).float()
        return self._norm_of(embedding(ids, self._words).float() + kinds + where, self._norm)

    def _attended(self, layer: _Layer, hidden: Tensor, packing: _Packing) -> Tensor:
        parts = packing.filled(linear(hidden, *layer.qkv))
        query, key, value = parts.view(*parts.shape[:2], 3, self._heads, -1).permute(2, 0, 3, 1, 4)
        mixed = self._attention(query, key, value, packing.bias)
        return linear(packing.packed(mixed.transpose(1, 2).flatten(2)), *layer.attended)

    def _norm_of(self, hidden: Tensor, norm: _Affine) -> Tensor:
        return layer_norm(hidden, (hidden.shape[-1],), norm.weight, norm.bias, self._epsilon)


class _Packing(NamedTuple):
    """Where the pieces of rows, one after another, stand when the rows are filled up to one length.

    All but attention takes a piece by itself, so that only attention computes what is filled up.
    """

    at: Tensor  # of each place the piece that is there, any one where none is; shape ``(rows, length)``
    own: Tensor  # of each piece its place, counted through all rows
    bias: Tensor  # what keeps attention from places without a piece; shape ``(rows, 1, 1, length)``

    @property
    def places(self) -> Tensor:
        """Of each piece its place in its row."""
        return self.own % self.at.shape[1]

    def filled(self, pieces: Tensor) -> Tensor:
        """From shape ``(pieces, width)`` to ``(rows, length, width)``."""
        return pieces.index_select(0, self.at.flatten()).view(*self.at.shape, -1)

    def packed(self, rows: Tensor) -> Tensor:
        """And back."""
        return rows.flatten(0, 1).index_select(0, self.own)


class _Pool(NamedTuple):
    """Threads in each of which torch uses no others, one for each core."""

    threads: ThreadPoolExecutor
    cores: int


def _pool() -> _Pool | None:
    """The pool that all networks of this process share; None where there is one core, or no more threads to be had."""
    with _POOLING:
        return _shared_pool()


@cache
def _shared_pool() -> _Pool | None:
    """As `_pool`; to be called by one at a time.

    A thread that is new to torch gets what was last set anywhere. So each of these asks before it sets its own, and
    what holds for all others is set again when all have.
    """
    cores = torch.get_num_threads()
    if cores == 1:
        return None
    met = Barrier(cores + 1, timeout=_PATIENCE_S)

    def enter() -> None:
        torch.get_num_threads()
        torch.set_num_threads(1)
        met.wait()

    threads = ThreadPoolExecutor(cores, "network", enter)
    try:
        for _ in range(cores):
            threads.submit(int)  # a thread is started for each, as none of them is idle before they meet
        met.wait()
    except BaseException as error:
        met.abort()
        threads.shutdown(wait=False, cancel_futures=True)
        if not isinstance(error, RuntimeError):  # no more threads can be started, or they did not meet
            raise
        return None
    finally:
        torch.set_num_threads(cores)
    return _Pool(threads, cores)


def filled_length(pieces: int) -> int:
    """What attention fills a row up to, if it is the longest of its batch."""
    return -(-pieces // _STEP) * _STEP


def _device() -> torch.device:
    """The graphics card that torch was built for and finds, else the processor."""
    return torch.accelerator.current_accelerator(check_available=True) or torch.device("cpu")


def _fused(query: Tensor, key: Tensor, value: Tensor, bias: Tensor) -> Tensor:
    """Scaled dot-product attention; shapes ``(rows, heads, longest, width of a head)``."""
    return scaled_dot_product_attention(query, key, value, attn_mask=bias)


def _in_steps(query: Tensor, key: Tensor, value: Tensor, bias: Tensor) -> Tensor:
    """The same, multiplied out: in bfloat16 torch's fused kernel takes two to three times as long for short rows.

    The exponentials are taken of the scores as they are, since to find the greatest of each row first takes longer than
    all else that a softmax does (Hong et al. 2023, FlashDecoding++, section 3). Where a sum of them is beyond what can
    be held, the fused kernel, which does look for the greatest, computes all again.
    """
    rows, heads, longest, width = query.shape
    each = rows * heads
    queries, keys, values = (part.reshape(each, longest, width) for part in (query, key, value))
    added = bias.expand(rows, heads, 1, longest).reshape(each, 1, longest)
    powers = torch.baddbmm(added, queries, keys.transpose(1, 2), alpha=width**-0.5).exp_()
    sums = powers.sum(dim=-1, keepdim=True)
    least, most = _HELD
    if not (least < float(sums.min()) and float(sums.max()) < most):
        return _fused(query, key, value, bias)
    return (torch.bmm(powers, values) / sums).view(rows, heads, longest, width)


def _affine(weights: Mapping[str, Tensor], name: str, dtype: torch.dtype) -> _Affine:
    return _Affine(weights[f"{name}.weight"].to(dtype), weights[f"{name}.bias"].to(dtype))


def _layer(weights: Mapping[str, Tensor], name: str, dtype: torch.dtype) -> _Layer:
    each = [_affine(weights, f"{name}.attention.self.{part}", dtype) for part in ("query", "key", "value")]
    qkv = _Affine(torch.cat([part.weight for part in each]), torch.cat([part.bias for part in each]))
    others = ("attention.output.dense", "attention.output.LayerNorm", "intermediate.dense", "output.dense",
              "output.LayerNorm")  # fmt: skip
    return _Layer(qkv, *(_affine(weights, f"{name}.{other}", dtype) for other in others))


def _packing(lengths: Tensor, dtype: torch.dtype) -> _Packing:
    places = torch.arange(filled_length(int(lengths.max())), device=lengths.device)
    inside = places < lengths[:, None]
    first = (lengths.cumsum(0) - lengths)[:, None]
    at = (first + places).where(inside, first)
    bias = torch.zeros(inside.shape, dtype=dtype, device=lengths.device).masked_fill(~inside, torch.finfo(dtype).min)
    return _Packing(at, inside.flatten().nonzero().flatten(), bias[:, None, None, :])
