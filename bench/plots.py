"""Plots of the benches: panels of lines over one size, told apart without colour.

The same numbers give the same SVG, byte for byte; text in it is outlines, so that it needs no font.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import cycle
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from matplotlib.axes import Axes

_STYLES, _MARKS, _GREYS = ("-", "--", ":"), ("o", "s", "^"), ("0.0", "0.35", "0.55")
_COLUMNS = 2
_PANEL_INCHES = (4.2, 2.9)
_BARS_INCHES = (5.2, 2.9)


class Panel(NamedTuple):
    """What is plotted, with its unit, and for each line the values at the sizes."""

    title: str
    lines: Mapping[str, Sequence[float]]


def plot_panels(sizes: Sequence[int], panels: Sequence[Panel], xlabel: str, path: Path) -> None:
    """Draw the panels, both axes logarithmic, into the file `path` (SVG or PNG, by suffix)."""
    from matplotlib import rc_context
    from matplotlib.figure import Figure

    rows = -(-len(panels) // _COLUMNS)
    with rc_context({"svg.hashsalt": "panels", "font.size": 9}):
        figure = Figure(figsize=(_PANEL_INCHES[0] * _COLUMNS, _PANEL_INCHES[1] * rows), layout="constrained")
        grid = figure.subplots(rows, _COLUMNS, squeeze=False).flat
        for panel, axes in zip(panels, grid, strict=False):
            _draw(axes, sizes, panel, xlabel)
        for axes in list(grid)[len(panels) :]:
            axes.set_axis_off()
        path.parent.mkdir(parents=True, exist_ok=True)
        figure.savefig(path, metadata={"Date": None} if path.suffix == ".svg" else None)


def _draw(axes: Axes, sizes: Sequence[int], panel: Panel, xlabel: str) -> None:
    for (name, values), style, mark, grey in zip(
        panel.lines.items(), cycle(_STYLES), cycle(_MARKS), cycle(_GREYS), strict=False
    ):
        axes.plot(sizes, values, linestyle=style, marker=mark, markersize=4, color=grey, linewidth=1.4, label=name)
    axes.set(xscale="log", yscale="log", title=panel.title, xlabel=xlabel)
    axes.grid(visible=True, which="major", color="0.9", linewidth=0.6)
    axes.legend(frameon=False)


def plot_bars(panels: Sequence[Panel], path: Path) -> None:
    """Draw a bar for the first value of each line, the first line on top, into the file `path` (SVG or PNG)."""
    from matplotlib import rc_context
    from matplotlib.figure import Figure

    rows = -(-len(panels) // _COLUMNS)
    with rc_context({"svg.hashsalt": "panels", "font.size": 8}):
        figure = Figure(figsize=(_BARS_INCHES[0] * _COLUMNS, _BARS_INCHES[1] * rows), layout="constrained")
        grid = figure.subplots(rows, _COLUMNS, squeeze=False).flat
        for panel, axes in zip(panels, grid, strict=False):
            bars = axes.barh(list(panel.lines), [values[0] for values in panel.lines.values()], color="0.6")
            axes.bar_label(bars, fmt="{:.3g}", padding=3)
            axes.set(title=panel.title)
            axes.margins(x=0.15)
            axes.invert_yaxis()
        for axes in list(grid)[len(panels) :]:
            axes.set_axis_off()
        path.parent.mkdir(parents=True, exist_ok=True)
        figure.savefig(path, metadata={"Date": None} if path.suffix == ".svg" else None)
