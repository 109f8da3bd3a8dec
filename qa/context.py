"""The words around a quotation, in its line: enough to see what it is about, cut at words."""

from __future__ import annotations

CONTEXT_CHARS = 160


def before(text: str) -> str:
    """The end of `text` from its last line break on."""
    line = text.rsplit("\n", 1)[-1]
    return "…" + line[-CONTEXT_CHARS:].split(" ", 1)[-1] if len(line) > CONTEXT_CHARS else line


def after(text: str) -> str:
    """The start of `text` up to its first line break."""
    line = text.split("\n", 1)[0]
    return line[:CONTEXT_CHARS].rsplit(" ", 1)[0] + " …" if len(line) > CONTEXT_CHARS else line
