r"""Many readers at once while the index is rebuilt: what they get, how long it takes, and whether memory stays flat.

The real program is started and asked over HTTP by clients, one question after another. Meanwhile one article is edited
and the index rebuilt, again and again. Afterwards every citation of every answer is held against the documents of the
generation that the answer names: a wrong or mixed one counts as such. A refusal is polite when it is a sentence with
the status of one (429 or 503). Then one client asks on, and the program's memory is read every so many questions.

    python -m bench.crowd --corpus ../shared/data/corpus/wikinews_de_998.jsonl.gz \
        --questions ../shared/data/dev/quotes_dev_de.jsonl.gz
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import threading
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from itertools import cycle
from pathlib import Path
from time import monotonic, sleep
from typing import Any

import httpx
import numpy as np
from rich.console import Console
from rich.progress import Progress
from rich.table import Table

from bench.index import edited, unpack
from bench.running import RESULTS, positive, run
from index.documents import Documents
from index.generation import DOCUMENTS, generation_path
from qa.metrics import percentile

ROOT = Path(__file__).parent.parent
POLITE = {429, 503}
READY = "Beleg answers at "
_TIMEOUT = 300.0
_WARM_UP = 200  # questions before memory is compared: caches fill


@dataclass
class Seen:
    """What the clients met; appended to by all of them."""

    answers: list[dict[str, Any]] = field(default_factory=list)
    seconds: list[float] = field(default_factory=list)
    refusals: Counter[str] = field(default_factory=Counter)
    errors: Counter[str] = field(default_factory=Counter)

    def note(self, reply: httpx.Response, seconds: float) -> None:
        """One reply."""
        if reply.status_code == httpx.codes.OK:
            self.answers.append(reply.json()["data"][0])
            self.seconds.append(seconds)
        elif reply.status_code in POLITE and reply.json().get("error"):
            self.refusals[str(reply.status_code)] += 1
        else:
            self.errors[f"{reply.status_code}: {reply.text[:200]}"] += 1


def measure(arguments: argparse.Namespace, progress: Progress) -> dict[str, Any]:
    """All figures."""
    with tempfile.TemporaryDirectory(prefix="beleg-bench-") as folder:
        source, data_dir = Path(folder, "corpus.jsonl"), Path(folder, "data")
        lines = unpack(arguments.corpus, arguments.limit)
        source.write_text("".join(lines), encoding="utf-8")
        asked = _questions(arguments.questions)
        _index(source, data_dir)
        with _program(data_dir) as (url, process):
            crowd = _crowd(url, asked, source, arguments, progress)
            memory = _memory(url, process, asked, arguments.memory, progress)
        return {
            "corpus": arguments.corpus.name,
            "documents": len(lines),
            "clients": arguments.clients,
            "seconds": arguments.seconds,
            **_figures(*crowd, data_dir),
            "memory": memory,
        }


def _questions(path: Path) -> list[str]:
    records = [json.loads(line) for line in unpack(path, 10_000)]
    return [record.get("question_de") or record["question"] for record in records]


def _crowd(
    url: str, asked: Sequence[str], source: Path, arguments: argparse.Namespace, progress: Progress
) -> tuple[Seen, list[dict[str, Any]]]:
    """What the clients met in the time, and the reports of the rebuilds meanwhile."""
    seen, rebuilds = Seen(), list[dict[str, Any]]()
    until = monotonic() + arguments.seconds
    share = len(asked) // arguments.clients
    clients = [
        threading.Thread(target=_client, args=(url, asked[number * share :] + asked[: number * share], until, seen))
        for number in range(arguments.clients)
    ]
    builder = threading.Thread(target=_rebuild, args=(url, source, until, rebuilds))
    for thread in (*clients, builder):
        thread.start()
    task = progress.add_task(f"{arguments.clients} clients", total=arguments.seconds)
    while (left := until - monotonic()) > 0:
        progress.update(task, completed=arguments.seconds - left)
        sleep(min(1, left))
    for thread in (*clients, builder):
        thread.join()
    return seen, rebuilds


def _client(url: str, asked: Sequence[str], until: float, seen: Seen) -> None:
    with httpx.Client(base_url=url, timeout=_TIMEOUT) as client:
        for question in cycle(asked):
            if monotonic() >= until:
                return
            started = monotonic()
            try:
                reply = client.post("gradio_api/run/ask", json={"data": [question]})
            except httpx.HTTPError as error:
                seen.errors[f"{type(error).__name__}: {error}"] += 1
            else:
                seen.note(reply, monotonic() - started)


def _rebuild(url: str, source: Path, until: float, rebuilds: list[dict[str, Any]]) -> None:
    """Edit the middle article and have the index rebuilt, until the time is over."""
    with httpx.Client(base_url=url, timeout=_TIMEOUT) as client:
        while monotonic() < until:
            lines = source.read_text(encoding="utf-8").splitlines(keepends=True)
            source.write_text("".join(edited(lines)), encoding="utf-8")
            reply = client.post("gradio_api/run/rebuild", json={"data": []})
            rebuilds.append(reply.json()["data"][0] if reply.is_success else {"error": reply.text[:200]})


def _figures(seen: Seen, rebuilds: Sequence[dict[str, Any]], data_dir: Path) -> dict[str, Any]:
    citations, wrong = _checked(seen.answers, data_dir)
    return {
        "answers": len(seen.answers),
        "generations": len({answer["generation"] for answer in seen.answers}),
        "rebuilds": sum("error" not in report for report in rebuilds),
        "rebuild_errors": [report["error"] for report in rebuilds if "error" in report],
        "citations": citations,
        "wrong_citations": wrong,
        "refusals": dict(seen.refusals),
        "errors": dict(seen.errors),
        "answer_s": {f"p{percent}": round(percentile(seen.seconds, percent), 2) for percent in (50, 95, 99)},
        "answers_per_s": round(len(seen.answers) / sum(seen.seconds), 3) if seen.seconds else 0.0,
    }


def _checked(answers: Sequence[dict[str, Any]], data_dir: Path) -> tuple[int, int]:
    """Citations and near misses, and how many are not their place in a document of the answer's generation."""
    count = wrong = 0
    for generation in {answer["generation"] for answer in answers}:
        with closing(Documents(generation_path(data_dir, generation) / DOCUMENTS)) as documents:
            for answer in (answer for answer in answers if answer["generation"] == generation):
                for cited in (*answer["citations"], *answer["near_misses"]):
                    count += 1
                    wrong += not _is_exact(documents, cited)
    return count, wrong


