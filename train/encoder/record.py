"""A run of the encoder as a row of the table of runs in docs/log.md: settings, seed and figures."""

from __future__ import annotations

from typing import Any

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


def cells(record: dict[str, Any]) -> list[str]:
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


def steps(curve: list[dict[str, Any]]) -> str:
    """The steps of each stage that had any, in order."""
    last = {point["stage"]: point["step"] for point in curve if point["step"]}
    return " + ".join(str(step) for step in last.values())
