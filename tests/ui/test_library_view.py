"""The tab of sources as HTML: what a reader is told, and that nothing in it is alive."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from urllib.parse import unquote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.generation import Encoder, Manifest, Recipe, Skipped, Source
from index.listing import Page, Query, Row
from index.progress import BuildReport, Changes, Progress
from qa.library import Aside, Contents
from qa.pipeline import Info
from qa.types import Lang
from ui.library_view import MAX_SHOWN, about, aside, listing, step
from ui.reference import Reference

HOSTILE = '<img src=x onerror="window.pwned=1">${window.pwned=1}{{x}}'
UPLOAD = "uploads/0123456789ab/note.md"
SHA = "0123456789abcdef" * 4
ROW = Row("a/b ü.txt", SHA, "Title", "de", "WELT", "2025-02-12", "a/b ü.txt", 3, repeats=False)


class Shown(HTMLParser):
    """The text of some HTML, its tags with their attributes, and its buttons by name."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.text, self.tags, self.buttons = (
            "",
            list[tuple[str, dict[str, str | None]]](),
            list[dict[str, str | None]](),
        )
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        if tag == "button":
            self.buttons.append(dict(attrs))

    def handle_data(self, data: str) -> None:
        self.text += data


def contents(lang_counts: dict[str, int], **fields: object) -> Contents:
    recipe = Recipe("1", "x", 1, {}, 1, 1, 1, (Source("a.txt", "x"), Source(UPLOAD, "y")))
    given = {
        "created": "2026-11-27T13:05:00+00:00", "roots": ("/texts", f"/{HOSTILE}"), "recipe": recipe,
        "encoder": Encoder("minilm-de-en", SHA, 384), "documents": 998, "repeated": 1, "undated": 20,
        "chunks": {"de": 100, "en": 900}, "skipped": (Skipped("a.pdf", "PDF is not read"),), "notices": (), "files": (),
    }  # fmt: skip
    manifest = Manifest(**{**given, **fields})  # type: ignore[arg-type]
    info = Info("G", "x", 998, 1000, {}, ("WELT", "Bote"), 20, "minilm", "/data", manifest.roots, ("A notice.",))
    return Contents(info, manifest, lang_counts)


def test_the_manifest_is_told_in_sentences() -> None:
    text = Shown(about(contents({"en": 901, "de": 97}), "en")).text
    assert re.search(r"Built on 2[678] November 2026 at \d\d:\d5 from 2 folders or files \(/texts, /<img", text)
    assert "and one added file: 998 documents (901 English, 97 German), cut into 1000 passages." in text
    assert "They are from 2 outlets. One repeats another report. 20 have no date." in text
    assert "Meaning is compared by the encoder minilm-de-en (sha256 0123456789ab)." in text
    assert "One file or document was left outa.pdf: PDF is not read" in text
    assert "A notice." in text


def test_the_manifest_is_told_in_german_and_without_what_there_is_none_of() -> None:
    told = about(contents({"de": 2, "xx": 1}, encoder=None, skipped=(), repeated=0, undated=0, roots=()), "de")
    text = Shown(told).text
    assert "November 2026 um" in text
    assert "aus einer hinzugefügten Datei: 998 Dokumente (Deutsch: 2, xx: 1)" in text
    assert "Es gibt keinen Encoder, verglichen werden nur Wörter. Nichts wurde ausgelassen." in text
    assert "wiederhol" not in text


def test_of_very_much_that_was_left_out_only_the_beginning_is_sent() -> None:
    told = about(contents({}, skipped=tuple(Skipped(f"{n}.pdf", "no") for n in range(MAX_SHOWN + 7))), "en")
    assert told.count("<li>") == MAX_SHOWN + 1  # and the notice
    assert "and 7 more" in Shown(told).text


def test_a_row_is_a_link_into_the_article_with_its_facts() -> None:
    shown = Shown(listing(Page(1, (ROW,)), Query(), "de", changeable=False))
    (link,) = [attributes["href"] for tag, attributes in shown.tags if tag == "a"]
    assert Reference.parse(link) == Reference("near", "a/b ü.txt", SHA[:16], 0, 0)
    assert "Ein Dokument" in shown.text
    assert "TitleWELT12. Februar 2025Deutsch3Original" in shown.text
    labels = [attributes["data-label"] for tag, attributes in shown.tags if tag == "td"]
    assert labels == ["Medium", "Datum", "Sprache", "Passagen", "Zustand"]


@pytest.mark.parametrize(
    ("row", "state"),
    [
        (ROW._replace(path=UPLOAD), "added"),
        (ROW._replace(path=UPLOAD, repeats=True), "added, repeats another"),
        (ROW._replace(repeats=True), "repeats another"),
    ],
)
def test_a_row_says_where_the_document_is_from(row: Row, state: str) -> None:
    row = row._replace(published=None, source=None)
    assert f"–undatedGerman3{state}" in Shown(listing(Page(1, (row,)), Query(), "en", changeable=False)).text


