"""Trains the evidence reader, writes its folder with the model card, and enters the run in a log.

    python -m train.reader train/reader/reader-de-en.toml --data ../shared/data --out models/reader-de-en

Interrupted, the same command goes on from the last checkpoint in the working folder.
"""

from __future__ import annotations

import json
import time
from pathlib import Path

from index.types import file_sha256
from train.command import ROOT, Record, Training, circumstances, main
from train.encoder.data import evaluated
from train.encoder.export import export_network
from train.encoder.material import Material
from train.reader.card import write_card
from train.reader.config import Config
from train.reader.evaluate import figures, read_development
from train.reader.record import COLUMNS, HEADING, cells
from train.reader.road import train


def run(config: Config, folder: Path, work: Path, out: Path) -> Record:
    """Train, export and describe; returns the record of the run."""
    started = time.monotonic()
    encoder = ROOT / "models" / config.encoder
    material = Material(
        config.data, folder, evaluated([*sorted((folder / "dev").glob("*.gz")), ROOT / "evals/seed.jsonl"])
    )
    development = read_development(folder / "dev", config.development_share)
    reader, watch = train(config, material, development, encoder, work)
    window = reader.network.config.max_position_embeddings
    record = circumstances(config) | {
        "data": material.digests(),
        "encoder_sha256": file_sha256(encoder / "model.safetensors"),
        "weights_sha256": export_network(reader.network, reader.tokenizer, window, out),
        "parameters": sum(p.numel() for p in reader.network.parameters()),
        "figures": figures(reader, read_development(folder / "dev", 1)),
        "curve": watch.curve,
        "minutes": round((time.monotonic() - started) / 60),
    }
    (out / "training.json").write_text(json.dumps(record, indent=1) + "\n", encoding="utf-8")
    write_card(out)
    return record


if __name__ == "__main__":
    main(Training("train.reader", __doc__ or "", Config, run, HEADING, COLUMNS, cells))
