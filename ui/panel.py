"""The source panel, and the scripts of the page with what they ask the program for: articles, and keeping feedback.

The scripts build what they show with `textContent` alone; the program checks what they send, which may be anything.
"""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import Any

import gradio as gr

from index.errors import BelegError
from qa.pipeline import Assistant
from qa.types import Lang
from ui import feedback
from ui.article import Article, article, empty
from ui.files import SCRIPTS, text
from ui.strings import words


def source_panel(assistant: Assistant) -> None:
    """Build the panel."""

    def passage(asked: object) -> dict[str, Any]:
        return source(assistant, asked).to_json()

    def opinion(said: object) -> bool:
        return feedback.keep(assistant.settings.data_dir, said)

    strings = {lang: asdict(words(lang)) for lang in ("en", "de")}
    gr.HTML(
        html_template='<div class="beleg-panel"></div>',
        js_on_load="\n".join([f"const WORDS = {json.dumps(strings)};", *map(text, SCRIPTS)]),
        server_functions=[passage, opinion],
        elem_id="beleg-panel",
    )


def source(assistant: Assistant, asked: object) -> Article:
    """What the panel asks for: ``{"href": a reference, "others": [...], "lang": ...}``, or anything from a browser."""
    request = asked if isinstance(asked, dict) else {}
    lang: Lang = "de" if request.get("lang") == "de" else "en"
    try:
        return article(assistant, request.get("href"), lang, request.get("others"))
    except ValueError:
        return empty(words(lang).missing, lang)
    except BelegError as error:
        return empty(str(error), lang)
