"""Makes what is no longer indexed unfindable on disk: older generations, vectors of texts that are gone, fetched pages.

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
    Manifest,
    builder_lock,
    collect,
    complete_generations,
    generation_path,
    remove_leftovers,
)
from index.staleness import checked_serving
from index.types import embedded_text, text_sha256
from index.vectors import VectorCache, cache_path
from index.web import FETCHED


@dataclass(frozen=True, slots=True)
class Purged:
    """What was removed: names of generations, numbers of vectors and of fetched pages.

    `held` are older generations that a reader has open.
    """

    serving: str
    generations: tuple[str, ...]
    held: tuple[str, ...]
    vectors: int
    pages: int = 0

    def to_json(self) -> dict[str, Any]:
        """Plain lists, dicts, strings and numbers."""
        return asdict(self)


def purge(data_dir: Path) -> Purged:
    """Leave nothing but the serving generation, its vectors and the fetched pages that it was built from.

    Raises:
        LockedError: another process is building in the same data directory.
        UnusableIndexError: there is no sound index, so what belongs to it is unknown and an older one may have to
            answer in its place; nothing is removed.
    """
    with builder_lock(data_dir):
        name, manifest = checked_serving(data_dir)
        remove_leftovers(data_dir)
        before = complete_generations(data_dir)
        collect(data_dir, keep=0)
        after = complete_generations(data_dir)
        vectors = _purge_vectors(data_dir, name, manifest)
        pages = _purge_pages(data_dir, manifest)
    gone = tuple(sorted(set(before) - set(after)))
    return Purged(name, gone, tuple(one for one in after if one != name), vectors, pages)


def _purge_vectors(data_dir: Path, name: str, manifest: Manifest) -> int:
    """How many vectors of the generation's own encoder were removed."""
    vectors, own = 0, manifest.encoder.sha256 if manifest.encoder else ""
    if manifest.encoder and cache_path(data_dir, own).exists():
        with VectorCache.open(data_dir, own, manifest.encoder.dimension) as cache:
            vectors = cache.keep_only(_texts(generation_path(data_dir, name)))
    for path in (data_dir / "vectors").glob("*"):
        if not (own and path.name.startswith(own)) or path.suffix == ".damaged":
            _remove(path)
    return vectors


def _purge_pages(data_dir: Path, manifest: Manifest) -> int:
    """How many addresses were fetched and are not indexed any more."""
    roots = [Path(root) for root in manifest.roots]
    fetched = (data_dir / FETCHED).glob("*")
    unwanted = [path for path in fetched if not any(_overlap(path.resolve(), root) for root in roots)]
    for path in unwanted:
        _remove(path)
    return len(unwanted)


def _overlap(one: Path, other: Path) -> bool:
    return one.is_relative_to(other) or other.is_relative_to(one)


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
