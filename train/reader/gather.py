"""Asks the development questions and takes down the clues of every sentence that is found, on every core.

What the network makes of a row is remembered (`evals/remembered.py`), so asking again with the same weights is quick.
"""

from __future__ import annotations

import multiprocessing
import os
import tempfile
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from pathlib import Path
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import torch
from remembered import RememberedNetwork
from rich.progress import track

from index.embed import Embedder, open_embedder
from index.settings import IndexSettings
from index.types import Span
from qa.network import ReaderNetwork
from qa.trained import Clued, Clues, ReaderCalibration, TrainedReader
from qa.types import Lang
from train.asking import Case, Kind, Place, Way, archive, news, stories
from train.encoder.data import read_jsonl

STORY_ONE_IN = 4  # of the questions: an index for each article takes its time
NOTHING_FITTED = ReaderCalibration("", "", 0.0, {})

Numbers = npt.NDArray[np.float64]


class Asked(NamedTuple):
    """A question asked in one way: its sentences' clues, shape ``(sentences, clues)``, and which of them answer."""

    article: str
    kind: Kind
    place: Place
    way: Way
    clues: Numbers
    holds: npt.NDArray[np.bool_]


class Job(NamedTuple):
    """What one process asks at a time; of news there is one language."""

    place: Place
    langs: tuple[Lang, ...]


JOBS = (Job("archive", ("de",)), Job("archive", ("en",)), Job("story", ("de", "en")), Job("news", ("de",)))


def gather(data: Path, reader: Path, kept: Path) -> list[Asked]:
    """Every question in every way, in the same order whatever the number of cores.

    Args:
        data: folder that has dev/ and corpus/.
        reader: the folder of the reader's weights.
        kept: the folder of what its network is remembered to make of a row.
    """
    ask = partial(_asked, data=data, reader=reader, kept=kept)
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(os.cpu_count(), context, initializer=torch.set_num_threads, initargs=(1,)) as pool:
        return [one for of_job in track(pool.map(ask, JOBS), "asking", len(JOBS)) for one in of_job]


def read(case: Case, network: ReaderNetwork) -> Asked:
    """The clues of every sentence, each as it is in the window where the network sees most evidence in it."""
    reader = TrainedReader(case.index, network, NOTHING_FITTED)
    best: dict[tuple[str, Span], Clued] = {}
    for one in reader.clues(case.question, case.found):
        key = (one.doc_id, one.sentence)
        if key not in best or one.clues.evidence > best[key].clues.evidence:
            best[key] = one
    holds = np.array([case.holds(*key) for key in best], dtype=bool)
    clues = np.array([one.clues for one in best.values()]).reshape(-1, len(Clues._fields))
    return Asked(case.article, case.kind, case.place, case.way, clues, holds)


def _asked(job: Job, data: Path, reader: Path, kept: Path) -> list[Asked]:
    embedder, network = open_embedder(IndexSettings.load()), RememberedNetwork(reader, kept)
    with tempfile.TemporaryDirectory() as folder:
        return [read(case, network) for case in _cases(job, data, embedder, Path(folder))]


def _cases(job: Job, data: Path, embedder: Embedder, folder: Path) -> Iterator[Case]:
    if job.place == "news":
        return news(data, embedder, folder)
    paragraphs = list(read_jsonl(data / "dev" / "xquad_dev_en_de.jsonl.gz"))
    if job.place == "archive":
        return archive(paragraphs, embedder, folder, job.langs)
    return stories(paragraphs, embedder, folder, STORY_ONE_IN)
