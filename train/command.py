"""The command line of a training: settings, data, a working folder to go on in, a folder to write, a log to enter.

What is trained is the caller's; so are the figures that the log shows.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import logging
import platform
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any, NamedTuple

from rich.logging import RichHandler

from train.card import Card, Record, write_card
from train.encoder.config import read_config

ROOT = Path(__file__).parent.parent
logger = logging.getLogger(__name__)


class Training(NamedTuple):
    """One kind of training."""

    name: str  # of the module
    described: str
    settings: type[Any]  # a frozen dataclass with a `name`
    run: Callable[[Any, Path, Path, Path], Record]  # settings, data, working folder, folder to write the weights in
    card: Card
    heading: str  # of the table of runs in the log
    columns: Sequence[str]
    cells: Callable[[Record], Sequence[str]]


def main(training: Training) -> None:
    """Read the arguments and train."""
    arguments = _arguments(training)
    logging.basicConfig(level="INFO", format="%(message)s", handlers=[RichHandler(show_path=False)])
    settings = read_config(arguments.config, training.settings)
    work = arguments.work / f"{settings.name}-{_digest(settings)}"  # other settings do not go on where these stopped
    work.mkdir(parents=True, exist_ok=True)
    try:
        record = _run(training, settings, arguments, work)
    except FileNotFoundError as error:
        sys.exit(f"error: no {error.filename}; --data names a folder with train, dev and corpus")
    except KeyboardInterrupt:
        sys.exit(f"stopped; the same command goes on from the last checkpoint in {work}")
    if arguments.log:
        enter(arguments.log, training, record)
    logger.info("%s: %s", arguments.out, " | ".join(training.cells(record)))


def _run(training: Training, settings: Any, arguments: argparse.Namespace, work: Path) -> Record:  # noqa: ANN401 - as above
    """Train, and describe the run in ``training.json`` and the card."""
    started = time.monotonic()
    record = {
        "name": settings.name,
        "date": datetime.now(UTC).strftime("%Y-%m-%d"),
        "config": asdict(settings),
        "machine": f"{platform.machine()}, Python {platform.python_version()}, torch {version('torch')}",
        **training.run(settings, arguments.data, work, arguments.out),
        "minutes": round((time.monotonic() - started) / 60),
    }
    (arguments.out / "training.json").write_text(json.dumps(record, indent=1) + "\n", encoding="utf-8")
    write_card(training.card, arguments.out)
    return record


def enter(log: Path, training: Training, record: Record) -> None:
    """Append the run to the table under the training's heading, made at the end of the file if it is not there."""
    text = log.read_text(encoding="utf-8") if log.exists() else ""
    if training.heading not in text:
        head = f"| {' | '.join(training.columns)} |\n|{'---|' * len(training.columns)}\n"
        text = f"{text.rstrip()}\n\n{training.heading}\n\n{head}".lstrip()
    before, after = text.split(training.heading, 1)
    lines = after.split("\n")
    ends = next(i for i, line in enumerate([*lines[2:], ""], start=2) if not line.startswith("|"))
    lines.insert(ends, f"| {' | '.join(training.cells(record))} |")
    log.write_text(before + training.heading + "\n".join(lines), encoding="utf-8")


def _arguments(training: Training) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog=f"python -m {training.name}",
        description=training.described,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("config", type=Path, help="settings, a TOML file")
    parser.add_argument("--data", type=Path, default=Path("../shared/data"), help="folder with train, dev and corpus")
    work = Path("build") / training.name.rsplit(".", maxsplit=1)[-1]
    parser.add_argument("--work", type=Path, default=work, help="checkpoints and what else takes long to make")
    parser.add_argument("--out", type=Path, required=True, help="folder to write")
    parser.add_argument("--log", type=Path, help="Markdown file with a table of runs, to enter this one in")
    return parser.parse_args()


def _digest(settings: Any) -> str:  # noqa: ANN401 - any dataclass
    return hashlib.sha256(json.dumps(asdict(settings), sort_keys=True).encode()).hexdigest()[:8]
