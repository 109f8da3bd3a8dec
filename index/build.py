"""From files to a serving generation: load, chunk, embed, write, verify, publish.

All or nothing: until the last step the previous index serves, and whatever stops a build leaves nothing behind but
vectors in the cache. Knows no format, no model and no engine; it only calls those who do.
"""

from __future__ import annotations

import errno
import logging
import os
import re
import shutil
import subprocess
import sys
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any, Literal, NamedTuple

from index.chunk import CHUNKER_VERSION
from index.corpus import Corpus, gather, sources
from index.documents import write_documents
from index.embed import Embedder, Vectors, embedder_sha256, open_embedder
from index.errors import BuildError, DiskFullError, ModelError, NoIndexError, UnusableIndexError
from index.generation import (
    CHROMA,
    DOCUMENTS,
    LEXICAL,
    SENTENCES,
    Encoder,
    Manifest,
    Recipe,
    Skipped,
    beleg_version,
    builder_lock,
    collect,
    complete_generations,
    digests,
    generation_path,
    new_generation,
    publish,
    read_manifest,
    remove_leftovers,
    serving,
    write_manifest,
)
from index.lexical import LEXICAL_VERSION, build_lexical
from index.load.document import LOADER_VERSION
from index.load.files import SourceFile, find_files
from index.load.records import renamed
from index.sentence_vectors import write_sentence_vectors
from index.settings import IndexSettings
from index.store import build_store
from index.types import Passage, embedded_text
from index.vectors import VectorCache, embed
from index.verify import check_files

logger = logging.getLogger(__name__)

Stage = Literal["loading", "embedding", "writing", "verifying"]

