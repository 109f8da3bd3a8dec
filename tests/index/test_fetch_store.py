"""What was fetched is kept as files that the loaders read as it was meant, and a failed write loses nothing."""

from __future__ import annotations

import os
from dataclasses import replace
from hashlib import sha256
from pathlib import Path

import pytest

from index.errors import LoadError
from index.fetch import Fetched, store
from index.load.document import Loaded, load
from index.load.files import find_files

STORY = "Die Brücke über die Elbe wird gesperrt, sagte die Ministerin am Montag in Dresden."
PAGE = f"<!DOCTYPE html><html><head><title>Brücke</title></head><body><article><p>{STORY}</p></article></body></html>"
FETCHED = Fetched("https://news.example/story", "https://news.example/story", "text/html", "utf-8", PAGE.encode())
FEED = (
    "<rss version='2.0'><channel><title>Nachrichten</title><item><title>Brücke</title>"
    f"<description>{STORY}</description></item></channel></rss>"
)


def texts(folder: Path) -> list[str]:
    loaded = [one for file in find_files([folder]) for one in load(file)]
    return [one.document.text for one in loaded if isinstance(one, Loaded)]


@pytest.mark.parametrize(
    ("kind", "body", "suffix"),
    [
        ("text/html", PAGE, ".html"),
        ("application/xhtml+xml", f"<?xml version='1.0'?>\n{PAGE}", ".html"),
        ("text/xml", PAGE, ".html"),
        ("text/plain", PAGE, ".html"),
        ("", f"\ufeff \n<!-- ours -->{PAGE}", ".html"),
        ("application/rss+xml", FEED, ".xml"),
        ("text/html", f'<?xml version="1.0" encoding="UTF-8"?>\n{FEED}', ".xml"),
        ("text/plain", FEED, ".xml"),
        ("application/json", f'{{"text": "{STORY}"}}', ".json"),
        ("application/ld+json", f'[{{"text": "{STORY}"}}]', ".json"),
        ("", f' [{{"text": "{STORY}"}}]', ".json"),
        ("text/plain", STORY, ".txt"),
        ("", STORY, ".txt"),
    ],
)
def test_what_was_fetched_is_stored_so_that_it_is_read(tmp_path: Path, kind: str, body: str, suffix: str) -> None:
    path = store(replace(FETCHED, content_type=kind, body=body.encode()), tmp_path / "web")
    assert path == tmp_path / "web" / f"{sha256(FETCHED.url.encode()).hexdigest()}{suffix}"
    assert path.read_bytes() == body.encode()
    assert texts(tmp_path / "web") == [STORY]


def test_what_only_looks_like_markup_is_left_to_the_reader_of_pages(tmp_path: Path) -> None:
    assert store(replace(FETCHED, content_type="", body=b"<p>Words."), tmp_path).suffix == ".html"


@pytest.mark.parametrize("kind", ["application/pdf", "image/png", "application/octet-stream", "audio/mpeg"])
def test_what_beleg_does_not_read_is_not_stored(tmp_path: Path, kind: str) -> None:
    with pytest.raises(LoadError, match=f"it is {kind}"):
        store(replace(FETCHED, content_type=kind, body=b"%PDF-1.7"), tmp_path)
    assert not list(tmp_path.iterdir())


def test_what_a_url_gives_now_replaces_what_it_gave(tmp_path: Path) -> None:
    store(FETCHED, tmp_path)
    store(replace(FETCHED, url="https://news.example/other"), tmp_path)
    store(replace(FETCHED, body=FEED.encode()), tmp_path)
    assert sorted(path.suffix for path in tmp_path.iterdir()) == [".html", ".xml"]


def test_what_cannot_be_written_leaves_the_former_file_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = store(FETCHED, tmp_path)

    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match="No space left"):
        store(replace(FETCHED, body=b"<html>"), tmp_path)
    assert [file.path for file in find_files([tmp_path])] == [path]
    assert path.read_bytes() == PAGE.encode()


@pytest.mark.parametrize("charset", ["iso-8859-1", "windows-1252", "utf-16"])
def test_how_it_is_written_is_not_lost_with_the_header(tmp_path: Path, charset: str) -> None:
    body = PAGE.replace("Elbe", "„Elbe“") if charset != "utf-16" else PAGE
    data = body.encode("cp1252" if charset == "iso-8859-1" else charset)
    store(replace(FETCHED, charset=charset, body=data), tmp_path)
    assert texts(tmp_path) == [STORY.replace("Elbe", "„Elbe“") if charset != "utf-16" else STORY]


def test_a_feed_that_says_itself_how_it_is_written_is_stored_as_it_is(tmp_path: Path) -> None:
    body = f'<?xml version="1.0" encoding="ISO-8859-15"?>{FEED}'.encode("iso-8859-15")
    assert store(replace(FETCHED, charset="iso-8859-1", body=body), tmp_path).read_bytes() == body
    assert texts(tmp_path) == [STORY]


@pytest.mark.parametrize("charset", ["", "nonsense", "zlib"])
def test_where_the_header_is_of_no_use_the_bytes_stay(tmp_path: Path, charset: str) -> None:
    data = STORY.encode("cp1252")
    path = store(replace(FETCHED, content_type="text/plain", charset=charset, body=data), tmp_path)
    assert path.read_bytes() == data
