"""Where a text has quotation marks, as the keyboards and the typography of both languages set them.

Pairs are „A“, “A”, “A“, ”A”, "A", «A», »A«, ‚A‘, ‘A’, 'A', ‹A› and ›A‹; a curved one may be closed by a straight one.
Whether a sign that can do either opens or closes is told by what is open and by its neighbours.
"""

from __future__ import annotations

import re

from index.types import Span

_STRAIGHT = "\"'"  # these never reach over the end of a line, since nothing tells which of them open
_CLOSED_BY = {
    '"': '"',
    "„": '“”"',
    "“": '“”"',
    "”": '“”"',
    "«": "»",
    "»": "«",
    "‹": "›",
    "›": "‹",
    **dict.fromkeys("‚‘'", "‘’'"),
}
# An apostrophe stands within a word or after one (workers’ rights), and inches stand after a figure.
_OPENS = re.compile(r"[„«»‹›]|“(?!\s)|(?<!\w)\"|(?<!\w)[”‚‘'](?=\w)")
_CLOSES = re.compile(r"[”«»‹›]|(?<!\s)[“\"]|[“\"](?!\w)|[‘’'](?!\w)")
_SIGN = re.compile(f"[\n{''.join({*_CLOSED_BY, *''.join(_CLOSED_BY.values())})}]")


def between_marks(text: str) -> list[Span]:
    """Where `text` is within quotation marks, these included, in order and apart.

    „A „B“ C“ is one place, and what is never closed is none, but it may have places within.
    """
    opened: list[int] = []
    found: list[Span] = []
    for at in (match.start() for match in _SIGN.finditer(text)):
        if text[at] == "\n":
            opened = [start for start in opened if text[start] not in _STRAIGHT]
        elif (level := _closed(text, at, opened)) is not None:
            start = opened[level]
            del opened[level:]
            while found and found[-1].start > start:
                found.pop()
            found.append(Span(start, at + 1))
        elif _OPENS.match(text, at):
            opened.append(at)
    return found


def _closed(text: str, at: int, opened: list[int]) -> int | None:
    """The place in `opened` of the last mark that the sign `at` closes; None where it closes none."""
    if not _CLOSES.match(text, at):
        return None
    closed = (level for level in reversed(range(len(opened))) if text[at] in _CLOSED_BY[text[opened[level]]])
    return next(closed, None)
