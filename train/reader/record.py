"""A run of the reader as a row of the table of runs in docs/log.md: settings, seed and figures."""

from __future__ import annotations

from train.card import Record
from train.watch import steps

HEADING = "## Runs of the reader"
PARTS = ("xquad de-de", "xquad en-en", "xquad en-de", "xquad de-en", "quotes", "squad2")
COLUMNS = ("date", "name", "seed", "minutes", "steps", *PARTS)


def cells(record: Record) -> list[str]:
    """What stands in the columns; a part that was not measured has a dash."""
    found = record["figures"]
    shown = [f"{found[part]:.3f}" if part in found else "–" for part in PARTS]
    seed, minutes = str(record["config"]["seed"]), str(record["minutes"])
    return [record["date"], record["name"], seed, minutes, steps(record["curve"]), *shown]
