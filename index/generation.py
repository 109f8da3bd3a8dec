"""Generations of the index on disk: immutable folders, the manifest in each, the pointer to the serving one, the locks.

    <data_dir>/
      CURRENT               name of the serving generation
      lock                  held by the one builder; its text says who that is
      vectors/              see index.vectors
      uploads/              see index.uploads
      removed.json          see index.edits
      generations/
        <name>.partial/     half-built, or being deleted: never read, removed by the next builder
        <name>/             complete and verified: never written again, never used for anything else
          manifest.json  documents.sqlite  chroma/  chunks.npy  lexical/  sentences/

A name is the time of the build, so names sort by age. Knows nothing of what the files hold.
"""

from __future__ import annotations

import fcntl
import json
import logging
import os
import re
import shutil
import socket
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from importlib import metadata
from pathlib import Path
from typing import NamedTuple, TextIO

from pydantic import TypeAdapter, ValidationError

from index.errors import BuildError, CorruptIndexError, LockedError, MismatchError, NoIndexError
from index.types import file_sha256

logger = logging.getLogger(__name__)

FORMAT_VERSION = 4
MANIFEST = "manifest.json"
DOCUMENTS = "documents.sqlite"
CHROMA = "chroma"
CHUNKS = "chunks.npy"
LEXICAL = "lexical"
SENTENCES = "sentences"
UPLOADS = "uploads"
PARTIAL = ".partial"
REBUILD = "Rebuild it: beleg index [PATHS]"
OTHERWISE = "Mend that, or name another folder: --data-dir FOLDER"

_NAME = re.compile(r"\d{8}T\d{12}")


@dataclass(frozen=True, slots=True)
class Encoder:
    """The encoder that made the vectors: name as set, its digest, length of a vector."""

    name: str
    sha256: str
    dimension: int


@dataclass(frozen=True, slots=True)
class Source:
    """A file that was found, readable or not, and the SHA-256 of its bytes; empty where they could not be read."""

    path: str
    sha256: str


@dataclass(frozen=True, slots=True)
class Recipe:
    """All that decides what an index holds: equal recipes give equal indexes.

    `encoder_sha256` is empty for an index without vectors; `fields` are the settings' own names of records' fields,
    `removed` the ids of documents that are to be left out.
    """

    beleg: str
    encoder_sha256: str
    loader: int
    fields: Mapping[str, str]
    chunker: int
    lexical: int
    duplicates: int
    sources: tuple[Source, ...]
    removed: tuple[str, ...] = ()


class Skipped(NamedTuple):
    """A file that is not in the index, and why."""

    path: str
    reason: str


