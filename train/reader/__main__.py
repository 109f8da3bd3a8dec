"""Trains the evidence reader, writes its folder with the model card, and enters the run in a log.

    python -m train.reader train/reader/reader-de-en.toml --data ../shared/data --out models/reader-de-en

Interrupted, the same command goes on from the last checkpoint in the working folder.
"""

from __future__ import annotations

from pathlib import Path

from index.types import file_sha256
from train.card import Record
from train.command import ROOT, Training, main
from train.encoder.export import export_network
from train.encoder.material import material
from train.reader.card import CARD
from train.reader.config import Config
from train.reader.evaluate import figures, read_development
from train.reader.record import COLUMNS, HEADING, cells
from train.reader.road import train


def run(config: Config, folder: Path, work: Path, out: Path) -> Record:
    """Train and export; returns what is particular to the run."""
    encoder = ROOT / "models" / config.encoder
    read = material(config.data, folder)
    reader, watch = train(config, read, read_development(folder / "dev", config.development_share), encoder, work)
    window = reader.network.config.max_position_embeddings
    return {
        "data": read.digests(),
        "encoder_sha256": file_sha256(encoder / "model.safetensors"),
        "weights_sha256": export_network(reader.network, reader.tokenizer, window, out),
        "parameters": sum(p.numel() for p in reader.network.parameters()),
        "figures": figures(reader, read_development(folder / "dev", 1)),
        "curve": watch.curve,
    }


if __name__ == "__main__":
    main(Training("train.reader", __doc__ or "", Config, run, CARD, HEADING, COLUMNS, cells))
