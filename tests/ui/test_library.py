"""What the tab's handlers do without a browser; the whole road is in tests/e2e/test_library.py."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import gradio as gr
import pytest
from starlette.requests import Request

from index.build import build
from index.edits import removed
from index.generation import builder_lock
from index.listing import Query
from index.uploads import stored
from qa.inert import inert
from qa.pipeline import Assistant
from qa.settings import Settings
from ui.library import MAX_FILES, Handlers, Update, failed
from ui.library_strings import DE, EN
from ui.library_view import problem

TEXT = "---\ntitle: Zeitung {n}\n---\nDer Hafen Nummer {n} wird bald ausgebaut. Das sagte die Ministerin am Montag.\n"


def browser(language: str = "en") -> gr.Request:
    return gr.Request(Request({"type": "http", "headers": [(b"accept-language", language.encode())]}))


def event(data: object) -> gr.EventData:
    return gr.EventData(None, data)


@pytest.fixture(scope="module")
def assistant(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Assistant]:
    """Over thirty documents, searched by words only."""
    folder = tmp_path_factory.mktemp("library")
    (folder / "texts").mkdir()
    for n in range(30):
        (folder / "texts" / f"{n}.md").write_text(TEXT.format(n=n), encoding="utf-8")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("BELEG_MODEL", "no-such-model")
        settings = Settings.load(data_dir=folder / "data", reader=False, max_upload_mb=1)
    build([folder / "texts"], settings)
    made = Assistant(settings)
    yield made
    made.close()


def handlers(assistant: Assistant, *, owner: bool = True) -> Handlers:
    return Handlers(assistant, lambda _: owner)


def test_the_tab_opens_with_the_first_page_and_who_may_change_the_index_sees_how(assistant: Assistant) -> None:
    update = handlers(assistant).opened(Query(), "", browser())
    assert "30 documents" in update.table
    assert update.table.count("<tr") == 26
    assert "only words are compared" in update.about
    assert update.owner["visible"] is True
    assert 'data-bytes="1000000"' in update.hint
    update = handlers(assistant, owner=False).opened(Query(), "", browser("de"))
    assert update.owner["visible"] is False
    assert DE.library_remove not in update.table


def test_a_search_starts_at_the_first_page_and_keeps_the_order(assistant: Assistant) -> None:
    query = Query("", "title", descending=False, offset=25)
    update = handlers(assistant).searched("zeitung 1", query, browser())
    assert update.query == Query("zeitung 1", "title", descending=False, offset=0)
    assert "12 documents found" in update.table
    assert len(handlers(assistant).searched("x" * 5000, query, browser()).query.matching) == 200


def test_a_click_turns_the_page_or_sorts(assistant: Assistant) -> None:
    asked = {"order": "title", "descending": "0", "offset": "25"}
    update = handlers(assistant).turned(event(asked), Query(), browser())
    assert update.query == Query("", "title", descending=False, offset=25)
    assert update.table.count("<tr") == 6


SOUND = {"order": "title", "descending": "1", "offset": "0"}


@pytest.mark.parametrize(
    "data",
    [
        None,
        [],
        "x",
        {},
        SOUND | {"order": "text"},
        SOUND | {"order": []},
        SOUND | {"offset": "-1"},
        SOUND | {"offset": "x"},
    ],
)
def test_a_click_that_makes_no_sense_changes_nothing(assistant: Assistant, data: object) -> None:
    update = handlers(assistant).turned(event(data), Query(), browser())
    assert update.query == Query()
    assert "30 documents" in update.table


def test_a_page_that_is_gone_becomes_the_first(assistant: Assistant) -> None:
    asked = {"order": "title", "descending": "0", "offset": "1000000000"}
    assert handlers(assistant).turned(event(asked), Query(), browser()).query.offset == 0


def test_who_may_not_change_the_index_changes_nothing(assistant: Assistant, tmp_path: Path) -> None:
    file = tmp_path / "a.md"
    file.write_text(TEXT, encoding="utf-8")
    stranger, generation = handlers(assistant, owner=False), assistant.info().generation
    for changes in (
        stranger.added([str(file)], Query(), browser("de")),
        stranger.removed(event({"id": "1.md"}), Query(), browser("de")),
        stranger.restored(event({"id": "1.md"}), Query(), browser("de")),
        stranger.rebuilt(Query(), browser("de")),
    ):
        assert [update.status for update in changes][-1] == problem(DE.library_not_owner, "de")
    assert stored(assistant.settings.data_dir) == removed(assistant.settings.data_dir) == {}
    assert assistant.info().generation == generation


def test_too_many_files_at_once_are_refused_before_any_is_read(assistant: Assistant) -> None:
    (update,) = handlers(assistant).added(["/nowhere"] * (MAX_FILES + 1), Query(), browser())
    assert update.status == problem(EN.library_too_many.format(count=MAX_FILES + 1, files=MAX_FILES), "en")
    assert list(handlers(assistant).added(None, Query(), browser())) == []


def test_files_that_were_not_sent_are_named(assistant: Assistant) -> None:
    large = {"large": [{"name": "<b>big.txt", "bytes": 300_000_000}]}
    told = handlers(assistant).too_large(event(large), browser("de")).status
    assert inert("<b>big.txt (300.0 MB): Eine Datei darf höchstens 1 MB haben") in told
    for data in (None, [], {"large": 3}, {"large": [{"name": "x"}]}, {"large": [{"name": "x", "bytes": "y"}]}):
        assert EN.library_problem in handlers(assistant).too_large(event(data), browser()).status


@pytest.mark.parametrize("data", [None, {}, {"id": 3}, {"id": ["x"]}])
def test_a_removal_that_names_nothing_removes_nothing(assistant: Assistant, data: object) -> None:
    *_, told, last = handlers(assistant).removed(event(data), Query(), browser())
    assert "Nothing has changed" in told.status
    assert "30 documents" in last.table


def test_a_document_is_removed_and_taken_back_with_progress_and_a_report(assistant: Assistant) -> None:
    tab = handlers(assistant)
    first, *between, told, last = tab.removed(event({"id": "7%2Emd"}), Query(), browser())
    assert EN.library_removing in first.status
    assert any("<progress" in update.status for update in between)
    assert inert("29 documents (0 added, 0 changed, 1 removed)") in told.status
    assert "29 documents" in last.table
    assert "Zeitung 7" in last.aside
    assert "7.md" not in {excerpt.doc_id for excerpt in assistant.search("Hafen Nummer 7", 50).excerpts}
    *_, last = tab.restored(event({"id": "7.md"}), Query(), browser())
    assert "30 documents" in last.table
    assert last.aside == ""


def test_while_another_program_builds_nothing_is_changed_and_that_is_said(assistant: Assistant) -> None:
    with builder_lock(assistant.settings.data_dir):
        *_, told, last = handlers(assistant).removed(event({"id": "7.md"}), Query(), browser("de"))
    assert DE.library_problem in told.status
    assert "is building in" in told.status
    assert "30 Dokumente" in last.table
    assert removed(assistant.settings.data_dir) == {}


def test_without_an_index_the_tab_says_what_mends_it_and_takes_the_first_file(tmp_path: Path) -> None:
    settings = Settings.load(data_dir=tmp_path / "data", model="no-such-model", reader=False)
    tab = handlers(Assistant(settings))
    update = tab.opened(Query(), "", browser())
    assert inert("beleg index seeds/") in update.about
    assert update.table == ""
    *_, told, _ = tab.rebuilt(Query(), browser())
    assert inert("beleg index seeds/") in told.status
    file = tmp_path / "first.md"
    file.write_text(TEXT.format(n=1), encoding="utf-8")
    *_, last = tab.added([str(file)], Query(), browser())
    assert "One document" in last.table
    assert inert("from one added file: one document (1 German)") in last.about


def test_after_an_error_nobody_foresaw_the_files_are_put_away() -> None:
    assert failed(browser("de")) == Update(status=problem(DE.library_failed, "de"), files=None)


def test_opening_the_tab_again_leaves_the_list_as_it_was_searched(assistant: Assistant) -> None:
    tab = handlers(assistant)
    first = tab.opened(Query(), "", browser())
    assert first.seen == assistant.info().generation
    again = tab.opened(Query(), first.seen, browser())
    assert again.table == again.query == Update().table
    assert tab.opened(Query(), "an older one", browser()).table == first.table
