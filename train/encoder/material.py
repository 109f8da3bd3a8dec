"""The data that a training reads, as much of it as its settings want, and the word alignment made of it."""

from __future__ import annotations

import json
import logging
import re
from collections import Counter
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Protocol

from index.types import file_sha256
from train import alignment
from train.encoder import data
from train.gloss import Glosser, fold

logger = logging.getLogger(__name__)

SEED_QUESTIONS = Path(__file__).parents[2] / "evals/seed.jsonl"
_WORD = re.compile(r"\w+")


class Wanted(Protocol):
    """What settings say about the data."""

    @property
    def parallel(self) -> list[str]:
        """Names of files of parallel text."""

    @property
    def caps(self) -> dict[str, int]:
        """Pairs taken of a collection; of the others all."""

    @property
    def speeches(self) -> int:
        """Speeches taken, about."""


@dataclass(frozen=True)
class Material:
    """All that is read of the data in `folder`, nothing that is evaluated on among it."""

    wanted: Wanted
    folder: Path
    evaluation: data.Evaluated

    @cached_property
    def files(self) -> dict[str, Path]:
        """The training files by what they hold; more than one of parallel text have numbers."""
        train = self.folder / "train"
        parallel = {f"parallel {i}": train / name for i, name in enumerate(self.wanted.parallel)}
        return parallel | {
            "questions": train / "qa_en.jsonl.gz",
            "statements": train / "question_sentence_en.jsonl.gz",
            "speeches": self.folder / "corpus" / "bundestag_speeches_de_37126.jsonl.gz",
        }

    @cached_property
    def pairs(self) -> list[data.Pair]:
        """Sentence pairs."""
        paths = [path for name, path in self.files.items() if name.startswith("parallel")]
        pairs, dropped = data.read_pairs(paths, self.evaluation, self.wanted.caps)
        logger.info("%d sentence pairs; left out: %s", len(pairs), dict(dropped))
        return pairs

    @cached_property
    def asked(self) -> list[data.Asked]:
        """Questions with passages."""
        asked, dropped = data.read_questions(self.files["questions"], self.evaluation)
        logger.info("%d questions; left out: %s", len(asked), dict(dropped))
        return asked

    @cached_property
    def statements(self) -> list[tuple[str, str]]:
        """Questions with sentences."""
        return data.read_statements(self.files["statements"], self.evaluation)

    @cached_property
    def speeches(self) -> list[data.Speech]:
        """Speeches."""
        return data.read_speeches(self.files["speeches"], self.wanted.speeches)

    @cached_property
    def words(self) -> dict[str, int]:
        """German word forms, lower-cased, and how often they occur; of the speeches every other paragraph."""
        paragraphs = [paragraph for speech in self.speeches for paragraph in speech.paragraphs][::2]
        german = [pair.de for pair in self.pairs] + paragraphs
        return dict(Counter(word.lower() for text in german for word in _WORD.findall(text)))

    def digests(self) -> dict[str, str]:
        """SHA-256 of every file that is read."""
        return {path.name: file_sha256(path) for path in self.files.values()}


def material(wanted: Wanted, folder: Path) -> Material:
    """The data in `folder` without anything that the project is evaluated on."""
    return Material(wanted, folder, data.evaluated([*sorted((folder / "dev").glob("*.gz")), SEED_QUESTIONS]))


def glossers(material: Material, work: Path) -> tuple[Glosser, Glosser]:
    """To English, and to German spelt with umlauts; the alignment is kept in the working folder."""
    path = work / "forms.json"
    if not path.exists():
        paths = [path for name, path in material.files.items() if name.startswith("parallel")]
        pairs = sorted({pair for one in paths for pair in alignment.read_pairs(one)})
        to_german, to_english = alignment.model1(pairs), alignment.model1([(de, en) for en, de in pairs])
        path.write_text(json.dumps({"en-de": to_german.forms, "de-en": to_english.forms}), encoding="utf-8")
    forms = json.loads(path.read_text(encoding="utf-8"))
    return Glosser(forms["de-en"]), Glosser(forms["en-de"], _spellings(material.words))


def _spellings(words: dict[str, int]) -> dict[str, str]:
    """Folded form to the most frequent form that it is spelt as, where that differs."""
    best: dict[str, str] = {}
    for word, count in sorted(words.items(), key=lambda item: (item[1], item[0])):
        folded = fold(word)
        if folded != word and count > words.get(folded, 0):
            best[folded] = word
    return best
