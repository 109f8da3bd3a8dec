from __future__ import annotations

import asyncio
import json

import gradio as gr
import pytest
from gradio.events import api

from ui.calls import called, is_call, is_from_page


def ask(question: str, since: str = "", any_time: bool = False) -> str:  # noqa: FBT001, FBT002 - as an endpoint
    return f"{question} {since} {any_time}"


def rebuild(request: gr.Request) -> str:
    return str(request)


@pytest.fixture(scope="module")
def page() -> gr.Blocks:
    return asyncio.run(built())


async def built() -> gr.Blocks:
    """In a running loop, because Gradio makes some of its own where there is none, and never closes them."""
    with gr.Blocks(analytics_enabled=False) as blocks:
        api(ask, api_name="ask", concurrency_id="answer", concurrency_limit=2)
        api(rebuild, api_name="rebuild", concurrency_limit=1)
        box = gr.Textbox()
        box.change(lambda text: text, box, box, queue=False, api_visibility="private")
    return blocks


def body(*values: object, **more: object) -> bytes:
    return json.dumps({"data": values, **more}).encode()


@pytest.mark.parametrize(
    ("path", "direct"),
    [
        ("/gradio_api/run/ask", True),
        ("/gradio_api/run/ask/", True),
        ("/gradio_api/api/ask", True),
        ("/gradio_api/call/ask", False),
        ("/gradio_api/call/v2/ask", False),
    ],
)
def test_every_address_of_a_function_is_known(page: gr.Blocks, path: str, direct: bool) -> None:  # noqa: FBT001
    call = called(page, path, body("Why?"))
    assert call is not None
    assert is_call(path)
    assert (call.name, call.works, call.direct, call.group, call.at_once) == ("ask", True, direct, "answer", 2)


@pytest.mark.parametrize("path", ["/gradio_api/queue/join", "/gradio_api/run/predict", "/gradio_api/run/anything"])
def test_a_number_names_a_function_whatever_the_address_says(page: gr.Blocks, path: str) -> None:
    asked, typed = called(page, path, body("Why?", fn_index=0)), called(page, path, body("Why?", fn_index=2))
    assert asked is not None
    assert typed is not None
    assert (asked.name, asked.works, typed.works) == ("ask", True, False)


def test_a_number_in_a_call_by_name_is_no_way_round(page: gr.Blocks) -> None:
    call = called(page, "/gradio_api/call/ask", body("Why?", fn_index=2))
    assert call is not None
    assert call.works


@pytest.mark.parametrize(
    "sent",
    [b"", b"{", b"[]", b"null", pytest.param(b"[" * 100_000, id="deep"), b'{"fn_index": 99}', b'{"fn_index": []}'],
)
def test_what_names_no_function_is_none(page: gr.Blocks, sent: bytes) -> None:
    assert called(page, "/gradio_api/queue/join", sent) is None
    assert called(page, "/gradio_api/run/nothing", sent) is None


@pytest.mark.parametrize("path", ["/", "/gradio_api/info", "/gradio_api/queue/data", "/gradio_api/run", "/login"])
def test_other_addresses_call_nothing(page: gr.Blocks, path: str) -> None:
    assert not is_call(path)
    assert called(page, path, body()) is None


def test_values_that_are_left_out_get_their_defaults(page: gr.Blocks) -> None:
    call = called(page, "/gradio_api/run/ask", body("Why?", session_hash="x"))
    assert call is not None
    assert json.loads(call.body) == {"data": ["Why?", "", False], "session_hash": "x"}
    whole = body("Why?", "2025", True)
    assert called(page, "/gradio_api/run/ask", whole).body == whole  # type: ignore[union-attr]


def test_a_value_without_default_is_named(page: gr.Blocks) -> None:
    call = called(page, "/gradio_api/run/ask", body())
    assert call is not None
    assert call.lacking == "question"


def test_the_request_is_no_value_that_could_lack(page: gr.Blocks) -> None:
    call = called(page, "/gradio_api/run/rebuild", body())
    assert call is not None
    assert call.lacking is None


def test_only_what_the_page_sends_may_carry_a_conversation() -> None:
    assert is_from_page("/gradio_api/queue/join")
    assert is_from_page("/gradio_api/run/predict")
    assert not is_from_page("/gradio_api/run/ask")
    assert not is_from_page("/gradio_api/call/ask")
