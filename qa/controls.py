"""Text from outside made harmless for a terminal."""

from __future__ import annotations

import re

_CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")
_PICTURES = 0x2400  # U+2400 is the sign for NUL, and so on


def visible(text: str) -> str:
    """`text` with control and direction-override characters replaced by visible signs; line ends and tabs stay."""
    return _CONTROL.sub(lambda match: chr(_PICTURES + ord(match[0])) if ord(match[0]) < 0x20 else "\ufffd", text)  # noqa: PLR2004