def test_the_heads_sort_and_say_which_way() -> None:
    shown = Shown(listing(Page(1, (ROW,)), Query("x", "title", descending=False, offset=0), "en", changeable=True))
    ways = [attributes.get("aria-sort") for tag, attributes in shown.tags if tag == "th" and "aria-sort" in attributes]
    assert ways == ["ascending", "none", "none", "none", "none"]
    title, source, published, *_ = shown.buttons
    assert [title["data-order"], title["data-descending"], title["data-offset"]] == ["title", "1", "0"]
    assert [source["data-descending"], published["data-descending"]] == ["0", "1"]
    assert "One document found" in shown.text


@pytest.mark.parametrize(
    ("offset", "turns", "span"), [(0, ["2"], "1–2 of 5"), (2, ["0", "4"], "3–4 of 5"), (4, ["2"], "5–5 of 5")]
)
def test_the_pages_lead_back_and_on(offset: int, turns: list[str], span: str) -> None:
    rows = (ROW,) * min(2, 5 - offset)
    shown = Shown(listing(Page(5, rows), Query(offset=offset, limit=2), "en", changeable=False))
    assert [button["data-offset"] for button in shown.buttons if "order" not in str(button["data-key"])][5:] == turns
    assert span in shown.text


def test_only_who_may_change_the_index_is_offered_that() -> None:
    kept = Aside((Skipped(UPLOAD, "has the same id as x"),), {"gone.txt": "Gone"}, waiting=True)
    for changeable in (True, False):
        table = Shown(listing(Page(1, (ROW,)), Query(), "en", changeable=changeable))
        beside = Shown(aside(kept, "en", changeable=changeable))
        events = [button["data-event"] for button in (*table.buttons, *beside.buttons)]
        assert ("delete" in events, "undo" in events) == (changeable, changeable)
    text = Shown(aside(kept, "en", changeable=True)).text
    assert "rebuild it" in text
    assert "not in the index (1)note.md: has the same id as x Remove" in text
    assert "Removed by you (1)Gone Take back" in text
    assert aside(Aside((), {}, waiting=False), "en", changeable=True) == ""


@given(st.text(st.characters(exclude_categories=["Cs"]), min_size=1))
def test_the_id_that_a_button_names_comes_back_as_it_was(doc_id: str) -> None:
    shown = Shown(listing(Page(1, (ROW._replace(id=doc_id),)), Query(), "en", changeable=True))
    (button,) = [button for button in shown.buttons if button["data-event"] == "delete"]
    assert unquote(str(button["data-id"])) == doc_id
    assert button["data-confirm"] == "Really remove?"


@pytest.mark.parametrize("lang", ["en", "de"])
def test_text_from_outside_is_shown_and_does_nothing(lang: Lang) -> None:
    row = ROW._replace(id=HOSTILE, title=HOSTILE, source=HOSTILE, lang=HOSTILE, path=HOSTILE)
    report = BuildReport("g", 1, 1, 1, (Skipped(HOSTILE, HOSTILE),), (HOSTILE,), 1.0, unchanged=False,
                         changes=Changes(1, 0, 0, 0), refused=(Skipped(HOSTILE, HOSTILE),))  # fmt: skip
    parts = (
        about(contents({HOSTILE: 1}, skipped=(Skipped(HOSTILE, HOSTILE),)), lang),
        listing(Page(1, (row,)), Query(), lang, changeable=True),
        aside(Aside((Skipped(HOSTILE, HOSTILE),), {HOSTILE: HOSTILE}, waiting=True), lang, changeable=True),
        step(report, lang),
    )
    for part in parts:
        shown = Shown(part)
        assert HOSTILE in shown.text
        assert not {"img", "script"} & {tag for tag, _ in shown.tags}
        assert not any(name.startswith("on") for _, attributes in shown.tags for name in attributes)
        assert "${" not in part
        assert "{{" not in part


def test_what_was_refused_is_said_at_once_and_first() -> None:
    report = BuildReport("g", 2, 2, 1, (), (), 1.0, unchanged=True, changes=Changes(0, 0, 0, 2),
                         refused=(Skipped("a.exe", "unsupported kind .exe"),))  # fmt: skip
    shown = Shown(step(report, "en"))
    assert shown.text.startswith("Not donea.exe: unsupported kind .exe")
    assert ("div", {"class": "beleg-problem", "role": "alert"}) in shown.tags
    assert "Nothing has changed" in shown.text
    assert "3 / 9" in Shown(step(Progress("loading", 3, 9), "en")).text
