"""Files that are added by hand: kept whole under a safe name, once, and never those that give no document."""

from __future__ import annotations

import errno
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from index.build import build
from index.edits import Edit
from index.embed import Embedder
from index.errors import LoadError, UnusableIndexError
from index.generation import PARTIAL, UPLOADS, remove_leftovers
from index.load.records import NAMES
from index.settings import IndexSettings
from index.types import file_sha256
from index.uploads import discard, file_of, is_upload, keep, safe_name, stored

TEXT = "Die Fähre nach Norddorf fährt wieder. Das teilte der Kapitän mit."
LIMIT = 1000


def given_file(folder: Path, name: str, content: bytes | str = TEXT) -> Path:
    folder.mkdir(exist_ok=True)
    path = folder / name
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path


def test_a_file_is_kept_under_its_content_and_indexed_under_a_short_form_of_it(tmp_path: Path) -> None:
    path = given_file(tmp_path / "in", "fähre.txt")
    keep(tmp_path, path, NAMES, LIMIT)
    sha256 = file_sha256(path)
    path.unlink()
    (name, file), *_ = stored(tmp_path).items()
    assert name == file.relative == f"uploads/{sha256[:12]}/fähre.txt"
    assert file.path == tmp_path / "uploads" / sha256 / "fähre.txt"
    assert file.path.read_text(encoding="utf-8") == TEXT
    assert is_upload(name)
    assert is_upload(f"{name}#2")
    assert not is_upload("texts/uploads/a.txt")
    assert file_of(f"{name}#2", stored(tmp_path)) == file
    assert file_of(f"{name}2", stored(tmp_path)) is None
    discard(file)
    assert stored(tmp_path) == {}
    assert list((tmp_path / UPLOADS).iterdir()) == []


@pytest.mark.parametrize(
    ("name", "content", "reason"),
    [
        ("a.exe", b"MZ\x90\0", r"unsupported kind \.exe"),
        ("a.zip", b"PK\x03\x04", "ZIP is not read: unpack it"),
        ("a.png", b"\x89PNG\r\n", "an image is not read"),
        ("a.txt", b"\x89PNG\r\n\x1a\n", "its first bytes are those of an image"),
        ("a.txt", b"", "empty"),
        ("a.txt", " \n ", "empty"),
        ("a.txt", bytes(range(256)), "binary"),
        ("a.jsonl", '{"title": "x"}\n', "it holds no document: "),
        ("a.txt", "x" * (LIMIT + 1), r"it has 0\.0 MB, and an upload may have 0\.001 MB: split it, set max_upload_mb"),
        ("SOURCES.md", "# x", "it describes the files beside it"),
    ],
)
def test_what_gives_no_document_is_refused_with_the_loaders_reason(
    tmp_path: Path, name: str, content: bytes | str, reason: str
) -> None:
    with pytest.raises(LoadError, match=reason):
        keep(tmp_path, given_file(tmp_path / "in", name, content), NAMES, LIMIT)
    assert stored(tmp_path) == {}


def test_the_same_content_is_kept_once_and_the_same_name_as_often_as_its_content_differs(tmp_path: Path) -> None:
    keep(tmp_path, given_file(tmp_path / "in", "a.txt"), NAMES, LIMIT)
    with pytest.raises(LoadError, match=r"the same content is there already, as a\.txt"):
        keep(tmp_path, given_file(tmp_path / "in", "b.txt"), NAMES, LIMIT)
    keep(tmp_path, given_file(tmp_path / "in", "a.txt", TEXT + " Endlich."), NAMES, LIMIT)
    assert [file.path.name for file in stored(tmp_path).values()] == ["a.txt", "a.txt"]


def test_a_text_that_is_not_utf_8_is_kept_byte_by_byte(tmp_path: Path) -> None:
    content = TEXT.encode("cp1252")
    keep(tmp_path, given_file(tmp_path / "in", "alt.txt", content), NAMES, LIMIT)
    (file,) = stored(tmp_path).values()
    assert file.path.read_bytes() == content


@pytest.mark.parametrize(
    ("name", "safe"),
    [
        ("../../x", "x"),
        ("..\\..\\x.txt", "x.txt"),
        ("/etc/passwd", "passwd"),
        (".hidden.md", "hidden.md"),
        ("a\nb\x00\x1b[2J\u202etxt.md", "ab[2Jtxt.md"),
        ("...", "file"),
        ("", "file"),
        ("ä" * 300 + ".md", "ä" * 73 + ".md"),
    ],
)
def test_a_name_cannot_lead_elsewhere_or_play_tricks(name: str, safe: str) -> None:
    assert safe_name(name) == safe


@given(st.text(max_size=400))
@example("a." + "ü" * 200)
@example("\ud800/.")
def test_every_name_becomes_one_that_every_file_system_takes(name: str) -> None:
    safe = safe_name(name)
    assert 0 < len(safe.encode()) <= 150
    assert not safe.startswith(".")
    assert not set(safe) & {"/", "\\", "\0", "\n", "\u202e"}
    assert safe_name(safe) == safe


def test_a_full_disk_leaves_nothing_behind(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr("index.uploads.sync", full)
    with pytest.raises(OSError, match="No space left"):
        keep(tmp_path, given_file(tmp_path / "in", "a.txt"), NAMES, LIMIT)
    assert list((tmp_path / UPLOADS).iterdir()) == []


HALF = """
import os, signal, sys, time
from pathlib import Path
from index import uploads
from index.load.records import NAMES

def copy_half(source, target):
    Path(target).write_bytes(Path(source).read_bytes()[:10])
    os.kill(os.getpid(), signal.SIGKILL)

uploads.shutil.copyfile = copy_half
uploads.keep(Path(sys.argv[1]), Path(sys.argv[2]), NAMES, 1000)
"""


def test_a_kill_while_a_file_is_copied_leaves_nothing_that_is_taken_for_a_file(tmp_path: Path) -> None:
    path = given_file(tmp_path / "in", "a.txt")
    killed = subprocess.run([sys.executable, "-c", HALF, tmp_path, path], check=False, timeout=60)
    assert killed.returncode == -signal.SIGKILL
    (half,) = (tmp_path / UPLOADS).iterdir()
    assert half.name.endswith(PARTIAL)
    assert stored(tmp_path) == {}
    remove_leftovers(tmp_path)
    assert not half.exists()
    keep(tmp_path, path, NAMES, LIMIT)
    assert len(stored(tmp_path)) == 1


@pytest.mark.parametrize("name", ["nato.md", "new.md"])
def test_no_other_document_gets_another_id_because_of_an_upload(
    tmp_path: Path, texts: Path, settings: IndexSettings, embedder: Embedder, name: str
) -> None:
    before = build([texts], settings, embedder=embedder)
    report = build([texts], settings, embedder=embedder, edit=Edit(add=(given_file(tmp_path / "in", name),)))
    assert report.changes == (1, 0, 0, before.documents)
    assert (report.refused, report.skipped) == ((), ())


def test_a_folder_that_cannot_be_looked_into_is_named(tmp_path: Path) -> None:
    with pytest.raises(UnusableIndexError, match=r"uploads cannot be read: File name too long\. .*--data-dir"):
        stored(tmp_path / ("n" * 300))
