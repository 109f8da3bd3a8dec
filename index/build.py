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
import time
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing, contextmanager, suppress
from dataclasses import replace
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import NamedTuple

import numpy as np

from index.corpus import Corpus
from index.documents import Documents, DocumentsWriter
from index.duplicates import origins
from index.edits import NO_EDIT, Edit, apply, removed
from index.embed import Embedder, embedder_sha256, open_embedder
from index.errors import BelegError, BuildError, DiskFullError, ModelError, NoIndexError, UnusableIndexError
from index.generation import (
    CHROMA,
    CHUNKS,
    DOCUMENTS,
    LEXICAL,
    SENTENCES,
    Encoder,
    Manifest,
    Recipe,
    Skipped,
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
    unwritable,
    write_manifest,
)
from index.lexical import Row, build_lexical
from index.load.files import SourceFile, find_files
from index.load.records import renamed
from index.passage_vectors import Places, Sizes, embed_passages
from index.progress import BuildReport, Changes, OnProgress, Progress, Stage
from index.settings import IndexSettings
from index.staleness import recipe_of, why_stale
from index.store import build_store
from index.types import embedded_text
from index.uploads import stored
from index.vectors import Encoding, VectorCache
from index.verifier import Verifier

logger = logging.getLogger(__name__)

_EXACT = "exact.npy"  # the chunks' vectors as the encoder gave them, until Chroma has them
_FULL_DISK_CODES = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}
# The words of SQLite, Chroma and tantivy; SQLite calls a file beyond the process's size limit an I/O error.
_FULL_DISK_WORDS = re.compile(r"disk is full|disk I/O error|no space left|quota exceeded|file too large", re.IGNORECASE)
_READ_ONLY_WORDS = re.compile(r"read-?only (database|file system)|permission denied", re.IGNORECASE)


class _Built(NamedTuple):
    """A serving generation, how many chunks were encoded for it, and what is other than in the one before."""

    generation: str
    manifest: Manifest
    embedded: int
    changes: Changes


def build(  # noqa: PLR0913 - each has its usual value
    paths: Sequence[Path],
    settings: IndexSettings,
    *,
    edit: Edit = NO_EDIT,
    embedder: Embedder | None = None,
    force: bool = False,
    on_progress: OnProgress = lambda _: None,
) -> BuildReport:
    """Index the files under `paths` and let the new generation serve; where nothing has changed, do nothing.

    Files that were added by hand are indexed beside them; `edit` is carried out before, and stays when the build fails.
    Without an encoder the index is a lexical one, with a notice; `embedder` replaces the one that the settings name.

    Raises:
        LoadError: one of `paths` does not exist.
        LockedError: another process is building in the same data directory.
        DiskFullError: no space was left; the previous index still serves.
        BuildError: no file could be read as a document, nothing can be written, or the new index is not sound; the
            previous one still serves.
    """
    started = time.perf_counter()
    with _naming_disk(settings.data_dir), builder_lock(settings.data_dir):
        remove_leftovers(settings.data_dir)
        refused = apply(edit, settings)
        files = _files(paths, settings.data_dir)
        if not files:
            raise BuildError(f"nothing to index: {_reasons(refused)}. The previous index, if any, still serves")
        encoder, notices = _encoder_sha256(settings, embedder)
        wanted = recipe_of(files, encoder, settings)
        now, why = why_stale(settings.data_dir, wanted)
        why = why or ("it is wanted" if force else "")
        if now and not why:
            built = _Built(*now, embedded=0, changes=Changes(0, 0, 0, now.manifest.documents))
        else:
            on_progress(Progress("loading", 0, len(files), why))
            with Verifier() as verifier:
                embedder, notices = _opened(settings, embedder)
                built = _Builder(settings, embedder, notices, verifier, on_progress).build(paths, files, wanted)
    notices = tuple(dict.fromkeys((*notices, *built.manifest.notices)))
    return _report(built, why, refused, notices, time.perf_counter() - started)


def is_stale(paths: Sequence[Path], settings: IndexSettings) -> str:
    """Why `build` would build something: a sentence, or nothing. Loads no document and no model.

    Raises:
        LoadError: one of `paths` does not exist.
    """
    encoder, _ = _encoder_sha256(settings, None)
    _, why = why_stale(settings.data_dir, recipe_of(_files(paths, settings.data_dir), encoder, settings))
    return why


