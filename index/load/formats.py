"""What Beleg does not read, known by its name or its first bytes, so that the reason can say what to do instead."""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

_HEAD_BYTES = 16
_AS_TEXT = "save what it says as HTML, .docx or text"
_UNPACK = "unpack it and give what is in it"
_NO_TEXT = "it holds no text to quote"


class Unread(NamedTuple):
    """A format, what to do with files of it, the suffixes that they have and the bytes that they begin with."""

    name: str
    advice: str
    suffixes: str
    magic: tuple[bytes, ...] = ()


_PAPERS = (
    Unread("PDF", "save the page as HTML, or its text as .txt", ".pdf", (b"%PDF-",)),
    Unread("Word other than .docx", "save it as .docx", ".doc .dot .docm .dotx .wps"),
    Unread("an old or protected Office file", "save it as .docx or text", "", (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1",)),
    Unread("OpenDocument", "save it as .docx", ".odt .ott .fodt"),
    Unread("RTF", "save it as .docx", ".rtf", (rb"{\rtf",)),
    Unread("Pages", "export it as .docx", ".pages"),
    Unread("a spreadsheet", "save each of its sheets as .csv", ".xlsx .xls .xlsm .ods .numbers"),
    Unread("a presentation", _AS_TEXT, ".pptx .ppt .odp"),
    Unread("an e-book", _AS_TEXT, ".epub .mobi .azw .azw3"),
    Unread("a web archive", 'save the page as "HTML only"', ".mht .mhtml .webarchive .warc .maff"),
    Unread("a file of subtitles", "save it as text, a sentence a line", ".srt .vtt .sbv .ass"),
    Unread("a mailbox", "save its mails one by one as .eml", ".mbox .msg .pst .ost"),
    Unread("a database", "export it as .csv or .jsonl", ".db .sqlite .sqlite3 .mdb", (b"SQLite format 3\0",)),
    Unread("Arrow, Feather or ORC", "save it as .parquet", ".arrow .feather .orc .avro", (b"ARROW1\0", b"Obj\1")),
    Unread("ZIP", _UNPACK, ".zip", (b"PK\x03\x04", b"PK\x05\x06")),
    Unread("gzip", _UNPACK, ".gz .tgz", (b"\x1f\x8b",)),
    Unread("bzip2", _UNPACK, ".bz2", (b"BZh91AY&SY",)),
    Unread("xz", _UNPACK, ".xz .lzma", (b"\xfd7zXZ\0",)),
    Unread("Zstandard", _UNPACK, ".zst", (b"\x28\xb5\x2f\xfd",)),
    Unread("an archive", _UNPACK, ".tar .7z .rar", (b"7z\xbc\xaf\x27\x1c", b"Rar!\x1a\x07")),
)
_ASSETS = (
    Unread(
        "an image",
        _NO_TEXT,
        ".png .jpg .jpeg .gif .webp .svg .ico .bmp .tif .tiff .avif .heic .psd",
        (b"\x89PNG\r\n", b"\xff\xd8\xff", b"GIF87a", b"GIF89a", b"II*\0", b"MM\0*"),
    ),
    Unread("sound or video", _NO_TEXT, ".mp3 .m4a .ogg .wav .aac .mp4 .m4v .webm .mov .avi .mkv"),
    Unread("part of a page", "give the page itself", ".css .js .mjs .map .woff .woff2 .ttf .otf .eot .wasm .download"),
)

_BY_SUFFIX = {suffix: kind for kind in (*_PAPERS, *_ASSETS) for suffix in kind.suffixes.split()}
_BY_MAGIC = {magic: kind for kind in (*_PAPERS, *_ASSETS) for magic in kind.magic}
ASSETS = frozenset(suffix for kind in _ASSETS for suffix in kind.suffixes.split())
"""Suffixes of what pages and folders have beside their texts and nobody expects to be read."""


def why_unread(path: Path) -> str:
    """Why the file at `path` cannot be read, by its suffix or else its first bytes; empty where these say nothing.

    Raises:
        OSError: it cannot be opened.
    """
    suffix = path.suffix.lower()
    if named := _BY_SUFFIX.get(suffix):
        return f"{named.name} is not read: {named.advice}"
    with path.open("rb") as file:
        head = file.read(_HEAD_BYTES)
    kind = next((kind for magic, kind in _BY_MAGIC.items() if head.startswith(magic)), None)
    if kind is None or (kind.name, suffix) == ("ZIP", ".docx"):  # which is one
        return ""
    return f"its first bytes are those of {kind.name}, which is not read: {kind.advice}"
