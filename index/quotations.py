"""Where quotation marks open and close: so that neither a sentence nor a chunk tears a quotation apart.

It pairs marks, it does not say who speaks. A lone or a crossed mark pairs with nothing.
"""

from __future__ import annotations

import re

from index.types import Span

MAX_QUOTATION_CHARS = 8000

# Left to right, the first mark of a pair decides its style: »…« and «…» are both in use, and “ opens or closes.
_PAIRS = re.compile(
    rf"„[^„“”]{{1,{MAX_QUOTATION_CHARS}}}[“”]"
    rf"|“[^„“”]{{1,{MAX_QUOTATION_CHARS}}}”"
    rf"|«[^«»]{{1,{MAX_QUOTATION_CHARS}}}»"
    rf"|»[^«»]{{1,{MAX_QUOTATION_CHARS}}}«"
    # Straight marks do not say which way they face: only a line of its own is safe to pair them in.
    rf'|"[^"\n]{{1,{MAX_QUOTATION_CHARS}}}"'
)


def quotations(text: str, span: Span) -> list[Span]:
    """Quotations inside `span`, marks included, in order, at most `MAX_QUOTATION_CHARS` characters within the marks."""
    return [Span(match.start(), match.end()) for match in _PAIRS.finditer(text, span.start, span.end)]