@dataclass(frozen=True, slots=True)
class FileDigest:
    """A file of a generation, relative to it, as it was when the builder closed it; `size` in bytes."""

    path: str
    size: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a generation is made of.

    `roots` are the absolute paths it was built from, `encoder` is None for an index without vectors, and `chunks`
    counts per language. `repeated` counts documents that are the same report as another, `undated` those without date.
    """

    created: str
    roots: tuple[str, ...]
    recipe: Recipe
    encoder: Encoder | None
    documents: int
    repeated: int
    undated: int
    chunks: Mapping[str, int]
    skipped: tuple[Skipped, ...]
    notices: tuple[str, ...]
    files: tuple[FileDigest, ...]
    format: int = FORMAT_VERSION


_MANIFEST = TypeAdapter(Manifest)


def write_manifest(generation: Path, manifest: Manifest) -> None:
    """Write the manifest of a half-built generation."""
    text = json.dumps(asdict(manifest), ensure_ascii=False, indent=1)
    (generation / MANIFEST).write_text(text, encoding="utf-8")


def read_manifest(generation: Path) -> Manifest:
    """The manifest of a generation.

    Raises:
        CorruptIndexError: it is missing or not a manifest.
        MismatchError: it has another format version.
    """
    path = generation / MANIFEST
    try:
        values = json.loads(path.read_text(encoding="utf-8"))
        if (found := values["format"]) != FORMAT_VERSION:
            raise MismatchError(
                f"the index in {generation} has format {found}, this Beleg reads format {FORMAT_VERSION}. {REBUILD}"
            )
        return _MANIFEST.validate_python(values)
    except (OSError, ValueError, KeyError, TypeError, ValidationError) as error:
        raise CorruptIndexError(f"{path} is damaged: {error}") from error


def beleg_version() -> str:
    """The version of the installed distribution."""
    return metadata.version("beleg")


def generation_path(data_dir: Path, name: str) -> Path:
    """Where the generation of this name lies."""
    return data_dir / "generations" / name


def serving(data_dir: Path) -> str:
    """The name that CURRENT holds.

    Raises:
        NoIndexError: nothing has been built yet.
        CorruptIndexError: CURRENT does not hold a name, or cannot be read.
    """
    path = data_dir / "CURRENT"
    try:
        name = path.read_bytes().decode("ascii", "replace").strip()
    except (FileNotFoundError, NotADirectoryError) as error:
        raise NoIndexError(f"no index in {data_dir}. Build one: beleg index seeds/") from error
    except OSError as error:
        raise CorruptIndexError(f"{path} cannot be read: {error.strerror}. {OTHERWISE}") from error
    if not _NAME.fullmatch(name):
        raise CorruptIndexError(f"{path} holds {name[:40]!r}, which is not the name of a generation. {REBUILD}")
    return name


def complete_generations(data_dir: Path) -> list[str]:
    """Names of all complete generations, newest first; none where they cannot be listed."""
    try:
        names = [path.name for path in (data_dir / "generations").iterdir()]
    except OSError:
        return []
    return sorted(filter(_NAME.fullmatch, names), reverse=True)


@contextmanager
def new_generation(data_dir: Path) -> Iterator[Path]:
    """A new half-built folder; whatever happens in the block, it is removed at its end unless it has been published."""
    name = f"{datetime.now(UTC):%Y%m%dT%H%M%S%f}"
    path = generation_path(data_dir, name + PARTIAL)
    path.mkdir(parents=True)
    try:
        yield path
    finally:
        shutil.rmtree(path, ignore_errors=True)


def publish(data_dir: Path, partial: Path) -> str:
    """Make a finished, verified folder the serving generation, and give its name.

    Everything is on disk before CURRENT names it: a power cut leaves the old index or the new one, whole.
    """
    _sync_tree(partial)
    name = partial.name.removesuffix(PARTIAL)
    partial.rename(generation_path(data_dir, name))
    sync(partial.parent)
    write_whole(data_dir / "CURRENT", name)
    return name


def write_whole(path: Path, text: str) -> None:
    """Write a file; a power cut leaves the old one or the new one, whole."""
    fresh = path.with_name(f"{path.name}.new")
    fresh.write_text(text, encoding="utf-8")
    sync(fresh)
    fresh.replace(path)
    sync(path.parent)


def remove_leftovers(data_dir: Path) -> None:
    """Remove what builders that died have left behind; only for the holder of the lock."""
    for folder in ("generations", UPLOADS):
        for path in (data_dir / folder).glob(f"*{PARTIAL}"):
            logger.info("removing %s, which is half-written", path)
            shutil.rmtree(path, ignore_errors=True)


def collect(data_dir: Path, keep: int) -> None:
    """Remove all but the `keep` newest generations, the serving one, and those that a reader has open."""
    kept = {serving(data_dir), *complete_generations(data_dir)[:keep]}
    for name in complete_generations(data_dir):
        if name not in kept:
            _remove_unless_held(generation_path(data_dir, name))


@contextmanager
def held(generation: Path) -> Iterator[None]:
    """Keep a generation from being collected while it is read, in this or any process.

    Raises:
        CorruptIndexError: it has no manifest.
    """
    try:
        file = (generation / MANIFEST).open("rb")
    except OSError as error:
        raise CorruptIndexError(f"{generation} has no readable manifest: {error}") from error
    with file:
        fcntl.flock(file, fcntl.LOCK_SH)
        yield


@contextmanager
def builder_lock(data_dir: Path) -> Iterator[None]:
    """Let one process build at a time; the system frees the lock of a process that dies.

    Raises:
        LockedError: another one is building; the text says which.
        BuildError: `data_dir` is no folder that this process may write into.
    """
    with _lock_file(data_dir) as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            file.seek(0)
            holder = file.read() or "another process"
            raise LockedError(f"{holder} is building in {data_dir}. Wait until it is done, or end it") from error
        file.truncate(0)
        file.write(f"process {os.getpid()} on {socket.gethostname()}, since {datetime.now(UTC):%Y-%m-%d %H:%M:%S} UTC,")
        file.flush()
        try:
            yield
        finally:
            file.truncate(0)


def unwritable(data_dir: Path, why: object) -> BuildError:
    """The error that says so of a data directory that is not ours."""
    return BuildError(f"nothing can be written into {data_dir}: {why}. {OTHERWISE}")


def _lock_file(data_dir: Path) -> TextIO:
    try:
        data_dir.mkdir(parents=True, exist_ok=True)
        return (data_dir / "lock").open("a+", encoding="utf-8")
    except OSError as error:
        why = "it is a file" if isinstance(error, FileExistsError) else error.strerror
        raise unwritable(data_dir, why) from error


def digests(generation: Path) -> tuple[FileDigest, ...]:
    """All files of a generation but the manifest, which is to hold this, and the locks of those who wrote them."""
    files = sorted(path for path in generation.rglob("*") if path.is_file())
    return tuple(digest(generation, file) for file in files if file.name != MANIFEST and file.suffix != ".lock")


def digest(root: Path, file: Path) -> FileDigest:
    """Size and SHA-256 of a file, named relative to `root`."""
    return FileDigest(file.relative_to(root).as_posix(), file.stat().st_size, file_sha256(file))


def _remove_unless_held(generation: Path) -> None:
    try:
        with _exclusively(generation):
            # Renamed first, so that a kill cannot leave half a generation under a complete one's name.
            doomed = generation.rename(generation.with_name(generation.name + PARTIAL))
    except BlockingIOError:
        logger.info("keeping %s, which a reader has open", generation)
    else:
        shutil.rmtree(doomed, ignore_errors=True)


@contextmanager
def _exclusively(generation: Path) -> Iterator[None]:
    """Keep readers out.

    Raises:
        BlockingIOError: one is in.
    """
    with ExitStack() as stack:
        with suppress(FileNotFoundError):  # without a manifest it is damaged, and no reader is in
            file = stack.enter_context((generation / MANIFEST).open("rb"))
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        yield


def _sync_tree(folder: Path) -> None:
    for root, _, files in os.walk(folder):
        for name in files:
            sync(Path(root, name))
        sync(Path(root))


def sync(path: Path) -> None:
    """Return when what was written to a file or folder is on the disk."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
