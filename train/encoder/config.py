"""The settings of one published encoder: a TOML file, read whole, with nothing left to defaults."""

from __future__ import annotations

import dataclasses
import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar, cast, get_type_hints

from train.encoder.distil import Distillation
from train.encoder.retrieve import Retrieval

Settings = TypeVar("Settings")


@dataclass(frozen=True, slots=True)
class Data:
    """What is read of the training data."""

    parallel: list[str]  # file names in the folder `train`
    caps: dict[str, int]  # pairs taken of a collection; of the others all
    speeches: int
    short_chars: int  # sentences shorter than this are everyday talk
    short_share: float  # of them, taken
    passage_share: float  # of the runs of sentences, taken
    switched_share: float  # of the switched English texts, taken
    speech_windows: int  # taught by their gloss
    other_questions: float  # share of the questions about reviews and forum posts, the rest being about articles


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """The pieces that are added, and where their rows start."""

    pieces: int
    keep_umlauts: bool
    first_rows: str  # one of `train.encoder.initialise.METHODS`


@dataclass(frozen=True, slots=True)
class Config:
    """All of it."""

    name: str
    seed: int
    max_tokens: int
    data: Data
    vocabulary: Vocabulary
    distillation: Distillation
    retrieval: Retrieval
    trained_share: float  # of the final weights; the rest are those before training


def read_config(path: Path, kind: type[Settings]) -> Settings:
    """The settings in a TOML file, which has every field of the dataclass `kind` and of those within it.

    Raises:
        TypeError: a setting is missing or not known.
    """
    return cast("Settings", _filled(kind, tomllib.loads(path.read_text(encoding="utf-8"))))


def _filled(kind: type[Any], values: dict[str, Any]) -> Any:  # noqa: ANN401 - whatever `kind` is
    hints = get_type_hints(kind)
    return kind(
        **{
            name: _filled(hints[name], value) if dataclasses.is_dataclass(hints.get(name)) else value
            for name, value in values.items()
        }
    )
