"""The optimiser: AdamW for the layers, and for the word embeddings an Adam that touches only the rows of the batch.

A dense step over the table of embeddings would cost as much as a small batch's forward pass (17 of 29 million
parameters, of which a batch uses some hundred rows).
"""

from __future__ import annotations

import math
import random
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch

from train.encoder.model import Trainable

CLIP = 1.0  # norm of the layers' gradient


@dataclass(frozen=True, slots=True)
class Rates:
    """Highest learning rates, and the steps until they are reached; then they fall in a line to nothing."""

    layers: float
    embeddings: float
    warm_up: int
    weight_decay: float = 0.01


@dataclass(frozen=True, slots=True)
class Checkpoints:
    """Where a stage keeps its state, how often, and who is told the step and the mean loss since the last time."""

    path: Path
    measured: Callable[[int, float], None]
    minutes: float = 10


def epochs(count: float, seed: int, batches_of: Callable[[random.Random], list[list[int]]]) -> list[list[int]]:
    """All batches of `count` epochs, each drawn anew, the last one perhaps in part; the same for the same seed."""
    batches: list[list[int]] = []
    for epoch in range(math.ceil(count)):
        of_epoch = batches_of(random.Random(f"{seed} {epoch}"))
        batches += of_epoch[: int(len(of_epoch) * min(1.0, count - epoch))]
    return batches


def shuffled(count: int, draw: random.Random) -> list[int]:
    """The numbers below `count` in another order."""
    order = list(range(count))
    draw.shuffle(order)
    return order


def descend(
    trained: Trainable, rates: Rates, steps: int, loss_at: Callable[[int], torch.Tensor], kept: Checkpoints
) -> None:
    """Train the network in place for `steps` steps, `loss_at` giving the loss of each; goes on from a checkpoint."""
    optimiser = Optimiser(trained, rates, steps)
    done = optimiser.resume(kept.path) if kept.path.exists() else 0
    since, losses = time.monotonic(), []
    for step in range(done, steps):
        trained.network.train()
        loss = loss_at(step)
        optimiser.step(loss)
        losses.append(float(loss.detach()))
        if time.monotonic() - since > 60 * kept.minutes or step + 1 == steps:
            optimiser.save(kept.path, step + 1)
            kept.measured(step + 1, sum(losses) / len(losses))
            since, losses = time.monotonic(), []


class Optimiser:
    """Steps over a network's parameters, resumable."""

    def __init__(self, trained: Trainable, rates: Rates, steps: int) -> None:
        network = trained.network
        words = trained.body.embeddings.word_embeddings
        words.sparse = True
        layers = [p for p in network.parameters() if p is not words.weight]
        self._trained = trained
        self._layers = torch.optim.AdamW(layers, lr=rates.layers, weight_decay=rates.weight_decay)
        self._words = torch.optim.SparseAdam([words.weight], lr=rates.embeddings)

        def share(step: int) -> float:
            return min((step + 1) / rates.warm_up, max(0.0, (steps - step) / max(1, steps - rates.warm_up)))

        self._schedules = [torch.optim.lr_scheduler.LambdaLR(o, share) for o in (self._layers, self._words)]

    def step(self, loss: torch.Tensor) -> None:
        """One step down the gradient of `loss`."""
        loss.backward()
        self._collect()
        layers = self._layers.param_groups[0]["params"]
        torch.nn.utils.clip_grad_norm_([p for p in layers if p.grad is not None], CLIP)
        for optimiser, schedule in zip((self._layers, self._words), self._schedules, strict=True):
            optimiser.step()
            optimiser.zero_grad(set_to_none=True)
            schedule.step()
        self._trained.refresh()

    def save(self, path: Path, step: int) -> None:
        """Everything that the next step needs, put in place at once."""
        part = path.with_suffix(".part")
        torch.save({"step": step, "parts": [p.state_dict() for p in self._parts()]}, part)
        part.replace(path)

    def resume(self, path: Path) -> int:
        """Load what `save` wrote; returns the number of steps done."""
        saved = torch.load(path, weights_only=True)
        for part, state in zip(self._parts(), saved["parts"], strict=True):
            part.load_state_dict(state)
        self._trained.refresh()
        return int(saved["step"])

    def _collect(self) -> None:
        """Gradients of the layers that ran, given to the weights that are stepped."""
        ran, kept = self._trained.layers, self._trained.body.encoder
        if ran is not kept:
            for low, full in zip(ran.parameters(), kept.parameters(), strict=True):
                full.grad = None if low.grad is None else low.grad.float()
                low.grad = None

    def _parts(self) -> tuple[Any, ...]:
        return (self._trained.network, self._layers, self._words, *self._schedules)
