"""The reader's network: the encoder's layers with one number for every piece.

A `BertForTokenClassification` with a single label. The number of the first piece is the relevance of the passage; the
mean over a sentence's pieces is the evidence of that sentence (Chirkova et al. 2025, Provence, have the same two in
one pass; that a sentence's is a mean is ours). Both are logits: at 0 the network is undecided.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import torch
from tokenizers import Tokenizer
from transformers import BertConfig, BertForTokenClassification, BertModel

from qa.rows import NO_SENTENCE, Frame, Row, batches_by_tokens, row
from train.encoder.model import NO_DROPOUT, Trainable, read_tokenizer
from train.reader.tasks import Window

HEAD_SPREAD = 0.02
ATTENTION = "eager"  # at these lengths a step takes a sixth less than with the fused one, whose way back is slow


class Reader(Trainable):
    """The network and its tokenizer, in training."""

    network: BertForTokenClassification

    def __init__(self, network: BertForTokenClassification, tokenizer: Tokenizer) -> None:
        super().__init__(network, network.bert)
        self.tokenizer = tokenizer
        self.frame = Frame(tokenizer.token_to_id("[CLS]"), tokenizer.token_to_id("[SEP]"))
        self._pieces: dict[str, list[int]] = {}

    def row(self, question: str, window: Window) -> Row:
        """The window laid out for the question, its last sentences left out where it is longer than the network."""
        told = self.pieces(window.sentences)
        asked, title = self.pieces([question, window.title])
        laid = row(self.frame, asked, title, told)
        while len(laid.ids) > self.network.config.max_position_embeddings and len(told) > 1:
            told = told[:-1]
            laid = row(self.frame, asked, title, told)
        return laid

    def pieces(self, texts: Sequence[str]) -> list[list[int]]:
        """Piece numbers of each text without special pieces; remembered."""
        new = [text for text in dict.fromkeys(texts) if text not in self._pieces]
        encodings = self.tokenizer.encode_batch(new, add_special_tokens=False)
        self._pieces.update((text, e.ids) for text, e in zip(new, encodings, strict=True))
        return [self._pieces[text] for text in texts]

    def logits(self, rows: Sequence[Row], tokens_per_batch: int) -> tuple[torch.Tensor, torch.Tensor]:
        """Relevance of each row, shape ``(len(rows),)``, and evidence of all their sentences, in order, flat."""
        relevance: list[torch.Tensor] = [torch.empty(0)] * len(rows)
        evidence: list[torch.Tensor] = [torch.empty(0)] * len(rows)
        for batch in batches_by_tokens([one.ids for one in rows], range(len(rows)), tokens_per_batch):
            hidden, _ = self.hidden([rows[i].ids for i in batch], [rows[i].segments for i in batch])
            scores = self.network.classifier(hidden)[:, :, 0]
            for i, score in zip(batch, scores, strict=True):
                relevance[i] = score[0]
                evidence[i] = _means(score, rows[i])
        return torch.stack(relevance), torch.cat(evidence)


def started(folder: Path) -> Reader:
    """A reader with the layers and the vocabulary of the encoder in a folder, and a head that knows nothing."""
    encoder = BertModel.from_pretrained(folder, dtype=torch.float32)
    labels = {"id2label": {0: "evidence"}, "label2id": {"evidence": 0}}
    config = BertConfig(**{**encoder.config.to_dict(), **NO_DROPOUT, **labels})
    config._attn_implementation = ATTENTION  # noqa: SLF001 - what from_pretrained sets
    network = BertForTokenClassification(config)
    network.bert.load_state_dict({k: v for k, v in encoder.state_dict().items() if not k.startswith("pooler.")})
    torch.nn.init.normal_(network.classifier.weight, std=HEAD_SPREAD)
    torch.nn.init.zeros_(network.classifier.bias)
    return Reader(network, read_tokenizer(folder))


def _means(scores: torch.Tensor, of: Row) -> torch.Tensor:
    """The mean score over the pieces of each sentence."""
    owners = torch.tensor(of.sentence_of)
    inside = owners != NO_SENTENCE
    count = int(owners.max()) + 1
    sums = torch.zeros(count).index_add(0, owners[inside], scores[: len(owners)][inside])
    return sums / torch.bincount(owners[inside], minlength=count).clamp(min=1)
