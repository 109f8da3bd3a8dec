"""The teacher's vectors of English texts, computed once and kept on disk."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from train.encoder.model import Encoder, Vectors


def taught(teacher: Encoder, texts: Sequence[str], folder: Path) -> tuple[Vectors, list[int]]:
    """The vectors of the distinct `texts`, float16, and for each text which vector is its own."""
    number = {text: i for i, text in enumerate(dict.fromkeys(texts))}
    digest = hashlib.sha256("\0".join(number).encode()).hexdigest()[:16]
    path = folder / f"teacher-{digest}.npy"
    if not path.exists():
        vectors = teacher.embed(list(number)).astype(np.float16)
        part = path.with_suffix(".part.npy")
        np.save(part, vectors)
        part.replace(path)
    return np.load(path), [number[text] for text in texts]
