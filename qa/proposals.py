"""Questions for a question set of one's own, made of what the index says and without a language model.

Three kinds have an answer: what somebody said about something, what a single statement tells (`qa.asking`), and who
somebody is. Every fourth has none (`qa.unanswerable`). They are proposals: whether one reads well, and whether nothing
else answers it, is for a person to say.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from functools import cached_property
from math import inf

from index.chunk import body_sentences
from index.headings import is_subheading
from index.reader import IndexReader
from index.types import Document, Span
from qa.asking import Asked, questions_of
from qa.drafts import Asking, Draft, Place, answerable, who_is
from qa.examples import Proposal, of_document, quote_question
from qa.holders import near_holders
from qa.introductions import LOOKED_AT, Introduction, introductions
from qa.spread import spread
from qa.types import Lang, Question
from qa.unanswerable import Unanswerable

ANSWERABLE_FOR_EACH_OTHER = 3
_AHEAD = 2  # groups that one kind may be ahead of the others while these can still be found
_PATIENCE = 30  # documents that are looked through for these
_WRITTEN: dict[str, Lang] = {"de": "de", "en": "en"}  # languages of documents that questions are made of

Group = tuple[Draft, ...]
"""The same question in each language that is asked in."""


def drafts(index: IndexReader, langs: Sequence[Lang], seed: int) -> Iterator[Draft]:
    """Questions in `langs`, the same ones in the same order for an index and a `seed`, until none can be made.

    Beginnings are spread over languages, outlets, time and kinds; each document gives one question before any gives
    its second.
    """
    without = Unanswerable(index, langs)
    owed = 0
    for group in _answerable(index, langs, seed):
        for draft in group:
            without.learn(draft)
            yield draft
        owed += len(group)
        for draft in without.some(owed // ANSWERABLE_FOR_EACH_OTHER):
            owed -= ANSWERABLE_FOR_EACH_OTHER
            yield draft


def _answerable(index: IndexReader, langs: Sequence[Lang], seed: int) -> Iterator[Group]:
    """Round by round; kinds that can be made of every document wait for the rarer ones, but nobody waits for long."""
    made, used, balanced = set[str](), Counter[str](), True
    while True:
        before, waited = len(made), 0
        for listing in spread(index.documents(), seed):
            source = _Source(index, index.document(listing.id), langs)
            waited += 1
            for kind, group in _next_of(source, made, used, _AHEAD if balanced and waited < _PATIENCE else inf):
                made.update(draft.question.question for draft in group)
                used[kind] += 1
                waited = 0
                yield group
        if len(made) == before:
            if not balanced:
                return
            balanced = False  # nothing rarer is left to wait for


def _next_of(source: _Source, made: set[str], used: Counter[str], ahead: float) -> Iterator[tuple[str, Group]]:
    """The next group of a document, of the kind that has been used least; at most one."""
    if source.document.lang not in _WRITTEN:
        return
    rarest = min(used[kind] for kind in source.kinds)
    for kind in sorted(source.kinds, key=lambda kind: used[kind]):
        if used[kind] > rarest + ahead:
            return
        for group in source.kinds[kind]():
            if not any(draft.question.question in made for draft in group):
                yield kind, group
                return


class _Source:
    """What can be asked of one document, kind by kind, in its order."""

    def __init__(self, index: IndexReader, document: Document, langs: Sequence[Lang]) -> None:
        self.document = document
        self.kinds: dict[str, Callable[[], Iterator[Group]]] = {
            "quotation": self._quotations,
            "statement": self._statements,
            "person": self._persons,
        }
        self._index = index
        self._langs = langs

    def _quotations(self) -> Iterator[Group]:
        """What somebody says about something; each sentence that has the same is gold."""
        found = {lang: list(of_document(self.document, lang)) for lang in self._langs}
        lengths = {len(proposals) for proposals in found.values()}
        langs = self._langs if len(lengths) == 1 else self._langs[:1]
        for place in range(len(found[langs[0]])):
            drafts = [self._quotation(found[lang], place, lang) for lang in langs]
            if all(drafts):
                yield tuple(filter(None, drafts))

    def _quotation(self, proposals: Sequence[Proposal], place: int, lang: Lang) -> Draft | None:
        chosen = proposals[place]
        same = [one for one in proposals if one.features == chosen.features]
        speaker = self._full_name(chosen.speaker)
        text = quote_question(speaker, chosen.topic, lang)
        sentences = [chosen.sentence, *(one.sentence for one in same)]
        draft = self._draft(Asking(text, lang, "quotation", f"{place}"), sentences)
        return draft and replace(draft, speaker=speaker, topic=chosen.topic)

    def _full_name(self, speaker: str) -> str:
        """With the first name, where the document has it with one."""
        named = (one.name for one in self._introduced)
        return next((name for name in named if name.split()[-1] == speaker), speaker)

    def _statements(self) -> Iterator[Group]:
        lang = _WRITTEN[self.document.lang]
        if lang not in self._langs:
            return
        for sentence in self._sentences:
            words = self.document.text[sentence.start : sentence.end]
            for asked in questions_of(words, lang):
                asking = Asking(asked.text, lang, asked.kind, asked.text)
                if self._is_askable(asked, words) and (draft := self._draft(asking, [sentence])):
                    yield (draft,)

    def _is_askable(self, asked: Asked, words: str) -> bool:
        """Whether "who" asks for somebody of whom the document says that it is a person."""
        subject = words[: len(words) - len(asked.text) + len("Who ")]
        return asked.kind != "who" or any(one.name in subject for one in self._introduced)

    def _persons(self) -> Iterator[Group]:
        found: dict[str, list[Span]] = {}
        for name, sentence in self._introduced:
            found.setdefault(name, []).append(sentence)
        for name, sentences in found.items():
            asked = (Asking(who_is(name, lang), lang, "person", name) for lang in self._langs)
            drafts = [self._draft(asking, sentences) for asking in asked]
            if all(drafts):
                yield tuple(filter(None, drafts))

    def _draft(self, asking: Asking, sentences: Sequence[Span]) -> Draft | None:
        """The question, if no passage of another report names what it does. The same report elsewhere is gold too."""
        same = self._index.same_report(self.document.id)
        named = near_holders(self._index, Question(asking.text, asking.lang))
        if named is None or not named <= {self.document.id, *(one.id for one in same)}:
            return None
        own = [Place(self.document, sentence) for sentence in sentences]
        quotes = {place.gold.quote for place in own}
        elsewhere = (Place(other, sentence) for other in same for sentence in body_sentences(other))
        return answerable(asking, [*own, *(place for place in elsewhere if place.gold.quote in quotes)])

    @cached_property
    def _introduced(self) -> tuple[Introduction, ...]:
        found = introductions(self.document)
        return tuple(one for one in found if not is_subheading(self.document.text, one.sentence))

    @cached_property
    def _sentences(self) -> list[Span]:
        found = body_sentences(self.document)[:LOOKED_AT]
        return [one for one in found if not is_subheading(self.document.text, one)]
