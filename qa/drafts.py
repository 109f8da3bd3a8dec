"""A question that is proposed for a question set, with what it was made of."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import NamedTuple

from index.types import Document, Span
from qa.questions import GoldQuestion, GoldSpan
from qa.types import Lang

_ID_CHARS = 12


@dataclass(frozen=True, slots=True)
class Draft:
    """A proposed `question`, and the `sentence` of a `document` that it was made of.

    `why` says why a question is held to have no answer; it is empty where the sentence is the answer. `speaker` and
    `topic` are, in the question's words, who said something about what, where that is asked.
    """

    question: GoldQuestion
    document: Document
    sentence: Span
    why: str = ""
    speaker: str = ""
    topic: str = ""


class Asking(NamedTuple):
    """The wording of a question, and a `key` that tells it from others of its `kind` and sentence."""

    text: str
    lang: Lang
    kind: str
    key: str


class Place(NamedTuple):
    """A sentence of a document."""

    document: Document
    sentence: Span

    @property
    def gold(self) -> GoldSpan:
        """The whole sentence as gold."""
        start, end = self.sentence
        return GoldSpan(self.document.id, start, end, self.document.text[start:end])


def answerable(asking: Asking, places: Sequence[Place]) -> Draft:
    """A question that each of `places` answers, made of the first of them.

    Its id is that of the same question in the other language but for the language at its end, whichever outlet's
    version of a report it was made of.
    """
    made_of = places[0]
    gold = tuple(dict.fromkeys(place.gold for place in places))
    tags = (*_TAGS.get(asking.kind, (asking.kind,)), _pair(asking.lang, made_of.document.lang))
    name = _id(asking.lang, asking.kind, asking.key, gold[0].quote)
    return Draft(GoldQuestion(name, asking.text, asking.lang, answerable=True, gold=gold, tags=tags), *made_of)


def unanswerable(text: str, lang: Lang, kind: str, made_of: Draft, why: str) -> Draft:
    """A question that nothing answers, for the reason `why`; it stands beside what it was `made_of`."""
    question = GoldQuestion(_id(lang, kind, text), text, lang, answerable=False, gold=(), tags=(kind,))
    return Draft(question, made_of.document, made_of.sentence, why)


def who_is(name: str, lang: Lang) -> str:
    """The question who a person is."""
    return f"Wer ist {name}?" if lang == "de" else f"Who is {name}?"


_TAGS = {"quotation": ("what", "quotation"), "person": ("who", "person")}


def _pair(asked: str, written: str) -> str:
    """The languages of a question and of its gold: ``en-de``."""
    return f"{asked}-{written}"


def _id(lang: Lang, *told_apart_by: str) -> str:
    named = "\n".join(told_apart_by).encode("utf-8", "surrogatepass")
    return f"made-{sha256(named).hexdigest()[:_ID_CHARS]}-{lang}"
