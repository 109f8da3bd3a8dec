"""Example questions, made of what the indexed documents say: "What did Hegseth say about Ukraine?".

A question is shown only after it was asked and answered by the sentence that it was made of. The work is bounded,
whatever the size of the index, and done once for each generation and language.
"""

from __future__ import annotations

import heapq
import re
import threading
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import islice
from typing import NamedTuple

from index.chunk import body_sentences
from index.quotations import quotations
from index.reader import IndexReader
from index.types import Document, Span
from qa.cldr import territory
from qa.frames import LOCATIVE, SAYING
from qa.naming import Name, find_names
from qa.speaker import speaker
from qa.types import Answer, Lang

SHOWN = 4
ASKED = 12
LOOKED_AT = 200  # documents, the newest
_SENTENCES = 60  # from the beginning of each
_PROPOSED = 3  # by each document
_MIN_SPEECH_WORDS = 4  # between quotation marks; fewer are a title or a single phrase
_FORMS: dict[Lang, str] = {
    "de": "Was sagte {speaker} zum Thema {topic}?",
    "en": "What did {speaker} say about {topic}?",
}
_NO_TOPIC_AFTER = {  # it says where something was said, or to whom
    lang: re.compile(rf"\b(?i:{words}|told|to|gegenüber|bei)(?: (?:the|de[rmn]))? $")
    for lang, words in LOCATIVE.items()
}
_ACRONYM = re.compile("[A-ZÄÖÜ]{3,6}")
_SPOKEN = re.compile("(?=.{4})(?:[^AEIOUÄÖÜ]{0,2}[AEIOUÄÖÜ]){2,}[^AEIOUÄÖÜ]{0,2}")  # as a word: NATO, not USA
_GERMAN_ARTICLE = re.compile(r"\b(?:d(?:ie|er|en|as|em|es)|zu[rm]|vom|im) $", re.IGNORECASE)
_REPORTS = re.compile(  # after the speaker's name, and before what is said without marks
    rf"[^,]*?(?:{SAYING['de'].pattern}|{SAYING['en'].pattern})|.*?(?:, dass|{SAYING['en'].pattern} that)\b"
)

Ask = Callable[[str, Lang], Answer]


class Proposal(NamedTuple):
    """A question about what a sentence says, not yet asked."""

    speaker: str
    topic: str
    doc_id: str
    sentence: Span

    def question(self, lang: Lang) -> str:
        """The question."""
        return quote_question(self.speaker, self.topic, lang)

    @property
    def features(self) -> tuple[str, str, str]:
        """What another proposal should not have again: surname, topic, document."""
        return (self.speaker.rpartition(" ")[2], self.topic, self.doc_id)

    def answered_by(self, answer: Answer) -> bool:
        """Whether `answer` quotes the sentence."""
        return any(
            citation.doc_id == self.doc_id and Span(citation.start, citation.end).overlaps(self.sentence)
            for citation in answer.citations
        )


def quote_question(speaker: str, topic: str, lang: Lang) -> str:
    """What `speaker` said about `topic`, as it is called in `lang`."""
    return _FORMS[lang].format(speaker=speaker, topic=topic)


