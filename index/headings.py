"""Subheadings: short lines between paragraphs that announce what the next one says.

They are the editors' words about the story, not the story: read and searched as its context, never quoted for it.
"""

from __future__ import annotations

import re

from index.types import Span

MAX_CHARS = 80
_ENDS_A_SENTENCE = re.compile(r"[.!?…][\"'“”‘’»«›‹)\]]*$")
_ENDS_OTHERWISE = re.compile(r"[.!?…:;,\"'“”‘’»«›‹)\]–-]$")


def is_subheading(text: str, sentence: Span) -> bool:
    """Whether `sentence` is a short line of its own, ends as a heading does, and stands above a paragraph."""
    start = text.rfind("\n", 0, sentence.start) + 1
    end = text.find("\n", sentence.end)
    if end < 0 or text[start:end].strip() != text[sentence.start : sentence.end].strip():
        return False
    line = text[start:end].strip()
    below = next((line for line in text[end:].split("\n", 3) if line.strip()), "").strip()
    return (
        len(line) <= MAX_CHARS < len(below)
        and not _ENDS_OTHERWISE.search(line)
        and bool(_ENDS_A_SENTENCE.search(below))
    )
