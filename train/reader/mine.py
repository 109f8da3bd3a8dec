"""Finds for each question windows that seem to answer it: what the fused retriever ranks best but does not.

The retriever is the product's: BM25 over the windows and cosine of the encoder that the reader starts from, fused as
`qa.retrieve` does. Only the English side is mined; a German question is about the same windows.
"""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from index.lexical import LexicalIndex, build_lexical
from qa.retrieve import fuse
from train.encoder.model import Encoder
from train.reader.tasks import Task, Window

DEPTH = 40  # windows of each leg


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
    vectors = encoder.embed(texts).astype(np.float16)
    questions = encoder.embed([task.question for task in tasks])
    own = {window: i for i, window in enumerate(windows)}
    mined = []
    with tempfile.TemporaryDirectory() as folder:
        build_lexical(Path(folder) / "lexical", ((i, "en", text) for i, text in enumerate(texts)))
        lexical = LexicalIndex(Path(folder) / "lexical")
        for task, answer, vector in zip(tasks, answers, questions, strict=True):
            cosines = vectors @ vector.astype(np.float16)
            nearest = np.argsort(-cosines)[:DEPTH]
            dense = [(int(i), float(cosines[i])) for i in nearest]
            ranked = [found.key for found in fuse(dense, lexical.search("en", task.question, "en", DEPTH))]
            me = own[task.windows[0]._replace(gold=frozenset())]
            without = [i for i in ranked if i != me and not (answer and answer.lower() in texts[i].lower())]
            mined.append([windows[i] for i in without[skip : skip + keep]])
        lexical.close()
    return mined


def embedded(window: Window) -> str:
    """What both legs index for a window."""
    return "\n".join(filter(None, [window.title, " ".join(window.sentences)]))
