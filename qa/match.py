"""How much of a question a stretch of text holds, word by word, across the two languages.

The same terms as the lexical leg uses, so that what was found and what is shown agree; no model is involved.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from functools import partial
from typing import Self

from index.lexical import Term, query_terms, terms
from index.reader import IndexReader
from index.types import Document, Span
from qa.types import Question

Rarity = Callable[[str], float]  # an index term's inverse document frequency in the language of the text

NAME_SIMILARITY = 0.7  # Dice coefficient of letter pairs: Zelensky is Selenskyj, Putin is not Rubin
MIN_NAME_CHARS = 5
COMPOUND_CREDIT = 0.7
MIN_COMPOUND_CHARS = 5


class Matcher:
    """Matches the terms of one question with texts of one language; remembers every word that it has met."""

    def __init__(self, query: Sequence[Term], rarity: Rarity) -> None:
        self._query = query
        self._weights = [weigh(term, rarity) for term in query]
        self._by_stem: dict[str, tuple[float, ...]] = {}

    @classmethod
    def of(cls, question: Question, index: IndexReader, lang: str) -> Self:
        """For documents in `lang`, with the rarity that words have in the index."""
        return cls(query_terms(question.text, question.lang, lang), partial(index.rarity, lang))

    def matches(self, stems: Iterable[str]) -> tuple[float, ...]:
        """How well the text of these stems matches each term of the question, in [0, 1]."""
        rows = [self._row(stem) for stem in stems]
        return tuple(map(max, zip(*rows, strict=True))) if rows else (0.0,) * len(self._query)

    def coverage(self, matches: Sequence[float]) -> float:
        """The share of the question that is matched, in [0, 1], its terms weighed by rarity."""
        total = sum(self._weights)
        return sum(w * m for w, m in zip(self._weights, matches, strict=True)) / total if total else 0.0

    def name_coverage(self, matches: Sequence[float]) -> float:
        """The share of the question's names and numbers that is matched, in [0, 1]; 1 for a question without any."""
        names = [match for term, match in zip(self._query, matches, strict=True) if term.is_name]
        return sum(names) / len(names) if names else 1.0

    def _row(self, stem: str) -> tuple[float, ...]:
        if stem not in self._by_stem:
            self._by_stem[stem] = tuple(match(term, stem) for term in self._query)
        return self._by_stem[stem]


def matched(matcher: Matcher, document: Document, sentences: Sequence[Span]) -> tuple[list[float], float]:
    """The coverage of each of the sentences, and the name coverage of them and the title together."""
    matches = [matcher.matches(terms(document.text[start:end], document.lang)) for start, end in sentences]
    in_title = matcher.matches(terms(document.title, document.lang))
    names = matcher.name_coverage(tuple(map(max, zip(in_title, *matches, strict=True))))
    return [matcher.coverage(match) for match in matches], names


def match(term: Term, stem: str) -> float:
    """How well one index term of a text matches `term`, in [0, 1].

    1 for the word itself, its weight for a translation, `COMPOUND_CREDIT` of that for a part of a German compound
    ("Minister" in "Verteidigungsminister"), and the Dice coefficient for another spelling of a name.
    """
    readings = max(_reading(text, weight, stem) for text, weight in term.alternatives)
    return max(readings, _spelling(term.alternatives[0][0], stem)) if term.is_name else readings


def weigh(term: Term, rarity: Rarity) -> float:
    """How much a term tells: the rarity of its most common reading, so that a rare mistranslation does not dominate."""
    return min(rarity(text) for text, _ in term.alternatives)


def _reading(text: str, weight: float, stem: str) -> float:
    if text == stem:
        return weight
    is_part = MIN_COMPOUND_CHARS <= len(text) < len(stem) and (stem.startswith(text) or stem.endswith(text))
    return COMPOUND_CREDIT * weight if is_part else 0.0


def _spelling(name: str, stem: str) -> float:
    if len(name) < MIN_NAME_CHARS or abs(len(stem) - len(name)) > 2 or name.isdigit():  # noqa: PLR2004 - letters
        return 0.0
    similarity = dice(name, stem)
    return similarity if similarity >= NAME_SIMILARITY else 0.0


def dice(one: str, other: str) -> float:
    """Dice coefficient of the two words' sets of letter pairs (Dice 1945), in [0, 1]."""
    pairs, others = ({word[i : i + 2] for i in range(len(word) - 1)} for word in (one, other))
    return 2 * len(pairs & others) / (len(pairs) + len(others)) if pairs and others else 0.0
