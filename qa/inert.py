"""Makes text that others wrote inert: as HTML, inside Markdown, and as a link.

Source text never goes through a Markdown or HTML sanitizer in the hope that it is caught there; it arrives without a
single character that could mean anything.
"""

from __future__ import annotations

import re
from urllib.parse import urlsplit

_MEANINGFUL = re.compile(r"[^A-Za-z0-9 \u00a0-\U0010ffff]")
_UNSOUND = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff]")
_URL = re.compile(r"https?://[^\s\\\x00-\x20\x7f]+", re.IGNORECASE)
_REPLACEMENT = "\ufffd"


def sound(text: str) -> str:
    """`text` with what is no printable Unicode (control characters, lone surrogates) shown as the replacement sign."""
    return _UNSOUND.sub(_REPLACEMENT, text)


def inert(text: str) -> str:
    """`text` as HTML that displays it and does nothing else, wherever it stands: in HTML, in Markdown, in an attribute.

    Every ASCII character but letters, digits and the blank becomes a numeric reference, which neither Markdown nor an
    autolinker nor a template engine takes for syntax (CommonMark 0.31, section 2.5).
    """
    return _MEANINGFUL.sub(lambda match: f"&#{ord(match[0])};", sound(text).replace("\r", "\n"))


def http_url(url: str | None) -> str | None:
    """`url` where it is an absolute http or https address that a reader may follow, else None."""
    if url is None or not _URL.fullmatch(url) or sound(url) != url:
        return None
    try:
        parts = urlsplit(url)
    except ValueError:
        return None
    return url if parts.hostname else None
