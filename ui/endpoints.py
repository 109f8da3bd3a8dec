"""The public endpoints (docs/api.md). Everything else the page does is private to it.

They give exactly the JSON of the command line. What goes wrong reaches the caller as one sentence, not as a traceback.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable
from functools import wraps
from typing import Any, ParamSpec

import gradio as gr
from gradio.events import api
from pydantic import ConfigDict, ValidationError, validate_call

from index.errors import BelegError, BuildError, problems
from index.progress import BuildReport
from qa.errors import EvaluationError
from qa.evaluate import Evaluation
from qa.pipeline import Assistant
from qa.runs import Runs
from qa.scope import Wanted
from ui.owner import require_owner

ANSWERING = "answer"
ANSWERS_AT_ONCE = 2
REBUILDING = "rebuild"
EVALUATING = "evaluate"
EVALUATIONS_AT_ONCE = 8  # of these one runs, and the others are told so instead of being kept waiting
MAX_LIMIT = 100

P = ParamSpec("P")
Json = dict[str, Any]


def _clear(endpoint: Callable[P, Json]) -> Callable[P, Json]:
    """`endpoint`, which takes only what its parameters are declared as, and whose errors are one sentence."""
    checked: Callable[..., Json] = validate_call(config=ConfigDict(arbitrary_types_allowed=True))(endpoint)
    signature = inspect.signature(endpoint)

    @wraps(endpoint)
    def clear(*given: P.args, **named: P.kwargs) -> Json:
        try:
            return checked(**signature.bind(*given, **named).arguments)  # by name, as the error then says it
        except ValidationError as error:
            raise gr.Error(problems(error), print_exception=False) from error
        except BelegError as error:
            raise gr.Error(str(error), print_exception=False) from error

    return clear


class Endpoints:
    """What other programs may call; the docstrings are shown by Gradio as the documentation of the endpoints."""

    def __init__(self, assistant: Assistant) -> None:
        self._assistant = assistant

    @_clear
    def ask(  # noqa: PLR0913, PLR0917 - one parameter is one field of the request
        self,
        question: str,
        since: str = "",
        until: str = "",
        sources: list[str] | None = None,
        langs: list[str] | None = None,
        any_time: bool = False,  # noqa: FBT001, FBT002 - as above
        documents: list[str] | None = None,
    ) -> Json:
        """Answer a question in German or English with exact, cited quotations, or abstain.

        since and until are days of publication such as 2025-02-12 or 2025-02, sources outlets, langs codes such as de;
        any_time leaves days that the question names unread; documents are ids.
        """
        wanted = Wanted.of(since, until, sources, langs, documents, any_time=any_time)
        return self._assistant.ask(question, wanted=wanted).to_json()

    @_clear
    def search(  # noqa: PLR0913, PLR0917 - as `ask`
        self,
        question: str,
        limit: int = 10,
        since: str = "",
        until: str = "",
        sources: list[str] | None = None,
        langs: list[str] | None = None,
        any_time: bool = False,  # noqa: FBT001, FBT002 - as `ask`
        documents: list[str] | None = None,
    ) -> Json:
        """The passages nearest to a question, best first; limit is 1 to 100, the rest as for ask."""
        if not 1 <= limit <= MAX_LIMIT:
            raise BelegError(f"limit: {limit} is not between 1 and {MAX_LIMIT}")
        wanted = Wanted.of(since, until, sources, langs, documents, any_time=any_time)
        return self._assistant.search(question, limit, wanted=wanted).to_json()

    @_clear
    def verify(self, quote: str, speaker: str = "", document: str = "") -> Json:
        """Whether a quoted string stands in the sources: verified, misattributed, altered or not found, and where.

        speaker is a name that has to stand beside it, document an id to look in alone.
        """
        return self._assistant.verify(quote, speaker, document).to_json()

    @_clear
    def document(self, document: str, version: str = "") -> Json:
        """An article with its whole text; document is its id, as citations have it.

        version is how the SHA-256 of its text begins, for an article as it was when it was quoted.
        """
        try:
            return self._assistant.version(document, version.lower()).to_json()
        except KeyError as error:
            text = f" and a text whose SHA-256 begins with {version!r}" if version else ""
            raise BelegError(f"no document has the id {document!r}{text}; ask names those that it cites") from error

    @_clear
    def evaluate(self, questions: str) -> Json:
        """Run a question set; questions is its name, e.g. seed. One runs at a time, others are refused."""
        for step in Runs(self._assistant, self._assistant.settings).run(questions):
            if isinstance(step, Evaluation):
                return step.to_json()
        raise EvaluationError("the evaluation ended without a result; the log of the program says why")

    @_clear
    def rebuild(self, request: gr.Request) -> Json:
        """Rebuild the index from the folders of the last build; what has not changed is not embedded again.

        Where the page has accounts, only an owner may.
        """
        require_owner(request)
        for event in self._assistant.rebuild():
            if isinstance(event, BuildReport):
                return event.to_json()
        raise BuildError("the build ended without a report; the log of the program says why")


def expose(endpoints: Endpoints) -> None:
    """Register the endpoints on the page that is being built."""
    answering: dict[str, Any] = {"concurrency_id": ANSWERING, "concurrency_limit": ANSWERS_AT_ONCE}
    api(endpoints.ask, api_name="ask", **answering)
    api(endpoints.search, api_name="search", **answering)
    api(endpoints.verify, api_name="verify", **answering)
    api(endpoints.document, api_name="document", **answering)
    api(endpoints.evaluate, api_name="evaluate", concurrency_id=EVALUATING, concurrency_limit=EVALUATIONS_AT_ONCE)
    api(endpoints.rebuild, api_name="rebuild", concurrency_id=REBUILDING, concurrency_limit=1)
