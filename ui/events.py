"""How the page's own events are registered with Gradio, and what an event of one's own says."""

from __future__ import annotations

from typing import Any

import gradio as gr

PRIVATE: dict[str, Any] = {"api_visibility": "private", "show_progress": "hidden"}
AT_ONCE: dict[str, Any] = {**PRIVATE, "queue": False}


def said(event: gr.EventData) -> dict[str, Any]:
    """What a script sent along with an event of its own; a browser may send anything, of which only a dict is taken."""
    data = event._data  # noqa: SLF001 - the documented way to it
    return data if isinstance(data, dict) else {}
