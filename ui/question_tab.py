"""The tab that answers: the conversation, the box below it, the filters, and which handler each of them calls."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from typing import Any

import gradio as gr

from index.errors import BelegError
from qa.pipeline import Assistant
from qa.settings import Settings
from ui import chat, filters
from ui.endpoints import ANSWERING, ANSWERS_AT_ONCE
from ui.events import AT_ONCE, PRIVATE, said
from ui.i18n import I18N
from ui.visitor import lang_of
from ui.warmup import Warmup

_KEPT_FORMAT = "2"  # raise it when conversations kept by an older page could no longer be shown
_ANSWER: dict[str, Any] = {**PRIVATE, "concurrency_id": ANSWERING, "concurrency_limit": ANSWERS_AT_ONCE}


def question_tab(page: gr.Blocks, assistant: Assistant, settings: Settings, warmup: Warmup) -> None:
    """Build the tab."""
    handlers = chat.Chat(assistant, warmup)
    kept = gr.BrowserState({}, storage_key=f"beleg-{_install(settings)}", secret=_install(settings))
    thread = _thread()
    asked_of = filters.controls(page, assistant)
    with gr.Row(elem_id="beleg-composer"):
        box = gr.Textbox(
            label=I18N("question"), placeholder=I18N("placeholder"), lines=1, max_lines=6, scale=1, elem_id="beleg-box"
        )
        topic = gr.Button(I18N("new_topic"), visible=False, scale=0, min_width=96, elem_id="beleg-topic")
        ask = gr.Button(I18N("ask"), variant="primary", scale=0, min_width=96, elem_id="beleg-ask")
        stop = gr.Button(I18N("stop"), visible=False, scale=0, min_width=96, elem_id="beleg-stop")
    inputs = [box, kept, *asked_of]
    outputs = [thread, kept, box, stop, topic]

    def answer(
        question: str,
        before: object,
        event: gr.EventData,
        request: gr.Request,
        *wanted: Any,  # noqa: ANN401 - what the page's filters hold
    ) -> Iterator[chat.Update]:
        yield from handlers.ask(_example(event) or question, before, request, *wanted)

    page.load(chat.restore, kept, outputs, **AT_ONCE)
    page.load(_linked_question, None, box, **AT_ONCE)
    page.load(_Examples(assistant, warmup).offered, None, thread, **PRIVATE)
    # One event, of which Gradio takes no second while the first goes on: two answers would overwrite each other.
    asked = gr.on([box.submit, ask.click, thread.example_select], answer, inputs, outputs, **_ANSWER)
    asked.failure(handlers.failed, kept, outputs, **AT_ONCE)
    stop.click(handlers.stopped, kept, outputs, cancels=asked, **AT_ONCE)
    topic.click(chat.fresh, kept, outputs, **AT_ONCE)
    thread.clear(handlers.cleared, None, outputs, cancels=asked, **AT_ONCE)


def _thread() -> gr.Chatbot:
    """The conversation. Its messages are made by `ui.render`; what Gradio could still interpret in them is off."""
    return gr.Chatbot(
        label=I18N("conversation"),
        show_label=False,
        autoscroll=False,  # assets/thread.js shows an answer from its question on
        container=False,
        layout="panel",
        buttons=[],
        placeholder=I18N("welcome"),  # type: ignore[arg-type]  # Gradio translates it all the same
        sanitize_html=True,
        allow_tags=False,
        latex_delimiters=[],
        line_breaks=False,
        feedback_options=None,
        allow_file_downloads=False,
        scale=1,
        height="100%",
        elem_id="beleg-thread",
    )


class _Examples:
    """Questions that the index answers, offered once the models are loaded."""

    def __init__(self, assistant: Assistant, warmup: Warmup) -> None:
        self._assistant = assistant
        self._warmup = warmup

    def offered(self, request: gr.Request) -> Any:  # noqa: ANN401 - Gradio's updates have no type
        self._warmup.wait()
        try:
            examples = self._assistant.examples(lang_of(request))
        except BelegError:
            examples = ()
        return gr.update(examples=[{"text": text} for text in examples])


def _example(event: gr.EventData) -> str:
    """The example that was chosen, if that is what happened."""
    chosen = said(event).get("value")
    return str(chosen.get("text", "")) if isinstance(chosen, dict) else ""


def _linked_question(request: gr.Request) -> Any:  # noqa: ANN401 - as above
    """The question of a link, ready to be asked; whoever sends a link does not ask in the reader's name."""
    asked = request.query_params.get("q")
    return asked or gr.skip()


def _install(settings: Settings) -> str:
    """Keeps the conversations of two installations in one browser apart, and one installation's across restarts.

    Gradio calls it a secret, but sends it to the browser: it protects nothing, it only has to stay the same.
    """
    place = f"{settings.data_dir.resolve()}\n{_KEPT_FORMAT}"
    return hashlib.sha256(place.encode("utf-8", "surrogateescape")).hexdigest()[:16]
