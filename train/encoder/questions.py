"""Questions with the passages that answer them and passages that only seem to, for retrieval training.

Four kinds. The question data, each question with the window of its passage that holds the answer, and questions with
a single sentence; their German is English switched word for word. Passages of parallel text, asked for by words of one
of their sentences. And who said what, made from speeches: speaker and two telling words of a sentence, in the wordings
that people use, with the window of the speech that has the sentence; their English is a gloss.
"""

from __future__ import annotations

import random
import re
from collections import Counter
from collections.abc import Iterable, Sequence
from typing import NamedTuple

import numpy as np

from train.encoder.data import Asked, Pair, Speech
from train.encoder.model import Vectors
from train.gloss import Glosser

WINDOW_CHARS = 420  # about an indexed chunk
MIN_SENTENCE_CHARS = 60
MAX_PASSAGE_CHARS = 520  # of parallel passages: longer ones cost more steps than they teach
DROPPED = 0.4  # share of the words of a sentence that a query from it leaves out
_SENTENCE = re.compile(r"(?<=[.!?])\s+(?=[A-ZÄÖÜ0-9\"„])")
_NOUN = re.compile(r"(?<![.!?„\"] )(?<!^)\b[A-ZÄÖÜ][a-zäöüß]{4,}\b")
_TITLE = re.compile(r"^(Dr\.|Prof\.|h\. ?c\.|\s)+|,.*$|\(.*?\)")
_ASKED = {
    "de": ("Was sagte {who} zu {what}?", "Was hat {who} über {what} gesagt?", "Wie äußerte sich {who} zu {what}?"),
    "en": ("What did {who} say about {what}?", "What does {who} say on {what}?", "{who} on {what}: what was said?"),
}


class Example(NamedTuple):
    """A question and its passage, each in both languages."""

    question: dict[str, str]
    passage: dict[str, str]
    kind: str


def from_data(asked: Sequence[Asked], to_german: Glosser, draw: random.Random) -> list[Example]:
    """The question data, with German by switching."""
    return [_both(one.question, window(one), "question", to_german, draw) for one in asked]


def from_statements(pairs: Sequence[tuple[str, str]], to_german: Glosser, draw: random.Random) -> list[Example]:
    """Questions with a sentence each."""
    return [_both(question, sentence, "statement", to_german, draw) for question, sentence in pairs]


def from_speeches(speeches: Sequence[Speech], to_english: Glosser, draw: random.Random) -> list[Example]:
    """One question of each speech: who said what about two telling words."""
    common = Counter(noun for speech in speeches for p in speech.paragraphs for noun in set(_NOUN.findall(p)))
    examples = []
    for speech in speeches:
        sentences = [s for p in speech.paragraphs for s in _SENTENCE.split(p)]
        long = [i for i, sentence in enumerate(sentences) if len(sentence) >= MIN_SENTENCE_CHARS]
        telling = [(i, sorted(set(_NOUN.findall(sentences[i])), key=lambda n: (common[n], n))[:2]) for i in long]
        usable = [(i, nouns) for i, nouns in telling if len(nouns) > 1]
        who = _TITLE.sub("", speech.speaker).strip()
        if not usable or not who:
            continue
        i, nouns = draw.choice(usable)
        passage = f"{who}: {' '.join(_around(sentences, i))}"
        german, english = " und ".join(nouns), " and ".join(to_english.gloss(noun) for noun in nouns)
        question = {
            "de": draw.choice(_ASKED["de"]).format(who=who, what=german),
            "en": draw.choice(_ASKED["en"]).format(who=who, what=english),
        }
        examples.append(Example(question, {"de": passage, "en": to_english.gloss(passage)}, "speech"))
    return examples


def from_passages(runs: Iterable[Sequence[Pair]], draw: random.Random) -> list[Example]:
    """Of each run of translated sentences one sentence, some of its words dropped, as a query for the run."""
    examples = []
    for run in runs:
        told = draw.choice(run)
        if min(len(told.de), len(told.en)) >= MIN_SENTENCE_CHARS:
            query = {"de": _thinned(told.de, draw), "en": _thinned(told.en, draw)}
            passage = {"de": " ".join(pair.de for pair in run), "en": " ".join(pair.en for pair in run)}
            if len(passage["de"]) <= MAX_PASSAGE_CHARS:
                examples.append(Example(query, passage, "passage"))
    return examples


def window(asked: Asked) -> str:
    """The sentences of the passage around the answer, about the length of an indexed chunk."""
    sentences, at, holding = _SENTENCE.split(asked.passage), 0, 0
    for i, sentence in enumerate(sentences):
        at = asked.passage.index(sentence, at)
        if at <= asked.start:
            holding = i
    return " ".join(_around(sentences, holding))


def hard_negatives(questions: Vectors, passages: Vectors, own: Sequence[int], skip: int, keep: int) -> np.ndarray:
    """For each question the passages nearest to it but its own; shape ``(len(questions), keep)``.

    Args:
        questions: unit vectors.
        passages: unit vectors of distinct passages.
        own: the passage of each question.
        skip: the nearest ones to leave out, since some of them answer the question too.
        keep: how many to take after those.
    """
    found = np.zeros((len(questions), keep), np.int64)
    for start in range(0, len(questions), 1024):
        scores = questions[start : start + 1024].astype(np.float32) @ passages.astype(np.float32).T
        scores[np.arange(len(scores)), list(own[start : start + 1024])] = -np.inf
        nearest = np.argpartition(-scores, skip + keep, axis=1)[:, : skip + keep]
        order = np.take_along_axis(scores, nearest, axis=1).argsort(axis=1)[:, ::-1]
        found[start : start + 1024] = np.take_along_axis(nearest, order, axis=1)[:, skip:]
    return found


def _thinned(sentence: str, draw: random.Random) -> str:
    return " ".join(word for word in sentence.split() if draw.random() >= DROPPED) or sentence


def _both(question: str, passage: str, kind: str, to_german: Glosser, draw: random.Random) -> Example:
    def german(text: str) -> str:
        return to_german.switch(text, draw.uniform(0.8, 1.0), draw)

    return Example({"en": question, "de": german(question)}, {"en": passage, "de": german(passage)}, kind)


def _around(sentences: Sequence[str], holding: int) -> Sequence[str]:
    """The sentence and its neighbours, before and after in turn, while they fit."""
    first, last = holding, holding
    for step in range(2 * len(sentences)):
        wider = (max(0, first - 1), last) if step % 2 == 0 else (first, min(len(sentences) - 1, last + 1))
        if sum(map(len, sentences[wider[0] : wider[1] + 1])) > WINDOW_CHARS:
            break
        first, last = wider
    return sentences[first : last + 1]
