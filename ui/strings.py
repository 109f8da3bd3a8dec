"""Every word of the page, in English and in German.

What Beleg's errors and notices say is not here: they come from below and are shown as they are.
"""

from __future__ import annotations

from qa.types import Lang
from ui.english import EN
from ui.german import DE
from ui.speech import Words

__all__ = ["DE", "EN", "Words", "dateline", "language_name", "preferred_lang", "words"]

_PRECISE_TO_MONTH, _PRECISE_TO_DAY = len("2025-02"), len("2025-02-12")
_BY_LANG: dict[Lang, Words] = {"en": EN, "de": DE}


def words(lang: Lang) -> Words:
    """The interface in `lang`."""
    return _BY_LANG[lang]


def preferred_lang(accept_language: str | None) -> Lang:
    """What a browser's ``Accept-Language`` header asks for first; English where that is neither German nor stated."""
    first = (accept_language or "").split(",", 1)[0].strip().lower()
    return "de" if first.split("-", 1)[0].split(";", 1)[0] == "de" else "en"


def dateline(published: str | None, lang: Lang) -> str:
    """An ISO 8601 prefix (`index.types.Published.value`) as people write it, no more precise than it is."""
    speech = words(lang)
    if published is None:
        return speech.undated
    if len(published) < _PRECISE_TO_MONTH:
        return published
    year, month = published[:4], speech.months[int(published[5:7]) - 1]
    if len(published) < _PRECISE_TO_DAY:
        return f"{month} {year}"
    return speech.day_form.format(day=int(published[8:10]), month=month, year=year)


def language_name(code: str, lang: Lang) -> str | None:
    """The name of the language `code` in `lang`; None for one the page has no name for."""
    return dict(words(lang).language_names).get(code)
