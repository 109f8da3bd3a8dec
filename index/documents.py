"""The source of truth of a generation: its documents and their chunks, in one SQLite file.

Written once and then opened immutable: no lock, no journal, no write. What Chroma and tantivy hold is derived from it.
"""

from __future__ import annotations

import json
import sqlite3
import threading
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from index.errors import CorruptIndexError
from index.types import Boilerplate, Chunk, Document, Passage, Published, Span

_SCHEMA = """
CREATE TABLE documents (
    number INTEGER PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    text TEXT NOT NULL,
    sha256 TEXT NOT NULL,
    title TEXT NOT NULL,
    lang TEXT NOT NULL,
    path TEXT NOT NULL,
    published TEXT,
    source TEXT,
    url TEXT,
    authors TEXT NOT NULL,      -- JSON: [name, ...]
    boilerplate TEXT NOT NULL   -- JSON: [[start, end, kind], ...]
);
CREATE TABLE chunks (
    key INTEGER PRIMARY KEY,    -- 0 .. n-1 in build order
    document INTEGER NOT NULL REFERENCES documents (number),
    sentences TEXT NOT NULL     -- JSON: [[start, end], ...]
);
CREATE INDEX chunks_of_document ON chunks (document);
"""
_FIELDS = "id, text, sha256, title, lang, path, published, source, url, authors, boilerplate"
_LISTING = """
SELECT id, title, lang, source, published, (SELECT count(*) FROM chunks WHERE document = number)
FROM documents ORDER BY number
"""


@dataclass(frozen=True, slots=True)
class Listing:
    """What a list of documents shows of one; `chunks` counts its chunks."""

    id: str
    title: str
    lang: str
    source: str | None
    published: str | None
    chunks: int


def write_documents(path: Path, items: Iterable[tuple[Document, Sequence[Chunk]]]) -> None:
    """Write documents with their chunks into the new file `path`; chunk keys count from 0 in the order given."""
    connection = sqlite3.connect(path)
    try:
        # A build that fails throws the whole folder away, so a journal would protect nothing.
        connection.executescript(f"PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; {_SCHEMA}")
        with connection:
            for number, (document, chunks) in enumerate(items):
                connection.execute("INSERT INTO documents VALUES (?,?,?,?,?,?,?,?,?,?,?,?)", (number, *_row(document)))
                rows = ((number, json.dumps(chunk.sentences)) for chunk in chunks)
                connection.executemany("INSERT INTO chunks VALUES ((SELECT count(*) FROM chunks), ?, ?)", rows)
    finally:
        connection.close()


class Documents:
    """The documents of one generation, read-only, safe to use from several threads.

    Raises:
        CorruptIndexError: from any method, when the file cannot be read or contradicts itself.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._lock = threading.Lock()
        self._connection = sqlite3.connect(
            f"{path.absolute().as_uri()}?mode=ro&immutable=1", uri=True, check_same_thread=False
        )

    def document(self, doc_id: str) -> Document:
        """The document with this id; its text's SHA-256 is checked again.

        Raises:
            KeyError: there is none.
        """
        rows = self._rows(f"SELECT {_FIELDS} FROM documents WHERE id = ?", doc_id)  # noqa: S608 - a constant
        if not rows:
            raise KeyError(doc_id)
        return self._document(rows[0])

    def documents(self) -> list[Listing]:
        """All documents in build order, without their texts."""
        return [Listing(*row) for row in self._rows(_LISTING)]

    def chunks(self, keys: Sequence[int]) -> list[Passage]:
        """The passages with these chunk keys, in the order of `keys`."""
        rows = self._rows(
            "SELECT key, document, sentences FROM chunks WHERE key IN (SELECT value FROM json_each(?))",
            json.dumps([int(key) for key in keys]),
        )
        numbers = {number for _, number, _ in rows}
        documents = {number: self._numbered(number) for number in numbers}
        passages = {key: self._passage(documents[number], sentences) for key, number, sentences in rows}
        missing = sorted(set(keys) - passages.keys())
        if missing:
            raise CorruptIndexError(f"{self._path} has no chunk {missing[0]}, which the index names")
        return [passages[key] for key in keys]

    def passages(self) -> Iterator[tuple[int, Passage]]:
        """Every chunk with its key, in the order of keys."""
        for (number,) in self._rows("SELECT number FROM documents ORDER BY number"):
            document = self._numbered(number)
            rows = self._rows("SELECT key, sentences FROM chunks WHERE document = ? ORDER BY key", number)
            yield from ((key, self._passage(document, sentences)) for key, sentences in rows)

    def count(self) -> int:
        """Number of documents."""
        ((count,),) = self._rows("SELECT count(*) FROM documents")
        return int(count)

    def chunk_counts(self) -> dict[str, int]:
        """Number of chunks for each language that has any, languages in alphabetical order."""
        query = "SELECT lang, count(*) FROM chunks JOIN documents ON number = document GROUP BY lang ORDER BY lang"
        return dict(self._rows(query))

    def close(self) -> None:
        """Let go of the file."""
        with self._lock:
            self._connection.close()

    def _rows(self, query: str, *parameters: object) -> list[tuple[Any, ...]]:
        try:
            with self._lock:
                return self._connection.execute(query, parameters).fetchall()
        except sqlite3.DatabaseError as error:
            raise CorruptIndexError(f"{self._path} cannot be read: {error}") from error

    def _numbered(self, number: int) -> Document:
        (row,) = self._rows(f"SELECT {_FIELDS} FROM documents WHERE number = ?", number)  # noqa: S608 - a constant
        return self._document(row)

    def _document(self, row: tuple[Any, ...]) -> Document:
        doc_id, text, sha256, title, lang, path, published, source, url, authors, boilerplate = row
        try:
            return Document(
                id=doc_id,
                text=text,
                sha256=sha256,
                title=title,
                lang=lang,
                path=path,
                published=Published(published) if published else None,
                source=source,
                url=url,
                authors=tuple(json.loads(authors)),
                boilerplate=tuple(Boilerplate(*mark) for mark in json.loads(boilerplate)),
            )
        except (TypeError, ValueError) as error:
            raise CorruptIndexError(f"{self._path} holds a damaged document: {error}") from error

    def _passage(self, document: Document, sentences: str) -> Passage:
        try:
            return Passage.of(document, Chunk(document.id, tuple(Span(*span) for span in json.loads(sentences))))
        except (TypeError, ValueError) as error:
            raise CorruptIndexError(f"{self._path} holds a damaged chunk of {document.id!r}: {error}") from error


def _row(document: Document) -> tuple[str | None, ...]:
    """The values of `_FIELDS`, in that order."""
    marks = [(mark.start, mark.end, mark.kind) for mark in document.boilerplate]
    return (
        *(document.id, document.text, document.sha256, document.title, document.lang, document.path),
        document.published.value if document.published else None,
        *(document.source, document.url),
        *(json.dumps(document.authors), json.dumps(marks)),
    )
