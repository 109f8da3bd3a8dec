"""An evaluation as tables for the terminal: the measures by language, and every question.

Cells are `Text`, never markup: a question is somebody's text and must not style the terminal.
"""

from __future__ import annotations

from rich.console import Group
from rich.table import Table
from rich.text import Text

from qa.evaluate import Evaluation
from qa.intervals import Interval
from qa.metrics import Outcome, Score


def render(evaluation: Evaluation) -> Group:
    """Every question, then the totals."""
    return Group(render_questions(evaluation), render_table(evaluation))


def render_table(evaluation: Evaluation) -> Table:
    """One row a measure: over all questions with the 95 % interval, by language, and over how many samples."""
    intervals = evaluation.intervals
    table = Table(title=Text(_title(evaluation)), caption=Text(_latency(evaluation)), title_justify="left")
    table.add_column("measure")
    for name in ("all", "95 %", *evaluation.by_lang, "n"):
        table.add_column(name, justify="right")
    for measure, found in evaluation.total.items():
        by_lang = [_value(scores.get(measure)) for scores in evaluation.by_lang.values()]
        cells = (measure, _value(found), _interval(intervals[measure], found), *by_lang, str(found.n))
        table.add_row(*map(Text, cells))
    return table


def render_questions(evaluation: Evaluation) -> Table:
    """One row a question: what became of it, and the ranks of the first right chunk and sentence."""
    table = Table(title=Text(f"{evaluation.question_set}: question by question"), title_justify="left")
    for name in ("id", "question", "verdict"):
        table.add_column(name)
    for name in ("chunk", "sentence", "confidence", "ms"):
        table.add_column(name, justify="right")
    for outcome, seconds in zip(evaluation.outcomes, evaluation.seconds, strict=True):
        table.add_row(*map(Text, (*_cells(outcome), f"{seconds * 1000:.0f}")))
    return table


def _cells(outcome: Outcome) -> tuple[str, ...]:
    question = outcome.question
    ranks = (outcome.chunk_rank, outcome.sentence_rank)
    shown = (str(rank) if rank else "-" for rank in ranks) if question.answerable else ("", "")
    return (question.id, question.question, outcome.verdict, *shown, f"{outcome.confidence:.2f}")


def _title(evaluation: Evaluation) -> str:
    questions, documents = len(evaluation.outcomes), evaluation.documents
    return f"{evaluation.question_set}: {questions} questions, {documents} documents, {evaluation.model}"


def _latency(evaluation: Evaluation) -> str:
    p50, p95 = (evaluation.latency(percent) * 1000 for percent in (50, 95))
    return f"latency p50 {p50:.0f} ms, p95 {p95:.0f} ms, first question {evaluation.seconds[0] * 1000:.0f} ms"


def _interval(interval: Interval, found: Score) -> str:
    digits = 1 if found.kind == "count" else 3
    return f"{interval.low:.{digits}f} to {interval.high:.{digits}f}"


def _value(found: Score | None) -> str:
    if found is None:
        return "-"
    return f"{found.value:.0f} of {found.n}" if found.kind == "count" else f"{found.value:.3f}"
