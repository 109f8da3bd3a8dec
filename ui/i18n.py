"""The labels that Gradio's front end translates itself: every tab's words, under the names that they have in Python."""

from __future__ import annotations

from dataclasses import asdict

import gradio as gr

from ui import evaluation_strings, library_strings, strings

I18N = gr.I18n(
    en={**asdict(strings.EN), **asdict(evaluation_strings.EN), **asdict(library_strings.EN)},
    de={**asdict(strings.DE), **asdict(evaluation_strings.DE), **asdict(library_strings.DE)},
)
