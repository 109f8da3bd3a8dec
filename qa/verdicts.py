"""What is said of a quotation that was checked, in either language; it never touches or paraphrases a quotation."""

from __future__ import annotations

from typing import NamedTuple

from qa.quotecheck import Check
from qa.types import Lang


class _Words(NamedTuple):
    verified: str
    attributed: str  # with {speaker}
    misattributed: str  # with {speaker}
    altered: str
    not_found: str
    more: tuple[str, str]  # one place, and with {count}
    read: tuple[str, str]  # one document, and with {read} and {documents}


_WORDS: dict[Lang, _Words] = {
    "en": _Words(
        verified="Verified: the words stand in the sources.",
        attributed="Verified: the words stand in the sources, and {speaker} is named beside them.",
        misattributed="The words are there, but {speaker} is not named beside them.",
        altered="Altered: the sources do not have these words, but a sentence that differs in a few.",
        not_found="Not found: these words were not found in the sources.",
        more=("One more place is not shown.", "{count} more places are not shown."),
        read=(
            "One document was looked through.",
            "{read} of {documents} documents were looked through, the nearest by words and by meaning.",
        ),
    ),
    "de": _Words(
        verified="Bestätigt: Die Worte stehen in den Quellen.",
        attributed="Bestätigt: Die Worte stehen in den Quellen, und {speaker} ist dabei genannt.",
        misattributed="Die Worte stehen da, aber {speaker} ist nicht dabei genannt.",
        altered="Verändert: Diese Worte haben die Quellen nicht, aber einen Satz, der in wenigen abweicht.",
        not_found="Nicht gefunden: Diese Worte wurden in den Quellen nicht gefunden.",
        more=("Eine weitere Stelle ist nicht gezeigt.", "{count} weitere Stellen sind nicht gezeigt."),
        read=(
            "Ein Dokument wurde durchgesehen.",
            "{read} von {documents} Dokumenten wurden durchgesehen, die nächsten nach Worten und nach Bedeutung.",
        ),
    ),
}


def verdict(checked: Check, lang: Lang) -> str:
    """What became of the quotation."""
    words = _WORDS[lang]
    said = {
        "verified": words.attributed if checked.speaker else words.verified,
        "misattributed": words.misattributed,
        "altered": words.altered,
        "not found": words.not_found,
    }
    return said[checked.status].format(speaker=checked.speaker)


def more_text(checked: Check, lang: Lang) -> str:
    """How many places there are beside those that are listed; "" where there are no more."""
    one, many = _WORDS[lang].more
    return (one if checked.more == 1 else many).format(count=checked.more) if checked.more else ""


def read_text(checked: Check, lang: Lang) -> str:
    """In how many documents the words were looked for."""
    one, many = _WORDS[lang].read
    return (one if checked.documents == 1 else many).format(read=checked.read, documents=checked.documents)
