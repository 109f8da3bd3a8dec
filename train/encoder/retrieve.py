"""Retrieval training: a question's vector is told apart from passages that do not answer it, by cross-entropy.

A batch asks in one language over passages in one language, each of the four pairs in turn. The passages are those of
the batch's questions and one hard negative for each (`mine`). A batch of distillation at every step keeps the space
where it is, so that English does not drift and a sentence stays by its translation.
"""

from __future__ import annotations

import random
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import product
from pathlib import Path

import torch

from index.lexical import LexicalIndex, Row, build_lexical
from train.encoder import distil
from train.encoder.model import Encoder
from train.encoder.optimise import Checkpoints, Rates, descend, epochs, shuffled
from train.encoder.questions import Example, hard_negatives

LANGS = ("de", "en")
PAIRS = tuple(product(LANGS, LANGS))
LEXICAL_DEPTH = 8


@dataclass(frozen=True, slots=True)
class Retrieval:
    """How to train retrieval."""

    epochs: float
    questions_per_batch: int
    scale: float
    anchor: float  # weight of the distillation loss
    anchor_tokens: int  # of its batches
    skip: int  # the dense leg's nearest passages that may be answers too
    negatives: int  # mined for each question, of which a step takes one
    rates: Rates


@dataclass(frozen=True, slots=True)
class Mined:
    """Examples, tokenised; passages by number."""

    questions: dict[str, list[list[int]]]  # language -> token ids
    passages: dict[str, list[list[int]]]
    own: list[int]
    negatives: list[list[int]]

    def batch(
        self, members: Sequence[int], pair: tuple[str, str], draw: random.Random
    ) -> tuple[list[list[int]], list[list[int]], torch.Tensor]:
        """Token ids of the questions, of their own passages and one negative for each, and the passages' numbers.

        `pair` is the language of the questions and of the passages.
        """
        numbers = [self.own[i] for i in members] + [draw.choice(self.negatives[i]) for i in members]
        asked, told = pair
        questions = [self.questions[asked][i] for i in members]
        return questions, [self.passages[told][i] for i in numbers], torch.tensor(numbers)


def mine(student: Encoder, examples: Sequence[Example], how: Retrieval) -> Mined:
    """Examples tokenised, each with passages that share words with its question or, in the question data, are near it.

    Mining looks at the English side. The student's own vectors say what is near, for the question data alone: the
    other passages are told apart by words, and to embed them all would take as long as to train on a tenth of them.
    """
    number = {text: i for i, text in enumerate(dict.fromkeys(e.passage["en"] for e in examples))}
    german = {e.passage["en"]: e.passage["de"] for e in examples}
    own = [number[e.passage["en"]] for e in examples]
    negatives = _lexical(list(number), [e.question["en"] for e in examples], own)
    near = [i for i, example in enumerate(examples) if example.kind == "question"]
    for i, found in zip(near, _dense(student, [examples[i] for i in near], how), strict=True):
        negatives[i] += [number[text] for text in found]
    return Mined(
        {lang: student.token_ids([e.question[lang] for e in examples]) for lang in LANGS},
        {"en": student.token_ids(list(number)), "de": student.token_ids([german[text] for text in number])},
        own,
        [found or [(passage + 1) % len(number)] for found, passage in zip(negatives, own, strict=True)],
    )


@dataclass(frozen=True, slots=True)
class Anchor:
    """Distillation that goes on beside: what, and how."""

    lessons: distil.Lessons
    how: distil.Distillation


def train(  # noqa: PLR0913, PLR0917 - what is trained, on what, how, and beside what
    student: Encoder, mined: Mined, how: Retrieval, anchor: Anchor, seed: int, kept: Checkpoints
) -> None:
    """Train the student in place."""
    batches = _plan(len(mined.own), how, seed)
    anchoring = replace(anchor.how, tokens_per_batch=how.anchor_tokens)
    anchors = distil.plan(anchor.lessons, anchoring, seed + 1)

    def loss_at(step: int) -> torch.Tensor:
        questions, passages, numbers = mined.batch(
            batches[step], PAIRS[step % len(PAIRS)], random.Random(f"{seed} {step}")
        )
        told_apart = distil.contrast(student.forward(questions), student.forward_unlike(passages), numbers, how.scale)
        held = distil.batch_loss(student, anchor.lessons, anchors[step % len(anchors)], anchoring)
        return told_apart + how.anchor * held

    descend(student, how.rates, len(batches), loss_at, kept)


def _plan(count: int, how: Retrieval, seed: int) -> list[list[int]]:
    """Batches of question numbers, each epoch in another order."""
    size = how.questions_per_batch

    def of_epoch(draw: random.Random) -> list[list[int]]:
        order = shuffled(count, draw)
        return [order[i : i + size] for i in range(0, count - size + 1, size)]

    return epochs(how.epochs, seed, of_epoch)


def _dense(student: Encoder, examples: Sequence[Example], how: Retrieval) -> list[list[str]]:
    """For each question the English passages near it, but its own."""
    passages = list(dict.fromkeys(e.passage["en"] for e in examples))
    if len(passages) <= how.skip + how.negatives:
        return [[] for _ in examples]
    number = {text: i for i, text in enumerate(passages)}
    questions = student.embed([e.question["en"] for e in examples])
    own = [number[e.passage["en"]] for e in examples]
    found = hard_negatives(questions, student.embed(passages), own, how.skip, how.negatives)
    return [[passages[i] for i in row] for row in found]


def _lexical(passages: Sequence[str], questions: Sequence[str], own: Sequence[int]) -> list[list[int]]:
    """For each question the passages that share most words with it, but its own."""
    with tempfile.TemporaryDirectory() as folder:
        build_lexical(Path(folder) / "lexical", (Row(i, "en", text) for i, text in enumerate(passages)))
        index = LexicalIndex(Path(folder) / "lexical")
        found = [index.search("en", question, "en", LEXICAL_DEPTH) for question in questions]
        index.close()
    return [[key for key, _ in hits if key != passage] for hits, passage in zip(found, own, strict=True)]
