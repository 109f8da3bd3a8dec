r"""What a filter costs a search, what it loses, and from how many chunks on the graph is the quicker way.

Searches without and with filters take turns, question by question, on a synthetic index (bench/synthetic.py), so that
ratios hold on a busy machine too. A filter is a range of days; one that is asked for the first time pays for finding
out what it lets through, one that is repeated does not. What is lost is counted against looking at every vector.

    python -m bench.filters --corpus ../shared/data/corpus/wikinews_de_998.jsonl.gz --chunks 100000
"""

from __future__ import annotations

import argparse
import json
import tempfile
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import timedelta
from math import ceil, log
from pathlib import Path
from statistics import fmean, median
from time import perf_counter
from typing import Any, NamedTuple

import numpy as np
from rich.console import Console
from rich.progress import Progress
from rich.table import Table

from bench.index import unpack
from bench.running import RESULTS, positive, run
from bench.synthetic import DAYS, FIRST_DAY, LANG, UNDATED, Vectors, draw, questions, write_index
from index.embed import Embedder, open_embedder
from index.exact import ChunkVectors
from index.filters import EVERYTHING, Filter
from index.generation import CHROMA, CHUNKS, generation_path, serving
from index.reader import FEW, RERANKED, SPARE, IndexReader, open_index
from index.settings import IndexSettings
from index.store import VectorStore

SHARES = (0.001, 0.01, 0.05, 0.1, 0.25, 0.5, 0.9)
CROSSING = (0.005, 0.01, 0.02, 0.05, 0.1, 0.15, 0.2, 0.3, 0.4, 0.6, 0.9)
MOST = 3.0  # times an unfiltered search: what a filter may cost
TOP = 20
_SEED = 1970

Question = tuple[str, Vectors]
Case = tuple[float, str]  # the share that a filter lets through, and "first" or "repeated"
UNFILTERED: Case = (1.0, "unfiltered")


class Took(NamedTuple):
    """Milliseconds of one search: of its two legs, and of embedding the question, which no filter changes."""

    dense: float
    lexical: float
    question: float = 0.0


def window(share: float, turn: int) -> Filter:
    """Days that let through about `share` of all documents; another one each `turn`."""
    days = max(1, round(DAYS * share / (1 - UNDATED)))
    first = FIRST_DAY + timedelta((turn * 37) % max(1, DAYS - days))
    return Filter(since=first, until=first + timedelta(days - 1))


def time_filters(reader: IndexReader, embedder: Embedder, asked: Iterable[Question]) -> dict[Case, list[Took]]:
    """Each question without a filter and with each share twice, the shares in an order that changes."""
    rng = np.random.default_rng(_SEED)
    took: dict[Case, list[Took]] = defaultdict(list)
    for turn, question in enumerate(asked):
        took[UNFILTERED].append(time_search(reader, embedder, question, EVERYTHING))
        for share in rng.permutation(SHARES).tolist():
            for case in ("first", "repeated"):
                took[share, case].append(time_search(reader, embedder, question, window(share, turn)))
    return took


def time_search(reader: IndexReader, embedder: Embedder, question: Question, only: Filter) -> Took:
    """As retrieval asks; the vector that is searched with is a synthetic one."""
    text, vector = question
    begun = perf_counter()
    embedder.embed_queries([text])
    started = perf_counter()
    reader.dense(LANG, vector, RERANKED, only)
    between = perf_counter()
    reader.lexical(LANG, text, LANG, RERANKED, only)
    ended = perf_counter()
    return Took(1000 * (between - started), 1000 * (ended - between), 1000 * (started - begun))


