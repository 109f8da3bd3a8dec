"""What is not read is named, by its suffix or its first bytes, with what to do instead."""

from __future__ import annotations

import bz2
import gzip
import lzma
import sqlite3
import zipfile
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest
from PIL import Image

from index.errors import LoadError
from index.load.document import READERS, load
from index.load.files import SourceFile
from index.load.formats import ASSETS, why_unread


def _zip(path: Path) -> None:
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("a.txt", "Ein Text.")


def _sqlite(path: Path) -> None:
    with sqlite3.connect(path) as connection:
        connection.execute("CREATE TABLE a (b)")
    connection.close()


def _pdf(path: Path) -> None:
    Image.new("RGB", (2, 2)).save(path, "PDF")


def _image(kind: str) -> Callable[[Path], None]:
    return lambda path: Image.new("RGB", (2, 2)).save(path, kind)


WRITERS: Mapping[str, tuple[Callable[[Path], object], str]] = {
    "pdf": (_pdf, "PDF, which is not read: save the page as HTML"),
    "zip": (_zip, "ZIP, which is not read: unpack it"),
    "gzip": (lambda path: path.write_bytes(gzip.compress(b"x")), "gzip, which is not read: unpack it"),
    "bzip2": (lambda path: path.write_bytes(bz2.compress(b"x")), "bzip2, which is not read: unpack it"),
    "xz": (lambda path: path.write_bytes(lzma.compress(b"x")), "xz, which is not read: unpack it"),
    "sqlite": (_sqlite, r"a database, which is not read: export it as \.csv"),
    "rtf": (lambda path: path.write_bytes(rb"{\rtf1 Text}"), r"RTF, which is not read: save it as \.docx"),
    "png": (_image("PNG"), "an image, which is not read"),
    "jpeg": (_image("JPEG"), "an image, which is not read"),
    "gif": (_image("GIF"), "an image, which is not read"),
    "tiff": (_image("TIFF"), "an image, which is not read"),
}


def _refusal(path: Path) -> str:
    with pytest.raises(LoadError) as refused:
        list(load(SourceFile(path, path.name)))
    return str(refused.value)


@pytest.mark.parametrize("kind", WRITERS)
@pytest.mark.parametrize("suffix", [".txt", ".json", ".html", ".eml", ".xyz", ""])
def test_a_file_of_another_kind_is_known_by_its_first_bytes(tmp_path: Path, kind: str, suffix: str) -> None:
    write, reason = WRITERS[kind]
    write(tmp_path / f"a{suffix}")
    with pytest.raises(LoadError, match=reason):
        list(load(SourceFile(tmp_path / f"a{suffix}", f"a{suffix}")))


@pytest.mark.parametrize(
    ("suffix", "reason"),
    [
        (".pdf", "PDF is not read: save the page as HTML, or its text as .txt"),
        (".PDF", "PDF is not read: save the page as HTML, or its text as .txt"),
        (".doc", "Word other than .docx is not read: save it as .docx"),
        (".odt", "OpenDocument is not read: save it as .docx"),
        (".rtf", "RTF is not read: save it as .docx"),
        (".xlsx", "a spreadsheet is not read: save each of its sheets as .csv"),
        (".epub", "an e-book is not read: save what it says as HTML, .docx or text"),
        (".mhtml", 'a web archive is not read: save the page as "HTML only"'),
        (".zip", "ZIP is not read: unpack it and give what is in it"),
        (".gz", "gzip is not read: unpack it and give what is in it"),
        (".jpg", "an image is not read: it holds no text to quote"),
        (".css", "part of a page is not read: give the page itself"),
    ],
)
def test_a_file_of_another_kind_is_known_by_its_suffix(tmp_path: Path, suffix: str, reason: str) -> None:
    (tmp_path / f"a{suffix}").write_bytes(b"whatever it holds")
    assert _refusal(tmp_path / f"a{suffix}") == reason


@pytest.mark.parametrize("suffix", READERS)
def test_nothing_is_said_against_what_is_read(tmp_path: Path, suffix: str) -> None:
    (tmp_path / f"a{suffix}").write_text("Ein Text.")
    assert why_unread(tmp_path / f"a{suffix}") == ""
    assert suffix not in ASSETS


def test_a_protected_word_file_is_told_from_a_broken_one(tmp_path: Path) -> None:
    (tmp_path / "a.docx").write_bytes(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(500))
    assert "old or protected Office file" in _refusal(tmp_path / "a.docx")
    (tmp_path / "b.docx").write_bytes(b"PK\x03\x04" + bytes(500))
    assert r"its .docx parser failed" in _refusal(tmp_path / "b.docx")
