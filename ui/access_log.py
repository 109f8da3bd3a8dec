"""What was asked of the program and how that went, a line each on stderr. Never the question, unless that is wanted.

A client is a pseudonym that is the same until the program ends: lines can be counted by client, and nobody is named.
"""

from __future__ import annotations

import functools
import hashlib
import inspect
import json
import re
import secrets
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from time import perf_counter
from typing import Any, Literal

import gradio as gr
from gradio.context import LocalContext

from index.errors import BelegError
from index.generation import serving
from qa.settings import Settings
from ui.owner import sender

Format = Literal["json", "text"]
_PSEUDONYM_BYTES = 4
_WORD = re.compile(r"[A-Za-z0-9_.:+-]+")


class AccessLog:
    """Writes the lines in `form`."""

    def __init__(self, form: Format, settings: Settings) -> None:
        self._form = form
        self._settings = settings
        self._key = secrets.token_bytes(16)

    def write(self, what: str, status: str, client: str, seconds: float = 0.0, **more: object) -> None:
        """One line."""
        line = {
            "time": datetime.now(UTC).isoformat(timespec="milliseconds"),
            "what": what,
            "status": status,
            "ms": round(seconds * 1000),
            "client": hashlib.blake2s(client.encode(), key=self._key, digest_size=_PSEUDONYM_BYTES).hexdigest(),
            **more,
        }
        text = json.dumps(line) if self._form == "json" else " ".join(f"{key}={_plain(line[key])}" for key in line)
        sys.stderr.write(f"{text}\n")
        sys.stderr.flush()

    def record(self, page: gr.Blocks) -> None:
        """Write a line for every call of a function of `page` that does work."""
        for fn in page.fns.values():
            if fn.fn is not None and fn.queue is not False:
                what = str(fn.api_name) if fn.api_visibility == "public" else f"page {fn.name}"
                fn.fn = self._recorded(fn.fn, what)

    def _recorded(self, function: Callable[..., Any], what: str) -> Callable[..., Any]:
        if inspect.isgeneratorfunction(function):

            @functools.wraps(function)
            def steps(*values: object) -> Iterator[Any]:
                with self._call(function, what, values):
                    yield from function(*values)

            return steps

        @functools.wraps(function)
        def whole(*values: object) -> Any:  # noqa: ANN401 - as `function`
            with self._call(function, what, values) as outcome:
                found = function(*values)
                if isinstance(found, Mapping):
                    outcome |= {key: found[key] for key in ("status", "generation") if key in found}
                return found

        return whole

    @contextmanager
    def _call(self, function: Callable[..., Any], what: str, values: tuple[object, ...]) -> Iterator[dict[str, Any]]:
        client, began = sender(LocalContext.request.get(None)).client, perf_counter()
        outcome = {"status": "done", "generation": self._generation(), **self._question(function, values)}
        try:
            yield outcome
        except GeneratorExit:
            outcome["status"] = "stopped"
            raise
        except gr.Error:
            outcome["status"] = "refused"
            raise
        except BaseException:
            outcome["status"] = "failed"
            raise
        finally:
            self.write(what, str(outcome.pop("status")), client, perf_counter() - began, **outcome)

    def _question(self, function: Callable[..., Any], values: tuple[object, ...]) -> dict[str, object]:
        if not self._settings.log_questions:
            return {}
        given = inspect.signature(function).bind_partial(*values).arguments
        return {"question": given["question"]} if "question" in given else {}

    def _generation(self) -> str | None:
        try:
            return serving(self._settings.data_dir)
        except BelegError:
            return None


def _plain(value: object) -> str:
    """A value on one line: as it is where it is a plain word, otherwise as JSON writes it."""
    text = str(value)
    return text if _WORD.fullmatch(text) else json.dumps(text)
