"""What the tab's handlers do without a browser; runs over an index are in tests/e2e/test_evaluation.py."""

from __future__ import annotations

from pathlib import Path

import gradio as gr
import pytest
from starlette.requests import Request

from qa.pipeline import Assistant
from qa.runs import MAX_SET_BYTES
from qa.settings import Settings
from ui.evaluation import Handlers, failed
from ui.evaluation_strings import DE, EN
from ui.evaluation_view import note, problem

QUESTION = b'{"id": "q", "question": "Wer?", "lang": "de", "answerable": false, "gold": []}\n'


def browser(language: str = "en") -> gr.Request:
    return gr.Request(Request({"type": "http", "headers": [(b"accept-language", language.encode())]}))


def handlers(tmp_path: Path, *, owner: bool = True) -> Handlers:
    """Of an installation without an index, that has the one question set `few`."""
    folder = tmp_path / "evals"
    folder.mkdir()
    (folder / "few.jsonl").write_bytes(QUESTION)
    settings = Settings.load(data_dir=tmp_path / "data", questions=folder)
    return Handlers(Assistant(settings), settings, lambda _: owner, str(tmp_path / "cache"))


def test_the_tab_opens_with_the_first_set_chosen_and_says_that_it_was_not_run(tmp_path: Path) -> None:
    update = handlers(tmp_path).opened(None, browser())
    assert (update.sets["choices"], update.sets["value"]) == (["few"], "few")
    assert update.result == note(EN.evaluation_none_yet)
    assert update.download["visible"] is False


def test_where_there_is_no_set_it_says_how_to_get_one(tmp_path: Path) -> None:
    settings = Settings.load(data_dir=tmp_path / "data", questions=tmp_path / "nowhere")
    update = Handlers(Assistant(settings), settings, lambda _: True, str(tmp_path)).opened(None, browser("de"))
    assert update.status == note(DE.evaluation_no_set)


def test_without_an_index_a_run_says_what_mends_it_and_stop_goes_away(tmp_path: Path) -> None:
    first, last = handlers(tmp_path).run("few", browser())
    assert (first.stop["visible"], last.stop["visible"]) == (True, False)
    assert "beleg index" in last.status.replace("&#45;", "-")


@pytest.mark.parametrize("name", [None, "", "../few", "gone"])
def test_a_set_that_is_not_there_is_named_as_that(tmp_path: Path, name: str | None) -> None:
    *_, last = handlers(tmp_path).run(name, browser())
    assert last.status == problem(f"there is no question set {name or ''!r}; there are: few", "en")


def test_a_name_from_elsewhere_shows_nothing_of_this_machine(tmp_path: Path) -> None:
    update = handlers(tmp_path).chosen("../../few", browser())
    assert "no name of a question set" in update.status
    assert update.result == ""


def test_only_an_owner_adds_a_set(tmp_path: Path) -> None:
    file = tmp_path / "mine.jsonl"
    file.write_bytes(QUESTION)
    refused = handlers(tmp_path, owner=False)
    assert refused.add(str(file), browser("de")).status == problem(DE.evaluation_not_owner, "de")
    assert refused.opened(None, browser()).sets["choices"] == ["few"]


def test_an_owner_adds_a_set_and_it_is_chosen(tmp_path: Path) -> None:
    file = tmp_path / "mine.jsonl"
    file.write_bytes(QUESTION)
    update = handlers(tmp_path).add(str(file), browser())
    assert update.status == note(EN.evaluation_added.format(name="mine"))
    assert (update.sets["choices"], update.sets["value"]) == (["few", "mine"], "mine")


def test_a_set_that_is_too_large_is_refused_before_it_is_read(tmp_path: Path) -> None:
    file = tmp_path / "mine.jsonl"
    with file.open("wb") as large:
        large.truncate(MAX_SET_BYTES + 1)
    said = EN.evaluation_too_large.format(limit=MAX_SET_BYTES, size=MAX_SET_BYTES + 1)
    assert handlers(tmp_path).add(str(file), browser()).status == problem(said, "en")


def test_expectations_that_cannot_be_read_are_said_and_nothing_else_is_lost(tmp_path: Path) -> None:
    (made := handlers(tmp_path)).opened(None, browser())
    (tmp_path / "evals" / "expectations.yaml").write_text("few: 1\n", encoding="utf-8")
    expected, said = made._expected("few", "en")
    assert expected == ()
    assert "expected a mapping" in said


def test_after_an_error_nobody_foresaw_the_stop_button_goes_away() -> None:
    update = failed(browser())
    assert update.status == problem(EN.evaluation_failed, "en")
    assert update.stop["visible"] is False
