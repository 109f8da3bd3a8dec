"""Where a text says what a person is: "Außenminister Jens Weber", "Jane Doe, the mayor of Leeds".

A first name with a surname beside a word that `qa.speaker` knows for a role; whom a text names otherwise is left out.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from typing import NamedTuple

from index.chunk import body_sentences
from index.types import Document, Span
from qa.naming import Name, find_names
from qa.speaker import is_organisation, is_role
from qa.types import Lang

_APPOSITION = {  # after the name
    "de": re.compile(r", (?:der|die|ein|eine) (?:[\w-]+ ){0,3}?(?P<role>[A-ZÄÖÜ][\w-]+)"),
    "en": re.compile(r", (?:the |an? |its )?(?:[\w-]+ ){0,3}?(?P<role>[\w-]+)(?: (?:of|at|for|from)\b|,)"),
}
LOOKED_AT = 60  # sentences
_FULL_NAME = 2  # words
_INITIAL_CHARS = 2
_TITLE = re.compile(r"(?:dr|prof|mrs?|ms|sir|lord|frau|herrn?|jr|sr)\.?", re.IGNORECASE)
_RELATION = re.compile(  # says who somebody is only with whose
    r"(?:father|mother|brother|sister|son|daughter|wife|husband|sohn|tochter|bruder|schwester|vater|mutter|witwer?|"
    r"\w*(?:freund|kolleg|anhänger)(?:e|in)?|voter|representative|vertreter(?:in)?)",
    re.IGNORECASE,
)


class Introduction(NamedTuple):
    """A person's first name and surname, and the sentence that says what the person is."""

    name: str
    sentence: Span


def introductions(document: Document) -> Iterator[Introduction]:
    """The persons whom the beginning of a German or English document introduces, in its order; one may come again."""
    if document.lang not in _APPOSITION:
        return
    lang: Lang = "de" if document.lang == "de" else "en"
    for sentence in body_sentences(document)[:LOOKED_AT]:
        words = document.text[sentence.start : sentence.end]
        for found in find_names(words, lang):
            if name := _introduced(words, found, lang):
                yield Introduction(name, sentence)


def _introduced(words: str, found: Name, lang: Lang) -> str:
    """The full name of a person who is introduced here; "" for any other name."""
    if found.forms or found.is_acronym:
        return ""
    run = words[found.start : found.end].split()
    roles = [place for place, word in enumerate(run) if _tells(word)]
    rest = run[roles[-1] + 1 if roles else 0 :]
    name = [word for word in rest if not (_TITLE.fullmatch(word) or word in _days(lang))]
    if not _is_full(name):
        return ""
    before = words[: found.start].split()
    apposition = _APPOSITION[lang].match(words, found.end)
    after = apposition is not None and _tells(apposition["role"])
    return " ".join(name) if roles or after or (before and _tells(before[-1])) else ""


@cache
def _days(lang: Lang) -> frozenset[str]:
    """Names of weekdays, which English writes with a capital before a name: "On Friday Jane Doe resigned"."""
    from babel import Locale

    return frozenset(Locale(lang).days["format"]["wide"].values())


def _tells(word: str) -> bool:
    """Whether a word says what somebody is."""
    return is_role(word) and not (_TITLE.fullmatch(word) or _RELATION.fullmatch(word))


def _is_full(name: list[str]) -> bool:
    """Whether words are a first name and a surname: with capitals, nobody's genitive, and no institution's."""
    if len(name) < _FULL_NAME or any(map(is_organisation, name)) or name[-1].endswith(("’s", "'s")):
        return False
    # A long word in capitals is an acronym; one with a full stop ends a sentence.
    odd = any(len(word) > _INITIAL_CHARS and (word.isupper() or word.endswith(".")) for word in name)
    return name[0][0].isupper() and name[-1][0].isupper() and not odd
