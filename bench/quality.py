"""Recall@1 and RR@10 on XQuAD paragraphs by cosine alone: what a faster way of computing the vectors costs.

Whole paragraphs and exact search, so that nothing but the vectors differs; the product's figures are evals/xquad.py's.
"""

from __future__ import annotations

import gzip
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import product
from pathlib import Path
from statistics import fmean

import numpy as np
import numpy.typing as npt

Vectors = npt.NDArray[np.float32]
Encode = Callable[[Sequence[str]], Vectors]

LANGS = ("de", "en")
PAIRS = tuple(f"{question}-{document}" for question, document in product(LANGS, LANGS))
_CUTOFF = 10


@dataclass(frozen=True, slots=True)
class Paragraphs:
    """Paragraphs and questions by language; ``gold[i]`` is the place of the i-th question's paragraph."""

    paragraphs: dict[str, list[str]]
    questions: dict[str, list[str]]
    gold: list[int]


@dataclass(frozen=True, slots=True)
class Quality:
    """Recall@1 and RR@10, the means over all questions, of each pair (question-document)."""

    recall: dict[str, float]
    rr: dict[str, float]

    @property
    def mean_rr(self) -> float:
        """RR@10 over the four pairs."""
        return fmean(self.rr.values())


def read_paragraphs(path: Path) -> Paragraphs:
    """Gzipped JSON lines as evals/xquad.py reads them."""
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        records = [json.loads(line) for line in lines]
    asked = [(place, qa) for place, record in enumerate(records) for qa in record["qas"]]
    return Paragraphs(
        {lang: [record[f"context_{lang}"] for record in records] for lang in LANGS},
        {lang: [qa[f"question_{lang}"] for _, qa in asked] for lang in LANGS},
        [place for place, _ in asked],
    )


def quality(encode: Encode, data: Paragraphs) -> Quality:
    """Both measures in every language pair; `encode` gives unit vectors, float32, shape ``(len(texts), width)``."""
    paragraphs = {lang: encode(data.paragraphs[lang]) for lang in LANGS}
    questions = {lang: encode(data.questions[lang]) for lang in LANGS}
    recall, rr = {}, {}
    for asked, told in product(LANGS, LANGS):
        found = ranks(questions[asked] @ paragraphs[told].T, data.gold)
        recall[f"{asked}-{told}"] = float(np.mean(found == 1))
        rr[f"{asked}-{told}"] = float(np.mean(np.where(found <= _CUTOFF, 1 / found, 0)))
    return Quality(recall, rr)


def ranks(scores: npt.NDArray[np.float32], gold: Sequence[int]) -> npt.NDArray[np.int64]:
    """The rank, from 1, of each row's gold column; of equal scores the gold one comes last."""
    right = scores[np.arange(len(scores)), list(gold)]
    return np.asarray((scores >= right[:, None]).sum(axis=1), np.int64)
