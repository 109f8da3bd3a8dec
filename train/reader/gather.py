"""Asks the development questions and takes down the clues of every sentence that is found, on every core.

What the network makes of a row is remembered (`evals/remembered.py`), so asking again with the same weights is quick.
"""

from __future__ import annotations

import multiprocessing
import os
import tempfile
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from functools import lru_cache, partial
from pathlib import Path
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import torch
from remembered import RememberedNetwork
from rich.progress import track

from index.embed import Embedder, open_embedder
from index.reader import IndexReader
from index.settings import IndexSettings
from index.types import Span
from qa.network import ReaderNetwork
from qa.trained import Clued, Clues, ReaderCalibration, TrainedReader
from qa.types import Lang
from train.asking import Case, Kind, Place, Way, archive, news, stories
from train.encoder.data import Record, read_jsonl

STORY_ONE_IN = 4  # of the questions: an index for each article takes its time
NOTHING_FITTED = ReaderCalibration("", "", 0.0, {})

Numbers = npt.NDArray[np.float64]
Cases = Callable[[Path, Embedder, Path], Iterator[Case]]  # of the data, with an encoder and a folder to index in


class Asked(NamedTuple):
    """A question asked in one way: its sentences' clues, shape ``(sentences, clues)``, and which of them answer."""

    article: str
    kind: Kind
    place: Place
    way: Way
    clues: Numbers
    holds: npt.NDArray[np.bool_]


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
        return [one for of_place in track(pool.map(ask, PLACES), "asking", len(PLACES)) for one in of_place]


@lru_cache(maxsize=1)
def _reader(index: IndexReader, embedder: Embedder, network: ReaderNetwork) -> TrainedReader:
    """One for all questions over an index: it remembers the sentences that it has embedded."""
    return TrainedReader(index, embedder, network, NOTHING_FITTED)


def read(case: Case, embedder: Embedder, network: ReaderNetwork) -> Asked:
    """The clues of every sentence, each as it is in the window where the network sees most evidence in it."""
    reader = _reader(case.index, embedder, network)
    best: dict[tuple[str, Span], Clued] = {}
    for one in reader.clues(case.question, case.found):
        key = (one.doc_id, one.sentence)
        if key not in best or one.clues.evidence > best[key].clues.evidence:
            best[key] = one
    holds = np.array([case.holds(*key) for key in best], dtype=bool)
    clues = np.array([one.clues for one in best.values()]).reshape(-1, len(Clues._fields))
    return Asked(case.article, case.kind, case.place, case.way, clues, holds)


def _asked(cases: Cases, data: Path, reader: Path, kept: Path) -> list[Asked]:
    embedder, network = open_embedder(IndexSettings.load()), RememberedNetwork(reader, kept)
    with tempfile.TemporaryDirectory() as folder:
        return [read(case, embedder, network) for case in cases(data, embedder, Path(folder))]


def _archive(lang: Lang, data: Path, embedder: Embedder, folder: Path) -> Iterator[Case]:
    return archive(_paragraphs(data), embedder, folder, [lang])


def _stories(data: Path, embedder: Embedder, folder: Path) -> Iterator[Case]:
    return stories(_paragraphs(data), embedder, folder, STORY_ONE_IN)


def _paragraphs(data: Path) -> list[Record]:
    return list(read_jsonl(data / "dev" / "xquad_dev_en_de.jsonl.gz"))


PLACES: tuple[Cases, ...] = (partial(_archive, "de"), partial(_archive, "en"), _stories, news)
"""What one process asks at a time; the archive is the largest, so its languages are apart."""