_BATCHES_PER_SAVE = 8
_FULL_DISK_CODES = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}
# The words of SQLite, Chroma and tantivy; SQLite calls a file beyond the process's size limit an I/O error.
_FULL_DISK_WORDS = re.compile(r"disk is full|disk I/O error|no space left|quota exceeded|file too large", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a build is: `done` of `total` files, texts, parts or generations, by stage."""

    stage: Stage
    done: int
    total: int


OnProgress = Callable[[Progress], None]


@dataclass(frozen=True, slots=True)
class BuildReport:
    """What a build did. `embedded` counts the chunks that the encoder really ran on; `seconds` is wall time."""

    generation: str
    documents: int
    chunks: int
    embedded: int
    skipped: tuple[Skipped, ...]
    notices: tuple[str, ...]
    seconds: float
    unchanged: bool

    def to_json(self) -> dict[str, Any]:
        """Plain lists, dicts, strings and numbers."""
        return {**asdict(self), "skipped": [skipped._asdict() for skipped in self.skipped]}


class _Built(NamedTuple):
    """A serving generation, and how many chunks were encoded for it."""

    generation: str
    manifest: Manifest
    embedded: int


def build(
    paths: Sequence[Path],
    settings: IndexSettings,
    *,
    embedder: Embedder | None = None,
    force: bool = False,
    on_progress: OnProgress = lambda _: None,
) -> BuildReport:
    """Index the files under `paths` and let the new generation serve; where nothing has changed, do nothing.

    Without an encoder the index is a lexical one, with a notice; `embedder` replaces the one that the settings name.

    Raises:
        LoadError: one of `paths` does not exist.
        LockedError: another process is building in the same data directory.
        DiskFullError: no space was left; the previous index still serves.
        BuildError: no file could be read as a document, or the new index is not sound; the previous one still serves.
    """
    started = time.perf_counter()
    with _naming_full_disk(settings.data_dir), builder_lock(settings.data_dir):
        remove_leftovers(settings.data_dir)
        files = find_files(paths)
        encoder, notices = _encoder_sha256(settings, embedder)
        unchanged = not force and not _why_stale(settings.data_dir, _recipe(files, encoder, settings))
        if unchanged:
            built = _Built(*_serving(settings.data_dir), embedded=0)
        else:
            embedder, notices = _opened(settings, embedder)
            built = _Builder(settings, embedder, notices, on_progress).build(paths, files)
    return BuildReport(
        generation=built.generation,
        documents=built.manifest.documents,
        chunks=sum(built.manifest.chunks.values()),
        embedded=built.embedded,
        skipped=built.manifest.skipped,
        notices=tuple(dict.fromkeys((*notices, *built.manifest.notices))),
        seconds=time.perf_counter() - started,
        unchanged=unchanged,
    )


def is_stale(paths: Sequence[Path], settings: IndexSettings) -> str:
    """Why `build` would build something: a sentence, or nothing. Loads no document and no model.

    Raises:
        LoadError: one of `paths` does not exist.
    """
    encoder, _ = _encoder_sha256(settings, None)
    return _why_stale(settings.data_dir, _recipe(find_files(paths), encoder, settings))


def last_roots(data_dir: Path) -> list[Path]:
    """The paths that the newest readable generation was built from.

    Raises:
        NoIndexError: there is none.
    """
    for name in complete_generations(data_dir):
        with suppress(UnusableIndexError):
            return [Path(root) for root in read_manifest(generation_path(data_dir, name)).roots]
    raise NoIndexError(f"no index in {data_dir} that tells what it was built from. Name it: beleg index seeds/")


@dataclass(frozen=True, slots=True)
class _Embedded:
    """Unit vectors of all chunks and of all their sentences, and of how many chunks they were computed now."""

    chunks: Vectors
    sentences: Vectors
    new: int


class _Builder:
    """The steps of one build, under the lock."""

    def __init__(
        self, settings: IndexSettings, embedder: Embedder | None, notices: Sequence[str], on_progress: OnProgress
    ) -> None:
        self._settings = settings
        self._embedder = embedder
        self._notices = list(notices)
        self._on_progress = on_progress

    def build(self, roots: Sequence[Path], files: Sequence[SourceFile]) -> _Built:
        recipe = _recipe(files, self._embedder.sha256 if self._embedder else "", self._settings)
        names = renamed(self._settings.fields)
        corpus = gather(files, self._embedder, names, lambda done: self._progress("loading", done, len(files)))
        if not corpus.items:
            raise BuildError(f"nothing to index: {_reasons(corpus.skipped)}. The previous index, if any, still serves")
        self._notices += corpus.notices
        passages = corpus.passages()
        embedded = self._embed(passages)
        with new_generation(self._settings.data_dir) as generation:
            self._write(generation, corpus, passages, embedded)
            manifest = self._manifest(generation, roots, recipe, corpus)
            write_manifest(generation, manifest)
            self._verify(generation)
            name = publish(self._settings.data_dir, generation)
        collect(self._settings.data_dir, self._settings.keep_generations)
        return _Built(name, manifest, embedded.new if embedded else 0)

    def _embed(self, passages: Sequence[Passage]) -> _Embedded | None:
        embedder = self._embedder
        if not embedder:
            return None
        texts = [embedded_text(passage) for passage in passages]
        said = [passage.document.text[s.start : s.end] for passage in passages for s in passage.chunk.sentences]
        with VectorCache.open(self._settings.data_dir, embedder.sha256, embedder.dimension) as cache:
            self._notices += cache.notices
            batch = self._settings.batch_size * _BATCHES_PER_SAVE
            on_embedded = partial(self._progress, "embedding")
            vectors, new = embed(embedder, texts, cache, batch=batch, on_embedded=on_embedded)
            sentences, _ = embed(embedder, said, cache, batch=batch, on_embedded=on_embedded)
        return _Embedded(vectors, sentences, new)

    def _write(self, generation: Path, corpus: Corpus, passages: Sequence[Passage], embedded: _Embedded | None) -> None:
        langs = [passage.document.lang for passage in passages]
        self._progress("writing", 0, 3)
        write_documents(generation / DOCUMENTS, corpus.items)
        self._progress("writing", 1, 3)
        texts = (embedded_text(passage) for passage in passages)
        build_lexical(generation / LEXICAL, zip(range(len(passages)), langs, texts, strict=True))
        self._progress("writing", 2, 3)
        if embedded:
            build_store(generation / CHROMA, _by_language(langs, embedded.chunks))
            counts = [len(passage.chunk.sentences) for passage in passages]
            write_sentence_vectors(generation / SENTENCES, counts, embedded.sentences)
        self._progress("writing", 3, 3)

    def _manifest(self, generation: Path, roots: Sequence[Path], recipe: Recipe, corpus: Corpus) -> Manifest:
        embedder = self._embedder
        return Manifest(
            created=datetime.now(UTC).isoformat(timespec="seconds"),
            roots=tuple(os.fsencode(root.expanduser().resolve()).decode(errors="backslashreplace") for root in roots),
            recipe=recipe,
            encoder=Encoder(embedder.name, embedder.sha256, embedder.dimension) if embedder else None,
            documents=len(corpus.items),
            chunks=dict(sorted(Counter(document.lang for document, chunks in corpus.items for _ in chunks).items())),
            skipped=tuple(corpus.skipped),
            notices=tuple(self._notices),
            files=digests(generation),
        )

    def _verify(self, generation: Path) -> None:
        self._progress("verifying", 0, 1)
        # -P: a folder named "index" where the user happens to stand must not be taken for this package.
        command = [sys.executable, "-P", "-m", "index.verify", str(generation.absolute())]
        result = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False)  # noqa: S603 - our own module
        if result.returncode:
            reason = result.stderr.strip() or f"exit status {result.returncode}"
            raise BuildError(f"the new index did not pass its verification and was discarded: {reason}")
        self._progress("verifying", 1, 1)

    def _progress(self, stage: Stage, done: int, total: int) -> None:
        self._on_progress(Progress(stage, done, total))


def _encoder_sha256(settings: IndexSettings, given: Embedder | None) -> tuple[str, tuple[str, ...]]:
    """The encoder's digest without loading it; empty, with a notice, where there is none."""
    try:
        return given.sha256 if given else embedder_sha256(settings), ()
    except ModelError as error:
        return "", (_words_only(error),)


def _opened(settings: IndexSettings, given: Embedder | None) -> tuple[Embedder | None, tuple[str, ...]]:
    try:
        return given or open_embedder(settings), ()
    except ModelError as error:
        return None, (_words_only(error),)


def _words_only(error: ModelError) -> str:
    return f"No encoder, so search is by words only: {error}"


def _recipe(files: Sequence[SourceFile], encoder: str, settings: IndexSettings) -> Recipe:
    versions = (LOADER_VERSION, settings.fields, CHUNKER_VERSION, LEXICAL_VERSION)
    return Recipe(beleg_version(), encoder, *versions, sources(files))


def _serving(data_dir: Path) -> tuple[str, Manifest]:
    """The serving generation, checked.

    Raises:
        UnusableIndexError: there is none, or it is damaged or of another format.
    """
    name = serving(data_dir)
    manifest = read_manifest(generation_path(data_dir, name))
    check_files(generation_path(data_dir, name), manifest)
    return name, manifest


def _why_stale(data_dir: Path, wanted: Recipe) -> str:
    try:
        _, manifest = _serving(data_dir)
    except UnusableIndexError as error:
        return str(error)
    return _difference(manifest.recipe, wanted)


def _difference(built: Recipe, wanted: Recipe) -> str:
    if _versions(built) != _versions(wanted):
        return "the index was built by another version of Beleg"
    if built.fields != wanted.fields:
        return "the setting 'fields' has changed since the index was built"
    # A missing encoder is no reason to throw vectors away.
    if wanted.encoder_sha256 not in {"", built.encoder_sha256}:
        return "the index was built with another encoder, or without one"
    changed = sorted(source.path for source in set(built.sources) ^ set(wanted.sources))
    return f"{changed[0]} was added, changed or removed since the index was built" if changed else ""


def _versions(recipe: Recipe) -> tuple[object, ...]:
    return recipe.beleg, recipe.loader, recipe.chunker, recipe.lexical


def _by_language(langs: Sequence[str], vectors: Vectors) -> dict[str, tuple[list[int], Vectors]]:
    keys: dict[str, list[int]] = defaultdict(list)
    for key, lang in enumerate(langs):
        keys[lang].append(key)
    return {lang: (own, vectors[own]) for lang, own in keys.items()}


def _reasons(skipped: Sequence[Skipped]) -> str:
    return "; ".join(f"{path}: {reason}" for path, reason in skipped) or "no files were found"


@contextmanager
def _naming_full_disk(data_dir: Path) -> Iterator[None]:
    """Turn whatever a full disk makes the operating system, SQLite, Chroma or tantivy say into one clear error."""
    try:
        yield
    except Exception as error:
        if not _is_full_disk(error):
            raise
        free = shutil.disk_usage(data_dir).free
        raise DiskFullError(
            f"no space left in {data_dir} ({free / 1e6:.1f} MB free): {error}. "
            f"The previous index still serves; make room and build again"
        ) from error


def _is_full_disk(error: Exception) -> bool:
    return (isinstance(error, OSError) and error.errno in _FULL_DISK_CODES) or bool(_FULL_DISK_WORDS.search(str(error)))
