"""Writes the reader's model card from what training and calibration recorded.

python -m train.reader.card models/reader-de-en
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from train.card import Card, Record, main
from train.reader.record import PARTS


def own(record: Record) -> Mapping[str, str]:
    """What the reader's card alone says."""
    return {
        "table": table(record["figures"]),
        "encoder": record["config"]["encoder"],
        "encoder_sha256": record["encoder_sha256"],
        "switched": f"{100 * record['config']['data']['german']:.0f} %",
        "note": record.get("note", ""),
    }


def table(figures: Mapping[str, float]) -> str:
    """The parts that were measured, in one row."""
    parts = [part for part in PARTS if part in figures]
    return "\n".join([
        f"| {' | '.join(parts)} |",
        f"|{'---|' * len(parts)}",
        f"| {' | '.join(f'{figures[part]:.3f}' for part in parts)} |",
    ])  # fmt: skip


CARD = Card(Path(__file__).parent / "card.md", own)

if __name__ == "__main__":
    main(CARD, "train.reader.card", __doc__ or "")
