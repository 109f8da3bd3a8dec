"""Makes what is no longer indexed unfindable on disk: older generations, and vectors of texts that are gone.

A build keeps the generation before the last one, so that a damaged index has a stand-in, and every vector it ever
computed, so that what comes back need not be embedded again. Whoever has to delete an article wants neither.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import closing
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from index.documents import Documents
from index.generation import (
    DOCUMENTS,
    builder_lock,
    collect,
    complete_generations,
    generation_path,
    read_manifest,
    remove_leftovers,
    serving,
)
from index.types import embedded_text, text_sha256
from index.vectors import VectorCache, cache_path


@dataclass(frozen=True, slots=True)
class Purged:
    """What was removed: names of generations, and numbers of vectors; `held` are older ones that a reader has open."""

    serving: str
    generations: tuple[str, ...]
    held: tuple[str, ...]
    vectors: int

    def to_json(self) -> dict[str, Any]:
        """Plain lists, dicts, strings and numbers."""
        return asdict(self)


def purge(data_dir: Path) -> Purged:
    """Leave nothing but the serving generation and its vectors.

    Raises:
        LockedError: another process is building in the same data directory.
        UnusableIndexError: there is no index, so what belongs to it is unknown; nothing is removed.
    """
    with builder_lock(data_dir):
        name = serving(data_dir)
        manifest = read_manifest(generation_path(data_dir, name))
        remove_leftovers(data_dir)
        before = complete_generations(data_dir)
        collect(data_dir, keep=0)
        after = complete_generations(data_dir)
        for path in (data_dir / "vectors").glob("*"):
            if not (manifest.encoder and path.name.startswith(manifest.encoder.sha256)) or path.suffix == ".damaged":
                _remove(path)
        vectors = 0
        if manifest.encoder and cache_path(data_dir, manifest.encoder.sha256).exists():
            with VectorCache.open(data_dir, manifest.encoder.sha256, manifest.encoder.dimension) as cache:
                vectors = cache.keep_only(_texts(generation_path(data_dir, name)))
    gone = tuple(sorted(set(before) - set(after)))
    return Purged(name, gone, tuple(one for one in after if one != name), vectors)


def _texts(generation: Path) -> Iterator[str]:
    """The digests of all that was embedded for a generation."""
    with closing(Documents(generation / DOCUMENTS)) as documents:
        for _, passage in documents.passages():
            yield text_sha256(embedded_text(passage))
            yield from (text_sha256(passage.document.text[start:end]) for start, end in passage.chunk.sentences)


def _remove(path: Path) -> None:
    if path.is_dir():
        shutil.rmtree(path)
    else:
        path.unlink()
