"""The page: its frame, its tabs and the source panel beside them. What is in them is in the modules beside this one."""

from __future__ import annotations

import gradio as gr

from qa.inert import inert
from qa.pipeline import Assistant
from qa.settings import Settings
from ui import evaluation, library
from ui.endpoints import Endpoints, expose
from ui.events import AT_ONCE
from ui.i18n import I18N
from ui.owner import may_change, signed_in
from ui.panel import source_panel
from ui.question_tab import question_tab
from ui.strings import words
from ui.visitor import lang_of
from ui.warmup import Warmup

_CACHE_SECONDS = 3600


def build_page(assistant: Assistant, settings: Settings, warmup: Warmup) -> gr.Blocks:
    """The page, not yet launched."""
    page = gr.Blocks(title="Beleg", analytics_enabled=False, fill_height=True, delete_cache=(_CACHE_SECONDS,) * 2)
    with page:
        expose(Endpoints(assistant))  # first, so that no private event takes their names
        with gr.Row(elem_id="beleg-head"):
            gr.HTML("<h1>Beleg</h1>", elem_id="beleg-name")
            gr.Markdown(I18N("tagline"), elem_id="beleg-tagline")
            account = gr.HTML(elem_id="beleg-account")
            gr.HTML('<button type="button" class="beleg-lang"></button>', elem_id="beleg-lang")
            page.load(_account, None, account, **AT_ONCE)
        with gr.Tabs(elem_id="beleg-tabs"):
            with gr.Tab(I18N("chat_tab"), scale=1):
                question_tab(page, assistant, settings, warmup)
            with gr.Tab(I18N("index_tab")) as tab:
                library.tab(tab, assistant, may_change)
            with gr.Tab(I18N("evaluation_tab")) as tab:
                evaluation.tab(tab, assistant, settings, may_change)
        with gr.Sidebar(position="right", open=False, width="min(30rem, 100vw)", elem_id="beleg-source"):
            source_panel(assistant)
    return page


def _account(request: gr.Request) -> str:
    """Who is signed in, and how they sign out; nothing where nobody needs to."""
    name = signed_in(request)
    label = inert(words(lang_of(request)).sign_out.format(name=name))
    return f'<a class="beleg-action" href="logout">{label}</a>' if name else ""