def costs(took: Mapping[Case, Sequence[Took]]) -> list[dict[str, Any]]:
    """A row for each case: p50 of the parts and of the whole, and that as a multiple of the unfiltered search."""
    whole = median(map(sum, took[UNFILTERED]))
    return [
        {
            "lets_through": share,
            "asked": case,
            "dense_ms": round(median(each.dense for each in times), 3),
            "lexical_ms": round(median(each.lexical for each in times), 3),
            "question_ms": round(median(each.question for each in times), 3),
            "ms": round(median(map(sum, times)), 3),
            "times_unfiltered": round(median(map(sum, times)) / whole, 2),
        }
        for (share, case), times in sorted(took.items(), key=lambda item: (-item[0][0], item[0][1]))
    ]


def recalls(reader: IndexReader, vectors: Vectors, asked: Sequence[Question]) -> dict[str, float]:
    """By share: how many of the `TOP` nearest chunks that a filter lets through are among those of the dense leg."""
    found = {
        share: [recall(reader, vectors, q, window(share, t)) for t, (_, q) in enumerate(asked)] for share in SHARES
    }
    found[1.0] = [recall(reader, vectors, vector, EVERYTHING) for _, vector in asked]
    return {f"{share:g}": round(fmean(each), 4) for share, each in found.items()}


def recall(reader: IndexReader, vectors: Vectors, vector: Vectors, only: Filter) -> float:
    """The share for one question; 1 where nothing is let through."""
    passing = np.flatnonzero(reader.select(only).chunks)
    exact = passing[np.argsort(-(vectors[passing] @ vector), kind="stable")[:TOP]]
    found = {key for key, _ in reader.dense(LANG, vector, RERANKED, only)}
    return len(found.intersection(exact.tolist())) / len(exact) if len(exact) else 1.0


class Crossing(NamedTuple):
    """One share: chunks let through, p50 in milliseconds of both ways, and how often the graph gave enough."""

    passing: int
    exact_ms: float
    graph_ms: float
    enough: float


def time_ways(reader: IndexReader, generation: Path, asked: Sequence[Question]) -> list[Crossing]:
    """Looking at every chunk, against asking the graph for more and looking at every chunk where that was too few."""
    chunks, store, found = ChunkVectors(generation / CHUNKS), VectorStore(generation / CHROMA), []
    try:
        for share in CROSSING:
            flags = [reader.select(window(share, turn)).chunks for turn in range(len(asked))]
            both = [time_both(chunks, store, vector, of) for (_, vector), of in zip(asked, flags, strict=True)]
            exact, graph, enough = (list(each) for each in zip(*both, strict=True))
            found.append(Crossing(round(fmean(of.sum() for of in flags)), median(exact), median(graph), fmean(enough)))
    finally:
        store.close()
    return found


def time_both(chunks: ChunkVectors, store: VectorStore, vector: Vectors, flags: Any) -> tuple[float, float, bool]:  # noqa: ANN401 - an array
    """Milliseconds of both ways, and whether the graph gave enough."""
    started = perf_counter()
    chunks.nearest(np.flatnonzero(flags), vector, RERANKED)
    between = perf_counter()
    hits = store.search(LANG, vector, ceil(SPARE * RERANKED * len(flags) / max(1, int(flags.sum()))))
    enough = sum(bool(flags[key]) for key, _ in hits) >= RERANKED
    if not enough:
        chunks.nearest(np.flatnonzero(flags), vector, RERANKED)
    return 1000 * (between - started), 1000 * (perf_counter() - between), enough


def crossover(ways: Sequence[Crossing]) -> int | None:
    """Chunks let through from which on the graph stays the quicker way, between two measured ones; None if none."""
    at = next((i for i in range(len(ways)) if all(way.graph_ms < way.exact_ms for way in ways[i:])), None)
    if at is None:
        return None
    if at == 0:
        return ways[0].passing
    (low, before), (high, after) = ((way.passing, way.graph_ms / way.exact_ms) for way in ways[at - 1 : at + 1])
    return round(float(low * (high / low) ** (log(before) / log(before / after))))


