"""Enters a run in the table of runs in docs/log.md: settings, data, seed and figures in one row."""

from __future__ import annotations

from pathlib import Path
from typing import Any

HEADING = "## Runs of the encoder"
_COLUMNS = (
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


def row(record: dict[str, Any]) -> str:
    """The run as a row of the table; recall@1 of the four pairs, question-document."""
    found = record["figures"]["student"]
    recall = [f"{found[f'{q}-{d} recall@1']:.3f}" for q, d in (("de", "de"), ("en", "en"), ("en", "de"), ("de", "en"))]
    cells = [
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
    return f"| {' | '.join(cells)} |"


def enter(log: Path, record: dict[str, Any]) -> None:
    """Append the row to the table under `HEADING`, which is made at the end of the file if it is not there."""
    text = log.read_text(encoding="utf-8") if log.exists() else ""
    if HEADING not in text:
        head = f"| {' | '.join(_COLUMNS)} |\n|{'---|' * len(_COLUMNS)}\n"
        text = f"{text.rstrip()}\n\n{HEADING}\n\n{head}".lstrip()
    before, after = text.split(HEADING, 1)
    lines = after.split("\n")
    last = max(i for i, line in enumerate(lines) if line.startswith("|"))
    lines.insert(last + 1, row(record))
    log.write_text(before + HEADING + "\n".join(lines), encoding="utf-8")


def steps(curve: list[dict[str, Any]]) -> str:
    """The steps of each stage that had any, in order."""
    last = {point["stage"]: point["step"] for point in curve if point["step"]}
    return " + ".join(str(step) for step in last.values())
