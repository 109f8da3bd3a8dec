"""Sentences that only make sense with the one before: "Er sagte dies am Freitag.", "“We will see,” she said.".

Told by how they begin and end, in German and English; a sentence that names who or what it is about at its beginning
does not lean.
"""

from __future__ import annotations

import re
from itertools import pairwise

from index.chunk import body_sentences
from index.types import Document, Span, adjacent

_OPENING_MARKS = r"^[\s\"'„“”‚‘»«›‹(\[–-]*"
_CLOSING_MARK = r"[\"'“”‘’»«›‹]"
_BEGINS = {
    "de": r"(?:er|sie|es|ihm|ihn|ihr|ihre[nmrs]?|sein|seine[nmrs]?|dies(?:e[nmrs]?)?|jene[nmrs]?|solche[nmrs]?|"
    r"dort|damit|dabei|dafür|dagegen|dazu|dadurch|darin|daran|darauf|darüber|davon|deshalb|deswegen|daher|zudem|"
    r"außerdem|dennoch|trotzdem|allerdings|beide[nr]?|letztere[nr]?|"
    r"das (?:ist|war|sei|wäre|hat|hatte|habe|gilt|heißt|bedeutet|sagte|zeigt|könne?|werde?|wird|würde))",
    "en": r"(?:he|she|it|they|his|her|its|their|him|them|this|that|these|those|such|both|the (?:former|latter)|"
    r"however|therefore|instead|moreover)",
}
_ENDS = {"de": r",? \w+ (?:er|sie|es)(?: weiter)?", "en": r" (?:he|she|they|it) \w+"}
_LEANING = {
    lang: re.compile(rf"{_OPENING_MARKS}{begins}\b|{_CLOSING_MARK}{_ENDS[lang]}[.!]?$", re.IGNORECASE)
    for lang, begins in _BEGINS.items()
}


def leans(sentence: str, lang: str) -> bool:
    """Whether the sentence points at something that was said before it; False in other languages."""
    pattern = _LEANING.get(lang)
    return bool(pattern and pattern.search(sentence))


def lead_in(document: Document, quote: Span) -> str:
    """The text from the sentence before `quote` up to it, where the quote leans on that; else nothing."""
    if not leans(document.text[quote.start : quote.end], document.lang):
        return ""
    for before, sentence in pairwise(body_sentences(document)):
        if sentence.start == quote.start and adjacent(document.text, before, quote):
            return document.text[before.start : quote.start]
    return ""
