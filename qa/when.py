"""The span of days that a question names: "last week", "im Februar 2025", "seit Montag".

A grammar in two tables for each language: points of time, which are days, weeks, months and years, and the phrases that
hold them. Names of months and weekdays come from Unicode CLDR; the closed class of words around them is ours. A weekday
alone is not understood, since in a question over old news it is part of what happened.
"""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from typing import NamedTuple

from index.types import Span
from qa.marks import between_marks
from qa.numerals import CARDINALS
from qa.spelling import fold
from qa.types import Lang

_Days = tuple[date, date]  # the first and the last
_Part = re.Pattern[str] | tuple[str, ...]

_LOCALES: dict[Lang, tuple[str, ...]] = {"de": ("de", "de_AT"), "en": ("en", "en_GB")}  # Jänner, Sept
_ONE: dict[Lang, tuple[str, ...]] = {"de": ("ein", "einem", "einer"), "en": ("a",)}
_AGO = {
    **dict.fromkeys(("heute", "dies", "today", "this"), 0),
    **dict.fromkeys(("gestern", "letzt", "vergangen", "vorig", "yesterday", "last"), 1),
    **dict.fromkeys(("vorgestern", "day before yesterday"), 2),
}
_DAY, _WEEK, _MONTH, _YEAR = range(4)
_UNITS = {"day": 0, "tag": 0, "week": 1, "woche": 1, "month": 2, "monat": 2, "year": 3, "jahr": 3}
_LEAP_MONTHS = 97  # there is a 29 February in any so many months

# Parts of patterns. A space is white space of any length, MONTH and WEEKDAY are names, NAME is a month's in full.
_START = re.compile(r"(?<![\w–-])(?<![0-9][.,:/])(?=\w)")
_END = r"(?![\w–-]|[.,:/][0-9]|['’]s)"
_D, _M = "(?P<d>[0-9]{1,2})", "(?P<m>[0-9]{1,2})"
_COUNTED = (
    r"%|€|[$]|percent|prozent|euro|dollar|people|mensch|leute|personen|deaths|tote|soldat|soldier|troops|mile|met(?:er|re)"
    r"|kilo|km\b|m\b|jahr|year|mon[ao]t|month|woche|week|tage?n?\b|day|stunde|hour|minute"
)
_Y = rf"(?P<y>[12][0-9]{{3}})(?!\s*(?:{_COUNTED}))"
_NO_YEAR = "(?!,? [0-9]{4})"
# Only at the beginning of a sentence does "last week" have a capital; elsewhere that is a name: USA Today.
_LOWER = r"(?:\A|(?<=[.?!:;]\s)|(?-i:(?![A-ZÄÖÜ])))"
_CAPITAL = "(?-i:(?=[A-Z]))"  # "may" and "march" are verbs
_ART = "(?:WEEKDAY,? )?(?:(?:de[mnr]|the) )?"
_TH = "(?:st|nd|rd|th)?"
_DIE = f"{_LOWER}(?:(?:de[mnrs]|die|das) )?"
_LETZT = "letzt|vergangen|vorig"
_EINHEIT = "(?P<unit>tag|woche|monat|jahr)(?:en|e|n)?"
_UNIT = "(?P<unit>day|week|month|year)s?"

