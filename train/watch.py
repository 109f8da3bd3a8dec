"""Measures a network at every checkpoint of its training and keeps its best weights.

What was measured is kept beside the weights, so that a run that goes on knows what was best.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import torch

from train.encoder.model import Trainable

logger = logging.getLogger(__name__)


class Watch:
    """Keeps ``best.pt`` and ``curve.json`` in a working folder.

    Args:
        trained: what is measured.
        figures: measures it as it is now.
        key: the figure that is best when highest.
        folder: the working folder.
    """

    def __init__(self, trained: Trainable, figures: Callable[[], Mapping[str, float]], key: str, folder: Path) -> None:
        self._trained = trained
        self._figures = figures
        self._key = key
        self._best = folder / "best.pt"
        self._curve = folder / "curve.json"
        self.curve: list[dict[str, Any]] = json.loads(self._curve.read_text()) if self._curve.exists() else []
        self.stage = ""

    def __call__(self, step: int, loss: float) -> None:
        """Measure, and keep the weights if they are the best so far; called at every checkpoint."""
        best = max((point[self._key] for point in self.curve if point["step"]), default=0.0)
        if self.measure(step, loss)[self._key] >= best:
            torch.save(self._trained.network.state_dict(), self._best)

    def measure(self, step: int = 0, loss: float = 0.0) -> dict[str, Any]:
        """Measure, unless this step of this stage was measured before."""
        for point in self.curve:
            if (point["stage"], point["step"]) == (self.stage, step):
                return point
        found = self._figures()
        logger.info("%s, step %d, loss %.3f: %s", self.stage, step, loss, _shown(found))
        self.curve.append({"stage": self.stage, "step": step, "loss": round(loss, 4), **found})
        self._curve.write_text(json.dumps(self.curve), encoding="utf-8")
        return self.curve[-1]

    def restore(self) -> None:
        """Give the network its best weights back."""
        self._trained.network.load_state_dict(torch.load(self._best, weights_only=True))
        self._trained.refresh()


def _shown(found: Mapping[str, float]) -> str:
    return ", ".join(f"{name} {value:.4f}" for name, value in found.items())


def steps(curve: list[dict[str, Any]]) -> str:
    """The steps of each stage that had any, in order."""
    last = {point["stage"]: point["step"] for point in curve if point["step"]}
    return " + ".join(str(step) for step in last.values())
