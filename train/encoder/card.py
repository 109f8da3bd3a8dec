"""Writes the model card from what training and evaluation recorded; no figure in it is typed.

python -m train.encoder.card models/minilm-de-en
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Mapping
from pathlib import Path
from string import Template
from typing import Any

TEMPLATE = Path(__file__).parent / "card.md"
PAIRS = ("de-de", "en-en", "en-de", "de-en")


def write_card(folder: Path) -> None:
    """Write ``README.md`` into a model's folder, from its ``training.json``."""
    record = json.loads((folder / "training.json").read_text(encoding="utf-8"))
    tokens = record["tokens_per_sentence"]
    text = Template(TEMPLATE.read_text(encoding="utf-8")).substitute(
        name=record["name"],
        parameters=f"{record['parameters'] / 1e6:.1f}",
        pieces=f"{record['config']['vocabulary']['pieces']:,}",
        tokens=f"{tokens['student']:.1f}",
        teacher_tokens=f"{tokens['teacher']:.1f}",
        share=f"{100 * tokens['student'] / tokens['teacher']:.0f}",
        parallel=", ".join(f"`{name}`" for name in record["config"]["data"]["parallel"]),
        table=table(record),
        note=record.get("note", "as `make train-encoder` does it."),
        minutes=record["minutes"],
        machine=record["machine"],
        date=record["date"],
        sha256=record["weights_sha256"],
    )
    (folder / "README.md").write_text(text, encoding="utf-8")


def table(record: Mapping[str, Any]) -> str:
    """Student and teacher, recall@1 / MRR@10 by pair (question-document), and FLORES accuracy."""
    rows = [f"| | {' | '.join(PAIRS)} | FLORES de-en / en-de |", f"|---|{'---|' * (len(PAIRS) + 1)}"]
    for who, found in record["figures"].items():
        cells = [f"{found[f'{pair} recall@1']:.3f} / {found[f'{pair} mrr@10']:.3f}" for pair in PAIRS]
        rows.append(f"| {who} | {' | '.join(cells)} | {found['flores de-en']:.3f} / {found['flores en-de']:.3f} |")
    return "\n".join(rows)


def main() -> None:
    """Write the card of a folder."""
    parser = argparse.ArgumentParser(
        prog="python -m train.encoder.card", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("folder", type=Path, help="the model's folder, with its training.json")
    write_card(parser.parse_args().folder)


if __name__ == "__main__":
    main()