_EITHER = (
    ("date", f"(?P<y>[12][0-9]{{3}})-{_M}-{_D}"),
    ("date", rf"{_ART}{_D}\.\s?{_M}\.\s?{_Y}"),
    ("date", rf"{_ART}{_D}(?:{_TH} (?:of )?|\.?\s?)(?P<m>MONTH)\.?,? {_Y}"),
    ("number", rf"{_ART}{_D}(?:\.|{_TH})"),
    ("month", rf"(?P<m>MONTH)\.?,? (?:of )?{_Y}"),
    ("year", f"(?:(?:(?:de[mn]|the) )?(?:year|jahre?) )?{_Y}"),
    ("weekday", "(?P<weekday>WEEKDAY)"),
)
# Kinds of points and how they are written.
_POINTS: dict[Lang, tuple[tuple[str, str], ...]] = {
    "de": (
        *_EITHER,
        ("day", rf"{_ART}{_D}\.\s?(?P<m>MONTH|[0-9]{{1,2}}(?=\.))\.?{_NO_YEAR}"),
        ("name", f"(?:de[mn] )?(?P<m>NAME){_NO_YEAR}"),
        ("ago", f"{_LOWER}(?P<n>heute|gestern|vorgestern)"),
        ("ago", rf"{_DIE}(?P<n>dies|{_LETZT})e[mnrs]? (?P<unit>woche|monat|jahr)(?:e?s)?(?! des\b)"),
        ("ago", f"{_LOWER}vor (?P<n>COUNT) {_EINHEIT}"),
        ("last", f"{_DIE}(?:{_LETZT})e[mnr]? (?P<weekday>WEEKDAY)"),
        ("past", rf"{_DIE}(?:{_LETZT})en? (?P<n>COUNT) {_EINHEIT}(?! des\b)"),
    ),
    "en": (
        *_EITHER,
        ("date", rf"{_ART}(?P<m>MONTH)\.? {_D}{_TH},? {_Y}"),
        ("day", f"{_ART}{_D}{_TH} (?:of )?{_CAPITAL}(?P<m>MONTH){_NO_YEAR}"),
        ("day", rf"{_ART}{_CAPITAL}(?P<m>MONTH)\.? {_D}{_TH}{_NO_YEAR}"),
        ("name", f"{_CAPITAL}(?P<m>NAME){_NO_YEAR}"),
        ("ago", f"{_LOWER}(?:the )?(?P<n>today|yesterday|day before yesterday)"),
        ("ago", rf"{_LOWER}(?P<n>this|last) (?P<unit>week|month|year)(?! of\b)"),
        ("ago", f"{_LOWER}(?P<n>COUNT) {_UNIT} ago"),
        ("last", f"{_LOWER}last (?P<weekday>WEEKDAY)"),
        ("past", rf"{_LOWER}(?:the )?(?:last|past) (?P<n>COUNT) {_UNIT}(?! of\b)"),
        ("past", rf"{_LOWER}(?:the|this) (?:last|past) (?P<unit>week|month|year)(?! of\b)"),
    ),
}
# What the first and last day of a phrase's point, or of all from one point to another, say in it.
_MEANINGS: dict[str, Callable[[date, date], tuple[date | None, date | None]]] = {
    "in": lambda first, last: (first, last),
    "since": lambda first, _: (first, None),
    "until": lambda _, last: (None, last),
    "before": lambda first, _: (None, first - timedelta(1)),
    "after": lambda _, last: (last + timedelta(1), None),
}
_S = "(?:['’]s)?"
_WRITTEN = "date|month|day|year|name"
_ANY = f"{_WRITTEN}|ago|past|last"
_BIS, _TO = "bis(?: zu[mr])?", "(?:to|until|till|through)"
_ANFANG = "(?:(?:anfang|mitte|ende) )?"
_EARLY = "(?:(?:early|late|the (?:beginning|start|middle|end) of) |mid(?:-| ))?"
# Of phrases that begin at the same word the first one counts: "from May to July 2025" before "from May 2025".
_PHRASES: dict[Lang, tuple[tuple[str, str], ...]] = {
    "de": (
        ("in", f"zwischen <{_ANY}> und <{_ANY}>"),
        ("in", f"vo[nm] <{_ANY}|weekday> {_BIS} <{_ANY}>"),
        ("in", f"<{_WRITTEN}> {_BIS} <{_WRITTEN}>"),
        ("in", f"(?:(?:zwischen|vo[nm]|am) )?<number> (?:und|{_BIS}) <date|day>"),
        ("in", "[ia]m <name|day> (?:und|oder)(?: [ia]m)? <month|date>"),
        ("since", f"(?:seit|ab) {_ANFANG}<{_ANY}>"),
        ("since", "seit <weekday>"),
        ("until", f"{_BIS} {_ANFANG}<{_ANY}>"),
        ("before", "vor <date|month|day|year|ago|last>"),
        ("after", "nach <date|month|day|year|ago|last>"),
        ("in", "(?:(?:[ia]m|in|vo[nm]|aus|über|während|innerhalb|anfang|mitte|ende) )?<date|month|ago|last|past>"),
        ("in", "am <day>"),
        ("in", "(?:im|in|anfang|mitte|ende) <year>"),
        ("in", "(?:im|anfang|mitte|ende) <name>"),
    ),
    "en": (
        ("in", f"between <{_ANY}> and <{_ANY}>"),
        ("in", f"from <{_ANY}|weekday> {_TO} <{_ANY}>"),
        ("in", f"<{_WRITTEN}> {_TO} <{_WRITTEN}>"),
        ("in", f"(?:(?:between|from|on) )?<number> (?:and|{_TO}) <date|day>"),
        ("in", "(?:in|of|on) <name|day> (?:and|or)(?: in| on)? <month|date>"),
        ("since", f"since {_EARLY}<{_ANY}|weekday>{_S}"),
        ("since", f"from <{_ANY}> onwards?"),
        ("until", f"(?:until|till|up to) {_EARLY}<{_ANY}>{_S}"),
        ("before", "(?:before|prior to) <date|month|day|year|ago|last>"),
        ("after", "after <date|month|day|year|ago|last>"),
        ("in", f"(?:(?:in|on|of|from|over|during|within|throughout|for) )?{_EARLY}<date|month|ago|last|past>{_S}"),
        ("in", "on <day>"),
        ("in", f"(?:in|during|throughout) {_EARLY}<year>"),
        ("in", f"(?:in|of|during|throughout) {_EARLY}<name>"),
    ),
}


