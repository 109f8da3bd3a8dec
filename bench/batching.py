r"""What threads and the size of batches do to tokens a second, for the packaged encoder and for the library's way.

Both ways compute the same weights over the same German news, in turns, so that ratios hold on a busy machine too; ours
in bfloat16 where the processor is good at that, and without pooling. A batch is filled with texts of like length up to
so many tokens. The library cuts more than 2,048 tokens into batches of its own.

    python -m bench.batching --corpus ../shared/data/corpus/wikinews_de_998.jsonl.gz
"""

from __future__ import annotations

import argparse
import os
import tempfile
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from statistics import median
from time import perf_counter
from typing import Any, NamedTuple

from rich.console import Console
from rich.progress import Progress
from rich.table import Table

from bench.running import RESULTS, positive, run
from bench.texts import read_texts
from index.batches import batches
from index.embed import NetworkEmbedder
from index.model_files import find_model
from index.settings import DEFAULT_MODEL

BUDGETS = (512, 1024, 2048, 4096, 8192)
SHARING, APART, ALONE = "all threads share a batch", "a batch for each thread", "one thread"
OURS, LIBRARY = "index/bert.py", "sentence-transformers, float32"


class Way(NamedTuple):
    """Who computes, how threads are used, and the tokens of a batch."""

    encoder: str
    threads: str
    budget: int


Encode = Callable[[Sequence[str]], object]


def measure(options: argparse.Namespace, progress: Progress) -> dict[str, Any]:
    """Tokens a second of every way, the median of the rounds."""
    with tempfile.TemporaryDirectory(prefix="beleg-bench-") as folder:
        Path(folder, "own").symlink_to(find_model(DEFAULT_MODEL))  # under a name that Beleg leaves to the library
        ours, library = NetworkEmbedder(DEFAULT_MODEL), NetworkEmbedder(str(Path(folder, "own")))
    network = ours._network  # noqa: SLF001 - the bench looks inside, since the product uses threads in one way alone
    encoders: dict[str, Encode] = {
        OURS: lambda texts: network._bert(network._rows(texts)),  # type: ignore[attr-defined]  # noqa: SLF001
        LIBRARY: library.embed_documents,
    }
    texts = read_texts(options.corpus, options.texts, window=ours.window, count_tokens=ours.count_tokens)
    read = [*texts.chunks, *texts.sentences]
    tokens = [min(count, ours.window) for count in ours.count_tokens(read)]
    ways = [
        Way(name, threads, budget) for name in encoders for threads in (SHARING, APART, ALONE) for budget in BUDGETS
    ]
    seconds: dict[Way, list[float]] = {way: [] for way in ways}
    for way in progress.track(ways * (options.rounds + 1), description="encode"):
        laps = [[read[i] for i in batch] for batch in batches(tokens, way.budget)]
        seconds[way].append(_seconds(encoders[way.encoder], laps, way.threads))
    return {
        "texts": len(read),
        "tokens": sum(tokens),
        "rounds": options.rounds,
        "tokens_per_s": [
            {**way._asdict(), "tokens_per_s": round(sum(tokens) / median(laps[1:]))} for way, laps in seconds.items()
        ],
    }


def _seconds(encode: Encode, laps: Sequence[Sequence[str]], threads: str) -> float:
    """Of all batches; a new pool each time, since torch's number of threads is each thread's own."""
    import torch

    cores = os.cpu_count() or 1
    workers, each = {SHARING: (1, cores), APART: (cores, 1), ALONE: (1, 1)}[threads]
    with ThreadPoolExecutor(workers, initializer=lambda: torch.set_num_threads(each)) as pool:
        started = perf_counter()
        list(pool.map(encode, laps))
        return perf_counter() - started


def show(result: dict[str, Any], console: Console) -> None:
    """Print a row for each way to compute and to use threads."""
    table = Table("tokens a second", "", *map(str, BUDGETS), title="Tokens of a batch", title_justify="left")
    found = {Way(row["encoder"], row["threads"], row["budget"]): row["tokens_per_s"] for row in result["tokens_per_s"]}
    for encoder, threads in dict.fromkeys((way.encoder, way.threads) for way in found):
        table.add_row(encoder, threads, *(f"{found[Way(encoder, threads, budget)]:,}" for budget in BUDGETS))
    console.print(table)


def main() -> None:
    """Measure, print and write."""
    parser = argparse.ArgumentParser(
        prog="python -m bench.batching", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--corpus", type=Path, help="German news besides seeds/: gzipped JSON lines")
    parser.add_argument(
        "--texts", type=positive, default=320, help="chunks, and their sentences (default: %(default)s)"
    )
    parser.add_argument("--rounds", type=positive, default=3, help="rounds that count (default: %(default)s)")
    parser.add_argument("--out", type=Path, default=RESULTS / "batching.json")
    options = parser.parse_args()
    show(run(lambda progress: measure(options, progress), options.out), Console())


if __name__ == "__main__":
    main()
