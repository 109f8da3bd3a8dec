"""Gather documents and their chunks from files; what cannot be used is listed with the reason, never fatal.

They go straight to disk, so that an export of five gigabytes needs no five gigabytes of memory.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from pathlib import Path

from index.chunk import chunk, overlong
from index.documents import DocumentsWriter
from index.edits import REMOVED_BY_YOU
from index.embed import Embedder
from index.errors import LoadError
from index.generation import Skipped, Source
from index.load.content import Unusable
from index.load.document import Loaded, load
from index.load.files import DESCRIPTIONS, SourceFile
from index.load.records import Names
from index.types import Chunk, Document, file_sha256

MAX_LISTED = 1000  # of what is skipped, and of notices: an export may have a million records without a text
_WINDOW_WITHOUT_ENCODER = 256
_LANG = re.compile(r"[a-z]{2,3}")


class Corpus:
    """Takes down documents with their chunks, file by file; what is no document, and what loaders notice, is listed."""

    def __init__(
        self, writer: DocumentsWriter, embedder: Embedder | None, names: Names, removed: Collection[str] = ()
    ) -> None:
        self._writer = writer
        self._embedder = embedder
        self._names = names
        self._removed = frozenset(removed)
        self.documents = self.sentences = self.undated = self.repeated = 0
        self.chunks: Counter[str] = Counter()  # by language
        self.skipped: list[Skipped] = []
        self.notices: list[str] = []
        self._more_skipped = self._more_notices = 0

    def add(self, file: SourceFile) -> None:
        """Load and chunk all documents of one file; what cannot be used of it is listed."""
        try:
            for loaded in load(file, self._names):
                if isinstance(loaded, Unusable):
                    self._skip(f"{file.relative}: {loaded.place}", loaded.reason)
                else:
                    self._add(loaded)
        except LoadError as error:
            self._skip(file.relative, str(error))

    def _add(self, loaded: Loaded) -> None:
        document = loaded.document
        chunks: list[Chunk] = []
        reason = _unstorable(document)
        if document.id in self._removed:
            reason = REMOVED_BY_YOU
        if not reason and (path := self._writer.path_of(document.id)) is not None:
            reason = f"has the same id as {path}: {document.id}"
        if not reason:
            chunks = _chunk(document, self._embedder)
            reason = "" if chunks else "holds no text besides boilerplate"
        if reason:
            self._skip(document.path, reason)
            return
        self._writer.add(document, chunks)
        self.documents += 1
        self.undated += document.published is None
        self.sentences += sum(len(chunk.sentences) for chunk in chunks)
        self.chunks[document.lang] += len(chunks)
        notices = (*loaded.notices, *_cut_off(document, chunks, self._embedder))
        for notice in notices:
            self._notice(f"{document.path}: {notice}")

    def remarks(self) -> list[str]:
        """The notices, and how much more there was of them and of what was skipped than is listed."""
        more = {"files and records were skipped": self._more_skipped, "notices were given": self._more_notices}
        return [*self.notices, *(f"{count} more {what} than are listed here" for what, count in more.items() if count)]

    def _skip(self, path: str, reason: str) -> None:
        if len(self.skipped) < MAX_LISTED:
            self.skipped.append(Skipped(path, reason))
        else:
            self._more_skipped += 1

    def _notice(self, notice: str) -> None:
        if len(self.notices) < MAX_LISTED:
            self.notices.append(notice)
        else:
            self._more_notices += 1


def sources(files: Sequence[SourceFile]) -> tuple[Source, ...]:
    """What identifies the content of files, and of the descriptions beside them, without loading any."""
    beside = {Path(file.relative).with_name(DESCRIPTIONS): file.path.with_name(DESCRIPTIONS) for file in files}
    described = (SourceFile(path, relative.as_posix()) for relative, path in beside.items() if path.is_file())
    return tuple(_source(file) for file in (*files, *described))


def _source(file: SourceFile) -> Source:
    try:
        return Source(file.relative, file_sha256(file.path))
    except OSError:
        return Source(file.relative, "")


def _unstorable(document: Document) -> str:
    """Why a database or a page could not take what the document holds; empty where they can."""
    stored = (document.id, document.text, document.title, document.path, document.source, document.url)
    try:
        "".join(filter(None, (*stored, *document.authors))).encode()
    except UnicodeEncodeError as error:
        return f"holds a character that is not Unicode text: {error.object[error.start]!a}"
    if not _LANG.fullmatch(document.lang):
        return f"its language is not an ISO 639 code: {document.lang!r}"
    return ""


def _chunk(document: Document, embedder: Embedder | None) -> list[Chunk]:
    if embedder:
        return chunk(document, window=embedder.window, count_tokens=embedder.count_tokens)
    return chunk(document, window=_WINDOW_WITHOUT_ENCODER, count_tokens=_estimated_tokens)


def _cut_off(document: Document, chunks: Sequence[Chunk], embedder: Embedder | None) -> Iterator[str]:
    """A notice where the encoder does not read all; without one, every word is searched."""
    if embedder is None:
        return
    count = overlong(document, chunks, window=embedder.window, count_tokens=embedder.count_tokens)
    if count:
        yield (
            f"passages longer than the encoder's {embedder.window} tokens: {count} of {len(chunks)}; it reads their "
            f"beginning, search by words reads all"
        )


def _estimated_tokens(texts: Sequence[str]) -> list[int]:
    """A guess for want of a tokenizer: three characters a token, which is generous for German in an English one."""
    return [len(text) // 3 + 2 for text in texts]
