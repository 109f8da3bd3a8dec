"""The race as a plot: what a contestant takes, and how often it finds the right document first."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from statistics import fmean
from typing import Any

from bench.plots import Panel, plot_bars


def plot(result: Mapping[str, Any], path: Path) -> None:
    """Those who were not left out, beside each other."""
    rows = [row for row in result["contestants"] if "left_out" not in row]
    measured = {
        "index, s": [row.get("index_s") for row in rows],
        "cold start, s": [row["cold_s"] for row in rows],
        "a question, p50, ms": [row["p50_ms"] for row in rows],
        "right document first (R@1), mean of all parts": [
            fmean(part["R@1"]["value"] for part in row["quality"].values()) for row in rows
        ],
    }
    panels = [
        Panel(title, {row["name"]: [value] for row, value in zip(rows, values, strict=True) if value is not None})
        for title, values in measured.items()
    ]
    plot_bars(panels, path)
