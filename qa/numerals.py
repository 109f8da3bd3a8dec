"""Numbers and dates in text, each in one canonical form whatever the language writes: 1,200 and 1.200 are ``1200``.

A numeral that can be read in two ways has both readings. Months are ``month:2``. Sums of money, units and times of day
are not interpreted: their figures are numbers like any other.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping
from functools import cache
from typing import NamedTuple

from qa.spelling import fold, plain_words, stem_line

_GROUP = ".,'’\u00a0\u202f"  # what stands between thousands or before decimals
_NUMERAL = re.compile(rf"\d+(?:[{_GROUP}]\d+)*")
_GROUPED = re.compile(rf"\d{{1,3}}(?:[{_GROUP}]\d{{3}})+")
_DATE = re.compile(r"(?<!\d)(\d{1,4})([-./])(\d{1,2})\2(\d{1,4})(?!\d)")
_NEXT_WORD = re.compile(r"\s?([^\W\d_]+)")
# Glued to a letter it is part of a name (F35, COVID-19), not a number of its own.
_PART_OF_NAME = re.compile(r"[^\W\d_][-\u2010\u2011]?$")

# Babel has no spelled-out numbers. A closed class, as the function words of index.lexical are.
CARDINALS = {
    "en": "zero one two three four five six seven eight nine ten eleven twelve",
    "de": "null eins zwei drei vier fünf sechs sieben acht neun zehn elf zwölf",
}
_ORDINALS = {
    "en": "zeroth first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth",
    "de": "nullte erste zweite dritte vierte fünfte sechste siebte achte neunte zehnte elfte zwölfte",
}


class Numeral(NamedTuple):
    """A number where it stands: characters `start` to `end`, and its readings, any of which counts."""

    start: int
    end: int
    readings: frozenset[str]


def numerals(text: str, lang: str) -> list[Numeral]:
    """The numbers and dates of a question, in order; months only beside a number, as "may" is a verb too."""
    dates = {m.span(part): m for m in _DATE.finditer(text) for part in (1, 3)}
    found = [_numeral(text, match, lang) for match in _NUMERAL.finditer(text) if not _is_part_of_name(text, match)]
    split = [part for numeral in found for part in _parts(text, numeral)]
    dated = [_dated(text, n) if (n.start, n.end) in dates else n for n in split]
    return sorted([*dated, *_spelled(text, lang), *_months(text, found)])


def readings(text: str, lang: str) -> frozenset[str]:
    """Every reading of every number, number word and month in `text`."""
    found: set[str] = set()
    for match in _NUMERAL.finditer(text):
        found |= _readings(match.group())
        found |= _numeral(text, match, lang).readings
        found.update(_plain(part) for part in re.split(r"\D", match.group()))
    for date in _DATE.finditer(text):
        found.update(f"month:{_plain(date.group(part))}" for part in (1, 3))
    found |= {reading for numeral in _spelled(text, lang) for reading in numeral.readings}
    words = [*plain_words(text), *stem_line(text, lang).split()]
    known = {**months_by_name(), **_number_words(lang)}
    return frozenset(found | {known[word] for word in words if word in known})


def _numeral(text: str, match: re.Match[str], lang: str) -> Numeral:
    power, end = _scale(text, match.end(), lang)
    plain = _readings(match.group())
    return Numeral(match.start(), end, frozenset(_shift(value, power) for value in plain) if power else plain)


def _is_part_of_name(text: str, match: re.Match[str]) -> bool:
    return _PART_OF_NAME.search(text, max(0, match.start() - 2), match.start()) is not None


def _parts(text: str, numeral: Numeral) -> Iterator[Numeral]:
    """The figures of "12.02.2025" one by one; any other numeral as it is."""
    if numeral.readings:
        yield numeral
        return
    for match in re.finditer(r"\d+", text[numeral.start : numeral.end]):
        start, end = match.span()
        yield Numeral(numeral.start + start, numeral.start + end, frozenset({_plain(match.group())}))


def _dated(text: str, numeral: Numeral) -> Numeral:
    value = _plain(text[numeral.start : numeral.end])
    return numeral._replace(readings=frozenset({value, f"month:{value}"}))


def _spelled(text: str, lang: str) -> Iterator[Numeral]:
    """Number words before a power of ten: "two million" is 2000000. Alone they are no mention of a number."""
    words = _number_words(lang)
    for match in re.finditer(r"[^\W\d_]+", text):
        value = words.get(fold(match.group()))
        power, end = _scale(text, match.end(), lang) if value else (0, 0)
        if value and power:
            yield Numeral(match.start(), end, frozenset({_shift(value, power)}))


def _months(text: str, numbers: list[Numeral]) -> Iterator[Numeral]:
    edges = {n.start for n in numbers} | {n.end for n in numbers}
    for match in re.finditer(r"[^\W\d_]+", text):
        month = months_by_name().get(fold(match.group()))
        near = range(match.start() - 2, match.start()), range(match.end(), match.end() + 3)
        if month and any(edge in one for edge in edges for one in near):
            yield Numeral(*match.span(), frozenset({month}))


def _readings(numeral: str) -> frozenset[str]:
    """The values a numeral can have: 1.200 is 1200 or 1.2; none for one with several parts that are no thousands."""
    separators = [c for c in numeral if not c.isdecimal()]
    if not separators:
        return frozenset({_plain(numeral)})
    head, tail = numeral.rsplit(separators[-1], 1)
    values = set()
    if len(set(separators)) == 1 and _GROUPED.fullmatch(numeral):
        values.add(_plain(numeral))
    if (
        separators[-1] in ".,"
        and separators[-1] not in separators[:-1]
        and (head.isdecimal() or _GROUPED.fullmatch(head))
    ):
        values.add(_plain(head, tail))
    return frozenset(values)


def _plain(whole: str, fraction: str = "") -> str:
    """ASCII digits without separators, leading zeros and decimals that say nothing."""
    whole, fraction = (_digits(part) for part in (whole, fraction))
    fraction = fraction.rstrip("0")
    return (whole.lstrip("0") or "0") + (f".{fraction}" if fraction else "")


def _digits(text: str) -> str:
    return "".join(str(unicodedata.decimal(c)) for c in text if c.isdecimal())


def _shift(value: str, power: int) -> str:
    whole, _, fraction = value.partition(".")
    moved = fraction.ljust(power, "0")
    return _plain(whole + moved[:power], moved[power:])


def _scale(text: str, end: int, lang: str) -> tuple[int, int]:
    """The power of ten that follows a number, 0 for none, and where it ends."""
    word = _NEXT_WORD.match(text, end)
    power = _scales(lang).get(fold(word.group(1)), 0) if word else 0
    return (power, word.end()) if word and power else (0, end)


@cache
def _scales(lang: str) -> Mapping[str, int]:
    """Power of ten by its name, as CLDR abbreviates large numbers: million, Millionen, Mio."""
    if lang not in CARDINALS:
        return {}
    from babel import Locale

    formats = Locale(lang).compact_decimal_formats
    patterns = [(size, p.pattern) for form in formats.values() for by in form.values() for size, p in by.items()]
    names = {(fold(name), len(size) - 1) for size, pattern in patterns for name in re.findall(r"[^\W\d_]{3,}", pattern)}
    return {name: min(power for other, power in names if other == name) for name, _ in names}


@cache
def months_by_name() -> Mapping[str, str]:
    """``month:1`` to ``month:12`` by folded name or abbreviation, in both languages."""
    from babel import Locale

    months = [Locale(lang).months[context] for lang in CARDINALS for context in ("format", "stand-alone")]
    named = [
        (number, name) for form in months for width in ("wide", "abbreviated") for number, name in form[width].items()
    ]
    return {fold(name).rstrip("."): f"month:{number}" for number, name in named}


@cache
def _number_words(lang: str) -> Mapping[str, str]:
    """Values of zero to twelve and their ordinals by word and by stem, so that "dritten" is 3."""
    if lang not in CARDINALS:
        return {}
    words = [(str(n), word) for listed in (CARDINALS, _ORDINALS) for n, word in enumerate(listed[lang].split())]
    return {form: value for value, word in words for form in (fold(word), stem_line(word, lang))}
