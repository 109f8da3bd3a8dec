"""A run of the reader as a row of the table of runs in docs/log.md: settings, seed and figures."""

from __future__ import annotations

from typing import Any

HEADING = "## Runs of the reader"
PARTS = ("xquad de-de", "xquad en-en", "xquad en-de", "xquad de-en", "quotes", "squad2")
COLUMNS = ("date", "name", "seed", "minutes", "steps", *PARTS)


def cells(record: dict[str, Any]) -> list[str]:
    """What stands in the columns; a part that was not measured has a dash."""
    found = record["figures"]
    shown = [f"{found[part]:.3f}" if part in found else "–" for part in PARTS]
    steps = str(record["curve"][-1]["step"])
    return [record["date"], record["name"], str(record["config"]["seed"]), str(record["minutes"]), steps, *shown]
