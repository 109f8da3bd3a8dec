"""Line plots as SVG that stands in the page: its colours are the page's, its text can be read out and translated.

Nothing comes from outside but through `qa.inert`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, NamedTuple

from qa.inert import inert

_WIDTH, _HEIGHT = 360, 270
_LEFT, _RIGHT, _TOP, _BOTTOM = 34, 352, 62, 226
_LEGEND_Y, _SAMPLE, _ENTRY = 14, 22, 104  # baseline of the legend, how long an entry's line is, and how wide all of it


class Point(NamedTuple):
    """A place in a plot, in the units of its axes."""

    x: float
    y: float


class Tick(NamedTuple):
    """A value of an axis that is written beside it."""

    value: float
    text: str


@dataclass(frozen=True, slots=True)
class Line:
    """Points joined from left to right; `kind` chooses the stroke: dashed for a run `before`, a dot for a `point`."""

    name: str
    kind: Literal["now", "before", "point"]
    points: Sequence[Point]


@dataclass(frozen=True, slots=True)
class Plot:
    """What is drawn. `key` is the plot's own on the page, `description` says in words what is to be seen.

    The first and the last tick of an axis are its ends.
    """

    key: str
    title: str
    description: str
    x_label: str
    y_label: str
    x_ticks: Sequence[Tick]
    y_ticks: Sequence[Tick]
    lines: Sequence[Line]


def svg(plot: Plot) -> str:
    """The plot, with its title and its description for those who do not see it."""
    title, description = f"beleg-{plot.key}-title", f"beleg-{plot.key}-description"
    said_by = f'aria-labelledby="{inert(title)}" aria-describedby="{inert(description)}"'
    parts = [
        f'<svg class="beleg-plot" role="img" viewBox="0 0 {_WIDTH} {_HEIGHT}" {said_by}>',
        f'<title id="{inert(title)}">{inert(plot.title)}</title>',
        f'<desc id="{inert(description)}">{inert(plot.description)}</desc>',
        *(_entry(line, number) for number, line in enumerate(plot.lines)),
        _text(_LEFT - 26, _TOP - 14, plot.y_label, "start"),
        _text((_LEFT + _RIGHT) / 2, _HEIGHT - 8, plot.x_label, "middle"),
        *(_row(plot, tick) for tick in plot.y_ticks),
        *(_text(_at(plot, Point(tick.value, 0)).x, _BOTTOM + 16, tick.text, "middle") for tick in plot.x_ticks),
        *(_drawn(line, [_at(plot, point) for point in line.points]) for line in plot.lines),
        "</svg>",
    ]
    return "".join(parts)


def _at(plot: Plot, point: Point) -> Point:
    """Where a point lies in the picture."""
    (left, *_, right), (bottom, *_, top) = plot.x_ticks, plot.y_ticks
    x = (point.x - left.value) / (right.value - left.value)
    y = (point.y - bottom.value) / (top.value - bottom.value)
    return Point(_LEFT + x * (_RIGHT - _LEFT), _BOTTOM - y * (_BOTTOM - _TOP))


def _row(plot: Plot, tick: Tick) -> str:
    """A faint line across, and its value to the left."""
    y = _at(plot, Point(plot.x_ticks[0].value, tick.value)).y
    line = f'<line class="beleg-grid" x1="{_LEFT}" x2="{_RIGHT}" y1="{y:.1f}" y2="{y:.1f}"></line>'
    return line + _text(_LEFT - 6, y + 4, tick.text, "end")


def _drawn(line: Line, places: Sequence[Point]) -> str:
    if line.kind == "point":
        return "".join(f'<circle class="beleg-point" cx="{x:.1f}" cy="{y:.1f}" r="4.5"></circle>' for x, y in places)
    joined = " ".join(f"{x:.1f},{y:.1f}" for x, y in places)
    return f'<polyline class="beleg-line beleg-{line.kind}" points="{joined}"></polyline>'


def _entry(line: Line, number: int) -> str:
    """One name of the legend, with what it stands for to its left."""
    x = _LEFT - 26 + number * _ENTRY
    y = _LEGEND_Y - 4
    places = [Point(x + _SAMPLE / 2, y)] if line.kind == "point" else [Point(x, y), Point(x + _SAMPLE, y)]
    return _drawn(line, places) + _text(x + _SAMPLE + 5, _LEGEND_Y, line.name, "start")


def _text(x: float, y: float, text: str, anchor: Literal["start", "middle", "end"]) -> str:
    return f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}">{inert(text)}</text>'
