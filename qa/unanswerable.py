"""Questions that the index does not answer, made of those that it does.

What a speaker said about a topic of somebody else's, where no document names both; and what a person said, or who that
is, whom no document names. Both are looked up by words, in every form that `qa.names` knows (`qa.holders`).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import cycle, islice

from index.reader import IndexReader
from qa.drafts import Draft, unanswerable, who_is
from qa.examples import quote_question
from qa.holders import holders
from qa.types import Lang, Question

_TRIED = 60  # pairs of a speaker and a topic, for one question
# Invented, and hardly anybody's; that nobody in the index has them is looked up all the same.
_GIVEN = ("Quirin", "Thekla", "Ansgar", "Ottilie", "Corvin", "Ilsabe", "Leander", "Wendela")
_SURNAMES = ("Vossberg", "Zettelmann", "Quandrup", "Hollerquist", "Trautwyn", "Osterbrook", "Larkensen", "Penhallick")


class Unanswerable:
    """Makes questions without an answer of what it has learnt; the same ones of the same."""

    def __init__(self, index: IndexReader, langs: Sequence[Lang]) -> None:
        self._index = index
        self._learnt: dict[Lang, list[Draft]] = {lang: [] for lang in langs}
        self._used = Counter[str]()
        self._turns = cycle([(lang, kind) for kind in (self._of_a_speaker, self._of_nobody) for lang in langs])
        self._names = self._absent_names()
        self._asks_who = cycle((False, True))

    def learn(self, draft: Draft) -> None:
        """Take in who speaks about what."""
        if draft.topic:
            self._learnt[draft.question.lang].append(draft)

    def some(self, count: int) -> Iterator[Draft]:
        """The next `count` questions, kinds and languages taking turns; fewer where no more can be made yet."""
        for lang, kind in islice(self._turns, count):
            yield from islice(kind(lang), 1)

    def _of_a_speaker(self, lang: Lang) -> Iterator[Draft]:
        """What a speaker said about a topic of another document's."""
        learnt = self._learnt[lang]
        topics = sorted(learnt, key=lambda one: self._used[one.topic])
        pairs = ((one, other) for one in learnt for other in topics if one.speaker not in self._used)
        for one, other in islice(pairs, _TRIED):
            text = quote_question(one.speaker, other.topic, lang)
            if one.document.id != other.document.id and holders(self._index, Question(text, lang)) == ():
                self._used.update((one.speaker, other.topic))
                why = f"no document names both {one.speaker} and {other.topic}"
                yield unanswerable(text, lang, "absent-fact", one, why)

    def _of_nobody(self, lang: Lang) -> Iterator[Draft]:
        """What somebody said about a topic, or who that is, whom no document names."""
        for made_of in self._learnt[lang][-1:]:
            for name in self._names:
                text = who_is(name, lang) if next(self._asks_who) else quote_question(name, made_of.topic, lang)
                yield unanswerable(text, lang, "absent-person", made_of, f"no document names {name}")

    def _absent_names(self) -> Iterator[str]:
        for turn, _ in enumerate(_GIVEN):
            for place, surname in enumerate(_SURNAMES):
                name = f"{_GIVEN[(turn + place) % len(_GIVEN)]} {surname}"
                if holders(self._index, Question(who_is(name, "en"), "en")) == ():
                    yield name
