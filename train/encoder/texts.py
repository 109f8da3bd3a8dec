"""What the student is distilled on: texts, each with the English text whose teacher vector it should have.

Four kinds. Sentences, German beside English. Passages, runs of sentences of one collection, since news is longer than a
sentence. Switched English, word for word German by the alignment, which brings the questions and passages of the
question data into German. Speeches, German that has no translation, beside its English gloss.
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from itertools import groupby
from typing import NamedTuple

from train.encoder.data import Asked, Pair, Speech
from train.gloss import Glosser

RUN = (2, 8)  # sentences of a passage
PASSAGE_CHARS = 800  # about the length of an indexed chunk
SCATTERED = frozenset({"mlqe_pe_wikipedia", "mt_geneval_wikipedia", "pud_news_wikipedia", "tatoeba_de_en"})


class Lesson(NamedTuple):
    """A text and the English text that it means; they are equal where English is kept from drifting."""

    text: str
    english: str
    kind: str


def sentences(pairs: Sequence[Pair]) -> list[Lesson]:
    """Every pair, German to English."""
    return [Lesson(pair.de, pair.en, "sentence") for pair in pairs]


def passages(pairs: Sequence[Pair], draw: random.Random) -> list[Lesson]:
    """Runs of sentences of a collection, see `runs`."""
    return [Lesson(" ".join(p.de for p in run), " ".join(p.en for p in run), "passage") for run in runs(pairs, draw)]


def runs(pairs: Sequence[Pair], draw: random.Random) -> Iterator[list[Pair]]:
    """`RUN` sentences of a collection in its order; where the order is none (`SCATTERED`), drawn ones."""
    for source, of_source in groupby(pairs, key=lambda pair: pair.source):
        own = list(of_source)
        if source in SCATTERED:
            draw.shuffle(own)
        yield from _runs(own, draw)


def switched(texts: Sequence[str], to_german: Glosser, draw: random.Random) -> list[Lesson]:
    """English texts word for word in German, most words or nearly all."""
    return [Lesson(to_german.switch(text, draw.uniform(0.7, 1.0), draw), text, "switched") for text in texts]


def glossed(texts: Sequence[str], to_english: Glosser) -> list[Lesson]:
    """German texts beside their English gloss."""
    return [Lesson(text, to_english.gloss(text), "speech") for text in texts]


def windows(asked: Sequence[Asked]) -> list[str]:
    """The distinct passages of the questions, cut to the length of a chunk at sentence ends."""
    distinct = dict.fromkeys(one.passage for one in asked)
    return [window for passage in distinct for window in cut(passage)]


def speech_windows(speeches: Sequence[Speech]) -> list[str]:
    """Each speech's paragraphs put together to the length of a chunk."""
    return [window for speech in speeches for window in cut(" ".join(speech.paragraphs))]


def cut(text: str) -> Iterator[str]:
    """Pieces of up to `PASSAGE_CHARS` characters that end where sentences seem to; a rough cut, for training alone."""
    piece = ""
    for sentence in text.replace("\n", " ").split(". "):
        if piece and len(piece) + len(sentence) > PASSAGE_CHARS:
            yield piece
            piece = ""
        piece = f"{piece}. {sentence}" if piece else sentence[: 2 * PASSAGE_CHARS]
    if piece.strip():
        yield piece


def _runs(pairs: Sequence[Pair], draw: random.Random) -> Iterator[list[Pair]]:
    start = 0
    while start < len(pairs) - 1:
        wanted = draw.randint(*RUN)
        run: list[Pair] = []
        for pair in pairs[start : start + wanted]:
            if run and sum(len(p.de) for p in run) + len(pair.de) > PASSAGE_CHARS:
                break
            run.append(pair)
        start += len(run)
        if len(run) > 1:
            yield run
