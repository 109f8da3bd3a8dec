"""Distillation: a text's vector is pulled to the teacher's vector of its English, and told apart from its neighbours'.

Multilingual knowledge distillation (Reimers and Gurevych 2020) with in-batch contrast in both directions: with unit
vectors s of the student and t of the teacher, the loss of a batch is the mean of |s - t|^2 plus `contrast` times the
cross-entropy of s t^T * `scale` along rows and columns. Teacher vectors are computed once.
"""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import torch

from qa.rows import batches_by_tokens
from train.encoder.model import Encoder, Vectors
from train.encoder.optimise import Checkpoints, Rates, descend, epochs
from train.encoder.texts import Lesson

SHARD = 100  # batches are sorted by length within so many batches' worth of texts
MAX_BATCH = 256  # texts; more are no harder to tell apart


@dataclass(frozen=True, slots=True)
class Distillation:
    """How to distil."""

    epochs: float
    tokens_per_batch: int
    english_share: float  # of the texts, taught once more in English, so that it does not drift
    contrast: float
    scale: float
    rates: Rates


class Lessons:
    """Tokenised texts and the teacher's vector for each."""

    def __init__(self, student: Encoder, lessons: Sequence[Lesson], targets: Vectors, target_of: Sequence[int]) -> None:
        self.ids = student.token_ids([lesson.text for lesson in lessons])
        self.targets = targets
        self.target_of = np.asarray(target_of)

    def batches(self, budget: int, draw: random.Random) -> list[list[int]]:
        """All texts once, in batches of like length, in random order."""
        order = list(range(len(self.ids)))
        draw.shuffle(order)
        mean = sum(map(len, self.ids)) / len(self.ids)
        shard = max(1, int(SHARD * budget / mean))
        batches = [
            batch[i : i + MAX_BATCH]
            for start in range(0, len(order), shard)
            for batch in batches_by_tokens(self.ids, order[start : start + shard], budget)
            for i in range(0, len(batch), MAX_BATCH)
        ]
        draw.shuffle(batches)
        return batches

    def target(self, batch: Sequence[int]) -> tuple[torch.Tensor, torch.Tensor]:
        """Teacher vectors of a batch, and the number of each, equal where the English is."""
        numbers = self.target_of[list(batch)]
        return torch.from_numpy(self.targets[numbers].astype(np.float32)), torch.from_numpy(numbers)


def loss(vectors: torch.Tensor, targets: torch.Tensor, numbers: torch.Tensor, how: Distillation) -> torch.Tensor:
    """The loss of a batch, see above; texts of the same English are no contrast to each other."""
    distance = (vectors - targets).square().sum(dim=1).mean()
    return distance + how.contrast * contrast(vectors, targets, numbers, how.scale)


def contrast(left: torch.Tensor, right: torch.Tensor, numbers: torch.Tensor, scale: float) -> torch.Tensor:
    """Cross-entropy of each left row's own right row among all, and of that one's left row among all, halved.

    The first ``len(left)`` rows of `right` are the left rows' own, others are further contrast; `numbers` names all of
    `right`, and rows of one number are no contrast to each other.
    """
    count = len(left)
    scores = left @ right.T * scale
    same = (numbers[:count, None] == numbers[None, :]) & ~torch.eye(count, len(numbers), dtype=torch.bool)
    scores = scores.masked_fill(same, float("-inf"))
    gold = torch.arange(count)
    cross_entropy = torch.nn.functional.cross_entropy
    return (cross_entropy(scores, gold) + cross_entropy(scores[:, :count].T, gold)) / 2


def plan(lessons: Lessons, how: Distillation, seed: int) -> list[list[int]]:
    """All batches of all epochs, the last epoch perhaps in part; the same for the same seed."""
    return epochs(how.epochs, seed, lambda draw: lessons.batches(how.tokens_per_batch, draw))


def distil(student: Encoder, lessons: Lessons, how: Distillation, seed: int, kept: Checkpoints) -> None:
    """Train the student in place."""
    batches = plan(lessons, how, seed)

    def loss_at(step: int) -> torch.Tensor:
        return batch_loss(student, lessons, batches[step], how)

    descend(student, how.rates, len(batches), loss_at, kept)


def batch_loss(student: Encoder, lessons: Lessons, batch: Sequence[int], how: Distillation) -> torch.Tensor:
    """The loss of the student on a batch."""
    targets, numbers = lessons.target(batch)
    return loss(student.forward([lessons.ids[i] for i in batch]), targets, numbers, how)
