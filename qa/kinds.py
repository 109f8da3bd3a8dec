"""What kind of thing a question asks for, and whether a sentence offers one: a number or time, or a person.

Word lists in German and English; it does not parse.
"""

from __future__ import annotations

import re
from typing import Literal

from index.lexical import terms, words
from index.lexicon import Lexicon
from qa.types import Question

Kind = Literal["number", "person", "other"]

_ASKS_NUMBER = re.compile(
    r"\b(when|how (many|much|long|old|far|often|large|big|high|tall)|(which|what) (year|month|day|date|percentage|age)"
    r"|wann|wie ?viele?|wie (lange|oft|alt|hoch|weit|groß|lang|häufig)|welche[mrsn]? (jahr|monat|tag|datum|alter))\b",
    re.IGNORECASE,
)
_ASKS_PERSON = re.compile(r"\b(who|whom|whose|wer|wem|wen|wessen)\b", re.IGNORECASE)
_NUMBER_WORDS = """
two three four five six seven eight nine ten eleven twelve twenty thirty hundred thousand million billion half third
quarter fifth percent monday tuesday wednesday thursday friday saturday sunday january february march april june july
august september october november december today yesterday tomorrow century decade
zwei drei vier fünf sechs sieben acht neun zehn elf zwölf zwanzig dreißig hundert tausend million millionen milliarde
milliarden hälfte drittel viertel fünftel prozent montag dienstag mittwoch donnerstag freitag samstag sonnabend sonntag
januar februar märz april mai juni juli august september oktober november dezember heute gestern morgen jahrhundert
jahrzehnt
"""
_NUMBERS = frozenset(_NUMBER_WORDS.split())


def asked_kind(question: str) -> Kind:
    """The kind of thing that `question` asks for, by its question word."""
    if _ASKS_NUMBER.search(question):
        return "number"
    return "person" if _ASKS_PERSON.search(question) else "other"


def fit(question: Question, sentence: str, lang: str) -> float:
    """1 if the sentence offers the kind of thing asked for, -1 if it does not, 0 if the kind cannot be checked."""
    kind = asked_kind(question.text)
    if kind == "other":
        return 0.0
    offered = (
        _offers_number(question.text, sentence) if kind == "number" else _offers_name(question.text, sentence, lang)
    )
    return 1.0 if offered else -1.0


def _offers_number(question: str, sentence: str) -> bool:
    known = {word.lower() for word in words(question)}
    return any((any(map(str.isdigit, w)) or w.lower() in _NUMBERS) and w.lower() not in known for w in words(sentence))


def _offers_name(question: str, sentence: str, lang: str) -> bool:
    """Whether a capitalised word stands there that neither the question nor the lexicon of the language knows."""
    known = {word.lower() for word in words(question)}
    lexicon = Lexicon.of(lang)
    capitalised = (word for word in words(sentence) if word[0].isupper() and word.lower() not in known)
    return any(stem not in lexicon for word in capitalised for stem in terms(word, lang)[:1])
