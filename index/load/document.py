"""One file to its documents, with everything that was odd about them said in notices.

Which files there are is `index.load.files`' business, and what becomes of a refusal is the build's.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from index.clean import mark_boilerplate
from index.errors import LoadError
from index.language import detect
from index.load import feed, html, mail, markdown, parquet, records, text, word
from index.load.content import Content, Unusable
from index.load.descriptions import described
from index.load.files import SourceFile
from index.load.formats import why_unread
from index.load.frontmatter import Fields
from index.load.metadata import read_metadata
from index.load.patience import MAX_SECONDS, within
from index.load.records import NAMES, Names
from index.load.title import mark_title
from index.types import Boilerplate, Document, text_sha256

LOADER_VERSION = 3  # counts up when the same file would give another document
Reader = Callable[[Path, Names], Iterator[Content | Unusable]]
"""Gives what a file holds; raises `LoadError` where it, or the rest of it, cannot be read."""


def _whole(read: Callable[[bytes], Content]) -> Reader:
    """The reader of a format whose files hold one document each."""

    def read_file(path: Path, _: Names) -> Iterator[Content | Unusable]:
        yield read(path.read_bytes())

    return read_file


def _entries(path: Path, _: Names) -> Iterator[Content | Unusable]:
    return feed.read(path)


READERS: Mapping[str, Reader] = {
    ".txt": _whole(text.read),
    ".md": _whole(markdown.read),
    ".html": _whole(html.read),
    ".htm": _whole(html.read),
    ".jsonl": records.read_json_lines,
    ".ndjson": records.read_json_lines,
    ".json": records.read_json,
    ".csv": records.read_csv,
    ".tsv": records.read_csv,
    ".rss": _entries,
    ".atom": _entries,
    ".xml": _entries,
    ".parquet": parquet.read,
    ".eml": _whole(mail.read),
    ".docx": _whole(word.read),
}


@dataclass(frozen=True, slots=True)
class Loaded:
    """A document and what the user should know about how it was read."""

    document: Document
    notices: tuple[str, ...]


def load(file: SourceFile, names: Names = NAMES, seconds: float = MAX_SECONDS) -> Iterator[Loaded | Unusable]:
    """The documents in `file`: canonical text, metadata, language, and the lines marked that are not the story.

    What a document says of itself wins over what a ``SOURCES.md`` beside its file says, key by key.

    Args:
        file: where they are.
        names: what the records of an export call their fields.
        seconds: how long each document may take, in the main thread (`within`).

    Raises:
        LoadError: it is empty, binary, unreadable, a link, of an unsupported kind, has a broken front matter, or takes
            too long. What was given before stays true.
    """
    return within(_load(file, names), seconds)


def _load(file: SourceFile, names: Names) -> Iterator[Loaded | Unusable]:
    fields, problems = _described(file)
    for content in _contents(file, names):
        if isinstance(content, Unusable):
            yield content
            continue
        if not any(map(str.isalnum, content.text)):
            raise LoadError("empty: it holds no words")
        yield _loaded(file, content, fields, problems)
        problems = ()  # said once


def _loaded(file: SourceFile, content: Content, described: Fields, problems: tuple[str, ...]) -> Loaded:
    metadata = read_metadata({**described, **content.fields})
    title = metadata.title or content.headline or PurePosixPath(file.relative).stem
    place = f"{file.relative}#{content.place}" if content.place else file.relative
    document = Document(
        id=metadata.url or place,
        text=content.text,
        sha256=text_sha256(content.text),
        title=title,
        lang=metadata.lang or detect(content.text),
        path=place,
        published=metadata.published,
        source=metadata.source,
        url=metadata.url,
        authors=metadata.authors,
        boilerplate=_boilerplate(content.text, title),
    )
    return Loaded(document, (*content.notices, *problems, *metadata.notices))


def _contents(file: SourceFile, names: Names) -> Iterator[Content | Unusable]:
    suffix = file.path.suffix.lower()
    if file.path.is_symlink():
        raise LoadError("a link to what is not among the indexed files: give `beleg index` what it leads to")
    if file.path.is_dir():
        raise LoadError("a folder that cannot be read: check its permissions")
    try:
        yield from _reader(file.path)(file.path, names)
    except LoadError:
        raise
    except OSError as error:
        raise LoadError(f"it cannot be read: {error.strerror or error}") from error
    except Exception as error:
        # Pages, feeds and exports go through parsers of others, and one odd file must not end a build of thousands.
        raise LoadError(f"its {suffix} parser failed: {type(error).__name__}: {error}") from error


def _reader(path: Path) -> Reader:
    """By the content of the file where that says more than its name."""
    suffix = path.suffix.lower()
    if why := why_unread(path):
        raise LoadError(why)
    if parquet.is_parquet(path):
        return parquet.read
    if suffix not in READERS:
        raise LoadError(f"unsupported kind {suffix or '(no suffix)'}: Beleg reads {', '.join(sorted(READERS))}")
    return READERS[suffix]


def _described(file: SourceFile) -> tuple[Fields, tuple[str, ...]]:
    try:
        return described(file.path), ()
    except LoadError as error:
        return {}, (str(error),)


def _boilerplate(body: str, title: str) -> tuple[Boilerplate, ...]:
    heads = mark_title(body, title)
    starts = {mark.start for mark in heads}
    return (*heads, *(mark for mark in mark_boilerplate(body) if mark.start not in starts))
