"""The trained reader's network: rows of word pieces to the relevance of each and the evidence of its sentences.

A token classification model in a standard Hugging Face folder (`train.reader.model` says what its numbers mean). The
one place in `qa` that imports torch and transformers.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from index.embed import as_unicode, fast_bfloat16, halve_layers, quiet_and_offline
from index.errors import ModelError
from index.model_files import weights_sha256
from qa.rows import NO_SENTENCE, Frame, Row, batches_by_tokens

BATCH_PIECES = 4096  # padding included: more at once is no faster on two cores
PAD = 0


class Scored(NamedTuple):
    """Logits of one row: that it is about the question, and that each of its sentences answers."""

    relevance: float
    evidence: tuple[float, ...]


class ReaderNetwork:
    """The network in a folder, ready to read.

    Args:
        folder: as `train.reader` writes it.
        bfloat16: whether its layers compute in bfloat16; if not given, where the processor is good at it.

    Raises:
        ModelError: there is none, or its files are damaged.
    """

    def __init__(self, folder: Path, *, bfloat16: bool | None = None) -> None:
        self.sha256 = weights_sha256(folder)
        self._network, self._tokenizer = _load(folder, bfloat16=fast_bfloat16() if bfloat16 is None else bfloat16)
        self.frame = Frame(self._tokenizer.token_to_id("[CLS]"), self._tokenizer.token_to_id("[SEP]"))

    def pieces(self, texts: Sequence[str]) -> list[list[int]]:
        """Piece numbers of each text, without special pieces; nothing is cut off."""
        encodings = self._tokenizer.encode_batch(as_unicode(texts), add_special_tokens=False)
        return [encoding.ids for encoding in encodings]

    def read(self, rows: Sequence[Row]) -> list[Scored]:
        """What the network makes of each row, in their order."""
        scored: dict[int, Scored] = {}
        for batch in batches_by_tokens([row.ids for row in rows], range(len(rows)), BATCH_PIECES):
            logits = self._logits([rows[i] for i in batch])
            scored.update((i, _scored(rows[i], of_row)) for i, of_row in zip(batch, logits, strict=True))
        return [scored[i] for i in range(len(rows))]

    def _logits(self, rows: Sequence[Row]) -> npt.NDArray[np.float32]:
        """Of every piece; shape ``(len(rows), longest)``."""
        import torch

        longest = max(len(row.ids) for row in rows)
        lengths = torch.tensor([len(row.ids) for row in rows])
        ids = torch.tensor([[*row.ids, *[PAD] * (longest - len(row.ids))] for row in rows])
        segments = torch.tensor([[*row.segments, *[0] * (longest - len(row.ids))] for row in rows])
        mask = (torch.arange(longest)[None, :] < lengths[:, None]).long()
        with torch.inference_mode():
            logits = self._network(input_ids=ids, token_type_ids=segments, attention_mask=mask).logits
        found: npt.NDArray[np.float32] = logits[:, :, 0].float().numpy()
        return found


def _load(folder: Path, *, bfloat16: bool) -> tuple[Any, Any]:
    """The network, and the tokenizer, which neither pads nor cuts."""
    quiet_and_offline()
    from tokenizers import Tokenizer
    from transformers import AutoModelForTokenClassification

    try:
        network = AutoModelForTokenClassification.from_pretrained(folder, local_files_only=True).eval()
        tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
    except Exception as error:  # the tokenizer's library raises nothing more exact
        raise ModelError(f"the evidence reader in {folder} cannot be loaded: {error}") from error
    tokenizer.no_padding()
    tokenizer.no_truncation()
    if bfloat16:
        halve_layers(network.bert)
    return network, tokenizer


def _scored(row: Row, logits: npt.NDArray[np.float32]) -> Scored:
    owners = np.array(row.sentence_of)
    inside = owners != NO_SENTENCE
    pieces = np.bincount(owners[inside])
    sums = np.bincount(owners[inside], weights=logits[: len(owners)][inside])
    return Scored(float(logits[0]), tuple((sums / np.maximum(pieces, 1)).tolist()))
