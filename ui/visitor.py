"""What a request says of the reader: the language that the page speaks to them."""

from __future__ import annotations

import gradio as gr

from qa.types import Lang
from ui.strings import preferred_lang

LANG_COOKIE = "beleg-lang"  # set by assets/lang.js when the reader chooses


def lang_of(request: gr.Request) -> Lang:
    """The language chosen on the page, or else the one that the browser asks for; an answer's own is the question's."""
    chosen = request.cookies.get(LANG_COOKIE)
    if chosen == "de":
        return "de"
    return "en" if chosen == "en" else preferred_lang(request.headers.get("accept-language"))