def _is_exact(documents: Documents, cited: dict[str, Any]) -> bool:
    try:
        document = documents.document(cited["doc_id"])
    except KeyError:
        return False
    place = document.text[cited["start"] : cited["end"]]
    return document.sha256 == cited["doc_sha256"] and place == cited["quote"]


def _memory(
    url: str, process: subprocess.Popen[str], asked: Sequence[str], count: int, progress: Progress
) -> dict[str, Any]:
    """Resident megabytes of the program after so many questions of one client, and what a thousand more add."""
    task = progress.add_task("memory", total=count)
    step = max(1, count // 20)
    held: list[tuple[int, float]] = []
    with httpx.Client(base_url=url, timeout=_TIMEOUT) as client:
        for number, question in zip(range(count), cycle(asked), strict=False):
            if number % step == 0:
                held.append((number, _resident_mb(process.pid)))
            client.post("gradio_api/run/ask", json={"data": [question]}).raise_for_status()
            progress.update(task, advance=1)
    held.append((count, _resident_mb(process.pid)))
    later = [(number, mb) for number, mb in held if number >= min(_WARM_UP, count // 2)]
    slope = float(np.polyfit(*zip(*later, strict=True), 1)[0]) * 1000 if len(later) > 1 else 0.0
    return {
        "questions": count,
        "mb": [[number, round(mb, 1)] for number, mb in held],
        "mb_per_1000_questions": round(slope, 1),
    }


def _resident_mb(pid: int) -> float:
    status = Path(f"/proc/{pid}/status").read_text(encoding="ascii")
    return int(next(line for line in status.splitlines() if line.startswith("VmRSS:")).split()[1]) / 1024


def _environment(data_dir: Path) -> dict[str, str]:
    """Settings of the program: nothing is limited, and every generation kept, so that each answer can be checked."""
    own = {"BELEG_DATA_DIR": str(data_dir), "BELEG_KEEP_GENERATIONS": "100", "BELEG_PORT": "7898"}
    return {**{name: value for name, value in os.environ.items() if not name.startswith("BELEG_")}, **own}


def _index(source: Path, data_dir: Path) -> None:
    command = [sys.executable, "-m", "qa.cli", "index", str(source)]
    subprocess.run(command, env=_environment(data_dir), check=True, capture_output=True, cwd=ROOT)  # noqa: S603 - our own program


@contextmanager
def _program(data_dir: Path) -> Iterator[tuple[str, subprocess.Popen[str]]]:
    command = [sys.executable, str(ROOT / "app.py")]
    with subprocess.Popen(command, env=_environment(data_dir), stderr=subprocess.PIPE, text=True) as process:  # noqa: S603 - our own program
        assert process.stderr is not None  # noqa: S101 - it is piped
        url = next(line for line in process.stderr if READY in line).split(READY, 1)[1].split()[0]
        threading.Thread(target=lambda: [None for _ in process.stderr or ()], daemon=True).start()
        try:
            yield url, process
        finally:
            process.terminate()


def table(result: dict[str, Any]) -> Table:
    """The result for the terminal."""
    shown = Table("what", "value", title=f"{result['clients']} clients for {result['seconds']} s")
    for name in (
        "answers",
        "citations",
        "wrong_citations",
        "rebuilds",
        "generations",
        "refusals",
        "errors",
        "answer_s",
    ):
        shown.add_row(name, str(result[name]))
    shown.add_row("MB more per 1,000 questions", str(result["memory"]["mb_per_1000_questions"]))
    return shown


def main() -> None:
    """Measure, show and write."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--corpus", type=Path, required=True)
    parser.add_argument("--questions", type=Path, required=True, help="JSON lines with question or question_de")
    parser.add_argument("--limit", type=positive, default=1000, help="documents of the corpus")
    parser.add_argument("--clients", type=positive, default=16)
    parser.add_argument("--seconds", type=positive, default=120)
    parser.add_argument("--memory", type=positive, default=2000, help="questions over which memory is watched")
    parser.add_argument("--out", type=Path, default=RESULTS / "crowd.json")
    arguments = parser.parse_args()
    Console().print(table(run(lambda progress: measure(arguments, progress), arguments.out)))


if __name__ == "__main__":
    main()