@dataclass(frozen=True, slots=True)
class Period:
    """Days that a question asks about, both ends included; None is open. `words` is where the question says it.

    `relative` says that it counts from today ("last week"), not from the calendar ("in February 2025").
    """

    first: date | None
    last: date | None
    words: Span
    relative: bool


def period(text: str, lang: Lang, today: date) -> Period | None:
    """The first period that `text` names and that there is; None where it names none. It raises nothing.

    What stands in quotation marks is a title or what somebody said, and names none.
    """
    quoted = between_marks(text)
    outside = (
        phrase
        for phrase in _Grammar.of(lang).phrases(text)
        if not any(start <= phrase.words.start < end for start, end in quoted)
    )
    found = (_period(phrase, today) for phrase in outside)
    return next(filter(None, found), None)


def without(text: str, words: Span) -> str:
    """`text` without `words` and the white space and commas around them; single spaces are what is left."""
    before, after = text[: words.start].rstrip(" ,"), text[words.end :].lstrip(" ,")
    gap = "" if after[:1] in "?!.;:)" else " "
    return " ".join(f"{before}{gap}{after}".split())


class _Point(NamedTuple):
    kind: str
    named: Mapping[str, int]  # its numbers by field


class _Phrase(NamedTuple):
    words: Span
    meaning: str
    points: tuple[_Point, ...]  # one or two


class _Grammar(NamedTuple):
    """Both tables of a language, compiled; a row of phrases is patterns and, between them, kinds of points."""

    rows: tuple[tuple[str, tuple[_Part, ...]], ...]
    points: Mapping[str, list[re.Pattern[str]]]
    values: Mapping[str, int]

    @classmethod
    @cache
    def of(cls, lang: Lang) -> _Grammar:
        names = _names(lang)
        points: dict[str, list[re.Pattern[str]]] = {}
        for kind, pattern in _POINTS[lang]:
            points.setdefault(kind, []).append(_compiled(pattern, names))
        values = {fold(word): value for by_word in (_UNITS, _AGO, *names.values()) for word, value in by_word.items()}
        return cls(tuple((meaning, _parts(phrase)) for meaning, phrase in _PHRASES[lang]), points, values)

    def phrases(self, text: str) -> Iterator[_Phrase]:
        """The phrases of `text` in order, none within another."""
        upto = 0
        for start in (match.start() for match in _START.finditer(text)):
            found = ((meaning, way) for meaning, parts in self.rows for way in self._follow(text, start, parts))
            if start >= upto and (phrase := next(found, None)):
                meaning, (upto, points) = phrase
                yield _Phrase(Span(start, upto), meaning, points)

    def _follow(self, text: str, at: int, parts: Sequence[_Part]) -> Iterator[tuple[int, tuple[_Point, ...]]]:
        """Where `parts` end if they are at `at`, and the points in them, in every way to read them."""
        if not parts:
            yield at, ()
            return
        for end, points in self._read(text, at, parts[0]):
            yield from ((last, points + more) for last, more in self._follow(text, end, parts[1:]))

    def _read(self, text: str, at: int, part: _Part) -> Iterator[tuple[int, tuple[_Point, ...]]]:
        if isinstance(part, re.Pattern):
            if match := part.match(text, at):
                yield match.end(), ()
            return
        for kind in part:
            for match in filter(None, (pattern.match(text, at) for pattern in self.points[kind])):
                named = {field: self._value(word) for field, word in match.groupdict().items()}
                yield match.end(), (_Point(kind, named),)

    def _value(self, word: str) -> int:
        return int(word) if word.isdecimal() else self.values[" ".join(fold(word).split())]


