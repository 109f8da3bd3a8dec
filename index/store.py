"""The dense leg: unit vectors in Chroma, one collection per document language; the one place that imports it.

Chroma gets vectors and chunk keys, never text, so it has nothing to embed, to filter or to leak.
"""

from __future__ import annotations

import re
import threading
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from hashlib import blake2b
from pathlib import Path
from shutil import rmtree
from typing import TYPE_CHECKING

import numpy as np

from index.embed import Vectors
from index.errors import BuildError, CorruptIndexError, MismatchError, ModelError
from index.scratch import scratch
from index.vectors import Vector

if TYPE_CHECKING:
    from chromadb.api import ClientAPI
    from chromadb.api.models.Collection import Collection

DATABASE = "chroma.sqlite3"
_SYNCED = "index_metadata.pickle"
_EF_SEARCH = 200
_BEGINNINGS = 8  # full searches by which a collection is proved whole
_BATCH = 5000  # Chroma takes at most 5461 records at once
_COLLECTION = re.compile(r"passages-([a-z]{2,3})-(\d+)")
# Chroma keeps one engine per path and process and does not guard that table against threads.
_OPENING = threading.Lock()


def build_store(path: Path, by_language: Iterable[tuple[str, Sequence[int], Vectors]]) -> None:
    """Write a store into the new folder `path`: for each language, taken one by one, chunk keys and their unit vectors.

    Raises:
        ModelError: a vector is zero or not finite.
        BuildError: Chroma cannot find again what was written.
    """
    with _client(path) as client:
        for lang, keys, vectors in by_language:
            _build_language(client, lang, *_shared(keys, _checked(vectors)))
    # A single vector is not written out but kept in the database, and what its folder holds changes at each opening.
    for folder in [folder for folder in path.iterdir() if folder.is_dir() and not (folder / _SYNCED).exists()]:
        rmtree(folder)


