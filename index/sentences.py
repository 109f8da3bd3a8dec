"""Sentence spans inside a stretch of text, found by sentencex and then made to keep this module's promises.

Spans never cross a line break: in news text a line is a paragraph, a heading or a list item. A file whose lines are
wrapped by hand is therefore cut at its wraps.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import accumulate, pairwise

from index.quotations import quotations
from index.types import Span

MAX_SENTENCE_CHARS = 2000
# Up to here a quotation of several sentences is one span, as sentencex has it; beyond, it is several.
MAX_QUOTED_CHARS = 300
# A longer line is given to sentencex piece by piece: its time grows with the square of the number of lone marks.
_WINDOW_CHARS = 8000
_TAIL_CHARS = 60

_LINE = re.compile(r"[^\n]+")
# sentencex 1.0.32 panics at white space outside ASCII beside a sentence end, and cannot take surrogates.
_UNSAFE = re.compile(r"[\s\ud800-\udfff]")

_OPENING_MARK_LAST = re.compile(r"(?:^|\s)([„“”«»\"‚‘'(\[]+)\s*$")
_ORDINAL_LAST = re.compile(
    r"\b(?:der|die|das|des|dem|den|im|am|vom|zum|zur|beim|ab|bis|seit|und|oder|ein\w*|ihr\w*|sein\w*|unser\w*|jede\w*)"
    r"\s\d{1,3}\.\s*$",
    re.IGNORECASE,
)
_COUNT_LAST = re.compile(r"(?<![\d.,:])\d{1,3}\.\s*$")
_COUNTED_FIRST = re.compile(
    r"(?:Jan(?:uar)?|Feb(?:ruar)?|März|Apr(?:il)?|Mai|Juni?|Juli?|Aug(?:ust)?|Sept?(?:ember)?|Okt(?:ober)?"
    r"|Nov(?:ember)?|Dez(?:ember)?|Jahrhunderts?|Jahrestag|Geburtstag|Bundestag|Wahlperiode|Tag|Minute|Runde|Liga"
    r"|Strafsenat|Zivilsenat|Bataillons?|FC|FSV)\b"
)
_NEVER_LAST = re.compile(r"(?:\b(?:Dr|Prof|Mr|Mrs|Ms|St)|-[A-ZÄÖÜ])\.\s*$")
_QUOTED_LAST = re.compile(r"[“”«»\"‘’][)\]]?\s*$")
_GOES_ON_FIRST = re.compile(r"[a-zäöüß]")
_JOINED_FIRST = re.compile(r"[,;:]")
_CLOSING_ONLY = re.compile(r"[“”«»\"‘’'.!?…)\]\s]+$")


def sentences(text: str, span: Span, lang: str) -> list[Span]:
    """Sentences of ``text[span.start:span.end]`` in order, trimmed, together covering all that is not white space.

    `lang` is the ISO 639-1 code that chooses the abbreviations; ``und`` is read as English. None of the spans crosses a
    line break or has more than `MAX_SENTENCE_CHARS` characters: a longer one is cut at white space, or hard. Time is
    linear in the length of `span`.
    """
    found: list[Span] = []
    for line in _LINE.finditer(text, span.start, span.end):
        for sentence in _of_line(text, Span(line.start(), line.end()), lang):
            found.extend(_trimmed(text, part) for part in _bounded(text, sentence))
    return [sentence for sentence in found if sentence.start < sentence.end]


def _of_line(text: str, line: Span, lang: str) -> Iterator[Span]:
    position = line.start
    while position < line.end:
        end = min(position + _WINDOW_CHARS, line.end)
        spans = _of_piece(text[position:end], position, lang)
        if end < line.end and len(spans) > 1:
            # The window may have cut the last sentence: look at it again from its beginning.
            spans.pop()
        yield from spans
        position = spans[-1].end


def _of_piece(piece: str, offset: int, lang: str) -> list[Span]:
    """Spans that partition `piece`, which stands at `offset` of the text."""
    starts = _without_false_starts(piece, _starts(piece, lang))
    spans = [Span(start, end) for start, end in pairwise([*starts, len(piece)])]
    return [Span(offset + part.start, offset + part.end) for span in spans for part in _opened(piece, span, lang)]


def _starts(piece: str, lang: str) -> list[int]:
    import sentencex

    plain = _UNSAFE.sub(" ", piece)
    segments: list[str] = sentencex.segment("en" if lang == "und" else lang, plain)
    if "".join(segments) != plain:
        # Offsets are sums of lengths: segments that are not the text give none.
        return [0]
    return [0, *list(accumulate(len(segment) for segment in segments))[:-1]]


def _without_false_starts(piece: str, starts: list[int]) -> list[int]:
    kept = [0]
    for start, end in pairwise([*starts[1:], len(piece)]):
        before = piece[max(kept[-1], start - _TAIL_CHARS) : start]
        if _is_false(before, piece[start : min(end, start + _TAIL_CHARS)]):
            continue
        mark = _OPENING_MARK_LAST.search(before)
        moved = start - len(before) + mark.start(1) if mark else start
        if moved > kept[-1]:
            kept.append(moved)
    return kept


def _is_false(before: str, after: str) -> bool:
    """Whether a sentence does not, after all, end between `before` and `after`."""
    return bool(
        _NEVER_LAST.search(before)
        or _ORDINAL_LAST.search(before)
        or (_COUNT_LAST.search(before) and _COUNTED_FIRST.match(after))
        or (_QUOTED_LAST.search(before) and _GOES_ON_FIRST.match(after))
        or _JOINED_FIRST.match(after)
        or _CLOSING_ONLY.match(after)
    )


def _opened(piece: str, span: Span, lang: str) -> Iterator[Span]:
    """`span`, cut inside its quotations where these are too long to be one sentence."""
    if span.end - span.start <= MAX_QUOTED_CHARS:
        yield span
        return
    cuts = [span.start]
    for start, end in quotations(piece, span):
        inner = piece[start + 1 : end - 1]
        cuts += [start + 1 + cut for cut in _without_false_starts(inner, _starts(inner, lang))[1:]]
    yield from (Span(a, b) for a, b in pairwise([*cuts, span.end]))


def _bounded(text: str, span: Span) -> Iterator[Span]:
    start = span.start
    while span.end - start > MAX_SENTENCE_CHARS:
        cut = _last_space(text, start, start + MAX_SENTENCE_CHARS)
        yield Span(start, cut)
        start = cut
    yield Span(start, span.end)


def _last_space(text: str, start: int, end: int) -> int:
    return next((at for at in range(end, start, -1) if text[at - 1].isspace()), end)


def _trimmed(text: str, span: Span) -> Span:
    part = text[span.start : span.end]
    start = span.start + len(part) - len(part.lstrip())
    return Span(start, max(start, span.start + len(part.rstrip())))
