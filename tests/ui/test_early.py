from __future__ import annotations

import pytest
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response, StreamingResponse
from starlette.routing import Route
from starlette.testclient import TestClient

from ui.early import Early

PAGE = "<!doctype html><html><head><title>ä</title></head><body><head></body></html>"


async def whole(_: Request) -> Response:
    return HTMLResponse(PAGE)


async def in_pieces(_: Request) -> Response:
    return StreamingResponse((part.encode() for part in (PAGE[:18], PAGE[18:])), media_type="text/html")


@pytest.mark.parametrize("page", [whole, in_pieces])
def test_the_page_begins_with_the_script_and_is_else_as_it_was(page: object) -> None:
    app = Starlette(
        routes=[Route("/", page), Route("/else", page)],  # type: ignore[arg-type]
        middleware=[Middleware(Early, "run()")],
    )
    client = TestClient(app)
    assert client.get("/").text == PAGE.replace("<head>", "<head><script>run()</script>", 1)
    assert client.get("/else").text == PAGE
