"""What the owner of an index changes by hand: files are added, documents are removed or taken back.

The user's own files are never touched. A document of theirs that is removed is put on a list, ``removed.json`` in the
data directory (id to title), which every build goes by; only files that were added here (`index.uploads`) are deleted.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, closing, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from pydantic import TypeAdapter, ValidationError

from index.documents import Documents
from index.errors import BuildError, LoadError, UnusableIndexError
from index.generation import DOCUMENTS, Skipped, generation_path, read_manifest, serving, write_whole
from index.load.records import renamed
from index.settings import IndexSettings
from index.types import Document
from index.uploads import discard, file_of, keep, safe_name, stored

REMOVED_BY_YOU = "removed by you; `beleg remove --undo ID` takes it back"
_REMOVED = "removed.json"
_LIST = TypeAdapter(dict[str, str])
BYTES_PER_MB = 1_000_000


@dataclass(frozen=True, slots=True)
class Edit:
    """Files to add, ids of documents to remove, ids of removed documents to take back."""

    add: tuple[Path, ...] = ()
    remove: tuple[str, ...] = ()
    restore: tuple[str, ...] = ()


NO_EDIT = Edit()


def apply(edit: Edit, settings: IndexSettings) -> tuple[Skipped, ...]:
    """Carry an edit out, all but the build that it calls for; only for the holder of the lock. What was refused, why.

    Raises:
        BuildError: no document would be left, or the list of what is removed is damaged.
        OSError: no space was left.
    """
    data_dir = settings.data_dir
    return (
        *_add(edit.add, settings),
        *(_remove(data_dir, edit.remove, growing=bool(edit.add)) if edit.remove else ()),
        *(_restore(data_dir, edit.restore) if edit.restore else ()),
    )


def removed(data_dir: Path) -> Mapping[str, str]:
    """The titles of the user's documents that are left out, by their ids.

    Raises:
        BuildError: the list is damaged.
    """
    path = data_dir / _REMOVED
    try:
        return _LIST.validate_json(path.read_bytes())
    except FileNotFoundError:
        return {}
    except (OSError, ValidationError) as error:
        raise BuildError(
            f"{path}, the list of documents that you removed, cannot be read: {error}. Correct it, or delete it, "
            f"and they are all indexed again"
        ) from error


def _add(paths: Sequence[Path], settings: IndexSettings) -> Iterator[Skipped]:
    names, limit = renamed(settings.fields), settings.max_upload_mb * BYTES_PER_MB
    for path in paths:
        try:
            keep(settings.data_dir, path, names, limit)
        except LoadError as error:
            yield Skipped(safe_name(path.name), str(error))


def _remove(data_dir: Path, ids: Sequence[str], *, growing: bool) -> Iterator[Skipped]:
    """Remove documents, and kept files that no document is from; `growing` where others are added meanwhile."""
    files, listed = stored(data_dir), dict(removed(data_dir))
    with _serving(data_dir) as documents:
        found = {doc_id: document for doc_id in ids if documents and (document := _document(documents, doc_id))}
        if documents and len(found) == documents.count() and not growing:
            raise BuildError("no document would be left, and an index holds one at least. Add another one first")
        for doc_id in dict.fromkeys(ids):
            document = found.get(doc_id)
            file = file_of(document.path, files) if document else files.get(doc_id)
            if file and (documents is None or documents.of_file(file.relative) <= 1):
                discard(file)
            elif document:
                listed[doc_id] = document.title
            else:
                yield Skipped(doc_id, "no document has this id")
    _write(data_dir, listed)


def _restore(data_dir: Path, ids: Sequence[str]) -> Iterator[Skipped]:
    listed = dict(removed(data_dir))
    for doc_id in dict.fromkeys(ids):
        if listed.pop(doc_id, None) is None:
            yield Skipped(doc_id, "it is not among the documents that you removed")
    _write(data_dir, listed)


def _write(data_dir: Path, listed: Mapping[str, str]) -> None:
    if listed != removed(data_dir):
        write_whole(data_dir / _REMOVED, json.dumps(listed, ensure_ascii=False, indent=1))


@contextmanager
def _serving(data_dir: Path) -> Iterator[Documents | None]:
    """The documents that serve; None where there are none that can be read."""
    with ExitStack() as stack:
        documents = None
        with suppress(UnusableIndexError):
            path = generation_path(data_dir, serving(data_dir))
            read_manifest(path)  # of another format it would be read wrongly
            documents = stack.enter_context(closing(Documents(path / DOCUMENTS)))
        yield documents


def _document(documents: Documents, doc_id: str) -> Document | None:
    try:
        return documents.document(doc_id)
    except KeyError:
        return None
