"""One file to one document, with everything that was odd about it said in notices.

Which files there are is `index.load.files`' business, and what becomes of a refusal is the build's.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import PurePosixPath

from index.clean import mark_boilerplate
from index.errors import LoadError
from index.language import detect
from index.load import markdown, text
from index.load.content import Content
from index.load.descriptions import described
from index.load.files import SourceFile
from index.load.frontmatter import Fields
from index.load.metadata import read_metadata
from index.load.title import mark_title
from index.types import Boilerplate, Document, text_sha256

READERS: Mapping[str, Callable[[bytes], Content]] = {".txt": text.read, ".md": markdown.read}


@dataclass(frozen=True, slots=True)
class Loaded:
    """A document and what the user should know about how it was read."""

    document: Document
    notices: tuple[str, ...]


def load(file: SourceFile) -> Loaded:
    """The document in `file`: canonical text, metadata, language, and the lines marked that are not its story.

    The file's own front matter wins over what a ``SOURCES.md`` beside it says, key by key.

    Raises:
        LoadError: it is empty, binary, unreadable, a link, of an unsupported kind, or has a broken front matter.
    """
    content = _content(file)
    fields, problems = _described(file)
    metadata = read_metadata({**fields, **content.front_matter})
    title = metadata.title or content.headline or PurePosixPath(file.relative).stem
    document = Document(
        id=metadata.url or file.relative,
        text=content.text,
        sha256=text_sha256(content.text),
        title=title,
        lang=metadata.lang or detect(content.text),
        path=file.relative,
        published=metadata.published,
        source=metadata.source,
        url=metadata.url,
        authors=metadata.authors,
        boilerplate=_boilerplate(content.text, title),
    )
    return Loaded(document, (*content.notices, *problems, *metadata.notices))


def _content(file: SourceFile) -> Content:
    suffix = file.path.suffix.lower()
    if file.path.is_symlink():
        raise LoadError("a link to what is not among the indexed files: give `beleg index` what it leads to")
    if file.path.is_dir():
        raise LoadError("a folder that cannot be read: check its permissions")
    if suffix not in READERS:
        raise LoadError(f"unsupported kind {suffix or '(no suffix)'}: Beleg reads {', '.join(sorted(READERS))}")
    content = READERS[suffix](_bytes(file))
    if not any(char.isalnum() for char in content.text):
        raise LoadError("empty: it holds no words")
    return content


def _bytes(file: SourceFile) -> bytes:
    try:
        return file.path.read_bytes()
    except OSError as error:
        raise LoadError(f"it cannot be read: {error.strerror or error}") from error


def _described(file: SourceFile) -> tuple[Fields, tuple[str, ...]]:
    try:
        return described(file.path), ()
    except LoadError as error:
        return {}, (str(error),)


def _boilerplate(body: str, title: str) -> tuple[Boilerplate, ...]:
    heads = mark_title(body, title)
    starts = {mark.start for mark in heads}
    return (*heads, *(mark for mark in mark_boilerplate(body) if mark.start not in starts))
