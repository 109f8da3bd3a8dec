"""Vectors of texts, computed once: kept by the encoder's and the text's SHA-256; they outlive generations and kills.

Stored as float32, exactly as the encoder gave them, and always used as stored, so that a ranking cannot depend on where
a vector came from. Nothing expires: a vector of 384 numbers takes 1.5 kB.
"""

from __future__ import annotations

import json
import logging
import sqlite3
import threading
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import closing, suppress
from pathlib import Path
from types import TracebackType
from typing import NamedTuple, Self

import numpy as np
import numpy.typing as npt

from index.batches import ahead, batches
from index.embed import Embedder, Vectors
from index.types import text_sha256

logger = logging.getLogger(__name__)

Vector = npt.NDArray[np.float32]

_SCHEMA = "CREATE TABLE IF NOT EXISTS vectors (sha256 TEXT PRIMARY KEY, vector BLOB NOT NULL)"
_UNIT_TOLERANCE = 1e-3
_BATCHES_PER_SAVE = 8  # saving waits for the disk


class VectorCache:
    """The vectors of one encoder; several threads may get and put.

    One process writes it at a time: the builder's lock sees to that.
    """

    def __init__(self, connection: sqlite3.Connection, dimension: int, notices: tuple[str, ...]) -> None:
        self._connection = connection
        self._lock = threading.Lock()
        self._dimension = dimension
        self.notices = notices

    @classmethod
    def open(cls, data_dir: Path, encoder_sha256: str, dimension: int) -> Self:
        """The cache of the encoder with this digest; a damaged file is set aside with a notice and begun anew."""
        path = cache_path(data_dir, encoder_sha256)
        path.parent.mkdir(parents=True, exist_ok=True)
        try:
            return cls(_connect(path), dimension, ())
        except sqlite3.OperationalError:  # the disk is full or the file locked: not damage
            raise
        except sqlite3.DatabaseError as error:
            notice = _set_aside(path, error)
        return cls(_connect(path), dimension, (notice,))

    def __enter__(self) -> Self:
        """Close it at the end of the block."""
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        """Close it."""
        self.close()

    def get(self, shas: Iterable[str]) -> dict[str, Vector]:
        """The known ones among `shas`, each a unit vector of shape ``(dimension,)``."""
        query = "SELECT sha256, vector FROM vectors WHERE sha256 IN (SELECT value FROM json_each(?))"
        with self._lock:
            rows = self._connection.execute(query, (json.dumps(list(shas)),)).fetchall()
        found = ((sha, np.frombuffer(blob, "<f4")) for sha, blob in rows)
        return {sha: vector for sha, vector in found if self._is_ours(vector)}

    def put(self, vectors: Mapping[str, Vector]) -> None:
        """Remember vectors by the SHA-256 of their text; they are on disk when this returns."""
        rows = ((sha, np.ascontiguousarray(vector, "<f4").tobytes()) for sha, vector in vectors.items())
        with self._lock, self._connection:
            self._connection.executemany("INSERT OR REPLACE INTO vectors VALUES (?, ?)", rows)

    def keep_only(self, shas: Iterable[str]) -> int:
        """Forget the vectors of all other texts, on disk too; how many that were."""
        self._connection.execute("PRAGMA secure_delete = ON")
        with self._connection:
            self._connection.execute("CREATE TEMP TABLE kept (sha256 TEXT PRIMARY KEY)")
            self._connection.executemany("INSERT OR IGNORE INTO kept VALUES (?)", ((sha,) for sha in shas))
            unwanted = "DELETE FROM vectors WHERE sha256 NOT IN (SELECT sha256 FROM kept)"
            forgotten = self._connection.execute(unwanted).rowcount
            self._connection.execute("DROP TABLE kept")
        self._connection.execute("VACUUM")
        return forgotten

    def close(self) -> None:
        """Let go of the file."""
        self._connection.close()

    def _is_ours(self, vector: Vector) -> bool:
        # Only unit vectors are ever put in, so another length means flipped bits: it is simply computed again.
        return vector.shape == (self._dimension,) and abs(float(np.linalg.norm(vector)) - 1) < _UNIT_TOLERANCE


def cache_path(data_dir: Path, encoder_sha256: str) -> Path:
    """Where the vectors of the encoder with this digest are kept."""
    return data_dir / "vectors" / f"{encoder_sha256}.sqlite"


class Encoding(NamedTuple):
    """How texts become vectors: the encoder, the cache of what it gave, and the tokens that it takes at once."""

    embedder: Embedder
    cache: VectorCache
    budget: int


class Embedded(NamedTuple):
    """Unit vectors, shape ``(texts, dimension)``, and the positions of the texts that the encoder ran on."""

    vectors: Vectors
    computed: list[int]


def embed(
    texts: Sequence[str],
    tokens: Sequence[int],
    encoding: Encoding,
    on_batch: Callable[[float], None] = lambda _: None,
) -> Embedded:
    """The vectors of `texts`, from the cache or in batches of like length (`index.batches`).

    A text that the cache knows, or that occurs twice, is not encoded again. Whatever ends it, what was encoded is
    saved; only a kill loses the last few batches.

    Args:
        texts: at least one; they are in memory with their vectors.
        tokens: how many are read of each, at least one; of a text that the cache knows any number will do.
        encoding: with what.
        on_batch: gets the share of the tokens to be encoded that has been.
    """
    embedder, cache, budget = encoding
    shas = [text_sha256(text) for text in texts]
    known = cache.get(set(shas))
    first = {sha: position for position, sha in reversed(list(enumerate(shas))) if sha not in known}
    computed = sorted(first.values())
    left = total = sum(tokens[position] for position in computed)
    fresh: dict[str, Vector] = {}
    batched = (
        [computed[place] for place in batch] for batch in batches([tokens[position] for position in computed], budget)
    )
    try:
        with closing(ahead(_encoded(embedder, texts, batched))) as encoded:
            for number, (positions, vectors) in enumerate(encoded, start=1):
                fresh |= {shas[position]: vector for position, vector in zip(positions, vectors, strict=True)}
                if number % _BATCHES_PER_SAVE == 0:
                    cache.put(fresh)
                    known |= fresh
                    fresh = {}
                left -= sum(tokens[position] for position in positions)
                on_batch(1 - left / total)
    except BaseException:
        with suppress(sqlite3.Error):  # what ended it is what should be told
            cache.put(fresh)
        raise
    cache.put(fresh)
    known |= fresh
    return Embedded(np.stack([known[sha] for sha in shas]), computed)


def _encoded(
    embedder: Embedder, texts: Sequence[str], batched: Iterable[list[int]]
) -> Iterator[tuple[list[int], Vectors]]:
    for positions in batched:
        yield positions, embedder.embed_documents([texts[position] for position in positions])


def _connect(path: Path) -> sqlite3.Connection:
    connection = sqlite3.connect(path, check_same_thread=False)
    try:
        (verdict,) = connection.execute("PRAGMA quick_check(1)").fetchone()
        if verdict != "ok":
            raise sqlite3.DatabaseError(verdict)
        connection.execute(_SCHEMA)
    except sqlite3.Error:
        connection.close()
        raise
    return connection


def _set_aside(path: Path, error: sqlite3.DatabaseError) -> str:
    aside = path.with_suffix(".damaged")
    path.replace(aside)
    path.with_name(f"{path.name}-journal").unlink(missing_ok=True)
    notice = f"the vector cache was damaged ({error}); set aside as {aside}, its texts are embedded again"
    logger.warning(notice)
    return notice
