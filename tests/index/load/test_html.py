"""Saved pages in the shapes that outlets publish: the whole story, what the page says of itself, nothing around it."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path
from typing import NamedTuple

import pytest

from index.errors import LoadError
from index.load import html
from index.load.document import Loaded, load
from index.load.files import SourceFile

PAGES = Path(__file__).parent / "pages"


class Expected(NamedTuple):
    """What a page is about, and words that its text has and has not."""

    title: str
    published: str
    authors: tuple[str, ...]
    source: str | None
    url: str
    told: tuple[str, ...]
    left_out: tuple[str, ...] = ()


EXPECTED = {
    "json_ld": Expected(
        "Hafen von Quellhaven gesperrt: „Das dauert Monate“",
        "2025-02-12T18:30:05+01:00",
        ("Anna Berg", "Dr. Max O. Holm"),
        "Quellhavener Bote",
        "https://bote.example/region/hafen-gesperrt-4711.html",
        ("Der Hafen von Quellhaven ist seit Montag", "nicht Wochen“, sagte sie", "aus dem Jahr 1887"),
        ("Fußball", "Immer dasselbe", "Impressum", "Sport"),
    ),
    "open_graph": Expected(
        "Bridge over the Ampel reopens after two years",
        "2025-02-12T06:15:00Z",
        ("Joan Farrow",),
        "The Ampel Times",
        "https://times.example/2025/02/12/bridge-reopens",
        ("The old bridge over the Ampel reopened", "said the mayor, Philippa Marsh", "take the tunnel"),
        ("Ten bridges", "Home"),
    ),
    "amp": Expected(
        "Fähre wird teurer",
        "2024-11-03",
        ("Bote/dpa",),
        "Quellhavener Bote",
        "https://bote.example/faehre-teurer.html",
        ("kostet vom Januar an zwölf Kronen", "„nicht zu halten“", "bleibt die Fahrt frei"),
        ("Start", "margin"),
    ),
    "paywall": Expected(
        "Wer die Mauer bauen soll",
        "2025-02-13T05:00:00Z",
        ("Anna Berg",),
        "Quellhavener Bote",
        "https://bote.example/plus/mauer.html",
        ("Drei Firmen bewerben sich", "hat gerade erst begonnen"),
    ),
    "live_ticker": Expected(
        "Liveticker: Hafen von Quellhaven gesperrt",
        "2025-02-10T07:02:00+01:00",
        ("Max Holm",),
        None,
        "https://bote.example/ticker/hafen",
        ("Wir berichten laufend", "untersuchen den Riss", "auf Reede zu bleiben"),
    ),
    "gallery": Expected(
        "In pictures: the harbour of Quellhaven",
        "2023-08-01",
        (),
        None,
        "https://times.example/gallery/quellhaven",
        ("its pilots and its gulls", "The café on the quay", "stayed until the morning"),
    ),
}


def _load(path: Path) -> Loaded:
    (loaded,) = load(SourceFile(path, path.name))
    assert isinstance(loaded, Loaded)
    return loaded


def _written(folder: Path, markup: str | bytes) -> Path:
    path = folder / "a.html"
    path.write_bytes(markup.encode() if isinstance(markup, str) else markup)
    return path


@pytest.mark.parametrize("name", list(EXPECTED))
def test_a_page_says_what_it_is(name: str) -> None:
    document, expected = _load(PAGES / f"{name}.html").document, EXPECTED[name]
    assert document.title == expected.title
    assert document.published
    assert document.published.value == expected.published
    assert document.authors == expected.authors
    assert document.id == document.url == expected.url
    if expected.source:
        assert document.source == expected.source


@pytest.mark.parametrize("name", list(EXPECTED))
def test_the_story_is_whole_and_nothing_around_it_is_in(name: str) -> None:
    document, expected = _load(PAGES / f"{name}.html").document, EXPECTED[name]
    assert [words for words in expected.told if words not in " ".join(document.text.split())] == []
    assert [words for words in expected.left_out if words in document.text] == []


def test_a_headline_below_its_kicker_is_no_sentence_of_the_story() -> None:
    document = _load(PAGES / "json_ld.html").document
    marked = [document.text[mark.start : mark.end] for mark in document.boilerplate if mark.kind == "title"]
    assert marked == [document.title]


def test_the_language_is_that_of_the_story_not_of_the_template(tmp_path: Path) -> None:
    markup = (PAGES / "json_ld.html").read_text(encoding="utf-8").replace('<html lang="de">', '<html lang="en-US">')
    assert _load(_written(tmp_path, markup)).document.lang == "de"


def test_a_page_behind_a_paywall_is_said_to_be() -> None:
    assert html.PAYWALL_NOTICE in _load(PAGES / "paywall.html").notices
    assert html.PAYWALL_NOTICE not in _load(PAGES / "json_ld.html").notices


def test_a_page_without_a_date_is_undated(tmp_path: Path) -> None:
    markup = (PAGES / "open_graph.html").read_text(encoding="utf-8")
    markup = markup.replace("2025-02-12T06:15:00.000Z", "").replace("2025/02/12/", "")
    assert _load(_written(tmp_path, markup)).document.published is None


@pytest.mark.parametrize(
    ("markup", "reason"),
    [
        ("", "not an HTML page|no story"),
        ("<html><head><title>x</title></head><body></body></html>", "no story"),
        ("<html><body><script>location='/'</script></body></html>", "no story"),
        (b"\x93NUMPY\x01\x00\x00\x00", "not an HTML page|no story"),
    ],
)
def test_a_page_without_a_story_is_refused(tmp_path: Path, markup: str | bytes, reason: str) -> None:
    with pytest.raises(LoadError, match=reason):
        _load(_written(tmp_path, markup))


def test_the_libraries_say_nothing_of_their_own(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    with pytest.raises(LoadError):
        _load(_written(tmp_path, "<html><body></body></html>"))
    assert caplog.records == []


def test_a_page_that_is_too_large_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(html, "MAX_BYTES", 1000)
    with pytest.raises(LoadError, match="a page of"):
        _load(_written(tmp_path, "<html>" + "x" * 2000))


@pytest.mark.parametrize("tag", ["div", "span", "b", "blockquote", "table"])
def test_a_hundred_thousand_nested_tags_neither_hang_nor_crash(tmp_path: Path, tag: str) -> None:
    story = "<p>Der Hafen von Quellhaven ist seit Montag für alle Schiffe gesperrt, sagte die Ministerin.</p>" * 3
    path = _written(tmp_path, f"<html><body>{story}{f'<{tag}>' * 100_000}x</body></html>")
    with suppress(LoadError):
        assert "Hafen von Quellhaven" in _load(path).document.text


@pytest.mark.parametrize("label", ["iso-8859-1", "ISO-8859-1", "latin1", "us-ascii", "windows-1252"])
def test_a_page_that_calls_windows_text_latin_1_is_read_as_browsers_read_it(label: str) -> None:
    story = "„Grün ist die Hoffnung“, sagte die Ministerin am Montag in Quellhaven, und alle nickten. " * 8
    page = f"<html><head><meta charset={label}><title>T</title></head><body><p>{story}</p></body></html>"
    content = html.read(page.encode("cp1252"))
    assert content.text.startswith("„Grün ist die Hoffnung“")
    assert not content.notices
