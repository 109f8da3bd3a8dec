"""Development figures while training: the right sentence within the right text, and whether there is one.

Quick and without an index. What is published is measured by evals/reading.py, through the product.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import product
from pathlib import Path
from typing import Any

import numpy as np
import torch
from sklearn.metrics import roc_auc_score

from index.sentences import sentences
from index.types import Span
from train.encoder.data import read_jsonl
from train.reader.learn import TOKENS_AT_ONCE, rows, sentences_of
from train.reader.model import Reader
from train.reader.tasks import WINDOW_CHARS, Task, Window

LANGS = ("de", "en")

Development = dict[str, list[Task]]  # the name of a part -> its questions, each with all windows of its text


def read_development(folder: Path, share: int) -> Development:
    """Every `share`-th question of each part: XQuAD by language pair, quotations, SQuAD 2.0."""
    parts = {f"xquad {asked}-{told}": xquad(folder, asked, told) for asked, told in product(LANGS, LANGS)}
    parts |= {"quotes": quotes(folder), "squad2": squad(folder)}
    return {name: tasks[::share] for name, tasks in parts.items()}


def xquad(folder: Path, asked: str, told: str) -> list[Task]:
    """Questions in one language with their own paragraph in one."""
    tasks = []
    for paragraph in read_jsonl(folder / "xquad_dev_en_de.jsonl.gz"):
        for qa in paragraph["qas"]:
            answer = qa[f"answer_{told}"]
            start = answer["answer_start"]
            gold = [Span(start, start + len(answer["text"]))]
            tasks.append(_task(qa[f"question_{asked}"], "", paragraph[f"context_{told}"], gold, told))
    return tasks


def quotes(folder: Path) -> list[Task]:
    """Who said what, over the whole article; empty where the article or the questions are not at hand."""
    articles = folder.parent / "corpus" / "wikinews_de_998.jsonl.gz"
    asked = folder / "quotes_dev_de.jsonl.gz"
    if not (articles.exists() and asked.exists()):
        return []
    by_id = {record["id"]: record for record in read_jsonl(articles)}
    return [
        _task(
            record["question_de"],
            by_id[record["doc_id"]]["title"],
            by_id[record["doc_id"]]["text"],
            [Span(*span) for quote in record["quotes"] for span in quote["spans"]],
            "de",
        )
        for record in read_jsonl(asked)
    ]


def squad(folder: Path) -> list[Task]:
    """English questions with one paragraph each, which answers half of them; every fourth."""
    path = folder / "squad20_dev_half_en.jsonl.gz"
    records = list(read_jsonl(path))[::4] if path.exists() else []
    return [
        _task(
            record["question"],
            record["title"],
            record["context"],
            [Span(record["answer_start"], record["answer_start"] + len(record["answer"]))]
            if record["answer_start"] >= 0 and not record["is_impossible"]
            else [],
            "en",
        )
        for record in records
    ]


@torch.inference_mode()
def figures(reader: Reader, development: Development) -> dict[str, Any]:
    """For each part the share of questions whose best sentence is right, or AUROC of the best evidence; their mean."""
    reader.network.eval()
    found = {name: _figure(name, tasks, _evidence(reader, tasks)) for name, tasks in development.items() if tasks}
    return {name: round(value, 4) for name, value in (found | {"mean": float(np.mean(list(found.values())))}).items()}


def _figure(name: str, tasks: Sequence[Task], evidence: Sequence[np.ndarray]) -> float:
    if name == "squad2":
        return float(roc_auc_score([task.answerable for task in tasks], [max(found) for found in evidence]))
    golds = [[i in window.gold for window in task.windows for i in range(len(window.sentences))] for task in tasks]
    return float(np.mean([gold[int(np.argmax(found))] for gold, found in zip(golds, evidence, strict=True)]))


def _evidence(reader: Reader, tasks: Sequence[Task]) -> list[np.ndarray]:
    """The evidence logits of all sentences of each task's windows, in order."""
    laid = [rows(reader, task) for task in tasks]
    _, flat = reader.logits([one for own in laid for one in own], 2 * TOKENS_AT_ONCE)
    counts = [sum(map(sentences_of, own)) for own in laid]
    return [part.numpy() for part in torch.split(flat, counts)]


def _task(question: str, title: str, text: str, gold: Sequence[Span], lang: str) -> Task:
    windows: list[Window] = []
    run: list[Span] = []
    for span in sentences(text, Span(0, len(text)), lang):
        if run and span.end - run[0].start > WINDOW_CHARS:
            windows.append(_window(title, text, run, gold))
            run = []
        run.append(span)
    return Task(question, (*windows, _window(title, text, run, gold)), "development")


def _window(title: str, text: str, run: Sequence[Span], gold: Sequence[Span]) -> Window:
    touched = [any(map(span.overlaps, gold)) for span in run]
    return Window(title, tuple(text[a:b] for a, b in run), frozenset(i for i, hit in enumerate(touched) if hit))
