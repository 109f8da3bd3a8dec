from __future__ import annotations

import asyncio
import json
from collections.abc import Callable, Iterator
from typing import Any

import gradio as gr
import pytest
from gradio.context import LocalContext
from starlette.requests import Request

from qa.settings import Settings
from ui.access_log import AccessLog, Format
from ui.owner import Sender, remember

QUESTION = "Was sagte Kahl?"


def answer(question: str) -> dict[str, Any]:
    if not question:
        raise gr.Error("the question is empty", print_exception=False)
    return {"question": question, "status": "answered", "generation": "20261127T184002752390"}


def conversation(question: str) -> Iterator[str]:
    yield "searching"
    yield question


def broken(question: str) -> str:
    raise RuntimeError(question)


def look(question: str) -> str:
    return question


def functions(log: AccessLog) -> dict[str, Callable[..., Any]]:
    page = asyncio.run(built())
    log.record(page)
    return {fn.name: fn.fn for fn in page.fns.values()}


async def built() -> gr.Blocks:
    """In a running loop, because Gradio makes some of its own where there is none, and never closes them."""
    with gr.Blocks(analytics_enabled=False) as page:
        gr.api(answer, api_name="ask")
        box = gr.Textbox()
        for function, queued in ((conversation, True), (broken, True), (look, False)):
            box.submit(function, box, box, api_visibility="private", queue=queued)
    return page


def sent_by(client: str) -> None:
    scope: dict[str, Any] = {"type": "http", "headers": []}
    remember(scope, Sender(None, client, owner=False))
    LocalContext.request.set(gr.Request(Request(scope)))


@pytest.fixture(autouse=True)
def nobody() -> Iterator[None]:
    yield
    LocalContext.request.set(None)


def lines(capsys: pytest.CaptureFixture[str]) -> list[dict[str, Any]]:
    return [json.loads(line) for line in capsys.readouterr().err.splitlines()]


def test_a_line_says_what_was_asked_how_it_went_and_how_long_it_took(capsys: pytest.CaptureFixture[str]) -> None:
    called = functions(AccessLog("json", Settings.load()))
    sent_by("192.0.2.1")
    called["answer"](QUESTION)
    assert list(called["conversation"](QUESTION)) == ["searching", QUESTION]
    with pytest.raises(gr.Error):
        called["answer"]("")
    with pytest.raises(RuntimeError):
        called["broken"](QUESTION)
    called["look"](QUESTION)
    found = lines(capsys)
    assert [(line["what"], line["status"]) for line in found] == [
        ("ask", "answered"),
        ("page conversation", "done"),
        ("ask", "refused"),
        ("page broken", "failed"),
    ]
    assert found[0]["generation"] == "20261127T184002752390"
    assert all(line["ms"] >= 0 and line["time"].startswith("20") for line in found)
    assert len({line["client"] for line in found}) == 1


def test_who_leaves_before_the_end_is_noted(capsys: pytest.CaptureFixture[str]) -> None:
    steps = functions(AccessLog("json", Settings.load()))["conversation"](QUESTION)
    next(steps)
    steps.close()
    assert [line["status"] for line in lines(capsys)] == ["stopped"]


@pytest.mark.parametrize("form", ["json", "text"])
def test_neither_the_question_nor_the_client_is_in_a_line(form: Format, capsys: pytest.CaptureFixture[str]) -> None:
    called = functions(AccessLog(form, Settings.load()))
    sent_by("user ada")
    called["answer"](QUESTION)
    list(called["conversation"](QUESTION))
    written = capsys.readouterr().err
    assert len(written.splitlines()) == 2
    assert "Kahl" not in written
    assert "ada" not in written


@pytest.mark.parametrize("form", ["json", "text"])
def test_questions_stand_there_if_that_is_wanted(form: Format, capsys: pytest.CaptureFixture[str]) -> None:
    called = functions(AccessLog(form, Settings.load(log_questions=True)))
    called["answer"]("Kahl\n\x1b[31m\x9b\u2028?")
    (line,) = capsys.readouterr().err.splitlines()
    assert "Kahl" in line
    assert line.isprintable()


def test_two_clients_are_told_apart_and_another_run_names_them_otherwise(capsys: pytest.CaptureFixture[str]) -> None:
    log, other = AccessLog("json", Settings.load()), AccessLog("json", Settings.load())
    log.write("ask", "done", "ada")
    log.write("ask", "done", "bob")
    log.write("ask", "done", "ada")
    other.write("ask", "done", "ada")
    ada, bob, again, elsewhere = (line["client"] for line in lines(capsys))
    assert ada == again
    assert len({ada, bob, elsewhere}) == 3
