"""The source of truth of a generation: its documents and their chunks, in one SQLite file.

Written once and then opened immutable: no lock, no journal, no write. What Chroma and tantivy hold is derived from it.
"""

from __future__ import annotations

import json
import sqlite3
import threading
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from index.errors import CorruptIndexError
from index.filters import Facet, day_numbers, folded
from index.listing import ROWS, Page, Query, Row, sortable
from index.types import Boilerplate, Chunk, Document, Passage, Published, Span, text_sha256

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
    boilerplate TEXT NOT NULL,  -- JSON: [[start, end, kind], ...]
    first_day INTEGER NOT NULL, -- the days that `published` may mean, since 1970-01-01; see index.filters
    last_day INTEGER NOT NULL,
    origin INTEGER NOT NULL     -- number of the first document that is the same report; see index.duplicates
);
CREATE TABLE chunks (
    key INTEGER PRIMARY KEY,    -- 0 .. n-1 in build order
    document INTEGER NOT NULL REFERENCES documents (number),
    sentences TEXT NOT NULL     -- JSON: [[start, end], ...]
);
CREATE INDEX chunks_of_document ON chunks (document);
CREATE INDEX documents_of_origin ON documents (origin);
-- so that a list of all documents need not read their texts
CREATE INDEX documents_listed ON documents (title, source, published, lang, id, origin, path);
"""
_FIELDS = "id, text, sha256, title, lang, path, published, source, url, authors, boilerplate"
_LISTING = """
SELECT id, title, lang, source, published, (SELECT count(*) FROM chunks WHERE document = number)
FROM documents ORDER BY number
"""
_FACETS = """
SELECT first_day, last_day, source, lang, origin, (SELECT count(*) FROM chunks WHERE document = number), id
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


class DocumentsWriter:
    """A new documents file, written document by document and closed at the end of a ``with`` block.

    Chunk keys count from 0 in the order in which chunks are added.
    """

    def __init__(self, path: Path) -> None:
        self._connection = sqlite3.connect(path, isolation_level=None)
        # A build that fails throws the whole folder away, so a journal would protect nothing.
        self._connection.executescript(f"PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; {_SCHEMA} BEGIN")
        self._documents = self._chunks = 0

    def __enter__(self) -> Self:
        """Commit and close at the end of the block."""
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        """Commit, unless the block failed, and close."""
        with closing(self._connection):
            if error is None:
                self._connection.execute("COMMIT")

    def add(self, document: Document, chunks: Sequence[Chunk]) -> None:
        """Add a document, whose id no other has, with its chunks; it is its own origin."""
        number = self._documents
        row = (number, *_row(document), *day_numbers(document.published), number)
        self._connection.execute(f"INSERT INTO documents VALUES ({', '.join('?' * len(row))})", row)  # noqa: S608 - question marks only
        rows = ((self._chunks + i, number, json.dumps(chunk.sentences)) for i, chunk in enumerate(chunks))
        self._connection.executemany("INSERT INTO chunks VALUES (?, ?, ?)", rows)
        self._documents += 1
        self._chunks += len(chunks)

    def path_of(self, doc_id: str) -> str | None:
        """Where the document with this id came from; None where there is none."""
        row = self._connection.execute("SELECT path FROM documents WHERE id = ?", (doc_id,)).fetchone()
        return row[0] if row else None

    def bodies(self) -> Iterator[str]:
        """The text of each document without its boilerplate, in the order in which they were added."""
        for text, marks in self._connection.execute("SELECT text, boilerplate FROM documents ORDER BY number"):
            yield _without(text, json.loads(marks))

    def set_origins(self, origins: Sequence[int]) -> None:
        """For each document the number of the first one that is the same report."""
        repeated = ((origin, number) for number, origin in enumerate(origins) if origin != number)
        self._connection.executemany("UPDATE documents SET origin = ? WHERE number = ?", repeated)


def write_documents(path: Path, items: Iterable[tuple[Document, Sequence[Chunk]]]) -> None:
    """Write documents with their chunks into the new file `path`."""
    with DocumentsWriter(path) as writer:
        for document, chunks in items:
            writer.add(document, chunks)


class Documents:
    """The documents of one generation, read-only, safe to use from several threads.

    Raises:
        CorruptIndexError: from any method, when the file cannot be read or contradicts itself.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._lock = threading.Lock()
        address = f"{path.absolute().as_uri()}?mode=ro&immutable=1"
        try:
            self._connection = sqlite3.connect(address, uri=True, check_same_thread=False)
            for function in (folded, sortable):  # which `Query.sql` calls
                self._connection.create_function(function.__name__, 1, function, deterministic=True)
        except sqlite3.DatabaseError as error:
            raise CorruptIndexError(f"{path} cannot be opened: {error}") from error

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

    def page(self, query: Query) -> Page:
        """One page of the list of documents."""
        numbers = [number for (number,) in self._rows(query.sql, *query.words)]
        shown = numbers[query.offset : query.offset + query.limit]
        rows = self._rows(ROWS, json.dumps(shown))
        return Page(len(numbers), tuple(Row._make((*values, bool(repeats))) for *values, repeats in rows))

    def languages(self) -> dict[str, int]:
        """Number of documents in each language, the most frequent one first."""
        return dict(self._rows("SELECT lang, count(*) AS n FROM documents GROUP BY lang ORDER BY n DESC, lang"))

    def of_file(self, relative: str) -> int:
        """How many documents come from the file that `SourceFile.relative` names."""
        query = "SELECT count(*) FROM documents WHERE path = ?1 OR substr(path, 1, length(?1) + 1) = ?1 || '#'"
        ((count,),) = self._rows(query, relative)
        return int(count)

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

    def fingerprints(self) -> dict[str, str]:
        """For each document id a digest of all that the document is."""
        query = f"SELECT {_FIELDS.replace('text, ', '')} FROM documents ORDER BY number"  # noqa: S608 - a constant
        return {row[0]: text_sha256(json.dumps(row)) for row in self._rows(query)}

    def same_report(self, doc_id: str) -> list[Document]:
        """The other documents that are the same report as the one with this id, in build order."""
        query = (
            f"SELECT {_FIELDS} FROM documents WHERE id != ?1 "  # noqa: S608 - a constant
            "AND origin = (SELECT origin FROM documents WHERE id = ?1) ORDER BY number"
        )
        return [self._document(row) for row in self._rows(query, doc_id)]

    def sources(self) -> list[str]:
        """The outlets, as their first document writes them, in alphabetical order."""
        rows = self._rows("SELECT source FROM documents WHERE source IS NOT NULL GROUP BY source ORDER BY min(number)")
        return sorted({folded(source): source for (source,) in reversed(rows)}.values(), key=folded)

    def facets(self) -> Iterator[Facet]:
        """What search asks of each document, in build order."""
        return (Facet(first, last, folded(source), *rest) for first, last, source, *rest in self._rows(_FACETS))

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


def _without(text: str, marks: Sequence[tuple[int, int, str]]) -> str:
    """`text` without its boilerplate."""
    parts, start = [], 0
    for begin, end, _ in sorted(marks):
        parts.append(text[start : max(start, begin)])
        start = max(start, end)
    return "".join([*parts, text[start:]])


def _row(document: Document) -> tuple[str | None, ...]:
    """The values of `_FIELDS`, in that order."""
    marks = [(mark.start, mark.end, mark.kind) for mark in document.boilerplate]
    return (
        *(document.id, document.text, document.sha256, document.title, document.lang, document.path),
        document.published.value if document.published else None,
        *(document.source, document.url),
        *(json.dumps(document.authors), json.dumps(marks)),
    )