def _period(phrase: _Phrase, today: date) -> Period | None:
    """What a phrase says; None if there are no such days, as with 31 February."""
    start, end = phrase.points[0], phrase.points[-1]
    try:
        later = _days(end, today, today)
        # The year of January in "from January to March 2025" is told by March.
        earlier = _days(start, today, later[1]) if start is not end else later
        first, last = _MEANINGS[phrase.meaning](min(earlier[0], later[0]), max(earlier[1], later[1]))
    except (ValueError, OverflowError):
        return None
    return Period(first, last, phrase.words, "y" not in end.named or start.kind in _COUNTED_DAYS)


def _days(point: _Point, today: date, upto: date) -> _Days:
    counted = _COUNTED_DAYS.get(point.kind)
    return counted(point.named, today) if counted else _calendar(point.named, upto)


def _calendar(named: Mapping[str, int], upto: date) -> _Days:
    """A day, month or year; without a year it is the latest that begins no later than `upto`."""
    unit = _DAY if "d" in named else _MONTH if "m" in named else _YEAR
    if "y" in named:
        return _whole(date(named["y"], named.get("m", 1), named.get("d", 1)), unit)
    for back in range(_LEAP_MONTHS):
        month = _back(upto.replace(day=1), _MONTH, back)
        day = named.get("d", 1)
        if named.get("m", month.month) == month.month and 1 <= day <= monthrange(month.year, month.month)[1]:
            days = _whole(month.replace(day=day), unit)
            if days[0] <= upto:
                return days
    raise ValueError(f"no such day: {named}")


def _ago(named: Mapping[str, int], today: date) -> _Days:
    unit = named.get("unit", _DAY)
    return _whole(_back(today, unit, named["n"]), unit)


def _past(named: Mapping[str, int], today: date) -> _Days:
    """So many units that end today."""
    return _back(today, named["unit"], named.get("n", 1)) + timedelta(1), today


def _weekday(named: Mapping[str, int], today: date) -> _Days:
    """The latest such day before today."""
    day = today - timedelta((today.weekday() - named["weekday"] - 1) % 7 + 1)
    return day, day


_COUNTED_DAYS = {"ago": _ago, "past": _past, "last": _weekday, "weekday": _weekday}


def _whole(day: date, unit: int) -> _Days:
    """The day, week, month or year that `day` is in."""
    if unit == _WEEK:
        monday = day - timedelta(day.weekday())
        return monday, monday + timedelta(6)
    if unit == _MONTH:
        return day.replace(day=1), day.replace(day=monthrange(day.year, day.month)[1])
    return (date(day.year, 1, 1), date(day.year, 12, 31)) if unit == _YEAR else (day, day)


def _back(day: date, unit: int, count: int) -> date:
    """The day so many units earlier, or the month's last if it is too short."""
    if unit in (_DAY, _WEEK):
        return day - timedelta(count * (1 if unit == _DAY else 7))
    year, month = divmod(day.year * 12 + day.month - 1 - count * (1 if unit == _MONTH else 12), 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def _names(lang: Lang) -> dict[str, dict[str, int]]:
    """What MONTH, NAME, WEEKDAY and COUNT stand for in patterns, with their values."""
    from babel import Locale

    locales = [Locale.parse(code) for code in _LOCALES[lang]]
    forms = [locale.months[context] for locale in locales for context in ("format", "stand-alone")]
    months = {name: number for form in forms for number, name in form["wide"].items()}
    short = {name.rstrip("."): number for form in forms for number, name in form["abbreviated"].items()}
    weekdays = {name: number for number, name in locales[0].days["format"]["wide"].items()}
    counts = {word: number for number, word in enumerate(CARDINALS[lang].split()) if number}
    counts |= dict.fromkeys(_ONE[lang], 1)
    return {"MONTH": months | short, "NAME": months, "WEEKDAY": weekdays, "COUNT": counts}


def _compiled(pattern: str, names: Mapping[str, Mapping[str, int]]) -> re.Pattern[str]:
    for placeholder, by_name in names.items():
        longest_first = "|".join(sorted(map(re.escape, by_name), key=len, reverse=True))
        digits = "[0-9]{1,4}|" if placeholder == "COUNT" else ""
        pattern = pattern.replace(placeholder, f"(?:{digits}{longest_first})")
    return re.compile(pattern.replace(" ", r"\s+"), re.IGNORECASE)


def _parts(phrase: str) -> tuple[_Part, ...]:
    parts = enumerate(re.split("<([a-z|]+)>", phrase + _END))
    return tuple(tuple(part.split("|")) if index % 2 else _compiled(part, {}) for index, part in parts)
