"""Writes the model card from what training recorded; no figure in it is typed.

python -m train.reader.card models/reader-de-en
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from string import Template

from train.reader.record import PARTS

TEMPLATE = Path(__file__).parent / "card.md"


def write_card(folder: Path) -> None:
    """Write ``README.md`` into a model's folder, from its ``training.json``."""
    record = json.loads((folder / "training.json").read_text(encoding="utf-8"))
    text = Template(TEMPLATE.read_text(encoding="utf-8")).substitute(
        name=record["name"],
        parameters=f"{record['parameters'] / 1e6:.1f}",
        table=table(record["figures"]),
        encoder=record["config"]["encoder"],
        encoder_sha256=record["encoder_sha256"],
        minutes=record["minutes"],
        machine=record["machine"],
        date=record["date"],
        sha256=record["weights_sha256"],
    )
    (folder / "README.md").write_text(text, encoding="utf-8")


def table(figures: dict[str, float]) -> str:
    """The parts that were measured, in one row."""
    parts = [part for part in PARTS if part in figures]
    return "\n".join([
        f"| {' | '.join(parts)} |",
        f"|{'---|' * len(parts)}",
        f"| {' | '.join(f'{figures[part]:.3f}' for part in parts)} |",
    ])  # fmt: skip


def main() -> None:
    """Write the card of a folder."""
    parser = argparse.ArgumentParser(
        prog="python -m train.reader.card", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("folder", type=Path, help="the model's folder, with its training.json")
    write_card(parser.parse_args().folder)


if __name__ == "__main__":
    main()
