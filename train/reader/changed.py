"""Questions that their windows do not answer, made from ones that they do by exchanging what the answer hangs on.

A name is exchanged for another, a number for another number, or a word for a sibling: one that stands near it in the
encoder's table, has its ending and shares no translation with it, as "smallest" for "largest" and "decrease" for
"increase". Synonyms share a translation, opposites do not. What is exchanged must stand in the text, or the question
was never about it; what comes in its place does not.
"""

from __future__ import annotations

import random
import re
from collections import Counter
from collections.abc import Mapping, Sequence

import numpy as np

from index.lexical import terms
from index.lexicon import Lexicon
from train.encoder.model import Vectors
from train.gloss import Glosser
from train.reader.tasks import Task

NEAREST = 12
ENDING = 2  # letters that two words of one kind end with, as "largest" and "smallest"
DRAWN_NAMES = 40
FAR_YEARS = 40
MIN_COSINE, MAX_COSINE = 0.3, 0.62  # below: unrelated; above: another form of the same word
SAME_STEM = 4  # letters that two forms of a word begin with
_NAME = re.compile(r"(?<!^)(?<![.?!:] )\b[A-Z][\w-]+(?:\s[A-Z][\w-]+)*")
_NUMBER = re.compile(r"\b\d[\d,.]*\d\b|\b\d\b")
_WORD = re.compile(r"\b[a-z]{4,}\b")
_MIN_YEAR, _MAX_YEAR = 1000, 2100


def names(questions: Sequence[str]) -> list[str]:
    """The distinct names in English questions: runs of capitalised words that do not begin one."""
    return sorted({name for question in questions for name in _NAME.findall(question)})


class Siblings:
    """Words near each other in a table of word embeddings.

    Args:
        words: English words, lower-cased.
        rows: the row of each in the table, shape ``(len(words), width)``.
        to_german: tells which words mean the same.
    """

    def __init__(self, words: Sequence[str], rows: Vectors, to_german: Glosser) -> None:
        centred = rows - rows.mean(axis=0)
        unit = centred / np.linalg.norm(centred, axis=1, keepdims=True)
        all_cosines = unit @ unit.T
        near = np.argsort(-all_cosines, axis=1)[:, 1 : NEAREST + 1]
        cosines = np.take_along_axis(all_cosines, near, axis=1)
        self._near: Mapping[str, list[str]] = {
            word: [words[j] for j, cosine in zip(row, of_row, strict=True) if MIN_COSINE <= cosine <= MAX_COSINE]
            for word, row, of_row in zip(words, near, cosines, strict=True)
        }
        self._meanings = {word: _meanings(word, to_german) for word in words}

    def of_name(self, name: str) -> list[str]:
        """Names that stand near `name`, capitalised."""
        return [other.capitalize() for other in self._near.get(name.lower(), ()) if not _one_stem(name.lower(), other)]

    def of_word(self, word: str) -> list[str]:
        """Words near `word`, nearest first, that have its ending and no translation of it: often its opposite."""
        return [
            other
            for other in self._near.get(word, ())
            if other[-ENDING:] == word[-ENDING:]
            and not _one_stem(word, other)
            and not self._meanings[word] & self._meanings[other]
        ]


def _meanings(word: str, to_german: Glosser) -> frozenset[str]:
    """German stems that translate `word`, by the alignment of its forms and by the lexicon."""
    forms = {stem for form, _ in to_german.translations(word) for stem in terms(form, "de")}
    listed = (text for stem in terms(word, "en") for text, _ in Lexicon.of("en").translations(stem))
    return frozenset(forms | set(listed))


def _one_stem(word: str, other: str) -> bool:
    return word[:SAME_STEM] == other[:SAME_STEM]


def common_words(questions: Sequence[str], least: int) -> list[str]:
    """Words of four letters and more, lower-cased, that are in at least `least` questions."""
    counted = Counter(word for question in questions for word in set(_WORD.findall(question.lower())))
    return sorted(word for word, count in counted.items() if count >= least)


def told(task: Task) -> str:
    """All that is read for a question, lower-cased."""
    return " ".join(text for window in task.windows for text in (window.title, *window.sentences)).lower()


class Changer:
    """Exchanges names for `names`, words for their `siblings`, numbers for others."""

    def __init__(self, names: Sequence[str], siblings: Siblings) -> None:
        self._names = names
        self._siblings = siblings
        self._exchanges = {"name": self._name, "number": self._number, "word": self._word}

    def change(self, task: Task, draw: random.Random) -> Task | None:
        """The task with one exchange in its question and no answer left; None where there is nothing to exchange."""
        text = told(task)
        # Words last: of the three they are the most likely to leave the meaning as it was.
        for kind in (*draw.sample(("name", "number"), 2), "word"):
            question = self._exchanges[kind](task.question, text, draw)
            if question:
                windows = tuple(window._replace(gold=frozenset()) for window in task.windows)
                return Task(question, windows, f"changed {kind}")
        return None

    def _name(self, question: str, text: str, draw: random.Random) -> str:
        found = [match for match in _NAME.finditer(question) if match[0].lower() in text]
        if not found:
            return ""
        match = draw.choice(found)
        drawn = draw.sample(self._names, min(len(self._names), DRAWN_NAMES))
        # Near names, or else such of as many words, are more often of the same kind, a person for a person.
        alike = self._siblings.of_name(match[0]) or [n for n in drawn if n.count(" ") == match[0].count(" ")]
        fresh = [name for name in alike if name.lower() not in text]
        return _replaced(question, match, draw.choice(fresh)) if fresh else ""

    def _number(self, question: str, text: str, draw: random.Random) -> str:
        found = [match for match in _NUMBER.finditer(question) if match[0] in text]
        if not found:
            return ""
        match = draw.choice(found)
        digits = re.sub(r"\D", "", match[0])
        value = int(digits)
        step = draw.randint(1, FAR_YEARS if _MIN_YEAR <= value <= _MAX_YEAR else max(2, value))
        other = f"{abs(value + draw.choice([-1, 1]) * step):0{len(digits)}d}"
        return _replaced(question, match, other) if other not in text else ""

    def _word(self, question: str, text: str, draw: random.Random) -> str:
        words = [m for m in _WORD.finditer(question) if m[0][:SAME_STEM] in text and self._siblings.of_word(m[0])]
        if not words:
            return ""
        match = draw.choice(words)
        return _replaced(question, match, self._siblings.of_word(match[0])[0])


def _replaced(question: str, match: re.Match[str], other: str) -> str:
    return question[: match.start()] + other + question[match.end() :]
