r"""How building, opening and searching grow with the index: time, memory, disk and latency at several sizes.

Each size is built from nothing, from the first speeches that make about so many chunks, and then opened and asked in a
new process: fifty titles, through retrieval with the real encoder. The titles of speeches share most of their words
with every other title, which is the hardest that search by words can be asked.

    python -m bench.growth --corpus ../shared/data/corpus/bundestag_speeches_de_37126.jsonl.gz --chunks 1000 10000
"""

from __future__ import annotations

import argparse
import json
import tempfile
from collections.abc import Callable, Sequence
from contextlib import closing
from pathlib import Path
from statistics import median
from time import perf_counter
from typing import Any, NamedTuple

import numpy as np
from rich.console import Console
from rich.progress import Progress
from rich.table import Table

from bench.builds import ENCODER, Built, Job, run_build
from bench.child import Memory, Note, in_child
from bench.index import disk, unpack
from bench.plots import Panel, plot_panels
from bench.running import MODEL, RESULTS, following, positive, run

SIZES = (1000, 10_000, 30_000)
QUESTIONS = 50
_OPENINGS = 5
_CHARACTERS = 250  # of a speech to a chunk: how many of them make about so many chunks


class Asking(NamedTuple):
    """What is to be opened and asked, by titles of its documents."""

    data_dir: Path
    titles: Sequence[str]


class Latency(NamedTuple):
    """Seconds of opening an index, at first with all libraries; milliseconds of each question, and of its vector."""

    first_opening: float
    openings: Sequence[float]
    questions: Sequence[float]
    vectors: Sequence[float]


def measure(corpus: Path, chunks: int, on_progress: Callable[[Any], None]) -> dict[str, Any]:
    """One size; its files are gone afterwards."""
    with tempfile.TemporaryDirectory(prefix="beleg-bench-") as folder:
        source, data_dir = Path(folder, "speeches.jsonl"), Path(folder, "data")
        records = enough(unpack(corpus, chunks), chunks)
        source.write_text("".join(records), encoding="utf-8")
        built, building = run_build(Job(source, data_dir), on_progress)
        spread = np.linspace(0, len(records) - 1, min(QUESTIONS, len(records)), dtype=int)
        titles = [json.loads(records[row])["title"] for row in spread]
        latency, searching = in_child(ask, Asking(data_dir, titles))
        return row(built, disk(data_dir, built), latency, (building, searching))


def enough(lines: Sequence[str], chunks: int) -> list[str]:
    """The first of these records of JSON whose texts make about so many chunks; all where they do not suffice."""
    characters = np.cumsum([len(json.loads(line)["text"]) for line in lines])
    return list(lines[: int(np.searchsorted(characters, chunks * _CHARACTERS)) + 1])


def ask(asking: Asking, _: Note) -> Latency:
    """Open several times, then ask; one more question at first, which pays for what the others find ready."""
    from index.embed import open_embedder
    from index.settings import IndexSettings
    from qa.retrieve import Retriever
    from qa.settings import Settings
    from qa.types import Question

    openings = [_opening(asking.data_dir) for _ in range(_OPENINGS)]
    embedder = open_embedder(IndexSettings.load(data_dir=asking.data_dir, model=MODEL))
    settings = Settings.load(data_dir=asking.data_dir)
    milliseconds, vectors = [], []
    with closing(_opened(asking.data_dir)) as index:
        retriever = Retriever(index, embedder, candidates=settings.candidates)
        for title in (asking.titles[0], *asking.titles):
            milliseconds.append(_timed(retriever.search, Question(title, "de"), settings.passages))
            vectors.append(_timed(embedder.embed_queries, [title]))
    first, *more = openings
    return Latency(first, more, milliseconds[1:], vectors[1:])


def row(built: Built, on_disk: dict[str, int], latency: Latency, memory: tuple[Memory, Memory]) -> dict[str, Any]:
    """What is written down of one size: seconds, megabytes and milliseconds."""
    encoding = sum(built.stages.get(name, 0) for name in ENCODER)
    building, searching = memory
    cache = on_disk["vector cache"]
    return {
        "documents": built.documents,
        "chunks": built.chunks,
        "build_s": round(built.seconds, 2),
        "build_s_without_encoder": round(built.seconds - encoding, 2),
        "build_peak_mb": round(building.own, 1),
        "verify_peak_mb": round(building.started, 1),
        "search_peak_mb": round(searching.own, 1),
        "index_mb": round((sum(on_disk.values()) - cache) / 1e6, 2),
        "vector_cache_mb": round(cache / 1e6, 2),
        "first_opening_s": round(latency.first_opening, 3),
        "opening_s": round(median(latency.openings), 3),
        "question_ms_p50": round(median(latency.questions), 2),
        "question_ms_p95": round(float(np.percentile(latency.questions, 95)), 2),
        "of_it_vector_ms_p50": round(median(latency.vectors), 2),
    }


def plot(rows: Sequence[dict[str, Any]], path: Path) -> None:
    """The sizes as a figure."""

    def lines(**names: str) -> dict[str, list[float]]:
        return {line.replace("_", " "): [row[name] for row in rows] for line, name in names.items()}

    panels = [
        Panel("building, s", lines(all="build_s", without_the_encoder="build_s_without_encoder")),
        Panel("peak memory, MB", lines(building="build_peak_mb", searching="search_peak_mb")),
        Panel("disk, MB", lines(index="index_mb", vector_cache="vector_cache_mb")),
        Panel("opening again, s", lines(median="opening_s")),
        Panel("retrieval, ms", lines(p95="question_ms_p95", p50="question_ms_p50")),
        Panel("embedding the question, ms", lines(p50="of_it_vector_ms_p50")),
    ]
    plot_panels([row["chunks"] for row in rows], panels, "chunks", path)


def show(result: dict[str, Any], console: Console) -> None:
    """Print a column for each size."""
    rows = result["sizes"]
    table = Table("", *(f"{row['chunks']:,} chunks" for row in rows), title="Growth", title_justify="left")
    for name in rows[0]:
        table.add_row(name.replace("_", " "), *(str(row[name]) for row in rows))
    console.print(table)


def main() -> None:
    """Measure, print, plot and write."""
    parser = argparse.ArgumentParser(
        prog="python -m bench.growth", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--corpus", type=Path, required=True, help="JSON lines with title and text, gzipped or not")
    parser.add_argument(
        "--chunks", type=positive, nargs="+", default=SIZES, help="about so many each (default: %(default)s)"
    )
    parser.add_argument("--out", type=Path, default=RESULTS / "growth.json", help="and beside it the plot, as SVG")
    arguments = parser.parse_args()

    def measured(progress: Progress) -> dict[str, Any]:
        each = [(chunks, following(progress, f"{chunks:,} chunks")) for chunks in sorted(arguments.chunks)]
        return {"sizes": [measure(arguments.corpus, chunks, follow) for chunks, follow in each]}

    result = run(measured, arguments.out)
    plot(result["sizes"], arguments.out.with_suffix(".svg"))
    show(result, Console())


def _opened(data_dir: Path) -> Any:  # noqa: ANN401 - a reader, of a module that only the child loads
    from index.reader import open_index

    return open_index(data_dir)


def _opening(data_dir: Path) -> float:
    """Seconds, libraries included where they are not loaded yet."""
    started = perf_counter()
    _opened(data_dir).close()
    return perf_counter() - started


def _timed(action: Callable[..., object], *arguments: object) -> float:
    """Milliseconds."""
    started = perf_counter()
    action(*arguments)
    return 1000 * (perf_counter() - started)


if __name__ == "__main__":
    main()
