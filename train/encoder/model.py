"""The student: the teacher's network with a longer table of word embeddings, and texts turned into vectors by it."""

from __future__ import annotations

import copy
from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
import torch
from tokenizers import Tokenizer
from transformers import BertConfig, BertModel

from index.embed import Vectors
from index.precision import fast_bfloat16
from qa.rows import batches_by_tokens

PAD = 0
NO_DROPOUT = {"hidden_dropout_prob": 0.0, "attention_probs_dropout_prob": 0.0}  # targets are exact: noise only slows


class Trainable:
    """A network around a BERT body, in training: `network` keeps the float32 weights that an optimiser changes.

    Where the processor is good at bfloat16, the body's layers run as a copy in it, and `refresh` copies them over.
    """

    def __init__(self, network: torch.nn.Module, body: BertModel) -> None:
        self.network = network
        self.body = body
        self.layers = copy.deepcopy(body.encoder).to(torch.bfloat16) if fast_bfloat16() else body.encoder

    def refresh(self) -> None:
        """Bring the layers that run up to the network's weights."""
        if self.layers is not self.body.encoder:
            with torch.no_grad():
                for low, full in zip(self.layers.parameters(), self.body.encoder.parameters(), strict=True):
                    low.copy_(full)

    def hidden(
        self, ids: Sequence[Sequence[int]], types: Sequence[Sequence[int]] | None = None
    ) -> tuple[torch.Tensor, torch.Tensor]:
        """Hidden states of tokenised texts, float32, shape ``(len(ids), longest, width)``, and which are of tokens.

        Args:
            ids: piece numbers, special tokens included.
            types: the segment of each piece, 0 or 1; all 0 if not given.
        """
        longest = max(len(one) for one in ids)
        padded = torch.tensor([[*one, *[PAD] * (longest - len(one))] for one in ids])
        segments = None if types is None else torch.tensor([[*one, *[0] * (longest - len(one))] for one in types])
        mask = torch.arange(longest)[None, :] < torch.tensor([len(one) for one in ids])[:, None]
        embedded = self.body.embeddings(input_ids=padded, token_type_ids=segments)
        embedded = embedded.to(next(self.layers.parameters()).dtype)
        return self.layers(embedded, attention_mask=mask[:, None, None, :]).last_hidden_state.float(), mask


class Encoder(Trainable):
    """A BERT network and its tokenizer, whose vector of a text is the mean over its tokens, scaled to length one."""

    network: BertModel

    def __init__(self, network: BertModel, tokenizer: Tokenizer, *, max_tokens: int = 256) -> None:
        super().__init__(network, network)
        self.tokenizer = tokenizer
        self.max_tokens = max_tokens

    def token_ids(self, texts: Sequence[str]) -> list[list[int]]:
        """Piece numbers of each text, special tokens included, cut off after `max_tokens`."""
        encodings = self.tokenizer.encode_batch(list(texts))
        cut = self.max_tokens - 1
        return [e.ids if len(e.ids) <= self.max_tokens else [*e.ids[:cut], e.ids[-1]] for e in encodings]

    def forward(self, ids: Sequence[Sequence[int]]) -> torch.Tensor:
        """Unit vectors of tokenised texts, float32, shape ``(len(ids), width)``."""
        hidden, mask = self.hidden(ids)
        weights = mask[:, :, None].float()
        mean = (hidden * weights).sum(1) / weights.sum(1)
        return torch.nn.functional.normalize(mean, dim=1)

    def forward_unlike(self, ids: Sequence[Sequence[int]], *, tokens_per_batch: int = 3072) -> torch.Tensor:
        """As `forward`, for texts of unlike length: the shorter are not padded to the longest."""
        batches = batches_by_tokens(ids, range(len(ids)), tokens_per_batch)
        vectors = torch.cat([self.forward([ids[i] for i in batch]) for batch in batches])
        place = torch.empty(len(ids), dtype=torch.long)
        place[torch.tensor([i for batch in batches for i in batch])] = torch.arange(len(ids))
        return vectors[place]

    @torch.inference_mode()
    def embed(self, texts: Sequence[str], *, tokens_per_batch: int = 8192) -> Vectors:
        """Unit vectors of `texts`, shape ``(len(texts), width)``; the texts may be in any order."""
        self.network.eval()
        ids = self.token_ids(texts)
        vectors = np.zeros((len(ids), self.network.config.hidden_size), np.float32)
        for batch in batches_by_tokens(ids, range(len(ids)), tokens_per_batch):
            vectors[batch] = self.forward([ids[i] for i in batch]).numpy()
        return vectors


def interpolate(encoder: Encoder, others: Mapping[str, torch.Tensor], share: float) -> None:
    """Set every weight to `share` of the encoder's own and the rest of `others`, in place.

    Between where training began and where it ended lies what is better than both in what training did not teach
    (Wortsman et al. 2022, Robust fine-tuning of zero-shot models).
    """
    own = encoder.network.state_dict()
    mixed = {name: torch.lerp(others[name], own[name], share) for name in own if own[name].is_floating_point()}
    encoder.network.load_state_dict(own | mixed)
    encoder.refresh()


def load_teacher(folder: Path) -> Encoder:
    """The teacher as its folder has it."""
    return Encoder(BertModel.from_pretrained(folder, attn_implementation="sdpa"), read_tokenizer(folder))


def read_tokenizer(folder: Path) -> Tokenizer:
    """The tokenizer in a folder, which neither pads nor cuts off."""
    tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
    tokenizer.no_padding()
    tokenizer.no_truncation()
    return tokenizer


def extended(teacher: Encoder, tokenizer: Tokenizer, rows: Vectors) -> Encoder:
    """A copy of the teacher with another vocabulary, whose word embeddings are `rows`."""
    config = BertConfig(**{**teacher.network.config.to_dict(), "vocab_size": tokenizer.get_vocab_size(), **NO_DROPOUT})
    config._attn_implementation = "sdpa"  # noqa: SLF001 - what from_pretrained sets
    network = BertModel(config)
    state = dict(teacher.network.state_dict())
    name = "embeddings.word_embeddings.weight"
    state[name] = torch.from_numpy(np.asarray(rows, np.float32))
    network.load_state_dict(state)
    return Encoder(network, tokenizer, max_tokens=teacher.max_tokens)
