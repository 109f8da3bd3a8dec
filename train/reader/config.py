"""The settings of one published reader: a TOML file, read whole, with nothing left to defaults."""

from __future__ import annotations

from dataclasses import dataclass

from train.reader.learn import Learning


@dataclass(frozen=True, slots=True)
class Data:
    """What is made of the training data."""

    parallel: list[str]  # file names in the folder `train`
    caps: dict[str, int]  # pairs taken of a collection; of the others all
    other_questions: float  # share of the questions about reviews and forum posts, the rest being about articles
    statements: float  # share of the questions with a single sentence
    speeches: int
    debates_en: int  # sentences of parallel text that English debates are made of
    clozes: int
    changed: float  # share of the questions about articles that come again with an exchange
    skip: int  # best ranked windows of other texts that may be answers too
    negatives: int  # windows of other texts that a question is read with
    german: float  # share of the questions, and of the windows, that are switched to German


@dataclass(frozen=True, slots=True)
class Config:
    """All of it."""

    name: str
    seed: int
    encoder: str  # folder in `models` that the reader starts from
    development_share: int  # every n-th development question is measured while training
    data: Data
    learning: Learning
