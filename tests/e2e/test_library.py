from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any

import httpx
import pytest
from playwright.sync_api import Page, expect

from index.build import build
from index.settings import IndexSettings
from ui.library_strings import LibraryWords, library_words
from ui.strings import words

pytestmark = pytest.mark.e2e

COUNT = 30
QUESTION = {
    "en-GB": "What did Orban say about the ferry to Larnaby?",
    "de-DE": "Was sagte Kettler über das Fährschiff nach Larnaby?",
}
SENTENCE = {
    "en-GB": "The ferry to Larnaby must sail again by May, Orban said.",
    "de-DE": "Das Fährschiff nach Larnaby ist zu alt, sagte Kettler.",
}
READERS = pytest.mark.parametrize(
    ("viewport", "locale"), [("desktop", "en-GB"), ("desktop", "de-DE"), ("phone", "en-GB"), ("phone", "de-DE")]
)
OWNERS = pytest.mark.parametrize(("viewport", "locale"), [("desktop", "en-GB"), ("phone", "de-DE")])

Visits = Callable[..., Any]
Serve = Callable[..., AbstractContextManager[Any]]


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data directory with an index of `COUNT` articles; the last one has no date."""
    folder = tmp_path_factory.mktemp("library")
    (folder / "texts").mkdir()
    for number in range(1, COUNT + 1):
        lang, outlet = ("de", "Der Bote") if number % 3 == 0 else ("en", "The Courier")
        day = "" if number == COUNT else f"date: 2025-01-{number:02}\n"
        head = f"---\ntitle: Report {number:02}\nlang: {lang}\nsource: {outlet}\n{day}---\n"
        text = f"Report number {number} says that {number * 7} ships were counted in the harbour of Port {number}.\n"
        (folder / "texts" / f"report-{number:02}.md").write_text(head + text, encoding="utf-8")
    (folder / "texts" / "report-30.md").write_text(
        "---\ntitle: Österreich zählt <b>Schiffe</b> ${window.pwned=1}\nlang: de\nsource: Der Bote\n---\n"
        "Auch in Österreich wurden im Winter alle Schiffe gezählt, die auf der Donau fuhren.\n",
        encoding="utf-8",
    )
    build([folder / "texts"], IndexSettings.load(data_dir=folder / "data"))
    return folder / "data"


@pytest.fixture(scope="module")
def library(data: Path, serve: Serve) -> Iterator[str]:
    """Address of a page over `data`."""
    with serve(data) as program:
        yield program.url


def opened(reader: Any, url: str, locale: str = "en-GB") -> tuple[Page, LibraryWords]:  # noqa: ANN401 - a `Visit`
    """The tab, with all that the program has to say of the index."""
    lang = "de" if locale.startswith("de") else "en"
    page = reader.open(url)
    page.get_by_role("tab", name=words(lang).index_tab).click()
    expect(page.locator("#beleg-library-hint p")).to_be_visible()
    return page, library_words(lang)


def titles(page: Page) -> list[str]:
    return page.locator("#beleg-library-table tbody th").all_inner_texts()


def scrolls_sideways(page: Page) -> bool:
    return bool(page.evaluate("document.documentElement.scrollWidth > window.innerWidth"))


@READERS
def test_the_list_is_searched_sorted_and_turned_and_its_titles_open_the_articles(
    visit: Visits, library: str, viewport: str, locale: str
) -> None:
    page, speech = opened(visit(viewport, locale), library, locale)
    rows, span = page.locator("#beleg-library-table tbody tr"), page.locator("#beleg-library-table nav span")
    expect(rows).to_have_count(25)
    expect(span).to_have_text(speech.library_span.format(first=1, last=25, total=COUNT))
    assert titles(page)[:2] == ["Report 29", "Report 28"]
    assert not scrolls_sideways(page)

    page.get_by_role("button", name=speech.library_next).press("Enter")
    expect(span).to_have_text(speech.library_span.format(first=26, last=30, total=COUNT))
    assert titles(page)[-1] == "Österreich zählt <b>Schiffe</b> ${window.pwned=1}"  # as all without a date
    expect(page.get_by_role("button", name=speech.library_previous)).to_be_focused()  # there is no next page

    sort = page.get_by_role("button", name=speech.library_title, exact=True)
    sort.press("Enter")
    expect(page.get_by_role("columnheader", name=speech.library_title)).to_have_attribute("aria-sort", "ascending")
    expect(sort).to_be_focused()
    assert titles(page)[0].startswith("Österreich")
    sort.press("Enter")
    expect(page.get_by_role("columnheader", name=speech.library_title)).to_have_attribute("aria-sort", "descending")

    page.get_by_label(speech.library_search).fill("österreich BOTE")
    expect(page.locator(".beleg-library-count")).to_have_text(speech.library_found[0])
    page.get_by_role("link", name="Österreich").press("Enter")
    expect(page.locator("#beleg-source h2")).to_have_text("Österreich zählt <b>Schiffe</b> ${window.pwned=1}")
    page.keyboard.press("Escape")
    page.get_by_label(speech.library_search).fill("no such words")
    expect(page.get_by_text(speech.library_none_found)).to_be_visible()


@pytest.mark.parametrize("locale", ["en-GB", "de-DE"])
def test_added_files_are_cited_until_they_are_removed(
    visit: Visits, library: str, data: Path, tmp_path: Path, locale: str
) -> None:
    reader = visit("phone" if locale == "de-DE" else "desktop", locale)
    page, speech = opened(reader, library, locale)
    (tmp_path / "ferry.md").write_text(f"{SENTENCE[locale]} The council agreed.\n", encoding="utf-8")
    (tmp_path / "setup.exe").write_bytes(b"MZ\x90\x00" + os.urandom(5000))
    chooser = page.locator("#beleg-library-files input[type=file]")
    chooser.set_input_files([tmp_path / "ferry.md", tmp_path / "setup.exe"])
    status = page.locator("#beleg-library-status")
    expect(status.locator("progress")).to_be_visible()
    expect(status.get_by_role("alert")).to_contain_text("setup.exe")
    expect(status.locator(".beleg-report")).to_be_visible()
    expect(page.locator("#beleg-library-about")).to_contain_text(speech.library_uploads[0])
    assert not scrolls_sideways(page)
    assert [file.name for file in (data / "uploads").glob("*/*")] == ["ferry.md"]

    page.get_by_role("tab").first.click()
    reader.ask(QUESTION[locale])
    expect(page.locator(".beleg-quote blockquote").first).to_have_text(SENTENCE[locale])

    page.get_by_role("tab").nth(1).click()
    page.get_by_label(speech.library_search).fill("ferry")
    row = page.get_by_role("row", name="ferry")
    expect(row).to_contain_text(speech.library_uploaded)
    remove = row.get_by_role("button")
    remove.click()
    expect(remove).to_have_text(speech.library_confirm)
    remove.click()
    expect(page.get_by_text(speech.library_none_found)).to_be_visible()
    expect(status.locator(".beleg-report")).to_be_visible()
    assert list((data / "uploads").iterdir()) == []

    page.get_by_role("tab").first.click()
    reader.ask(QUESTION[locale])
    expect(page.locator(".beleg-answer")).to_have_count(2)
    expect(page.locator(".beleg-answer").last).not_to_contain_text(SENTENCE[locale])


def test_a_document_of_a_folder_is_removed_and_taken_back(visit: Visits, library: str, data: Path) -> None:
    page, speech = opened(visit(), library)
    page.get_by_label(speech.library_search).fill("report-07")
    row = page.get_by_role("row", name="Report 07")
    expect(page.locator("#beleg-library-table tbody tr")).to_have_count(1)  # a list drawn anew asks once more
    row.get_by_role("button").dblclick()
    expect(page.locator("#beleg-library-status .beleg-report")).to_be_visible()
    expect(row).to_have_count(0)
    aside = page.locator("#beleg-library-aside")
    aside.get_by_text(speech.library_removed).click()
    expect(aside).to_contain_text("Report 07")
    assert json.loads((data / "removed.json").read_text(encoding="utf-8")) == {"report-07.md": "Report 07"}
    page.locator("#beleg-library-about summary").click()
    expect(page.locator("#beleg-library-about")).to_contain_text("report-07.md: removed by you")
    assert (data.parent / "texts" / "report-07.md").exists()

    aside.get_by_role("button", name="Take back: Report 07").click()
    expect(row).to_be_visible()
    expect(aside).not_to_contain_text("Report 07")


@pytest.mark.parametrize("locale", ["en-GB", "de-DE"])
def test_what_cannot_be_added_is_refused_with_a_reason_and_the_page_goes_on(
    visit: Visits, library: str, data: Path, tmp_path: Path, locale: str
) -> None:
    page, speech = opened(visit("phone", locale), library, locale)
    chooser, status = page.locator("#beleg-library-files input[type=file]"), page.locator("#beleg-library-status")
    with (tmp_path / "large.txt").open("wb") as large:
        large.truncate(300_000_000)
    chooser.set_input_files(tmp_path / "large.txt")
    said = speech.library_too_large.format(files="large.txt (300.0 MB)", limit=50)
    expect(status.get_by_role("alert")).to_contain_text(said)

    with (tmp_path / "large.txt").open("rb") as large:  # sent by what is no browser
        sent = httpx.post(f"{library}gradio_api/upload", files={"files": large})
    assert sent.status_code == httpx.codes.REQUEST_ENTITY_TOO_LARGE

    (tmp_path / "empty.txt").touch()
    (tmp_path / "photo.png").write_bytes(b"\x89PNG\r\n\x1a\n" + os.urandom(5000))
    chooser.set_input_files([tmp_path / "empty.txt", tmp_path / "photo.png"])
    expect(status.get_by_role("alert").locator("li")).to_have_count(2)
    expect(status).to_contain_text("empty.txt")
    expect(status).to_contain_text("photo.png")
    expect(status.locator(".beleg-report")).to_contain_text(words("de" if locale == "de-DE" else "en").unchanged)
    assert list((data / "uploads").glob("*")) == []
    page.get_by_role("button", name=speech.library_rebuild).click()
    expect(status.get_by_role("alert")).to_have_count(0)
    expect(status.locator(".beleg-report")).to_be_visible()


def drop(page: Page, name: str, text: str) -> None:
    """Drag a file onto the place for files and let it go."""
    page.locator("#beleg-library-files").evaluate(
        """(place, [name, text]) => {
            const dataTransfer = new DataTransfer();
            dataTransfer.items.add(new File([text], name, { type: "text/markdown" }));
            const target = place.querySelector("button") ?? place;
            for (const type of ["dragenter", "dragover", "drop"])
                target.dispatchEvent(new DragEvent(type, { dataTransfer, bubbles: true, cancelable: true }));
        }""",
        [name, text],
    )


def test_the_first_index_is_made_from_a_file_that_is_dropped(visit: Visits, serve: Serve, tmp_path: Path) -> None:
    with serve(tmp_path / "data") as program:
        reader = visit()
        page, _ = opened(reader, program.url)
        drop(page, "ferry.md", f"{SENTENCE['en-GB']}\n")
        expect(page.locator("#beleg-library-table tbody tr")).to_have_count(1)
        page.get_by_role("tab").first.click()
        reader.ask(QUESTION["en-GB"])
        expect(page.locator(".beleg-quote blockquote").first).to_have_text(SENTENCE["en-GB"])
