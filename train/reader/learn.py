"""What the reader is taught: to tell the sentence that answers from all others, or from there being none.

The evidence of a question's sentences and a further one that is always 0, "none of these", go through one softmax. Each
sentence that answers is told apart from those that do not and from none; where nothing answers, none is right. The
relevance of each window is a yes or no of its own.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import torch

from qa.rows import Row
from train.encoder.optimise import Checkpoints, Rates, descend, epochs, shuffled
from train.reader.model import Reader
from train.reader.tasks import Task

TOKENS_AT_ONCE = 4096


@dataclass(frozen=True, slots=True)
class Learning:
    """How to train."""

    epochs: float
    tokens_per_batch: int  # of rows without padding
    relevance: float  # weight of its loss
    rates: Rates


def loss(evidence: torch.Tensor, gold: torch.Tensor) -> torch.Tensor:
    """The evidence loss of one question: evidence logits and which sentences answer, both of shape ``(sentences,)``."""
    others = torch.logsumexp(torch.cat([evidence[~gold], torch.zeros(1)]), 0)
    if not gold.any():
        return others
    right = evidence[gold]
    return (torch.logaddexp(right, others) - right).mean()


def learn(reader: Reader, tasks: Sequence[Task], how: Learning, seed: int, kept: Checkpoints) -> None:
    """Train the reader in place."""
    batches = plan(reader, tasks, how, seed)

    def loss_at(step: int) -> torch.Tensor:
        return batch_loss(reader, [tasks[i] for i in batches[step]], how)

    descend(reader, how.rates, len(batches), loss_at, kept)


def plan(reader: Reader, tasks: Sequence[Task], how: Learning, seed: int) -> list[list[int]]:
    """Task numbers by batch, in another order each epoch, the last epoch perhaps in part; the same for a seed."""
    lengths = [sum(len(one.ids) for one in rows(reader, task)) for task in tasks]
    return epochs(
        how.epochs,
        seed,
        lambda draw: _filled(shuffled(len(tasks), draw), lengths, how.tokens_per_batch),
    )


def batch_loss(reader: Reader, tasks: Sequence[Task], how: Learning) -> torch.Tensor:
    """The mean loss over tasks of evidence and, by its weight, of relevance."""
    of_task = [rows(reader, task) for task in tasks]
    relevance, evidence = reader.logits([one for own in of_task for one in own], TOKENS_AT_ONCE)
    relevant: list[float] = []
    losses: list[torch.Tensor] = []
    at = 0
    for task, own in zip(tasks, of_task, strict=True):
        gold = [i in w.gold for w, laid in zip(task.windows, own, strict=True) for i in range(sentences_of(laid))]
        losses.append(loss(evidence[at : at + len(gold)], torch.tensor(gold)))
        at += len(gold)
        relevant += [float(bool(window.gold)) for window in task.windows]
    yes_or_no = torch.nn.functional.binary_cross_entropy_with_logits(relevance, torch.tensor(relevant))
    return torch.stack(losses).mean() + how.relevance * yes_or_no


def rows(reader: Reader, task: Task) -> list[Row]:
    """The task's windows, laid out."""
    return [reader.row(task.question, window) for window in task.windows]


def sentences_of(laid: Row) -> int:
    """How many sentences a row has."""
    return max(laid.sentence_of) + 1


def _filled(order: Sequence[int], lengths: Sequence[int], budget: int) -> list[list[int]]:
    """Tasks in their order, as many to a batch as fit the budget of tokens."""
    batches: list[list[int]] = []
    room = 0
    for i in order:
        if not batches or lengths[i] > room:
            batches.append([])
            room = budget
        batches[-1].append(i)
        room -= lengths[i]
    return batches