def last_roots(data_dir: Path) -> list[Path]:
    """The paths that the newest readable generation was built from; none where there are but files added by hand.

    Raises:
        NoIndexError: there is none.
    """
    for name in complete_generations(data_dir):
        with suppress(UnusableIndexError):
            return [Path(root) for root in read_manifest(generation_path(data_dir, name)).roots]
    if stored(data_dir):
        return []
    raise NoIndexError(f"no index in {data_dir} that tells what it was built from. Name it: beleg index seeds/")


def _report(
    built: _Built, why: str, refused: tuple[Skipped, ...], notices: tuple[str, ...], seconds: float
) -> BuildReport:
    manifest = built.manifest
    return BuildReport(
        generation=built.generation,
        documents=manifest.documents,
        changes=built.changes,
        repeated=manifest.repeated,
        undated=manifest.undated,
        chunks=sum(manifest.chunks.values()),
        embedded=built.embedded,
        skipped=manifest.skipped,
        notices=notices,
        seconds=seconds,
        unchanged=not why,
        reason=why,
        refused=refused,
    )


class _Builder:
    """The steps of one build, under the lock."""

    def __init__(
        self,
        settings: IndexSettings,
        embedder: Embedder | None,
        notices: Sequence[str],
        verifier: Verifier,
        on_progress: OnProgress,
    ) -> None:
        self._settings = settings
        self._embedder = embedder
        self._notices = list(notices)
        self._verifier = verifier
        self._on_progress = on_progress

    def build(self, roots: Sequence[Path], files: Sequence[SourceFile], wanted: Recipe) -> _Built:
        recipe = replace(wanted, encoder_sha256=self._embedder.sha256 if self._embedder else "")
        with new_generation(self._settings.data_dir) as generation:
            corpus = self._gather(generation, files)
            with closing(Documents(generation / DOCUMENTS)) as documents:
                embedded = self._embed(generation, documents, corpus)
                self._write(generation, documents, corpus)
                changes = _changes(self._settings.data_dir, documents)
            manifest = self._manifest(generation, roots, recipe, corpus)
            write_manifest(generation, manifest)
            self._verify(generation)
            name = publish(self._settings.data_dir, generation)
        collect(self._settings.data_dir, self._settings.keep_generations)
        return _Built(name, manifest, embedded, changes)

    def _gather(self, generation: Path, files: Sequence[SourceFile]) -> Corpus:
        with DocumentsWriter(generation / DOCUMENTS) as writer:
            left_out = removed(self._settings.data_dir)
            corpus = Corpus(writer, self._embedder, renamed(self._settings.fields), left_out)
            for done, file in enumerate(files):
                self._progress("loading", done, len(files))
                corpus.add(file)
            self._progress("loading", len(files), len(files))
            if not corpus.documents:
                raise BuildError(
                    f"nothing to index: {_reasons(corpus.skipped)}. The previous index, if any, still serves"
                )
            found = origins(writer.bodies())
            writer.set_origins(found)
        corpus.repeated = sum(origin != number for number, origin in enumerate(found))
        self._notices += corpus.remarks()
        return corpus

    def _embed(self, generation: Path, documents: Documents, corpus: Corpus) -> int:
        """How many passages the encoder ran on."""
        embedder = self._embedder
        if not embedder:
            return 0
        places = Places(generation / _EXACT, generation / CHUNKS, generation / SENTENCES)
        with VectorCache.open(self._settings.data_dir, embedder.sha256, embedder.dimension) as cache:
            self._notices += cache.notices
            encoding = Encoding(embedder, cache, self._settings.batch_tokens)
            passages = (passage for _, passage in documents.passages())
            sizes = Sizes(corpus.chunks.total(), corpus.sentences)
            return embed_passages(passages, sizes, places, encoding, partial(self._progress, "embedding"))

    def _write(self, generation: Path, documents: Documents, corpus: Corpus) -> None:
        self._progress("writing", 0, 2)
        facets = list(documents.facets())
        counts = [facet.chunks for facet in facets]
        build_lexical(generation / LEXICAL, _lexical_rows(documents, np.repeat(np.arange(len(facets)), counts)))
        self._progress("writing", 1, 2)
        if self._embedder:
            vectors = np.load(generation / _EXACT, mmap_mode="r")
            langs = np.repeat([facet.lang for facet in facets], counts)
            by_language = ((lang, np.flatnonzero(langs == lang)) for lang in sorted(corpus.chunks))
            build_store(generation / CHROMA, ((lang, keys.tolist(), vectors[keys]) for lang, keys in by_language))
            (generation / _EXACT).unlink()
        self._progress("writing", 2, 2)

    def _manifest(self, generation: Path, roots: Sequence[Path], recipe: Recipe, corpus: Corpus) -> Manifest:
        embedder = self._embedder
        return Manifest(
            created=datetime.now(UTC).isoformat(timespec="seconds"),
            roots=tuple(os.fsencode(root.expanduser().resolve()).decode(errors="backslashreplace") for root in roots),
            recipe=recipe,
            encoder=Encoder(embedder.name, embedder.sha256, embedder.dimension) if embedder else None,
            documents=corpus.documents,
            repeated=corpus.repeated,
            undated=corpus.undated,
            chunks=dict(sorted(corpus.chunks.items())),
            skipped=tuple(corpus.skipped),
            notices=tuple(self._notices),
            files=digests(generation),
        )

    def _verify(self, generation: Path) -> None:
        self._progress("verifying", 0, 1)
        self._verifier.verify(generation)
        self._progress("verifying", 1, 1)

    def _progress(self, stage: Stage, done: int, total: int) -> None:
        self._on_progress(Progress(stage, done, total))


