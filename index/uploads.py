"""Files that were given by hand, kept in the data directory: ``uploads/<SHA-256 of the content>/<name>``.

They are indexed beside the user's folders, as ``uploads/<first characters of the SHA-256>/<name>``, so that no document
of a folder has another id because of them. A folder under its final name holds a whole file.
"""

from __future__ import annotations

import re
import shutil
import unicodedata
from collections.abc import Mapping
from pathlib import Path, PurePosixPath

from index.errors import LoadError, UnusableIndexError
from index.generation import OTHERWISE, PARTIAL, UPLOADS, sync
from index.load.document import Loaded, load
from index.load.files import DESCRIPTIONS, SourceFile
from index.load.records import Names
from index.types import file_sha256

_SHORT = 12  # characters of a SHA-256
_FOLDER = re.compile(r"[0-9a-f]{64}")
_RELATIVE = re.compile(rf"{UPLOADS}/[0-9a-f]{{{_SHORT}}}/[^/]+")
_MAX_NAME_BYTES, _MAX_SUFFIX_CHARS = 150, 10
_NAMELESS = "file"


def stored(data_dir: Path) -> dict[str, SourceFile]:
    """The files that are kept, by their name in the index, in its order.

    Raises:
        UnusableIndexError: this process may not see them.
    """
    kept = (data_dir / UPLOADS).expanduser().resolve()
    try:
        found = [path for folder in kept.glob("*") if _FOLDER.fullmatch(folder.name) for path in folder.iterdir()]
    except OSError as error:
        raise UnusableIndexError(f"{kept} cannot be read: {error.strerror}. {OTHERWISE}") from error
    files = (SourceFile(path, f"{UPLOADS}/{path.parent.name[:_SHORT]}/{path.name}") for path in found)
    return {file.relative: file for file in sorted(files, key=lambda file: file.relative)}


def is_upload(path: str) -> bool:
    """Whether `Document.path` lies in a file that is kept here."""
    return _RELATIVE.match(path) is not None


def file_of(path: str, files: Mapping[str, SourceFile]) -> SourceFile | None:
    """The one of the kept files that `Document.path` lies in; None where it is a file of the user's own."""
    match = next((name for name in files if path == name or path.startswith(f"{name}#")), None)
    return files[match] if match else None


def keep(data_dir: Path, path: Path, names: Names, max_bytes: int) -> None:
    """Store a copy of the file at `path` under its name, as far as that is a sound one.

    Args:
        data_dir: where the index lives; only for the holder of its lock.
        path: the file.
        names: what the records of an export call their fields.
        max_bytes: how large it may be.

    Raises:
        LoadError: it is too large, it is kept already, or no document can be read from it.
        OSError: no space was left.
    """
    name = safe_name(path.name)
    _require_small(path, max_bytes)
    if name == DESCRIPTIONS:
        raise LoadError("it describes the files beside it in a folder: give `beleg index` that folder")
    folder = data_dir / UPLOADS / file_sha256(path)
    if folder.exists():
        raise LoadError(f"the same content is there already, as {', '.join(file.name for file in folder.iterdir())}")
    _require_document(SourceFile(path, name), names)
    partial = folder.with_name(folder.name + PARTIAL)
    partial.mkdir(parents=True)
    try:
        shutil.copyfile(path, partial / name)
        sync(partial / name)
        sync(partial)
        partial.rename(folder)
        sync(folder.parent)
    finally:
        shutil.rmtree(partial, ignore_errors=True)


def discard(file: SourceFile) -> None:
    """Delete a file that is kept."""
    folder = file.path.parent
    # Renamed first, so that a kill cannot leave an empty folder that stands for the file.
    doomed = folder.rename(folder.with_name(folder.name + PARTIAL))
    shutil.rmtree(doomed)
    sync(folder.parent)


def safe_name(name: str) -> str:
    """What is left of `name` without folders, control and format characters, dots before and length beyond measure."""
    last = re.split(r"[/\\]", unicodedata.normalize("NFC", name))[-1]
    printable = "".join(char for char in last if unicodedata.category(char)[0] != "C").strip().lstrip(". ")
    suffix = PurePosixPath(printable).suffix
    suffix = suffix if len(suffix) <= _MAX_SUFFIX_CHARS else ""
    room = _MAX_NAME_BYTES - len(suffix.encode())
    stem = printable.removesuffix(suffix).encode()[:room].decode(errors="ignore")
    return f"{stem}{suffix}" or _NAMELESS


def _require_small(path: Path, max_bytes: int) -> None:
    if (size := path.stat().st_size) > max_bytes:
        raise LoadError(
            f"it has {size / 1e6:.1f} MB, and an upload may have {max_bytes / 1e6:g} MB: split it, set max_upload_mb, "
            f"or give `beleg index` the folder that it is in"
        )


def _require_document(file: SourceFile, names: Names) -> None:
    """Raises `LoadError` unless a document can be read from the file."""
    unusable = ""
    for one in load(file, names):
        if isinstance(one, Loaded):
            return
        unusable = unusable or f": {one.place}: {one.reason}"
    raise LoadError(f"it holds no document{unusable}")
