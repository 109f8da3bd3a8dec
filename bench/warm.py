r"""How long a program that is up takes for an answer over many chunks: with the trained reader, without it, searching.

News with questions of who said what, among speeches that make up the size. The three ways take turns, question by
question; each question is asked once, so that a reader meets passages that it has not seen, as most often in use.

    python -m bench.warm --news ../shared/data/corpus/wikinews_de_998.jsonl.gz \
        --speeches ../shared/data/corpus/bundestag_speeches_de_37126.jsonl.gz \
        --questions ../shared/data/dev/quotes_dev_de.jsonl.gz
"""

from __future__ import annotations

import argparse
import json
import tempfile
from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack, closing
from pathlib import Path
from time import perf_counter
from typing import Any, NamedTuple

from rich.console import Console
from rich.progress import Progress
from rich.table import Table

from bench.builds import Job, run_build
from bench.child import Note, in_child
from bench.growth import enough
from bench.index import unpack
from bench.running import RESULTS, following, positive, run
from qa.metrics import percentile

CHUNKS, QUESTIONS = 100_000, 200
_WARMING = 10  # questions that are not timed
READER, SIGNALS, SEARCH = "ask", "ask --no-reader", "search"
_CHUNKS_OF_AN_ARTICLE = 7  # of this news, about
_ALL = 100_000  # lines: more than any file of news here has


class Asking(NamedTuple):
    """What is to be opened, and asked."""

    data_dir: Path
    questions: Sequence[str]


Milliseconds = Mapping[str, Sequence[float]]  # of each question, by way


def measure(options: argparse.Namespace, progress: Progress) -> dict[str, Any]:
    """Build, ask and sum up; the index is gone afterwards."""
    lines = unpack(options.questions, options.ask + _WARMING)
    questions = [json.loads(line)["question_de"] for line in lines]
    with tempfile.TemporaryDirectory(prefix="beleg-bench-") as folder:
        source, data_dir = Path(folder, "texts"), Path(folder, "data")
        source.mkdir()
        news = unpack(options.news, _ALL)
        room = options.chunks - len(enough(news, options.chunks)) * _CHUNKS_OF_AN_ARTICLE
        speeches = enough(unpack(options.speeches, options.chunks), max(1, room))
        for name, records in (("news", news), ("speeches", speeches)):
            (source / f"{name}.jsonl").write_text("".join(records), encoding="utf-8")
        built, _ = run_build(Job(source, data_dir), following(progress, "build"))
        task = progress.add_task("ask", total=len(questions))
        milliseconds, memory = in_child(ask, Asking(data_dir, questions), lambda _: progress.advance(task))
    return {
        "documents": built.documents,
        "chunks": built.chunks,
        "build_s": round(built.seconds, 1),
        "questions": len(questions) - _WARMING,
        **figures(milliseconds),
        "peak_mb_all_three": round(memory.own, 1),
    }


def figures(milliseconds: Milliseconds) -> dict[str, Any]:
    """Percentiles of each way, and what the reader takes of the time without it."""
    ways = {
        way: {f"p{p} ms": round(percentile(taken, p), 1) for p in (50, 95, 99)} for way, taken in milliseconds.items()
    }
    ratios = {
        f"{READER} / {other}": {p: round(ways[READER][p] / ways[other][p], 2) for p in ways[READER]}
        for other in (SIGNALS, SEARCH)
    }
    return {"milliseconds": ways, "ratios": ratios}


def ask(asking: Asking, note: Note) -> Milliseconds:
    """Milliseconds of every way for every question, but for the first, which load and prepare."""
    from qa.pipeline import Assistant
    from qa.settings import Settings

    with ExitStack() as stack:
        with_reader, without = (
            stack.enter_context(closing(Assistant(Settings.load(data_dir=asking.data_dir, reader=reader))))
            for reader in (True, False)
        )
        ways: dict[str, Callable[[str], object]] = {
            SEARCH: with_reader.search,
            READER: with_reader.ask,
            SIGNALS: without.ask,
        }
        taken: dict[str, list[float]] = {way: [] for way in ways}
        for question in asking.questions:
            for way, answer in ways.items():
                started = perf_counter()
                answer(question)
                taken[way].append(1000 * (perf_counter() - started))
            note(question)
    return {way: each[_WARMING:] for way, each in taken.items()}


def show(result: Mapping[str, Any], console: Console) -> None:
    """Print a row for each way."""
    title = f"{result['questions']} questions over {result['chunks']:,} chunks"
    table = Table("", "p50 ms", "p95 ms", "p99 ms", title=title, title_justify="left")
    for part in ("milliseconds", "ratios"):
        for name, values in result[part].items():
            table.add_row(name, *map(str, values.values()))
    console.print(table)


def main() -> None:
    """Measure, print and write."""
    parser = argparse.ArgumentParser(
        prog="python -m bench.warm", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--news", type=Path, required=True, help="JSON lines with title and text, gzipped or not")
    parser.add_argument("--speeches", type=Path, required=True, help="the same, to make up the size")
    parser.add_argument("--questions", type=Path, required=True, help="JSON lines with question_de")
    parser.add_argument("--chunks", type=positive, default=CHUNKS, help="about so many (default: %(default)s)")
    parser.add_argument("--ask", type=positive, default=QUESTIONS, help="questions timed (default: %(default)s)")
    parser.add_argument("--out", type=Path, default=RESULTS / "warm.json")
    options = parser.parse_args()
    show(run(lambda progress: measure(options, progress), options.out), Console())


if __name__ == "__main__":
    main()
