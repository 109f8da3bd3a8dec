"""BERT (Devlin et al. 2019), computed from the files of a folder as transformers computes it, without importing that.

Importing sentence-transformers takes some four seconds, more than all the rest of a cold answer. So questions go
through this, for the two networks that ship with Beleg; tests hold it against the libraries. Imports torch: import it
where it is used.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from pathlib import Path
from threading import Barrier
from typing import Any, NamedTuple

import torch
from safetensors import SafetensorError
from safetensors.torch import load_file
from tokenizers import Tokenizer
from torch import Tensor
from torch.nn.functional import embedding, gelu, layer_norm, linear, scaled_dot_product_attention

from index.errors import ModelError

BATCH_TOKENS = 1024  # of a batch, padding included: more are slower where each core has a batch of its own
_PAD = 0
_STEP = 16  # rows are filled up to a multiple of this: other lengths make matrices that multiply at half the speed
# What is computed here; a folder that says otherwise needs the library.
_COMPUTED = {"model_type": "bert", "hidden_act": "gelu", "position_embedding_type": "absolute"}


class Batch(NamedTuple):
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
        try:
            config = json.loads((folder / "config.json").read_text(encoding="utf-8"))
            if other := [f"{key} {config.get(key)!r}" for key, value in _COMPUTED.items() if config.get(key) != value]:
                raise ModelError(f"{folder} holds another network than BERT: {', '.join(other)}")
            self._device = _device()
            stored = load_file(folder / "model.safetensors", str(self._device))
            weights = {name.removeprefix("bert."): tensor for name, tensor in stored.items()}
            self._read(config, weights, bfloat16=bfloat16 and self._device.type == "cpu")
            self._pool = _pool(torch.get_num_threads()) if self._device.type == "cpu" else None
        except (OSError, ValueError, LookupError, TypeError, AttributeError, SafetensorError) as error:
            raise ModelError(f"{folder} cannot be loaded: {type(error).__name__}: {error}") from error

    def _read(self, config: Mapping[str, Any], weights: Mapping[str, Tensor], *, bfloat16: bool) -> None:
        self.positions = int(config["max_position_embeddings"])
        self._heads = int(config["num_attention_heads"])
        self._epsilon = float(config["layer_norm_eps"])
        self._layers_in = torch.bfloat16 if bfloat16 else torch.float32
        self._attention = _in_steps if bfloat16 else _fused
        self._words, self._places, self._segments = (
            weights[f"embeddings.{kind}_embeddings.weight"] for kind in ("word", "position", "token_type")
        )
        self._norm = _affine(weights, "embeddings.LayerNorm", torch.float32)
        self._layers = [
            _layer(weights, f"encoder.layer.{number}", self._layers_in)
            for number in range(int(config["num_hidden_layers"]))
        ]
        self.head = _affine(weights, "classifier", torch.float32) if "classifier.weight" in weights else None
        self.width = self._words.shape[1]

    def __call__(self, rows: Sequence[Sequence[int]], segments: Sequence[Sequence[int]] | None = None) -> Tensor:
        """What each piece means in its row: float32, shape ``(len(rows), longest row or more, width)``, padding behind.

        Args:
            rows: piece numbers, special ones included, at most `positions` in a row.
            segments: 0 or 1 for each piece; all 0 where not given.
        """
        segments = [[0] * len(row) for row in rows] if segments is None else segments
        lengths = torch.tensor([len(row) for row in rows], device=self._device)
        longest = min(-(-int(lengths.max()) // _STEP) * _STEP, self.positions)
        with torch.inference_mode():
            hidden = self._embedded(*(self._filled(part, longest) for part in (rows, segments)))
            hidden = hidden.to(self._layers_in)
            bias = _bias(lengths, longest, self._layers_in)
            for layer in self._layers:
                hidden = self._norm_of(hidden + self._attended(layer, hidden, bias), layer.attended_norm)
                hidden = self._norm_of(hidden + linear(gelu(linear(hidden, *layer.up)), *layer.down), layer.down_norm)
            return hidden.float().cpu()

    def each(self, batches: Sequence[Batch]) -> list[Tensor]:
        """What `__call__` gives for each batch; on a processor every core computes one of its own.

        That is a tenth faster than all cores sharing one, and more where there are many (bench/batching.py).
        """
        if self._pool is None or len(batches) == 1:
            return [self(*batch) for batch in batches]
        return list(self._pool.map(lambda batch: self(*batch), batches))

    def _filled(self, rows: Sequence[Sequence[int]], longest: int) -> Tensor:
        return torch.tensor([[*row, *[_PAD] * (longest - len(row))] for row in rows], device=self._device)

    def _embedded(self, ids: Tensor, segments: Tensor) -> Tensor:
        # Kept as they are stored, mostly in half precision, and widened where they are used: exactly the same values.
        places = self._places[: ids.shape[1]].float()
        kinds = embedding(segments, self._segments).float()
        return self._norm_of(embedding(ids, self._words).float() + kinds + places, self._norm)

    def _attended(self, layer: _Layer, hidden: Tensor, bias: Tensor) -> Tensor:
        rows, longest, width = hidden.shape
        parts = linear(hidden, *layer.qkv).view(rows, longest, 3, self._heads, width // self._heads)
        query, key, value = parts.permute(2, 0, 3, 1, 4)
        mixed = self._attention(query, key, value, bias)
        return linear(mixed.transpose(1, 2).reshape(rows, longest, width), *layer.attended)

    def _norm_of(self, hidden: Tensor, norm: _Affine) -> Tensor:
        return layer_norm(hidden, (hidden.shape[-1],), norm.weight, norm.bias, self._epsilon)


@cache
def _pool(cores: int) -> ThreadPoolExecutor | None:
    """A thread for each core, in which torch uses no others; None where there is but one.

    torch gives a thread that is new to it what was last set anywhere. So each of these asks before it sets its own, and
    what holds for all others is set again when all have.
    """
    if cores == 1:
        return None
    met = Barrier(cores + 1)

    def enter() -> None:
        torch.get_num_threads()
        torch.set_num_threads(1)
        met.wait()

    pool = ThreadPoolExecutor(cores, "network", enter)
    for _ in range(cores):
        pool.submit(int)  # a thread is started for each, as none of them is idle before the barrier
    met.wait()
    torch.set_num_threads(cores)
    return pool


def _device() -> torch.device:
    """The graphics card that torch was built for and finds, else the processor."""
    return torch.accelerator.current_accelerator(check_available=True) or torch.device("cpu")


def _fused(query: Tensor, key: Tensor, value: Tensor, bias: Tensor) -> Tensor:
    """Scaled dot-product attention; shapes ``(rows, heads, longest, width of a head)``."""
    return scaled_dot_product_attention(query, key, value, attn_mask=bias)


def _in_steps(query: Tensor, key: Tensor, value: Tensor, bias: Tensor) -> Tensor:
    """The same, multiplied out: in bfloat16 torch's fused kernel takes two to three times as long for short rows."""
    rows, heads, longest, width = query.shape
    each = rows * heads
    query, key, value = (part.reshape(each, longest, width) for part in (query, key, value))
    added = bias.expand(rows, heads, 1, longest).reshape(each, 1, longest)
    scores = torch.baddbmm(added, query, key.transpose(1, 2), alpha=width**-0.5)
    return torch.bmm(scores.softmax(dim=-1), value).view(rows, heads, longest, width)


def _affine(weights: Mapping[str, Tensor], name: str, dtype: torch.dtype) -> _Affine:
    return _Affine(weights[f"{name}.weight"].to(dtype), weights[f"{name}.bias"].to(dtype))


def _layer(weights: Mapping[str, Tensor], name: str, dtype: torch.dtype) -> _Layer:
    each = [_affine(weights, f"{name}.attention.self.{part}", dtype) for part in ("query", "key", "value")]
    qkv = _Affine(torch.cat([part.weight for part in each]), torch.cat([part.bias for part in each]))
    others = ("attention.output.dense", "attention.output.LayerNorm", "intermediate.dense", "output.dense",
              "output.LayerNorm")  # fmt: skip
    return _Layer(qkv, *(_affine(weights, f"{name}.{other}", dtype) for other in others))


def _bias(lengths: Tensor, longest: int, dtype: torch.dtype) -> Tensor:
    """What keeps attention from padding; shape ``(rows, 1, 1, longest)``."""
    beyond = torch.arange(longest, device=lengths.device)[None, :] >= lengths[:, None]
    bias = torch.zeros(beyond.shape, dtype=dtype, device=lengths.device)
    return bias.masked_fill(beyond, torch.finfo(dtype).min)[:, None, None, :]
