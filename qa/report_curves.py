"""The two curves of an evaluation as plots, each with its numbers in a table for those who do not see it."""

from __future__ import annotations

from collections.abc import Sequence

from qa.curves import CUTOFFS, area_under_risk_coverage, first_is_right, operating_point, recall_curve, risk_coverage
from qa.figures import number, table
from qa.inert import inert
from qa.metrics import Outcome
from qa.plots import Line, Plot, Point, Tick, svg
from qa.report_strings import ReportWords, report_words
from qa.types import Lang

_TENTHS = tuple(step / 10 for step in range(1, 11))
_TOLD_CUTOFFS, _TOLD_COVERAGES = (1, 5, 10, 20), (0.2, 0.5, 0.8, 1.0)  # by the plots' text alternatives
_ROUNDING = 1e-9

Outcomes = Sequence[Outcome]


def curves(now: Outcomes, before: Outcomes, lang: Lang) -> str:
    """Recall by cutoff, where a question is answerable, and risk by coverage; `before` is empty without a last run."""
    return f'<div class="beleg-plots">{_recall(now, before, lang)}{_risk(now, before, lang)}</div>'


def _recall(now: Outcomes, before: Outcomes, lang: Lang) -> str:
    speech = report_words(lang)
    lines = _lines(_recall_points(now), _recall_points(before), speech)
    if not lines:
        return ""
    rows = {float(k): [number(line.points[place].y, lang) for line in lines] for place, k in enumerate(CUTOFFS)}
    plot = Plot(
        key="recall",
        title=speech.evaluation_recall,
        description=_told(lines, {f"k = {k}": rows[k] for k in _TOLD_CUTOFFS}),
        x_label=speech.evaluation_recall_x,
        y_label=speech.evaluation_recall_y,
        x_ticks=[Tick(k, str(k)) for k in (1, 5, 10, 15, 20)],
        y_ticks=_fifths(lang),
        lines=lines,
    )
    head = ["k", *(line.name for line in lines)]
    return _figure(plot, head, [[f"{k:.0f}", *cells] for k, cells in rows.items()], speech)


def _risk(now: Outcomes, before: Outcomes, lang: Lang) -> str:
    speech = report_words(lang)
    lines = _lines(_risk_points(now), _risk_points(before), speech)
    answered = operating_point(now)
    dot = [Line(speech.evaluation_as_answered, "point", [Point(*answered)])] if answered else []
    rows = {at: [number(_at(line.points, at), lang) for line in lines] for at in _TENTHS}
    plot = Plot(
        key="risk",
        title=speech.evaluation_risk,
        description=_told(lines, {number(at, lang, 1): rows[at] for at in _TOLD_COVERAGES}),
        x_label=speech.evaluation_risk_x,
        y_label=speech.evaluation_risk_y,
        x_ticks=_fifths(lang),
        y_ticks=_fifths(lang),
        lines=[*lines, *dot],
    )
    areas = [number(area_under_risk_coverage(*first_is_right(run)), lang, 3) for run in (now, before) if run]
    head = [speech.evaluation_coverage, *(line.name for line in lines)]
    body = [[number(at, lang, 1), *cells] for at, cells in rows.items()]
    return _figure(plot, head, [*body, [inert(speech.evaluation_area), *areas]], speech)


def _lines(now: Sequence[Point], before: Sequence[Point], speech: ReportWords) -> list[Line]:
    """This run and, where there is one, the last."""
    lines = (Line(speech.evaluation_this_run, "now", now), Line(speech.evaluation_last, "before", before))
    return [line for line in lines if line.points]


def _recall_points(outcomes: Outcomes) -> list[Point]:
    return [Point(k, recall) for k, recall in zip(CUTOFFS, recall_curve(outcomes), strict=False)]


def _risk_points(outcomes: Outcomes) -> list[Point]:
    coverage, risk = risk_coverage(*first_is_right(outcomes))
    return [Point(float(x), float(y)) for x, y in zip(coverage, risk, strict=True)]


def _at(points: Sequence[Point], coverage: float) -> float:
    """The risk at the first place of the curve that covers as much."""
    return next(point.y for point in points if point.x >= coverage - _ROUNDING)


def _fifths(lang: Lang) -> list[Tick]:
    return [Tick(value, number(value, lang, 1)) for value in (0, 0.2, 0.4, 0.6, 0.8, 1)]


def _told(lines: Sequence[Line], rows: dict[str, list[str]]) -> str:
    """The plot in words: some of its numbers, of each line."""
    names = [line.name for line in lines]
    places = (", ".join(f"{name} {cell}" for name, cell in zip(names, cells, strict=True)) for cells in rows.values())
    return "; ".join(f"{place}: {said}" for place, said in zip(rows, places, strict=True))


def _figure(plot: Plot, head: Sequence[str], rows: Sequence[Sequence[str]], speech: ReportWords) -> str:
    """The plot under its title, and its numbers folded away."""
    summary = inert(speech.evaluation_numbers.format(plot=plot.title))
    numbers = f"<details><summary>{summary}</summary>{table(head, rows, plot.title)}</details>"
    return f"<figure><figcaption>{inert(plot.title)}</figcaption>{svg(plot)}{numbers}</figure>"