def measure(data_dir: Path, corpus: Path, chunks: int, count: int, progress: Progress) -> dict[str, Any]:
    """The whole result, from the index in `data_dir`, which is written where there is none."""
    task = progress.add_task("index", total=4)
    words = [word for line in unpack(corpus, 10**6) for word in json.loads(line)["text"].split()]
    made = draw(chunks, _SEED)
    if not (data_dir / "CURRENT").exists():
        write_index(data_dir, made, words, _SEED, lambda step: progress.update(task, description=f"index: {step}"))
    asked = questions(made, words, count, _SEED)
    generation = generation_path(data_dir, serving(data_dir))
    embedder = open_embedder(IndexSettings.load())
    with open_index(data_dir) as reader:
        time_filters(reader, embedder, asked[:3])  # pays for what the others find ready
        progress.update(task, completed=1, description="cost")
        took = time_filters(reader, embedder, progress.track(asked, description="questions"))
        progress.update(task, completed=2, description="what is lost")
        lost = recalls(reader, np.load(generation / CHUNKS).astype(np.float32), asked)
        progress.update(task, completed=3, description="both ways")
        ways = time_ways(reader, generation, asked)
        progress.update(task, completed=4)
        return to_json(chunks, costs(took), lost, ways) | {"documents": len(made.topics), "questions": count}


def to_json(chunks: int, rows: list[dict[str, Any]], lost: dict[str, float], ways: list[Crossing]) -> dict[str, Any]:
    """The result: what is over the limit is named, and so is what FEW should be."""
    over = [row for row in rows if row["times_unfiltered"] > MOST]
    return {
        "chunks": chunks,
        "rows": rows,
        "at_most": MOST,
        "above": [f"{row['lets_through']:g}, {row['asked']}" for row in over],
        f"recall_of_exact_top_{TOP}": lost,
        "ways": [
            {**way._asdict(), "exact_ms": round(way.exact_ms, 3), "graph_ms": round(way.graph_ms, 3)} for way in ways
        ],
        "crossover": crossover(ways),
        "FEW": FEW,
    }


def show(result: dict[str, Any], console: Console) -> None:
    """Print the tables."""
    lost = result[f"recall_of_exact_top_{TOP}"]
    table = Table(
        "lets through",
        "asked",
        "dense ms",
        "lexical ms",
        "question ms",
        "ms",
        "x unfiltered",
        f"of the exact top {TOP}",
    )
    for row in result["rows"]:
        table.add_row(*map(str, row.values()), str(lost[f"{row['lets_through']:g}"]))
    ways = Table("let through", "every vector, ms", "graph, ms", "graph gave enough")
    for way in result["ways"]:
        ways.add_row(*map(str, way.values()))
    console.print(
        table, ways, f"crossover {result['crossover']}, FEW is {result['FEW']}; above {MOST}x: {result['above']}"
    )


@contextmanager
def folder(kept: Path | None) -> Iterator[Path]:
    """Where the index lies: a folder that stays, or one that does not."""
    if kept:
        yield kept
        return
    with tempfile.TemporaryDirectory(prefix="beleg-bench-") as made:
        yield Path(made)


def main() -> None:
    """Measure, print and write."""
    parser = argparse.ArgumentParser(
        prog="python -m bench.filters", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--corpus", type=Path, required=True, help="JSON lines with texts, for their words alone")
    parser.add_argument("--chunks", type=positive, default=100_000, help="of the index (default: %(default)s)")
    parser.add_argument("--questions", type=positive, default=100, help="default: %(default)s")
    parser.add_argument("--keep", type=Path, help="data directory that the index stays in, and is taken from")
    parser.add_argument(
        "--out", type=Path, default=RESULTS / "filters.json", help="default: bench/results/filters.json"
    )
    arguments = parser.parse_args()

    def measured(progress: Progress) -> dict[str, Any]:
        with folder(arguments.keep) as data_dir:
            return measure(data_dir, arguments.corpus, arguments.chunks, arguments.questions, progress)

    show(run(measured, arguments.out), Console())


if __name__ == "__main__":
    main()
