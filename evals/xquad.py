"""Recall@1 and MRR@10 of each retrieval leg on XQuAD paragraphs, in all four language pairs.

Every paragraph is a document of a real index, one index per language, built with the product's own settings in a
temporary folder; a paragraph ranks where its best chunk does. The data is not part of this project.

    python evals/xquad.py ../shared/data/dev/xquad_dev_en_de.jsonl.gz --out evals/results/xquad.json
"""

from __future__ import annotations

import argparse
import gzip
import json
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from itertools import product
from pathlib import Path
from typing import Any

import ir_measures
from ir_measures import RR, R
from rich.console import Console
from rich.table import Table

from index.build import build
from index.embed import Embedder, open_embedder
from index.reader import IndexReader, open_index
from index.settings import IndexSettings
from index.vectors import Vector
from qa.evaluate import environment
from qa.retrieve import fuse
from qa.types import Lang

LANGS: tuple[Lang, ...] = ("de", "en")
LEGS = ("lexical", "dense", "fused")
CHUNKS = 100  # per leg: more chunks than ten paragraphs have
MEASURES = {"recall@1": R @ 1, "RR@10": RR @ 10}

Scores = dict[str, dict[str, dict[str, float]]]  # leg -> "question language-document language" -> measure -> value


def read_paragraphs(path: Path) -> list[dict[str, Any]]:
    """One record per paragraph: id, context_de, context_en, and qas with a question in each language."""
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        return [json.loads(line) for line in lines]


def build_index(paragraphs: Sequence[dict[str, Any]], lang: str, embedder: Embedder, folder: Path) -> IndexReader:
    """An index of the paragraphs in one language; a document's id is the paragraph's with the suffix ``.txt``."""
    front_matter = f"---\nlang: {lang}\n---\n"
    texts = {f"{paragraph['id']}.txt": front_matter + paragraph[f"context_{lang}"] for paragraph in paragraphs}
    return build_texts(texts, embedder, folder / lang)


def build_texts(texts: Mapping[str, str], embedder: Embedder, folder: Path) -> IndexReader:
    """An index of whole files, by their names, made in `folder`."""
    (folder / "texts").mkdir(parents=True)
    for name, text in texts.items():
        (folder / "texts" / name).write_text(text, encoding="utf-8")
    settings = IndexSettings.load(data_dir=folder / "index")
    build([folder / "texts"], settings, embedder=embedder)
    return open_index(settings.data_dir)


def rankings(index: IndexReader, lang: str, question: str, question_lang: str, vector: Vector) -> dict[str, list[str]]:
    """Document ids by leg, best first, each once."""
    dense = index.dense(lang, vector, CHUNKS)
    lexical = index.lexical(lang, question, question_lang, CHUNKS)
    fused = fuse(dense, lexical)
    keys = {"dense": [k for k, _ in dense], "lexical": [k for k, _ in lexical], "fused": [f.key for f in fused]}
    passages = {leg: index.passages(ranked) for leg, ranked in keys.items()}
    return {leg: list(dict.fromkeys(p.document.id for p in found)) for leg, found in passages.items()}


def measure(paragraphs: Sequence[dict[str, Any]], embedder: Embedder, folder: Path) -> Scores:
    """Every measure for every leg and language pair."""
    scores: Scores = {leg: {} for leg in LEGS}
    for lang in LANGS:
        with build_index(paragraphs, lang, embedder, folder) as index:
            for question_lang in LANGS:
                found = _measure_pair(paragraphs, index, embedder, question_lang, lang)
                for leg in LEGS:
                    scores[leg][f"{question_lang}-{lang}"] = found[leg]
    return scores


def _measure_pair(
    paragraphs: Sequence[dict[str, Any]], index: IndexReader, embedder: Embedder, question_lang: str, lang: str
) -> dict[str, dict[str, float]]:
    asked = [(qa["id"], qa[f"question_{question_lang}"], p["id"]) for p in paragraphs for qa in p["qas"]]
    vectors = embedder.embed_queries([question for _, question, _ in asked])
    qrels = [ir_measures.Qrel(query, f"{paragraph}.txt", 1) for query, _, paragraph in asked]
    runs: dict[str, list[ir_measures.ScoredDoc]] = {leg: [] for leg in LEGS}
    for (query, question, _), vector in zip(asked, vectors, strict=True):
        for leg, ranked in rankings(index, lang, question, question_lang, vector).items():
            runs[leg] += [ir_measures.ScoredDoc(query, doc, -rank) for rank, doc in enumerate(ranked)]
    return {leg: _aggregate(qrels, run) for leg, run in runs.items()}


def _aggregate(qrels: list[ir_measures.Qrel], run: list[ir_measures.ScoredDoc]) -> dict[str, float]:
    values = ir_measures.calc_aggregate(MEASURES.values(), qrels, run)
    return {name: round(float(values[wanted]), 4) for name, wanted in MEASURES.items()}


def table(scores: Scores) -> Table:
    """One row a leg, one column a language pair (question-document): recall@1 / RR@10."""
    pairs = [f"{q}-{d}" for q, d in product(LANGS, LANGS)]
    shown = Table("leg", *pairs, title="XQuAD paragraphs: recall@1 / RR@10, question-document", title_justify="left")
    for leg in LEGS:
        shown.add_row(leg, *(f"{scores[leg][p]['recall@1']:.3f} / {scores[leg][p]['RR@10']:.3f}" for p in pairs))
    return shown


def main() -> None:
    """Measure, print, and write the result file."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("paragraphs", type=Path, help="gzipped JSON lines")
    parser.add_argument("--model", help="encoder: a folder or a hub name")
    parser.add_argument("--out", type=Path, help="result file")
    arguments = parser.parse_args()
    embedder = open_embedder(IndexSettings.load(model=arguments.model))
    paragraphs = read_paragraphs(arguments.paragraphs)
    with tempfile.TemporaryDirectory() as folder:
        scores = measure(paragraphs, embedder, Path(folder))
    Console().print(table(scores))
    if arguments.out:
        questions = sum(len(paragraph["qas"]) for paragraph in paragraphs)
        result = {
            "paragraphs": len(paragraphs),
            "questions": questions,
            "model": embedder.name,
            "legs": scores,
            **{k: v for k, v in asdict(environment("")).items() if k != "generation"},
        }
        arguments.out.parent.mkdir(parents=True, exist_ok=True)
        arguments.out.write_text(json.dumps(result, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
