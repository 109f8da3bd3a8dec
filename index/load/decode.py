"""Bytes to canonical text: decoded, NFC, line feeds as line ends and nothing else changed.

It tries three encodings and says which; it does not guess among more, since a wrong guess would be quoted.
"""

from __future__ import annotations

import codecs
import unicodedata

from index.errors import LoadError

_UTF16_MARKS = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
_MEANT_AS_CP1252 = {"iso8859-1", "ascii"}
_SAMPLE_CHARS = 8192
_MAX_CONTROL_SHARE = 0.1
_LAYOUT = frozenset("\t\n\r\f\v")
CP1252_NOTICE = "not valid UTF-8: read as cp1252 (Windows), so letters with accents may be wrong"


def canonical_text(data: bytes) -> tuple[str, tuple[str, ...]]:
    """The text of a file's bytes and the notices that go with it.

    UTF-8 with or without a byte order mark, UTF-16 with one, else cp1252 with a notice.

    Raises:
        LoadError: the bytes are not text.
    """
    text, notices = _decoded(data)
    if _is_binary(text):
        raise LoadError("binary: it holds control characters that no text has")
    return canonical(text), notices


def canonical(text: str) -> str:
    """`text` in NFC, with line feeds as line ends and nothing else changed."""
    return unicodedata.normalize("NFC", text.replace("\r\n", "\n").replace("\r", "\n"))


def decoded_line(line: bytes) -> tuple[str, tuple[str, ...]]:
    """One line of a file whose lines may differ in encoding, as files put together from several do."""
    try:
        return line.decode("utf-8-sig"), ()
    except UnicodeDecodeError:
        return line.decode("cp1252", "replace"), (CP1252_NOTICE,)


def decoded_as(data: bytes, label: str) -> str:
    """`data` in the encoding that a page or a server states, taken as browsers take it (WHATWG, Encoding Standard).

    Raises:
        LookupError: there is no such encoding.
        UnicodeDecodeError: `data` is not in it.
    """
    name = codecs.lookup(label).name
    return data.decode("cp1252" if name in _MEANT_AS_CP1252 else name)


def refuse_binary(sample: bytes) -> None:
    """Make sure that a file which begins with `sample` is text in UTF-8 or cp1252.

    Raises:
        LoadError: it is not.
    """
    if _is_binary(sample.decode("latin-1")):
        raise LoadError("binary: it holds characters that no text has")


def _decoded(data: bytes) -> tuple[str, tuple[str, ...]]:
    if data.startswith(_UTF16_MARKS):
        return _utf16(data), ()
    if b"\0" in data:
        raise LoadError("binary: it holds NUL bytes (UTF-16 text must have a byte order mark, or be saved as UTF-8)")
    try:
        return data.decode("utf-8-sig"), ()
    except UnicodeDecodeError:
        return _cp1252(data), (CP1252_NOTICE,)


def _utf16(data: bytes) -> str:
    try:
        return data.decode("utf-16")
    except UnicodeDecodeError as error:
        raise LoadError(f"it starts like UTF-16 but is not: {error.reason} at byte {error.start}") from error


def _cp1252(data: bytes) -> str:
    try:
        return data.decode("cp1252")
    except UnicodeDecodeError as error:
        raise LoadError(f"neither UTF-8 nor cp1252 text: byte {error.start} is {data[error.start]:#04x}") from error


def _is_binary(text: str) -> bool:
    sample = text[:_SAMPLE_CHARS]
    controls = sum(unicodedata.category(char) == "Cc" and char not in _LAYOUT for char in sample)
    return "\0" in text or controls > _MAX_CONTROL_SHARE * len(sample)
