r"""The race: the same job, run and machine for Beleg and for the systems that people use.

Each system is installed into an environment of its own, indexes the same texts with the same encoder, and answers the
same questions. Times and memory are taken from outside its process, in turns, and are medians over the rounds.

    python -m bench.peers --data ../shared/data
    python -m bench.peers --data ../shared/data --limit 50 --peers txtai --out build/peers.json
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from rich.progress import Progress

from bench.peers.contestants import BELEG, COMMON, ENCODER, ROOT, Contestant, System, contestants
from bench.peers.drivers.protocol import DEFAULT
from bench.peers.figures import plot
from bench.peers.job import Corpus, read_job
from bench.peers.measures import middle, summary
from bench.peers.race import FOUND, SHOWN, Course, Plan, hold
from bench.peers.venvs import Setup, ready, setup, versions
from bench.peers.verdicts import Lap, verdicts
from bench.running import RESULTS, positive, run

NEWS, QUOTES = Path("corpus/wikinews_de_998.jsonl.gz"), Path("dev/quotes_dev_de.jsonl.gz")
XQUAD = Path("dev/xquad_dev_en_de.jsonl.gz")
VENVS = ROOT / "build" / "peers"
TOLD = ("torch", "transformers", "sentence-transformers", "chromadb", "faiss-cpu", "llama-index-core",
        "langchain-core", "langchain-chroma", "txtai", "haystack-ai", "chroma-haystack")  # fmt: skip


def measure(options: argparse.Namespace, progress: Progress) -> dict[str, Any]:
    """The whole result but for the machine."""
    job = read_job(options.data / NEWS, options.data / QUOTES, options.data / XQUAD, options.limit)
    before = os.getloadavg()
    chosen = [one for one in contestants() if one.system.key in {BELEG, *options.peers}]
    venvs, refused = _installed(chosen, options.venvs, progress)
    courses = {one.key: Course(left_out=refused.get(one.system.key, "")) for one in chosen}

    def track(items: Iterable[Any], what: str, total: int) -> Iterator[Any]:
        return iter(progress.track(items, total=total, description=what))

    with tempfile.TemporaryDirectory(prefix="beleg-peers-") as folder:
        hold(Plan(job, chosen, venvs, Path(folder), options.rounds, track), courses)
    laps = [Lap(one, courses[one.key]) for one in chosen]
    return {
        **_job(job, options),
        "contestants": [_row(lap, venvs) for lap in laps],
        "verdicts": verdicts(laps),
        "notes": {"all": COMMON, **{system.name: system.notes for system in _systems(chosen)}},
        "packages": {key: _told(venv) for key, venv in venvs.items()},
        "load": {"before": [round(x, 2) for x in before], "after": [round(x, 2) for x in os.getloadavg()]},
    }


def _installed(
    chosen: Sequence[Contestant], folder: Path, progress: Progress
) -> tuple[dict[str, Path], dict[str, str]]:
    """The environments by system, and why there is none."""
    venvs, refused = {}, {}
    for system in progress.track(_systems(chosen), description="install"):
        try:
            venvs[system.key] = ready(system, folder)
        except RuntimeError as error:
            refused[system.key] = f"cannot be installed: {str(error).splitlines()[-1]}"
    return venvs, refused


def _systems(chosen: Sequence[Contestant]) -> list[System]:
    return list(dict.fromkeys(one.system for one in chosen))


def _job(job: Sequence[Corpus], options: argparse.Namespace) -> dict[str, Any]:
    return {
        "corpora": {corpus.name: {"texts": len(corpus.records), "questions": len(corpus.asked)} for corpus in job},
        "limit": options.limit,
        "rounds": options.rounds,
        "encoder": ENCODER.name,
        "hits": {"quality": FOUND, "latency": SHOWN},
    }


def _row(lap: Lap, venvs: dict[str, Path]) -> dict[str, Any]:
    one, course = lap
    named = {"key": one.key, "name": one.name, "system": one.system.key, "encoder": Path(one.encoder).name}
    if course.left_out:
        why = (
            f"its default encoder is not on this machine, nothing is downloaded: not run ({course.left_out})"
            if one.encoder == DEFAULT
            else ""
        )
        return {**named, "left_out": why or course.left_out}
    return {
        **named,
        "setup_mb": {name: round(value, 1) for name, value in _setup(one, venvs)._asdict().items()},
        **_costs(course),
        "quality": {part: summary(found) for part, found in course.values.items()},
        "first_hit_characters": course.first_hit_characters,
    }


def _setup(one: Contestant, venvs: dict[str, Path]) -> Setup:
    return setup(one.system, venvs[one.system.key])


def _costs(course: Course) -> dict[str, Any]:
    digits = {"index_s": 2, "index_mb": 1, "p50_ms": 2, "p95_ms": 2, "serve_mb": 1, "cold_s": 3}
    rounds = {name: [round(value, digits[name]) for value in asdict(course)[name]] for name in digits}
    medians = {name: middle(of, digits[name]) for name, of in rounds.items() if of}
    disk = {name: round(value, 2) for name, value in course.disk_mb.items()}
    return {"chunks": course.chunks or None, **medians, "disk_mb": disk, "rounds_of": rounds}


def _told(venv: Path) -> dict[str, str]:
    here = versions(venv)
    return {name: here[name] for name in TOLD if name in here}


def main() -> None:
    """Measure, write and plot."""
    systems = [one.key for one in _systems(contestants()) if one.key != BELEG]
    parser = argparse.ArgumentParser(
        prog="python -m bench.peers", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--data", type=Path, required=True, help=f"folder with {NEWS}, {QUOTES} and {XQUAD}")
    parser.add_argument("--limit", type=positive, help="texts and questions of each corpus, at most (default: all)")
    parser.add_argument("--peers", nargs="+", choices=systems, default=systems, help="beside Beleg (default: all)")
    parser.add_argument("--rounds", type=positive, default=3, help="of what takes time (default: %(default)s)")
    parser.add_argument("--venvs", type=Path, default=VENVS, help="folder of the environments (default: build/peers)")
    parser.add_argument("--out", type=Path, default=RESULTS / "peers.json", help="default: bench/results/peers.json")
    options = parser.parse_args()
    result = run(lambda progress: measure(options, progress), options.out)
    plot(result, options.out.with_suffix(".svg"))
    sys.stdout.write(f"{options.out}\n")


if __name__ == "__main__":
    main()
