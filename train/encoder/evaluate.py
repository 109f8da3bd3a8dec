"""Development figures while training: XQuAD paragraphs and FLORES sentences, by cosine alone.

Quick and without an index: whole paragraphs, exact search. What is published is measured by evals/xquad.py, through
the product.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import product
from pathlib import Path

import numpy as np

from train.encoder.data import read_jsonl
from train.encoder.model import Encoder, Vectors

LANGS = ("de", "en")


@dataclass(frozen=True, slots=True)
class Development:
    """What is measured: paragraphs and questions in both languages, and sentence pairs."""

    paragraphs: dict[str, list[str]]
    questions: dict[str, list[str]]
    gold: list[int]  # the paragraph of each question
    sentences: dict[str, list[str]]


def read_development(folder: Path) -> Development:
    """XQuAD and FLORES from the development folder."""
    paragraphs = list(read_jsonl(folder / "xquad_dev_en_de.jsonl.gz"))
    asked = [(i, qa) for i, paragraph in enumerate(paragraphs) for qa in paragraph["qas"]]
    flores = list(read_jsonl(folder / "flores_en_de.jsonl.gz"))
    return Development(
        {lang: [p[f"context_{lang}"] for p in paragraphs] for lang in LANGS},
        {lang: [qa[f"question_{lang}"] for _, qa in asked] for lang in LANGS},
        [i for i, _ in asked],
        {lang: [pair[lang] for pair in flores] for lang in LANGS},
    )


def figures(encoder: Encoder, development: Development, *, bitext: bool = True) -> dict[str, float]:
    """Recall@1 and MRR@10 of each pair (question-document), their mean, and FLORES accuracy both ways."""
    questions = {lang: encoder.embed(development.questions[lang]) for lang in LANGS}
    paragraphs = {lang: encoder.embed(development.paragraphs[lang]) for lang in LANGS}
    found: dict[str, float] = {}
    for asked, told in product(LANGS, LANGS):
        ranks = _ranks(questions[asked], paragraphs[told], development.gold)
        found[f"{asked}-{told} recall@1"] = float(np.mean(ranks == 1))
        found[f"{asked}-{told} mrr@10"] = float(np.mean(np.where(ranks <= 10, 1 / ranks, 0)))  # noqa: PLR2004
    found["mean mrr@10"] = float(np.mean([value for name, value in found.items() if name.endswith("mrr@10")]))
    if bitext:
        german, english = (encoder.embed(development.sentences[lang]) for lang in LANGS)
        found["flores de-en"] = float(np.mean(_ranks(german, english, range(len(german))) == 1))
        found["flores en-de"] = float(np.mean(_ranks(english, german, range(len(german))) == 1))
    return {name: round(value, 4) for name, value in found.items()}


def _ranks(queries: Vectors, documents: Vectors, gold: Sequence[int]) -> np.ndarray:
    scores = queries @ documents.T
    right = scores[np.arange(len(scores)), list(gold)]
    return np.asarray((scores > right[:, None]).sum(axis=1) + 1)
