"""Whether a text has the words of a quotation, however that was typed or pasted, and at exactly which characters.

Words are the same where nothing differs but white space, characters without a width, composed and decomposed letters,
and which sign stands for a quotation mark or apostrophe, or for a dash. At its ends a quotation may also differ in
the case of its first letter, in the quotation marks around it and in the punctuation there. Every other difference
counts: of case, of a number, of a sign between words. Nor are a part of a word, of a compound with a hyphen or of a
number the same words: "5 percent" does not stand in "2.5 percent".
"""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Self

from index.types import Document, Span

_WIDTHLESS = "\u00ad\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufe0e\ufe0f\ufeff"
_INVISIBLE = re.compile(f"[{_WIDTHLESS}]")
# A lone blank before a visible character is as it should be, and by far the most common: it is left alone.
_GAP = re.compile(rf"(?! (?![\s{_WIDTHLESS}—―]))[\s{_WIDTHLESS}—―]+")
_LONG_DASH = re.compile("[—―]")
_SIGNS = str.maketrans(dict.fromkeys('"„“”‟«»‹›‚‘’‛`´ʼ＂', "'") | dict.fromkeys("‐‑‒–−﹣－", "-"))
_OMISSION = re.compile(r"[\[(]\s*(?:…|\.{3})\s*[\])]|…|\.{3,}")
_WORD_OR_SIGN = re.compile(r"(\s?)(\w+(?:[-'.,:]\w+)*|[^\w\s])")
_LOOSE = frozenset("'.,;:!?()")
_LEADING = re.compile(r"(?:[\s'.,;:!?]|-\s)+")
_TRAILING = re.compile(r"(?:[\s'.,;:!?]|\s-)+$")


@dataclass(frozen=True, slots=True)
class Canonical:
    """A text as it is compared, and where each of its characters stands in the original.

    From ``_compared[i]`` on, up to the next one, characters follow each other as they do from ``_original[i]`` on.
    """

    text: str
    _compared: tuple[int, ...]
    _original: tuple[int, ...]

    @classmethod
    def of(cls, text: str) -> Self:
        """`text`, which is composed (NFC), as it is compared."""
        parts, compared, original = list[str](), [0], [0]
        for gap in _GAP.finditer(text):
            parts += [text[original[-1] : gap.start()], _as_compared(gap.group())]
            compared.append(compared[-1] + len(parts[-2]) + len(parts[-1]))
            original.append(gap.end())
        parts.append(text[original[-1] :])
        return cls("".join(parts).translate(_SIGNS), tuple(compared), tuple(original))

    def span(self, start: int, end: int) -> Span:
        """Where characters `start` to `end`, of which the first and the last are in no gap, stand in the original."""
        return Span(self._at(start), self._at(end - 1) + 1)

    def _at(self, offset: int) -> int:
        run = bisect_right(self._compared, offset) - 1
        return self._original[run] + offset - self._compared[run]


def canonical(text: str) -> str:
    """A text that may be decomposed as it is compared."""
    return unicodedata.normalize("NFC", Canonical.of(text).text)


def plain(text: str) -> str:
    """`text` composed, without what has no width, its white space single blanks: as it is shown, signs as they are."""
    return " ".join(unicodedata.normalize("NFC", _INVISIBLE.sub("", text)).split())


def pieces(quote: str) -> tuple[str, ...]:
    """The words of a quotation as they are compared, divided where it says that something is left out.

    None of them is without a letter or a digit; a quotation without any has no pieces.
    """
    parts = _OMISSION.split(canonical(quote))
    return tuple(_trimmed(part) for part in parts if any(map(str.isalnum, part)))


def places(document: Document, quoted: Sequence[str]) -> list[tuple[Span, ...]]:
    """Where `document` has all these pieces one after the other, as a span for each; nothing of it in boilerplate.

    Of several places that end in the same way the shortest.
    """
    compared = Canonical.of(document.text)
    first, *others = (list(_spans(document, compared, piece)) for piece in quoted)
    chains = [chain for span in first if (chain := _chain(span, others))]
    return list({chain[1:] or chain: chain for chain in chains}.values())


def _chain(first: Span, others: Sequence[Sequence[Span]]) -> tuple[Span, ...]:
    """`first` and after it the next place of each further piece; empty where one has none."""
    chain = [first]
    for spans in others:
        following = bisect_left(spans, Span(chain[-1].end, 0))
        if following == len(spans):
            return ()
        chain.append(spans[following])
    return tuple(chain)


def _spans(document: Document, compared: Canonical, piece: str) -> Iterator[Span]:
    for match in _pattern(piece).finditer(compared.text):
        span = compared.span(match.start(), match.end())
        if not any(mark.start < span.end and span.start < mark.end for mark in document.boilerplate):
            yield span


@lru_cache(maxsize=64)
def _pattern(piece: str) -> re.Pattern[str]:
    first, last = piece[0], piece[-1]
    before = r"(?<!\w)(?<!\w['-])" if first.isalnum() else ""
    before += r"(?<!\d[.,:'])(?<!-)" if first.isdecimal() else ""
    after = r"(?!\w)(?!['-]\w)" if last.isalnum() else ""
    after += r"(?![.,:']\d)" if last.isdecimal() else ""
    initial = "|".join(map(re.escape, sorted({first, first.lower(), first.upper()})))
    said = "".join(_spaced(piece)).removeprefix(re.escape(first))
    return re.compile(f"{before}(?:{initial}){said}{after}")


def _spaced(piece: str) -> Iterator[str]:
    """The words and signs of a piece as a pattern: beside a sign a blank may be, but not in the midst of a number."""
    earlier = previous = ""
    for match in _WORD_OR_SIGN.finditer(piece):
        gap, word = match.groups()
        is_number = word[0].isdecimal() and earlier[-1:].isdecimal()
        beside_sign = previous and (word in _LOOSE or previous in _LOOSE)
        yield f"{' ?' if beside_sign and not is_number else gap}{re.escape(word)}"
        earlier, previous = previous, word


def _as_compared(gap: str) -> str:
    if _LONG_DASH.search(gap):
        return " - "
    return " " if any(map(str.isspace, gap)) else ""


def _trimmed(piece: str) -> str:
    """Without what may differ at the ends."""
    leading = _LEADING.match(piece)
    return _TRAILING.sub("", piece[leading.end() if leading else 0 :])
