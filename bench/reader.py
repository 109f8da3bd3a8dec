"""How long the evidence reader takes over twenty passages of two hundred pieces, in bfloat16 and in float32.

Both read the same passages of German news in turns in one process, so that their ratio holds on a busy machine too;
beside the times, how far apart the evidence is that they find. And how long late interaction takes, which comes on top:
with twenty chunks as an index has them, seen for the first time, and seen before.

    python -m bench.reader --corpus ../shared/data/corpus/wikinews_de_998.jsonl.gz --rounds 30
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from itertools import islice
from pathlib import Path
from statistics import median
from time import perf_counter
from typing import Any

import numpy as np
import numpy.typing as npt
from rich.console import Console
from rich.progress import track
from rich.table import Table

from index.chunk import chunk
from index.embed import Embedder, open_embedder
from index.precision import fast_bfloat16
from index.sentences import sentences
from index.settings import IndexSettings
from index.types import Document, Passage, Span, text_sha256
from qa.evaluate import environment
from qa.interaction import SentenceTokens
from qa.network import ReaderNetwork, Scored
from qa.rows import Row, row
from qa.trained import READER
from train.encoder.data import read_jsonl

OUT = Path(__file__).parent / "results" / "reader.json"
PASSAGES, PIECES = 20, 200
QUESTION = "Was sagte der Minister über die Brücke?"


def passages(network: ReaderNetwork, corpus: Path) -> Iterator[Row]:
    """Rows of `PIECES` pieces of text each, one an article; its last sentence is cut to fit."""
    asked = network.pieces([QUESTION])[0]
    for record in read_jsonl(corpus):
        title, text = record["title"], record["text"]
        spans = sentences(text, Span(0, len(text)), "de")
        headline, *told = network.pieces([title, *(text[start:end] for start, end in spans)])
        fitted, room = [], PIECES
        for sentence in told:
            fitted.append(sentence[:room])
            room -= len(fitted[-1])
            if room == 0:
                yield row(network.frame, asked, headline, fitted)
                break


def measure(networks: dict[str, ReaderNetwork], batches: Sequence[Sequence[Row]]) -> dict[str, list[float]]:
    """Milliseconds of every batch, each network in turn."""
    milliseconds: dict[str, list[float]] = {name: [] for name in networks}
    for rows in track(batches, "reading"):
        for name, network in networks.items():
            started = perf_counter()
            network.read(rows)
            milliseconds[name].append(1000 * (perf_counter() - started))
    return milliseconds


def chunks(embedder: Embedder, corpus: Path) -> Iterator[Passage]:
    """The first chunk of each article."""
    for number, record in enumerate(read_jsonl(corpus)):
        text = record["text"]
        document = Document(str(number), text, text_sha256(text), record["title"], "de", str(number))
        for first in chunk(document, window=embedder.window, count_tokens=embedder.count_tokens)[:1]:
            yield Passage.of(document, first)


def interact(embedder: Embedder, batches: Sequence[Sequence[Passage]]) -> dict[str, list[float]]:
    """Milliseconds of late interaction with every batch, at first and once it is remembered."""
    milliseconds: dict[str, list[float]] = {"at first": [], "again": []}
    tokens = SentenceTokens(embedder)
    for batch in track(batches, "late interaction"):
        for taken in milliseconds.values():
            started = perf_counter()
            tokens.likeness(QUESTION, batch)
            taken.append(1000 * (perf_counter() - started))
    return milliseconds


def difference(one: ReaderNetwork, other: ReaderNetwork, batches: Sequence[Sequence[Row]]) -> float:
    """The mean absolute difference of the two in a sentence's evidence, a logit."""
    both = ([_evidence(network.read(rows)) for rows in batches] for network in (one, other))
    return float(np.mean(np.abs(np.subtract(*map(np.concatenate, both)))))


def _evidence(scored: Sequence[Scored]) -> npt.NDArray[np.float64]:
    return np.array([value for of_row in scored for value in of_row.evidence])


def main() -> None:
    """Measure, print and write."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--corpus", type=Path, required=True, help="gzipped JSON lines with title and text")
    parser.add_argument("--rounds", type=int, default=30, help="batches of passages; default: %(default)s")
    parser.add_argument("--out", type=Path, default=OUT)
    arguments = parser.parse_args()
    networks = {"float32": ReaderNetwork(READER, bfloat16=False), "bfloat16": ReaderNetwork(READER, bfloat16=True)}
    rows = list(passages(networks["float32"], arguments.corpus))
    batches = [[rows[(i * PASSAGES + j) % len(rows)] for j in range(PASSAGES)] for i in range(arguments.rounds)]
    measure(networks, batches[:2])  # the first calls pay for what the later ones find ready
    milliseconds = measure(networks, batches)
    embedder = open_embedder(IndexSettings.load())
    told = list(islice(chunks(embedder, arguments.corpus), PASSAGES * (arguments.rounds + 1)))
    new = [told[i : i + PASSAGES] for i in range(0, len(told), PASSAGES)]
    interaction = {f"late interaction, {name}": of[1:] for name, of in interact(embedder, new).items()}
    apart = round(difference(networks["float32"], networks["bfloat16"], batches), 3)
    found: dict[str, Any] = {
        name: {"p50 ms": round(median(of), 1), "p90 ms": round(float(np.percentile(of, 90)), 1)}
        for name, of in {**milliseconds, **interaction}.items()
    }
    table = Table(
        "layers in, or what comes on top",
        "p50 ms",
        "p90 ms",
        title=f"{PASSAGES} passages of {PIECES} pieces with question and title; late interaction: chunks",
    )
    for name, of in found.items():
        table.add_row(name, *map(str, of.values()))
    ratio = round(found["float32"]["p50 ms"] / found["bfloat16"]["p50 ms"], 2)
    shipped = "bfloat16" if fast_bfloat16() else "float32"
    notes = f"bfloat16 is {ratio} times as fast; evidence {apart} apart in the mean; shipped on this machine: {shipped}"
    Console().print(table, notes)
    run = {name: value for name, value in asdict(environment("")).items() if name != "generation"}
    result = {
        **found,
        "ratio": ratio,
        "evidence apart": apart,
        "shipped here": shipped,
        "batches": len(batches),
        **run,
    }
    arguments.out.write_text(json.dumps(result, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
