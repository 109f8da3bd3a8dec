"""The reader's network with a memory on disk: what it made of a row is looked up when the row is asked again.

Calibrating and measuring read the same questions; so does a second run of either. What is kept belongs to the weights
and to the way in which this machine computes, and goes with `make clean`.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping, Sequence
from hashlib import blake2b
from pathlib import Path

import numpy as np

from index.precision import fast_bfloat16
from qa.network import ReaderNetwork, Scored
from qa.rows import Row

KEPT = Path(__file__).parents[1] / "build" / "readings"
_COMPUTATION = 3  # counts up when the same network would give other logits
PATIENCE_S = 60  # for another process that writes


class RememberedNetwork(ReaderNetwork):
    """As `ReaderNetwork`; several processes may share the folder `kept`.

    Raises:
        ModelError: there are no weights, or they are damaged.
    """

    def __init__(self, folder: Path, kept: Path) -> None:
        bfloat16 = fast_bfloat16()
        super().__init__(folder, bfloat16=bfloat16)
        kept.mkdir(parents=True, exist_ok=True)
        computed = "bfloat16" if bfloat16 else "float32"
        self._memory = sqlite3.connect(
            kept / f"{self.sha256}-{computed}-{_COMPUTATION}.sqlite", PATIENCE_S, isolation_level=None
        )
        self._memory.execute("PRAGMA synchronous = OFF")  # what is lost is read again
        self._memory.execute("CREATE TABLE IF NOT EXISTS logits (row BLOB PRIMARY KEY, scored BLOB) WITHOUT ROWID")

    def read(self, rows: Sequence[Row]) -> list[Scored]:
        """What the network makes of each row, in their order."""
        keys = [_key(row) for row in rows]
        known = self._known(keys)
        new = {key: row for key, row in zip(keys, rows, strict=True) if key not in known}
        packed = {key: _packed(scored) for key, scored in zip(new, super().read(list(new.values())), strict=True)}
        self._memory.executemany("INSERT OR IGNORE INTO logits VALUES (?, ?)", packed.items())
        made = known | packed
        return [_scored(made[key]) for key in keys]

    def _known(self, keys: Sequence[bytes]) -> Mapping[bytes, bytes]:
        places = ", ".join("?" * len(keys))
        return dict(self._memory.execute(f"SELECT row, scored FROM logits WHERE row IN ({places})", keys))  # noqa: S608 - question marks only


def _key(row: Row) -> bytes:
    parts = (np.array(part, dtype=np.int32).tobytes() for part in row)
    return blake2b(b"|".join(parts), digest_size=16).digest()


def _packed(scored: Scored) -> bytes:
    return np.array([scored.relevance, *scored.evidence], dtype=np.float32).tobytes()


def _scored(packed: bytes) -> Scored:
    relevance, *evidence = np.frombuffer(packed, dtype=np.float32).tolist()
    return Scored(relevance, tuple(evidence))
