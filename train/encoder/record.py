"""A run of the encoder as a row of the table of runs in docs/log.md: settings, seed and figures."""

from __future__ import annotations

from train.card import Record
from train.watch import steps

HEADING = "## Runs of the encoder"
COLUMNS = (
    "date",
    "name",
    "seed",
    "what was different",
    "minutes",
    "steps",
    "de-de",
    "en-en",
    "en-de",
    "de-en",
    "mean MRR@10",
    "FLORES de-en / en-de",
)


def cells(record: Record) -> list[str]:
    """What stands in the columns; recall@1 of the four pairs, question-document."""
    found = record["figures"]["student"]
    recall = [f"{found[f'{q}-{d} recall@1']:.3f}" for q, d in (("de", "de"), ("en", "en"), ("en", "de"), ("de", "en"))]
    return [
        record["date"],
        record["name"],
        str(record["config"]["seed"]),
        record["config"].get("note", ""),
        str(record["minutes"]),
        steps(record["curve"]),
        *recall,
        f"{found['mean mrr@10']:.4f}",
        f"{found['flores de-en']:.3f} / {found['flores en-de']:.3f}",
    ]
