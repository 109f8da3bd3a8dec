"""What a question quotes, and whom it names as the one who said so: "Did Hegseth say “…”?"."""

from __future__ import annotations

import re

from index.language import detect_question
from qa.marks import between_marks
from qa.names import Mention, mentions
from qa.spelling import fold, plain_words, stem_line
from qa.types import Question

MIN_WORDS = 3  # fewer are a title, or words that somebody keeps at a distance
MAX_QUOTATIONS = 5  # each is a search of its own
_WORD = re.compile(r"\w+")


def quotations_in(question: str) -> tuple[str, ...]:
    """The first `MAX_QUOTATIONS` quotations of at least `MIN_WORDS` words that a question has, without their marks."""
    found = (question[start + 1 : end - 1].strip() for start, end in between_marks(question))
    return tuple(text for text in found if len(_WORD.findall(text)) >= MIN_WORDS)[:MAX_QUOTATIONS]


def asked_speaker(question: str) -> str:
    """Who is asked about: the first name in a question outside of what it quotes that is no place; "" where none is."""
    around = question
    for start, end in reversed(between_marks(question)):
        around = f"{around[:start]} {around[end:]}"
    persons = _persons(Question(around, detect_question(around)))
    return persons[0].surface if persons else ""


def speaker_forms(speaker: str) -> tuple[Mention, ...]:
    """The names that a text beside a quotation must have, each in some form, to have named `speaker`.

    What no capital or lexicon tells to be a name (Biden, Bauer) is one all the same, since it is given as one: its last
    word is.
    """
    for lang in ("de", "en"):
        if persons := _persons(Question(speaker, "de" if lang == "de" else "en")):
            return persons
    last = plain_words(speaker)[-1]
    forms = frozenset({last, stem_line(last, "de"), stem_line(last, "en")} - {""})
    return (Mention(speaker, "name", forms, (fold(last),)),)


def _persons(question: Question) -> tuple[Mention, ...]:
    return tuple(mention for mention in mentions(question) if mention.kind == "name" and not mention.is_place)
