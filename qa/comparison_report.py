"""Two runs side by side as tables for the terminal."""

from __future__ import annotations

from collections.abc import Iterator

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from qa.comparison import Change, Comparison, changes, changes_by_tag
from qa.controls import visible
from qa.evaluate import Evaluation
from qa.metrics import Outcome
from qa.report import worst

SIGNIFICANT = 0.05
_TAG_MEASURES = ("nDCG@10", "sentence_hit@1", "answered_right", "abstention_recall")
_LESS_IS_BETTER = frozenset({"AURC"})


def render(now: Evaluation, found: Comparison) -> Group:
    """What each measure has gained, with interval and p-value, by tag too; and the questions that turned."""
    return Group(_overall(now, found), _by_tag(found), *_turned("newly right", found.newly_right, found),
                 *_turned("newly wrong", worst(found.newly_wrong), found))  # fmt: skip


def _overall(now: Evaluation, found: Comparison) -> Table:
    """One row a measure."""
    title = f"{now.question_set}: {found.shared} questions, {found.before.model} before, {now.model} now"
    table = Table("measure", title=Text(title), title_justify="left")
    for name in ("difference", "95 %", "p", ""):
        table.add_column(name, justify="right")
    for name, change in changes(found).items():
        interval = f"{change.gain.low:+.3f} to {change.gain.high:+.3f}"
        table.add_row(*map(Text, (name, f"{change.gain.value:+.3f}", interval, f"{change.p:.4f}", _said(name, change))))
    return table


def _by_tag(found: Comparison) -> Table:
    """One row a tag: some differences over the questions that have it, a star where p is below 0.05."""
    table = Table("tag", *_TAG_MEASURES, title=Text("By tag: differences, * where p < 0.05"), title_justify="left")
    for tag, of_tag in changes_by_tag(found).items():
        table.add_row(*map(Text, (tag, *(_short(of_tag.get(name)) for name in _TAG_MEASURES))))
    return table


def _turned(title: str, outcomes: tuple[Outcome, ...] | list[Outcome], found: Comparison) -> Iterator[RenderableType]:
    """The questions that changed sides, with what was said of them before and now."""
    before = {new.question.id: old for new, old in found.pairs}
    yield Text(f"{title}: {len(outcomes)}", style="bold")
    for outcome in outcomes:
        name, question = outcome.question.id, outcome.question.question
        yield Text(f"  {name}  {visible(question)}  ({before[name].verdict}, now {outcome.verdict})")


def _said(name: str, change: Change) -> str:
    """Better or worse only where both the interval and the test say so."""
    low, high = change.gain.low, change.gain.high
    if change.p >= SIGNIFICANT or low <= 0 <= high:
        return ""
    return "better" if (low > 0) != (name in _LESS_IS_BETTER) else "worse"


def _short(change: Change | None) -> str:
    if change is None:
        return "-"
    return f"{change.gain.value:+.3f}{' *' if change.p < SIGNIFICANT else ''}"
