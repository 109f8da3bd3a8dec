"""The trained reader's network: rows of word pieces to the relevance of each and the evidence of its sentences.

A token classification model in a standard Hugging Face folder (`train.reader.model` says what its numbers mean),
computed by `index.bert`.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import numpy.typing as npt

from index.embed import as_unicode
from index.errors import ModelError
from index.model_files import mend, weights_sha256
from index.precision import fast_bfloat16
from qa.rows import NO_SENTENCE, Frame, Row

if TYPE_CHECKING:
    from index.bert import Bert


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
        from index.bert import Bert, open_tokenizer

        self.sha256 = weights_sha256(folder)
        try:
            self._bert = Bert(folder, bfloat16=fast_bfloat16() if bfloat16 is None else bfloat16)
            self._tokenizer = open_tokenizer(folder)
        except ModelError as error:
            raise ModelError(f"the evidence reader cannot be loaded: {error}. {mend(folder)}") from error
        self._weight, self._bias = _head(self._bert, folder)
        special = self._tokenizer.encode("").ids
        if len(special) != len(Frame._fields):
            raise ModelError(
                f"the tokenizer in {folder} is not the reader's: it frames a text with {len(special)} pieces"
            )
        self.frame = Frame(*special)

    def pieces(self, texts: Sequence[str]) -> list[list[int]]:
        """Piece numbers of each text, without special pieces; nothing is cut off."""
        encodings = self._tokenizer.encode_batch(as_unicode(texts), add_special_tokens=False)
        return [encoding.ids for encoding in encodings]

    def read(self, rows: Sequence[Row]) -> list[Scored]:
        """What the network makes of each row, in their order."""
        read = self._bert.rows([row.ids for row in rows], [row.segments for row in rows])
        return [
            _scored(row, hidden.numpy() @ self._weight + self._bias) for row, hidden in zip(rows, read, strict=True)
        ]


def _head(bert: Bert, folder: Path) -> tuple[npt.NDArray[np.float32], float]:
    """Weights, shape ``(width,)``, and bias of the one label."""
    if bert.head is None or bert.head.weight.shape != (1, bert.width):
        raise ModelError(f"the network in {folder} is no evidence reader: it has no head with one label")
    return bert.head.weight[0].cpu().numpy(), float(bert.head.bias)


def _scored(row: Row, logits: npt.NDArray[np.float32]) -> Scored:
    owners = np.array(row.sentence_of)
    inside = owners != NO_SENTENCE
    pieces = np.bincount(owners[inside])
    sums = np.bincount(owners[inside], weights=logits[: len(owners)][inside])
    return Scored(float(logits[0]), tuple((sums / np.maximum(pieces, 1)).tolist()))