class Examples:
    """Remembers what was found for the generation that serves; safe to use from several threads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._generation = ""
        self._found: dict[Lang, tuple[str, ...]] = {}

    def of(self, index: IndexReader, lang: Lang, ask: Ask) -> tuple[str, ...]:
        """At most `SHOWN` questions in `lang` that `ask` answers from `index`."""
        with self._lock:
            if self._generation != index.generation:
                self._generation, self._found = index.generation, {}
            if lang not in self._found:
                self._found[lang] = tuple(islice(_answered(proposals(index, lang), lang, ask), SHOWN))
            return self._found[lang]


def proposals(index: IndexReader, lang: Lang) -> Iterator[Proposal]:
    """Questions to try, the best first: of new documents, and of different speakers, topics and documents."""
    newest = heapq.nlargest(LOOKED_AT, index.documents(), key=lambda one: (one.published or "", one.id))
    found = [one for listing in newest for one in islice(of_document(index.document(listing.id), lang), _PROPOSED)]
    return _varied(found)


def of_document(document: Document, lang: Lang) -> Iterator[Proposal]:
    """Questions in `lang` about what the beginning of a document has somebody say, in its order."""
    quoted = quotations(document.text, Span(0, len(document.text)))
    titles = [one for one in quoted if len(document.text[one.start : one.end].split()) < _MIN_SPEECH_WORDS]
    speech = [one for one in quoted if one not in titles]
    for sentence in body_sentences(document)[:_SENTENCES]:
        if name := speaker(document, sentence):
            said = [part for one in _said(document.text, sentence, name, speech) for part in _outside(one, titles)]
            topics = dict.fromkeys(_topics(document.text, sentence, said, document.lang, lang))
            surname = name.rpartition(" ")[2]
            yield from (
                Proposal(name, topic, document.id, sentence)
                for topic in topics
                if topic not in name and surname not in topic
            )


def _said(text: str, sentence: Span, name: str, quoted: Sequence[Span]) -> tuple[Span, ...]:
    """Where a sentence has what its speaker says, not who that is: in marks; without any, behind or before the name."""
    words = text[sentence.start : sentence.end].rstrip()
    in_marks = tuple(one for one in quoted if one.overlaps(sentence))
    if in_marks or words.endswith(":"):
        return in_marks
    at = words.rfind(name)
    if reports := _REPORTS.match(words, at + len(name)):
        return (Span(sentence.start + reports.end(), sentence.end),)
    is_last = "," not in words[at:]
    return (Span(sentence.start, sentence.start + max(0, words.rfind(",", 0, at))),) if is_last else ()


def _outside(span: Span, others: Iterable[Span]) -> Iterator[Span]:
    """The parts of `span` that are in none of `others`, which are in order."""
    start = span.start
    for other in others:
        if other.overlaps(span):
            yield Span(start, other.start)
            start = other.end
    yield Span(start, span.end)


def _topics(text: str, sentence: Span, said: Sequence[Span], written: str, lang: Lang) -> Iterator[str]:
    """What the `said` parts of a sentence written in one language are about, as it is called in `lang`."""
    words = text[sentence.start : sentence.end]
    for found in find_names(words, written):
        placed = Span(sentence.start + found.start, sentence.start + found.end)
        locates = _NO_TOPIC_AFTER["de" if written == "de" else "en"].search(words[: found.start])
        if not locates and any(one.start <= placed.start and placed.end <= one.end for one in said):
            yield from _called(words, found, written, lang)


def _called(words: str, found: Name, written: str, lang: Lang) -> Iterator[str]:
    """A territory in the words of `lang`; an acronym, and a first name with a surname, as they stand."""
    called = words[found.start : found.end]
    article = _article(words[: found.start], called, written) if lang == "en" else ""
    if place := territory(called, written, lang) if called[0].isupper() else "":
        yield f"the {place}" if lang == "en" and place.startswith("United ") else place
    elif _ACRONYM.fullmatch(called):
        if not words.startswith("-", found.end):  # ARM-based
            yield f"{article}{called}"
    elif found.given and not called.endswith("s"):
        yield f"{article}{called}"


def _article(before: str, called: str, written: str) -> str:
    """The article that English has before a name: as it stands, or before German initials with one that are spelled."""
    if written == "en":
        return "the " if before.lower().endswith("the ") else ""
    return "the " if _GERMAN_ARTICLE.search(before) and called.isupper() and not _SPOKEN.fullmatch(called) else ""


def _varied(found: Iterable[Proposal]) -> Iterator[Proposal]:
    """Each question once; always the first of those that repeat speakers, topics and documents the least."""
    left = list({(one.speaker, one.topic): one for one in reversed(list(found))}.values())[::-1]
    used = Counter[str]()
    while left:
        best = min(left, key=lambda one: sum(used[feature] for feature in one.features))
        left.remove(best)
        used.update(best.features)
        yield best


def _answered(tried: Iterable[Proposal], lang: Lang, ask: Ask) -> Iterator[str]:
    for proposal in islice(tried, ASKED):
        question = proposal.question(lang)
        if proposal.answered_by(ask(question, lang)):
            yield question
