"""Which function of the page a request is about to call. Gradio has several addresses for that; all are known here."""

from __future__ import annotations

import inspect
import json
import re
from typing import Any, NamedTuple

import gradio as gr

_CALL = re.compile(
    r"/gradio_api/(?:(?P<direct>run|api)|(?P<queued>call(?P<named>/v2)?))/(?P<name>[^/]+)/?|/gradio_api/queue/join"
)
_BY_NUMBER = "predict"  # ``/run/predict`` is how the page calls a function that does not wait in the queue


class Call(NamedTuple):
    """A call of the function `name`: one that `works` is counted and limited, one that is `direct` passes the queue by.

    Functions of one `group` share `at_once`, how many of them run at the same time. `body` is the request's, with the
    defaults of what it leaves out; `lacking` names what it leaves out and has no default.
    """

    name: str
    works: bool
    direct: bool
    group: str
    at_once: int
    body: bytes
    lacking: str | None


def is_call(path: str) -> bool:
    """Whether a POST to `path` calls a function."""
    return _CALL.fullmatch(path) is not None


def is_from_page(path: str) -> bool:
    """Whether `path` is one that the page itself uses, with the conversation in the body."""
    return path.startswith(("/gradio_api/queue/", f"/gradio_api/run/{_BY_NUMBER}", "/gradio_api/component_server"))


def called(page: gr.Blocks, path: str, body: bytes) -> Call | None:
    """The call that a POST of `body` to `path` is; None where the page has no such function."""
    match = _CALL.fullmatch(path)
    if match is None:
        return None
    values = _values(body)
    number = None if match["queued"] else values.get("fn_index")
    found = next((fn for fn in page.fns.values() if _is_called(fn, number, match["name"])), None)
    if found is None:
        return None
    lacking = None
    if number is None and not match["named"]:  # Gradio itself knows the defaults only of values with names
        body, lacking = _completed(found, values, body)
    at_once = found.concurrency_limit if isinstance(found.concurrency_limit, int) else 1
    direct, works = match["direct"] is not None, found.queue is not False
    return Call(str(found.api_name), works, direct, found.concurrency_id, at_once, body, lacking)


def _is_called(fn: Any, number: object, name: str | None) -> bool:  # noqa: ANN401 - Gradio's BlockFunction
    return bool(fn._id == number) if number is not None else fn.api_name == name  # noqa: SLF001 - what Gradio compares


def _values(body: bytes) -> dict[str, Any]:
    try:
        values = json.loads(body)
    except (ValueError, RecursionError):
        return {}
    return values if isinstance(values, dict) else {}


def _completed(fn: Any, values: dict[str, Any], body: bytes) -> tuple[bytes, str | None]:  # noqa: ANN401 - as above
    """The body with a default for each value that it leaves out, and the name of the first that has none."""
    given = values.get("data")
    if not isinstance(given, list) or len(given) >= len(fn.inputs):
        return body, None
    parameters = list(inspect.signature(fn.fn).parameters.values())[len(given) : len(fn.inputs)]
    lacking = next((one.name for one in parameters if one.default is inspect.Parameter.empty), None)
    if lacking:
        return body, lacking
    return json.dumps(values | {"data": [*given, *(one.default for one in parameters)]}).encode(), None
