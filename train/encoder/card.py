"""Writes the encoder's model card from what training recorded.

python -m train.encoder.card models/minilm-de-en
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from train.card import Card, Record, main

PAIRS = ("de-de", "en-en", "en-de", "de-en")


def own(record: Record) -> Mapping[str, str]:
    """What the encoder's card alone says."""
    tokens = record["tokens_per_sentence"]
    return {
        "pieces": f"{record['config']['vocabulary']['pieces']:,}",
        "tokens": f"{tokens['student']:.1f}",
        "teacher_tokens": f"{tokens['teacher']:.1f}",
        "share": f"{100 * tokens['student'] / tokens['teacher']:.0f}",
        "parallel": ", ".join(f"`{name}`" for name in record["config"]["data"]["parallel"]),
        "table": table(record),
        "note": record.get("note", "as `make train-encoder` does it."),
    }


def table(record: Record) -> str:
    """Student and teacher, recall@1 / MRR@10 by pair (question-document), and FLORES accuracy."""
    rows = [f"| | {' | '.join(PAIRS)} | FLORES de-en / en-de |", f"|---|{'---|' * (len(PAIRS) + 1)}"]
    for who, found in record["figures"].items():
        cells = [f"{found[f'{pair} recall@1']:.3f} / {found[f'{pair} mrr@10']:.3f}" for pair in PAIRS]
        rows.append(f"| {who} | {' | '.join(cells)} | {found['flores de-en']:.3f} / {found['flores en-de']:.3f} |")
    return "\n".join(rows)


CARD = Card(Path(__file__).parent / "card.md", own)

if __name__ == "__main__":
    main(CARD, "train.encoder.card", __doc__ or "")
