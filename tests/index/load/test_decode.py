"""Every encoding gives the same text, and what is no text is said to be none."""

from __future__ import annotations

import codecs
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.errors import LoadError
from index.load.decode import CP1252_NOTICE, canonical_text

TEXT = "Grüße aus Köln – „ja“ 😀\nZweite Zeile\n"


@pytest.mark.parametrize(
    "data",
    [
        TEXT.encode(),
        codecs.BOM_UTF8 + TEXT.encode(),
        codecs.BOM_UTF16_LE + TEXT.encode("utf-16-le"),
        codecs.BOM_UTF16_BE + TEXT.encode("utf-16-be"),
        TEXT.replace("\n", "\r\n").encode(),
        TEXT.replace("\n", "\r").encode(),
        unicodedata.normalize("NFD", TEXT).encode(),
    ],
    ids=["utf-8", "utf-8 bom", "utf-16 le", "utf-16 be", "crlf", "cr", "nfd"],
)
def test_the_same_text_however_it_is_stored(data: bytes) -> None:
    assert canonical_text(data) == (TEXT, ())


def test_windows_text_is_read_with_a_notice() -> None:
    assert canonical_text("Grüße – „ja“".encode("cp1252")) == ("Grüße – „ja“", (CP1252_NOTICE,))


@pytest.mark.parametrize(
    ("reason", "data"),
    [
        ("NUL", b"text\0text"),
        ("NUL", "ohne Marke".encode("utf-16-le")),
        ("binary", codecs.BOM_UTF32_LE + "Text".encode("utf-32-le")),
        ("control", bytes(range(1, 9)) * 20),
        ("UTF-16", codecs.BOM_UTF16_LE + b"\x00\xd8a"),
        ("neither UTF-8 nor cp1252", b"caf\xe9 \x81"),
    ],
)
def test_what_is_no_text_is_refused_with_the_reason(reason: str, data: bytes) -> None:
    with pytest.raises(LoadError, match=reason):
        canonical_text(data)


def test_invisible_and_right_to_left_characters_are_left_alone() -> None:
    text = "a\u200bb \u202eabc\u202c مرحبا \u00ad e\tf\u00a0g"
    assert canonical_text(text.encode())[0] == text


@given(st.binary(max_size=200))
def test_any_bytes_are_text_or_are_refused(data: bytes) -> None:
    try:
        text, _ = canonical_text(data)
    except LoadError:
        return
    assert "\r" not in text
    assert "\0" not in text
    assert unicodedata.is_normalized("NFC", text)
    text.encode()
