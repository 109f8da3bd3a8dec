"""What lies in the folders is found, once each, in one order; what does not exist is named."""

from __future__ import annotations

import os
import re
from pathlib import Path

import pytest

from index.errors import LoadError
from index.load.document import Loaded, load
from index.load.files import find_files


def _put(folder: Path, *names: str) -> None:
    for name in names:
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("Ein Text.", encoding="utf-8")


def _relative(*paths: Path) -> list[str]:
    return [file.relative for file in find_files(paths)]


def test_a_folder_is_searched_to_the_bottom_in_order(tmp_path: Path) -> None:
    _put(tmp_path, "b.txt", "a/z.md", "a/b/c.txt", "c.pdf")
    assert _relative(tmp_path) == ["a/b/c.txt", "a/z.md", "b.txt", "c.pdf"]


def test_hidden_files_and_descriptions_are_no_documents(tmp_path: Path) -> None:
    _put(tmp_path, ".hidden.txt", ".git/x.txt", "SOURCES.md", "a/SOURCES.md", "a/b.txt")
    assert _relative(tmp_path) == ["a/b.txt"]


def test_a_single_file_is_known_by_its_name(tmp_path: Path) -> None:
    _put(tmp_path, "a/b.txt", "a/.c.txt")
    assert _relative(tmp_path / "a" / "b.txt") == ["b.txt"]
    assert _relative(tmp_path / "a" / ".c.txt") == [".c.txt"]


def test_several_folders_are_named_from_the_one_above_them(tmp_path: Path) -> None:
    _put(tmp_path, "a/x.txt", "b/x.txt")
    assert _relative(tmp_path / "b", tmp_path / "a") == ["a/x.txt", "b/x.txt"]


def test_a_file_given_twice_is_found_once(tmp_path: Path) -> None:
    _put(tmp_path, "a/x.txt")
    assert _relative(tmp_path, tmp_path / "a", tmp_path / "a" / "x.txt") == ["a/x.txt"]


def test_nothing_given_finds_nothing() -> None:
    assert find_files([]) == []


def test_a_missing_path_is_named(tmp_path: Path) -> None:
    with pytest.raises(LoadError, match=re.escape(str(tmp_path / "weg"))):
        find_files([tmp_path / "weg"])


def test_a_pipe_is_neither_found_nor_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.txt")
    assert _relative(tmp_path) == []
    with pytest.raises(LoadError, match="neither a file nor a folder"):
        find_files([tmp_path / "pipe.txt"])


def test_a_link_inside_the_folder_adds_nothing(tmp_path: Path) -> None:
    _put(tmp_path, "a/x.txt")
    (tmp_path / "link.txt").symlink_to(tmp_path / "a" / "x.txt")
    (tmp_path / "loop").symlink_to(tmp_path, target_is_directory=True)
    assert _relative(tmp_path) == ["a/x.txt"]


def test_pictures_styles_and_scripts_beside_texts_are_not_listed(tmp_path: Path) -> None:
    _put(tmp_path, "a.html", "logo.PNG", "b/style.css", "b/x.js", "b/c.pdf", "tape.mp3")
    assert _relative(tmp_path) == ["a.html", "b/c.pdf"]


def test_where_there_is_nothing_but_pictures_they_are_listed(tmp_path: Path) -> None:
    _put(tmp_path, "scans/1.jpg", "scans/2.jpg")
    assert _relative(tmp_path) == ["scans/1.jpg", "scans/2.jpg"]


def test_a_picture_that_is_given_by_name_is_listed(tmp_path: Path) -> None:
    _put(tmp_path, "a.txt", "scan.jpg", "other.jpg")
    assert _relative(tmp_path / "a.txt", tmp_path / "scan.jpg") == ["a.txt", "scan.jpg"]


@pytest.mark.parametrize("folder", ["Hafen zu_files", "Hafen zu-Dateien"])
def test_the_folder_that_a_browser_saves_beside_a_page_belongs_to_it(tmp_path: Path, folder: str) -> None:
    _put(tmp_path, "Hafen zu.html", f"{folder}/saved_resource.html", f"{folder}/a/b.txt", "Kran_files/c.txt")
    assert _relative(tmp_path) == ["Hafen zu.html", "Kran_files/c.txt"]
    assert _relative(tmp_path / folder) == ["a/b.txt", "saved_resource.html"]


@pytest.mark.parametrize("target", ["out/x.txt", "out", "in/.hidden/x.txt", "nowhere"])
def test_a_link_to_what_is_not_indexed_is_listed_and_refused(tmp_path: Path, target: str) -> None:
    _put(tmp_path, "out/x.txt", "in/.hidden/x.txt")
    (tmp_path / "in" / "link.txt").symlink_to(tmp_path / target)
    (file,) = find_files([tmp_path / "in"])
    assert file.relative == "link.txt"
    with pytest.raises(LoadError, match="a link"):
        list(load(file))


def test_a_folder_given_as_a_link_is_searched(tmp_path: Path) -> None:
    _put(tmp_path, "real/x.txt")
    (tmp_path / "link").symlink_to(tmp_path / "real")
    assert _relative(tmp_path / "link") == ["x.txt"]


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_a_folder_without_permission_is_listed_and_refused(tmp_path: Path) -> None:
    _put(tmp_path, "a/x.txt", "b.txt")
    (tmp_path / "a").chmod(0)
    try:
        refused, found = find_files([tmp_path])
        assert (refused.relative, found.relative) == ("a", "b.txt")
        with pytest.raises(LoadError, match="permission"):
            list(load(refused))
    finally:
        (tmp_path / "a").chmod(0o700)


def test_a_name_that_is_not_utf8_is_shown_escaped_and_loads(tmp_path: Path) -> None:
    raw = os.fsencode(tmp_path) + b"/gru\xdf.txt"
    Path(os.fsdecode(raw)).write_text("Ein Satz über den Gipfel.", encoding="utf-8")
    (file,) = find_files([tmp_path])
    assert file.relative == r"gru\xdf.txt"
    (loaded,) = load(file)
    assert isinstance(loaded, Loaded)
    assert loaded.document.title == r"gru\xdf"