def _files(paths: Sequence[Path], data_dir: Path) -> list[SourceFile]:
    """The files in `paths`, then those that were added by hand.

    Of the data directory, which may lie in one of `paths`, nothing else is found unless a path is in it.
    """
    own = data_dir.expanduser().resolve()
    inside = [path for path in (path.expanduser().resolve() for path in paths) if path.is_relative_to(own)]
    files = find_files(paths)
    given = [file for file in files if not _below(file.path, [own]) or _below(file.path, inside)]
    return [*given, *stored(data_dir).values()]


def _below(path: Path, folders: Sequence[Path]) -> bool:
    return any(path.is_relative_to(folder) for folder in folders)


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


def _lexical_rows(documents: Documents, numbers: Iterable[int]) -> Iterator[Row]:
    """A row for each chunk, in the order of keys; `numbers` are those of their documents."""
    for (key, passage), number in zip(documents.passages(), numbers, strict=True):
        yield Row(key, passage.document.lang, embedded_text(passage), int(number))


def _changes(data_dir: Path, documents: Documents) -> Changes:
    """What is new, other and gone since the generation that serves; everything is new where none can be read."""
    before: dict[str, str] = {}
    with suppress(UnusableIndexError):
        path = generation_path(data_dir, serving(data_dir))
        read_manifest(path)  # of another format it would be read wrongly
        with closing(Documents(path / DOCUMENTS)) as serving_now:
            before = serving_now.fingerprints()
    return Changes.between(before, documents.fingerprints())


def _reasons(skipped: Sequence[Skipped]) -> str:
    return "; ".join(f"{path}: {reason}" for path, reason in skipped) or "no files were found"


@contextmanager
def _naming_disk(data_dir: Path) -> Iterator[None]:
    """Turn what the system, SQLite, Chroma or tantivy say of a disk that is full, or not ours, into one clear error."""
    try:
        yield
    except Exception as error:
        if _is_full_disk(error):
            free = shutil.disk_usage(data_dir).free
            raise DiskFullError(
                f"no space left in {data_dir} ({free / 1e6:.1f} MB free): {error}. "
                f"The previous index still serves; make room and build again"
            ) from error
        if _is_not_ours(error):
            raise unwritable(data_dir, error) from error
        raise


def _is_full_disk(error: Exception) -> bool:
    return (isinstance(error, OSError) and error.errno in _FULL_DISK_CODES) or bool(_FULL_DISK_WORDS.search(str(error)))


def _is_not_ours(error: Exception) -> bool:
    foreign = isinstance(error, PermissionError) or _READ_ONLY_WORDS.search(str(error)) is not None
    return foreign and not isinstance(error, BelegError)
