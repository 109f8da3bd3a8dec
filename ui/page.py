"""The chat page: its parts, and which handler each of them calls. What the handlers do is in the modules beside it."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from typing import Any

import gradio as gr

from index.errors import BelegError
from qa.pipeline import Assistant
from qa.settings import Settings
from qa.types import Lang
from ui import chat, sources
from ui.article import Article, article
from ui.endpoints import ANSWERING, ANSWERS_AT_ONCE, REBUILDING, Endpoints, expose
from ui.i18n import I18N
from ui.strings import words
from ui.warmup import Warmup

ASSETS = Path(__file__).parent / "assets"
EXAMPLES = (
    "What did Hegseth say about NATO?",
    "Was hat Hegseth zur Nato gesagt?",
    "Where did Putin invite Trump?",
    "Was hat Merkel zu dem Telefonat gesagt?",
)
Choices = Callable[[], tuple[Any, Any]]  # updates for outlets and languages

_CACHE_SECONDS = 3600
_KEPT_FORMAT = "1"  # raise it when conversations kept by an older page could no longer be shown
_PRIVATE: dict[str, Any] = {"api_visibility": "private"}
_AT_ONCE: dict[str, Any] = {**_PRIVATE, "queue": False, "show_progress": "hidden"}
_ANSWER: dict[str, Any] = {
    **_PRIVATE,
    "show_progress": "hidden",
    "concurrency_id": ANSWERING,
    "concurrency_limit": ANSWERS_AT_ONCE,
}


def build_page(assistant: Assistant, settings: Settings, warmup: Warmup) -> gr.Blocks:
    """The page, not yet launched."""
    page = gr.Blocks(title="Beleg", analytics_enabled=False, fill_height=True, delete_cache=(_CACHE_SECONDS,) * 2)
    with page:
        expose(Endpoints(assistant))  # first, so that no private event takes their names
        with gr.Row(elem_id="beleg-head"):
            gr.HTML("<h1>Beleg</h1>", elem_id="beleg-name")
            gr.Markdown(I18N("tagline"), elem_id="beleg-tagline")
        with gr.Tabs(elem_id="beleg-tabs"):
            with gr.Tab(I18N("chat_tab"), scale=1):
                handlers = sources.Sources(assistant)
                _question_tab(page, chat.Conversation(assistant, warmup), handlers.choices, settings)
            with gr.Tab(I18N("index_tab")) as tab:
                _source_tab(tab, handlers)
        with gr.Sidebar(position="right", open=False, width="min(30rem, 100vw)", elem_id="beleg-source"):
            _source_panel(assistant)
    return page


def _question_tab(page: gr.Blocks, conversation: chat.Conversation, choices: Choices, settings: Settings) -> None:
    kept = gr.BrowserState([], storage_key=f"beleg-{_install(settings)}", secret=_install(settings))
    thread = _thread()
    with gr.Row(elem_id="beleg-composer"):
        box = gr.Textbox(
            label=I18N("question"), placeholder=I18N("placeholder"), lines=1, max_lines=6, scale=1, elem_id="beleg-box"
        )
        ask = gr.Button(I18N("ask"), variant="primary", scale=0, min_width=96, elem_id="beleg-ask")
        stop = gr.Button(I18N("stop"), visible=False, scale=0, min_width=96, elem_id="beleg-stop")
    inputs = [box, kept, *_filters(page, choices)]
    outputs = [thread, kept, box, stop]

    page.load(chat.restore, kept, thread, **_AT_ONCE)
    asked = [
        box.submit(conversation.ask, inputs, outputs, **_ANSWER),
        ask.click(conversation.ask, inputs, outputs, **_ANSWER),
        thread.example_select(_example, None, box, **_AT_ONCE).success(conversation.ask, inputs, outputs, **_ANSWER),
    ]
    for event in asked:
        event.failure(chat.failed, kept, outputs, **_AT_ONCE)
    stop.click(chat.stopped, kept, outputs, cancels=asked, **_AT_ONCE)
    thread.clear(chat.cleared, None, outputs, **_AT_ONCE)


def _filters(page: gr.Blocks, choices: Choices) -> list[gr.components.Component]:
    """Which documents are asked, folded away; in the order in which `Conversation.ask` takes them."""
    with gr.Accordion(I18N("filters"), open=False, elem_id="beleg-filters"):
        with gr.Row():
            since = gr.Textbox(label=I18N("since"), placeholder=I18N("day_example"), max_lines=1)
            until = gr.Textbox(label=I18N("until"), placeholder=I18N("day_example"), max_lines=1)
        with gr.Row():
            outlets = gr.Dropdown([], multiselect=True, label=I18N("outlets"))
            langs = gr.Dropdown([], multiselect=True, label=I18N("document_languages"))
        any_time = gr.Checkbox(label=I18N("any_time"))
    page.load(choices, None, [outlets, langs], **_AT_ONCE)
    return [since, until, outlets, langs, any_time]


def _thread() -> gr.Chatbot:
    """The conversation. Its messages are made by `ui.render`; what Gradio could still interpret in them is off."""
    return gr.Chatbot(
        label=I18N("conversation"),
        show_label=False,
        autoscroll=False,  # assets/thread.js shows an answer from its question on
        container=False,
        layout="panel",
        buttons=[],
        examples=[{"text": text} for text in EXAMPLES],
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


def _example(event: gr.SelectData) -> str:
    return str(event.value["text"])


def _source_tab(tab: gr.Tab, handlers: sources.Sources) -> None:
    overview = gr.HTML(elem_id="beleg-overview")
    rebuild = gr.Button(I18N("rebuild"), elem_id="beleg-rebuild")
    status = gr.HTML(elem_id="beleg-status")
    shown = tab.select(handlers.overview, None, overview, **_AT_ONCE)
    shown.failure(sources.failed, None, overview, **_AT_ONCE)
    rebuild.click(
        handlers.rebuild,
        None,
        [status, overview],
        **_PRIVATE,
        show_progress="hidden",
        concurrency_id=REBUILDING,
        concurrency_limit=1,
    ).failure(sources.failed, None, status, **_AT_ONCE)


def _source_panel(assistant: Assistant) -> None:
    def passage(asked: object) -> dict[str, Any]:
        return source(assistant, asked).to_json()

    strings = {lang: asdict(words(lang)) for lang in ("en", "de")}
    scripts = [(ASSETS / name).read_text(encoding="utf-8") for name in ("words.js", "thread.js", "panel.js")]
    gr.HTML(
        html_template='<div class="beleg-panel"></div>',
        js_on_load="\n".join([f"const WORDS = {json.dumps(strings)};", *scripts]),
        server_functions=[passage],
        elem_id="beleg-panel",
    )


def source(assistant: Assistant, asked: object) -> Article:
    """What the panel asks for: ``{"href": a reference, "lang": the page's language}``, or anything, as browsers may."""
    request = asked if isinstance(asked, dict) else {}
    lang: Lang = "de" if request.get("lang") == "de" else "en"
    try:
        return article(assistant, request.get("href"), lang)
    except ValueError:
        return Article(words(lang).source_panel, "", lang, None, words(lang).missing, ())
    except BelegError as error:
        return Article(words(lang).source_panel, "", lang, None, str(error), ())


def _install(settings: Settings) -> str:
    """Keeps the conversations of two installations in one browser apart, and one installation's across restarts.

    Gradio calls it a secret, but sends it to the browser: it protects nothing, it only has to stay the same.
    """
    place = f"{settings.data_dir.resolve()}\n{_KEPT_FORMAT}"
    return hashlib.sha256(place.encode("utf-8", "surrogateescape")).hexdigest()[:16]
