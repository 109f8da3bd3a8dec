"""Questions about translated text, made by taking a number or a name out of a sentence and asking for it.

Cloze questions of unsupervised question answering (Lewis, Denoyer and Riedel 2019), without the translation model that
makes them natural: "In 1995 the treaty was signed in Vienna." becomes "When the treaty was signed in Vienna?". They
are the one kind whose German is German, with an English question for it and the reverse.
"""

from __future__ import annotations

import random
import re
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from train.encoder.data import Pair
from train.reader.tasks import Task, Window

MIN_SENTENCE_CHARS, MAX_SENTENCE_CHARS = 50, 220
DROPPED = 0.15  # share of the other words that a question leaves out, as people do
_YEAR = re.compile(r"\b(?:(?:in|im|im Jahr|im Jahre|since|seit)\s)?(?:1[5-9]|20)\d\d\b", re.IGNORECASE)
_NUMBER = re.compile(r"\b\d[\d,.]*\b(?! ?[.)])")
_NAME = re.compile(r"(?<!^)(?<![.?!:] )\b[A-Z][\w'’-]{2,}(?:\s[A-Z][\w'’-]+)*")
_ASKING: dict[str, dict[str, tuple[str, ...]]] = {
    "year": {"de": ("Wann",), "en": ("When", "In what year")},
    "number": {"de": ("Wie viele", "Wie viel"), "en": ("How many", "How much")},
    "name": {"de": ("Wer", "Was", "Welche", "Wo"), "en": ("Who", "What", "Which", "Where")},
}
_PATTERNS: tuple[tuple[str, re.Pattern[str]], ...] = (("year", _YEAR), ("number", _NUMBER), ("name", _NAME))


class Gap(NamedTuple):
    """What a sentence tells, in English, and in German where it stands there as it is."""

    kind: str
    text: str


def from_runs(runs: Iterable[Sequence[Pair]], draw: random.Random) -> list[tuple[Task, Task]]:
    """Of each run of translated sentences one question: the task in German, and the same in English."""
    tasks = []
    for run in runs:
        usable = [(i, gap) for i, pair in enumerate(run) if (gap := _gap(pair, draw))]
        if not usable:
            continue
        i, gap = draw.choice(usable)
        german = Window("", tuple(pair.de for pair in run), frozenset([i]))
        english = Window("", tuple(pair.en for pair in run), frozenset([i]))
        tasks.append((
            Task(_question(run[i].de, gap, "de", draw), (german,), "cloze"),
            Task(_question(run[i].en, gap, "en", draw), (english,), "cloze"),
        ))  # fmt: skip
    return tasks


def _gap(pair: Pair, draw: random.Random) -> Gap | None:
    """A number or name that both sides of the pair have."""
    if not MIN_SENTENCE_CHARS <= len(pair.en) <= MAX_SENTENCE_CHARS:
        return None
    for kind, pattern in draw.sample(_PATTERNS, len(_PATTERNS)):
        found = [match[0] for match in pattern.finditer(pair.en)]
        told = [text for text in found if re.sub(r"^(in|since) ", "", text, flags=re.IGNORECASE) in pair.de]
        if told:
            return Gap(kind, draw.choice(told))
    return None


def _question(sentence: str, gap: Gap, lang: str, draw: random.Random) -> str:
    """The question word, then the sentence without the gap and some of its words."""
    bare = re.sub(r"^(in|since) ", "", gap.text, flags=re.IGNORECASE)
    preposition = r"(?:\b(?:in|im Jahr|im|since|seit)\s)?" if gap.kind == "year" else ""
    rest = re.sub(rf"{preposition}(?<!\w){re.escape(bare)}(?!\w)", " ", sentence, count=1, flags=re.IGNORECASE)
    words = [word for word in rest.rstrip(" .!?").split() if draw.random() >= DROPPED]
    return f"{draw.choice(_ASKING[gap.kind][lang])} {' '.join(words)}?"
