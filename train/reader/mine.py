"""Finds for each question windows that seem to answer it: what the fused retriever ranks best but does not.

The retriever is the product's: BM25 over the windows and cosine of the encoder that the reader starts from, fused as
`qa.retrieve` does. Only the English side is mined; a German question is about the same windows.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np

from index.lexical import LexicalIndex, Row, build_lexical
from qa.retrieve import fuse
from train.encoder.model import Encoder, Vectors
from train.reader.tasks import Task, Window

DEPTH = 40  # windows of each leg
QUESTIONS_AT_ONCE = 256


def mine(encoder: Encoder, tasks: Sequence[Task], answers: Sequence[str], skip: int, keep: int) -> list[list[Window]]:
    """For each task up to `keep` windows of the others that do not have its answer, the most likely first.

    Args:
        encoder: the dense leg.
        tasks: in English, the first window of each being its own.
        answers: the answer of each, as it stands in its window; "" where only the sentence is known.
        skip: the best ranked ones to leave out, since some of them answer the question in other words.
        keep: how many to take after those.
    """
    windows = list(dict.fromkeys(task.windows[0]._replace(gold=frozenset()) for task in tasks))
    texts = [embedded(window) for window in windows]
    nearest = _nearest(encoder.embed([task.question for task in tasks]), encoder.embed(texts))
    own = {window: i for i, window in enumerate(windows)}
    mined = []
    with tempfile.TemporaryDirectory() as folder:
        build_lexical(Path(folder) / "lexical", (Row(i, "en", text) for i, text in enumerate(texts)))
        lexical = LexicalIndex(Path(folder) / "lexical")
        for task, answer, dense in zip(tasks, answers, nearest, strict=True):
            ranked = [found.key for found in fuse(dense, lexical.search("en", task.question, "en", DEPTH))]
            me = own[task.windows[0]._replace(gold=frozenset())]
            without = [i for i in ranked if i != me and not (answer and answer.lower() in texts[i].lower())]
            mined.append([windows[i] for i in without[skip : skip + keep]])
        lexical.close()
    return mined


def _nearest(questions: Vectors, windows: Vectors) -> Iterator[list[tuple[int, float]]]:
    """For each question its `DEPTH` nearest windows with their cosines, best first."""
    for start in range(0, len(questions), QUESTIONS_AT_ONCE):
        for cosines in questions[start : start + QUESTIONS_AT_ONCE] @ windows.T:
            best = np.argsort(-cosines)[:DEPTH]
            yield [(int(i), float(cosines[i])) for i in best]


def embedded(window: Window) -> str:
    """What both legs index for a window."""
    return "\n".join(filter(None, [window.title, " ".join(window.sentences)]))
