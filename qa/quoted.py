"""What a question quotes, and whom it names as the one who said so: "Did Hegseth say “…”?"."""

from __future__ import annotations

import re

from index.language import detect_question
from index.types import Span
from qa.names import Mention, mentions
from qa.spelling import fold, plain_words, stem_line
from qa.types import Question

MIN_WORDS = 3  # fewer are a title, or words that somebody keeps at a distance
MAX_QUOTATIONS = 5  # each is a search of its own

# As keyboards have them, „ and “ may also be closed by a straight mark; single ones must not be apostrophes.
_QUOTED = re.compile(
    r'"([^"\n]+)"'
    r'|[„“”]([^„“”"]+)[“”"]'
    r"|«([^«»]+)»"
    r"|»([^«»]+)«"
    r"|(?<!\w)[‚‘'](?=\w)((?:[^‚‘’'\n]|(?<=\w)['’](?=\w))+)[‘’'](?!\w)"
    r"|‹([^‹›]+)›"
    r"|›([^‹›]+)‹"
)
_CLOSED_BY = {'"': '"', "„": '“”"', "“": '”"', "«": "»", "»": "«", "‹": "›", "›": "‹", "‚": "‘’", "‘": "’"}
_WORD = re.compile(r"\w+")


def quotations_in(question: str) -> tuple[str, ...]:
    """The first `MAX_QUOTATIONS` quotations of at least `MIN_WORDS` words that a question has, without their marks."""
    found = (match[match.lastindex or 0].strip() for match in _QUOTED.finditer(question))
    return tuple(text for text in found if len(_WORD.findall(text)) >= MIN_WORDS)[:MAX_QUOTATIONS]


def between_marks(text: str) -> list[Span]:
    """Where `text` is within quotation marks, these included: „A „B“ C“ is one place, what is never closed is none."""
    open_marks: list[tuple[str, int]] = []
    found = []
    for at, sign in enumerate(text):
        if open_marks and sign in _CLOSED_BY[open_marks[-1][0]]:
            _, start = open_marks.pop()
            if not open_marks:
                found.append(Span(start, at + 1))
        elif sign in _CLOSED_BY:
            open_marks.append((sign, at))
    return found


def asked_speaker(question: str) -> str:
    """Who is asked about: the first name in a question outside of what it quotes that is no place; "" where none is."""
    around = _QUOTED.sub(" ", question)
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