class VectorStore:
    """A store opened for searching; safe to use from several threads. Nothing is written to its folder.

    Raises:
        CorruptIndexError: Chroma cannot open or search it.
        UnusableIndexError: no temporary folder has room for a copy of the database.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        with self._naming_damage(), ExitStack() as opening:
            # Chroma adds a row to its database each time it opens one.
            client = opening.enter_context(_client(opening.enter_context(scratch(path, copied=DATABASE))))
            self._collections = _collections(client)
            self._records = {part.name: part.count() for parts in self._collections.values() for part in parts}
            self._opened = opening.pop_all()

    def count(self, lang: str) -> int:
        """Chunks of documents in `lang`."""
        return len(self.keys(lang))

    def keys(self, lang: str) -> set[int]:
        """Keys of all chunks of documents in `lang`."""
        with self._naming_damage():
            parts = self._collections.get(lang, [])
            return {key for part in parts for name in part.get(include=[])["ids"] for key in _keys(name)}

    def search(self, lang: str, vector: Vector, k: int) -> list[tuple[int, float]]:
        """The nearest `k` chunks of documents in `lang` as (chunk key, cosine similarity), best first, ties by key.

        Raises:
            ModelError: `vector` is zero or not finite, for which Chroma would return arbitrary chunks.
            MismatchError: `vector` has another dimension than the index.
        """
        query = _checked(np.asarray(vector, np.float32)[None])
        found: dict[int, float] = {}
        with self._naming_damage():
            for part in self._collections.get(lang, []):
                found |= _nearest(part, query, min(k, self._records[part.name]))
        return sorted(found.items(), key=lambda hit: (-hit[1], hit[0]))[: max(0, k)]

    def close(self) -> None:
        """Let go of the files."""
        self._opened.close()

    @contextmanager
    def _naming_damage(self) -> Iterator[None]:
        from chromadb.errors import ChromaError, InvalidArgumentError

        try:
            yield
        except InvalidArgumentError as error:
            raise MismatchError(f"{self._path}: {error}. Rebuild the index: beleg index [PATHS]") from error
        except ChromaError as error:
            raise CorruptIndexError(f"{self._path} cannot be searched: {error}") from error


def load_engine() -> None:
    """Import Chroma, which takes half a second, before it is wanted."""
    import chromadb  # noqa: F401


@contextmanager
def _client(path: Path) -> Iterator[ClientAPI]:
    import chromadb
    from chromadb.config import Settings

    # No .env of the working directory, no telemetry endpoint of the environment: nothing leaves the machine.
    settings = Settings(_env_file=None, anonymized_telemetry=False, chroma_otel_collection_endpoint="")  # type: ignore[call-arg]
    with _OPENING:
        client = chromadb.PersistentClient(path=str(path), settings=settings)
    try:
        yield client
    finally:
        with _OPENING:
            client.close()  # type: ignore[attr-defined]


def _build_language(client: ClientAPI, lang: str, names: list[str], vectors: Vectors) -> None:
    """Fill collections until every vector can be found.

    In an HNSW graph a vector in a dense cluster can end up with no link towards it, and then no search returns it
    (measured: 7 to 16 % of 10 000 where 2 000 lie close together, at any M and ef). What the first collection
    cannot reach goes into a second one, and so on; ordinary texts need one.
    """
    part = 0
    while names:
        collection = _fill(client, f"passages-{lang}-{part}", names, vectors)
        reached = _reached(collection, vectors)
        lost = [row for row, name in enumerate(names) if name not in reached]
        if len(lost) == len(names):
            raise BuildError(f"Chroma finds none of the {len(names)} vectors just written for language {lang!r}")
        names, vectors, part = [names[row] for row in lost], vectors[lost], part + 1


def _fill(client: ClientAPI, name: str, names: list[str], vectors: Vectors) -> Collection:
    batches = np.array_split(np.arange(len(names)), -(-len(names) // _BATCH))
    # Each batch is as long as the threshold or one longer: so each is written out, and nothing is left to be
    # replayed, and rewritten, by every process that opens the store. Chroma's least threshold is 2.
    hnsw = {"space": "cosine", "ef_search": _EF_SEARCH, "sync_threshold": max(2, len(batches[-1]))}
    collection = client.create_collection(name, embedding_function=None, configuration={"hnsw": hnsw})  # type: ignore[arg-type]
    for rows in batches:
        collection.upsert(ids=[names[row] for row in rows], embeddings=vectors[rows])
    return collection


def _reached(collection: Collection, vectors: Vectors) -> set[str]:
    """Names of the vectors that a search of everything returns wherever it begins.

    A vector without a link towards it is returned all the same by a search that begins at it, and a search begins at
    a vector of the upper layers near its query. So one search proves nothing of that vector, several far apart do.
    """
    spread = vectors[np.unique(np.linspace(0, len(vectors) - 1, _BEGINNINGS, dtype=int))]
    return set.intersection(*(set(_query(collection, query[None], len(vectors))) for query in spread))


def _shared(keys: Sequence[int], vectors: Vectors) -> tuple[list[str], Vectors]:
    """Each distinct vector once, named by the keys of all chunks that have it; equal vectors break HNSW graphs."""
    rows: dict[bytes, list[int]] = defaultdict(list)
    for row, vector in enumerate(vectors):
        rows[blake2b(vector.tobytes(), digest_size=16).digest()].append(row)
    names = [",".join(str(keys[row]) for row in same) for same in rows.values()]
    alone = len(rows) == len(vectors)
    return names, vectors if alone else vectors[[same[0] for same in rows.values()]]


def _keys(name: str) -> list[int]:
    return [int(key) for key in name.split(",")]


def _collections(client: ClientAPI) -> dict[str, list[Collection]]:
    collections: dict[str, list[Collection]] = defaultdict(list)
    for listed in client.list_collections():
        if match := _COLLECTION.fullmatch(listed.name):
            collections[match[1]].append(client.get_collection(listed.name, embedding_function=None))
    return dict(collections)


def _nearest(collection: Collection, query: Vectors, k: int) -> dict[int, float]:
    """Chunk keys of the nearest `k` distinct vectors, with their cosine similarity."""
    return {key: similarity for name, similarity in _query(collection, query, k).items() for key in _keys(name)}


def _query(collection: Collection, query: Vectors, k: int) -> dict[str, float]:
    if k < 1:
        return {}
    result = collection.query(query_embeddings=query, n_results=k, include=["distances"])
    distances = (result["distances"] or [[]])[0]
    return {name: 1 - distance for name, distance in zip(result["ids"][0], distances, strict=True)}


def _checked(vectors: Vectors) -> Vectors:
    if not np.isfinite(vectors).all() or not vectors.any(axis=1).all():
        raise ModelError("a vector is zero or not finite, so cosine similarity cannot rank it; the encoder is damaged")
    return vectors
