"""The three public endpoints: ask, search, rebuild. Everything else the page does is private to it.

They give exactly the JSON of the command line. What goes wrong reaches the caller as one sentence, not as a traceback.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import gradio as gr
from gradio.events import api

from index.errors import BelegError, BuildError
from index.progress import BuildReport
from qa.pipeline import Assistant
from qa.scope import Wanted

ANSWERING = "answer"
ANSWERS_AT_ONCE = 2
REBUILDING = "rebuild"
MAX_LIMIT = 100


class Endpoints:
    """What other programs may call; the docstrings are shown by Gradio as the documentation of the endpoints."""

    def __init__(self, assistant: Assistant) -> None:
        self._assistant = assistant

    def ask(  # noqa: PLR0913, PLR0917 - one parameter is one field of the request
        self,
        question: str,
        since: str = "",
        until: str = "",
        sources: list[str] | None = None,
        langs: list[str] | None = None,
        any_time: bool = False,  # noqa: FBT001, FBT002 - as above
    ) -> dict[str, Any]:
        """Answer a question in German or English with exact, cited quotations, or abstain.

        since and until are days of publication such as 2025-02-12 or 2025-02, sources outlets, langs codes such as de;
        any_time leaves days that the question names unread.
        """
        with _clear_errors():
            wanted = Wanted.of(since, until, sources, langs, any_time=any_time)
            return self._assistant.ask(question, wanted=wanted).to_json()

    def search(  # noqa: PLR0913, PLR0917 - as `ask`
        self,
        question: str,
        limit: int = 10,
        since: str = "",
        until: str = "",
        sources: list[str] | None = None,
        langs: list[str] | None = None,
        any_time: bool = False,  # noqa: FBT001, FBT002 - as `ask`
    ) -> dict[str, Any]:
        """The passages nearest to a question, best first; limit is 1 to 100, the rest as for ask."""
        with _clear_errors():
            if not 1 <= limit <= MAX_LIMIT:
                raise BelegError(f"limit: {limit} is not between 1 and {MAX_LIMIT}")
            wanted = Wanted.of(since, until, sources, langs, any_time=any_time)
            return self._assistant.search(question, limit, wanted=wanted).to_json()

    def rebuild(self) -> dict[str, Any]:
        """Rebuild the index from the folders of the last build; what has not changed is not embedded again."""
        with _clear_errors():
            for event in self._assistant.rebuild():
                if isinstance(event, BuildReport):
                    return event.to_json()
            raise BuildError("the build ended without a report; the log of the program says why")


def expose(endpoints: Endpoints) -> None:
    """Register the endpoints on the page that is being built."""
    answering: dict[str, Any] = {"concurrency_id": ANSWERING, "concurrency_limit": ANSWERS_AT_ONCE}
    api(endpoints.ask, api_name="ask", **answering)
    api(endpoints.search, api_name="search", **answering)
    api(endpoints.rebuild, api_name="rebuild", concurrency_id=REBUILDING, concurrency_limit=1)


@contextmanager
def _clear_errors() -> Iterator[None]:
    try:
        yield
    except BelegError as error:
        raise gr.Error(str(error), print_exception=False) from error
