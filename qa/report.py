"""An evaluation as tables for the terminal: measures by language and by leg, every question, and the worst failures.

Cells are `Text`, never markup: a question is somebody's text and must not style the terminal.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from qa.controls import visible
from qa.evaluate import Evaluation
from qa.intervals import Interval
from qa.metrics import JudgedCitation, Outcome, Score, percentile
from qa.ranking import LEG_MEASURES

MANY = 100
"""So many questions are listed one by one; of more only the worst failures."""
WORST = 10
_TAG_MEASURES = ("recall@5", "nDCG@10", "sentence_hit@1", "answered_right", "abstention_recall")
_PERCENTILES = (50, 95, 99)


def render(evaluation: Evaluation, worst: int = WORST) -> Group:
    """Every question where they are not too many, the totals in all respects, and the `worst` failures."""
    listed = [render_questions(evaluation)] if len(evaluation.outcomes) <= MANY else []
    tables = (render_table(evaluation), *_details(evaluation))
    return Group(*listed, *tables, *render_failures(evaluation, worst))


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
    table = _table(f"{evaluation.question_set}: question by question", "id", "question", "verdict")
    for name in ("chunk", "sentence", "confidence", "ms"):
        table.add_column(name, justify="right")
    for outcome, seconds in zip(evaluation.outcomes, evaluation.seconds, strict=True):
        table.add_row(*map(Text, (*_cells(outcome), f"{seconds * 1000:.0f}")))
    return table


def render_failures(evaluation: Evaluation, count: int) -> Iterator[RenderableType]:
    """The worst failures: each question with its gold, and with what was found instead."""
    failed = worst(evaluation.outcomes)
    if not failed or not count:
        return
    shown = min(count, len(failed))
    yield Text(f"{evaluation.question_set}: the worst {shown} of {len(failed)} failures", style="bold")
    for outcome in failed[:shown]:
        yield from _failure(outcome)


def worst(outcomes: Sequence[Outcome]) -> list[Outcome]:
    """What went wrong: wrong answers first, the most confident ones; then silence, where the gold lay furthest away."""
    cited = [outcome for outcome in outcomes if outcome.verdict == "wrong: cited"]
    missed = [outcome for outcome in outcomes if outcome.verdict == "missed: abstained"]
    return [
        *sorted(cited, key=lambda outcome: -outcome.confidence),
        *sorted(missed, key=lambda outcome: (outcome.chunk_rank > 0, -outcome.chunk_rank, -outcome.sentence_rank)),
    ]


def _details(evaluation: Evaluation) -> Iterator[RenderableType]:
    """The tables of what is measured beside the measures, those that have something in them."""
    if evaluation.legs:
        yield _legs(evaluation)
    asked = len(evaluation.outcomes)
    yield _figures("Abstention", {name: (found, asked) for name, found in evaluation.abstention.items()})
    if evaluation.twins:
        yield _figures("The same question in two languages", evaluation.twins)
    if evaluation.by_tag:
        yield _tags(evaluation)
    if evaluation.stages:
        yield _stages(evaluation)


def _legs(evaluation: Evaluation) -> Table:
    """One row a leg: its measures, that of nDCG@10 with its interval."""
    intervals = evaluation.intervals_of_legs
    table = _table("Ranking, leg by leg", "leg")
    for name in (*LEG_MEASURES, "95 % of nDCG@10", "n"):
        table.add_column(name, justify="right")
    for leg, scores in evaluation.legs.items():
        found = scores["nDCG@10"]
        values = [_value(scores[name]) for name in LEG_MEASURES]
        table.add_row(*map(Text, (leg, *values, _interval(intervals[leg]["nDCG@10"], found), str(found.n))))
    return table


def _figures(title: str, figures: dict[str, tuple[Interval, int]]) -> Table:
    table = _table(title, "figure")
    for name in ("value", "95 %", "n"):
        table.add_column(name, justify="right")
    for name, (found, n) in figures.items():
        table.add_row(*map(Text, (name, f"{found.value:.3f}", f"{found.low:.3f} to {found.high:.3f}", str(n))))
    return table


def _tags(evaluation: Evaluation) -> Table:
    """One row a tag: some measures over the questions that have it."""
    counts = {tag: sum(tag in o.question.tags for o in evaluation.outcomes) for tag in evaluation.by_tag}
    table = _table("By tag", "tag")
    for name in ("questions", *_TAG_MEASURES):
        table.add_column(name, justify="right")
    for tag, scores in evaluation.by_tag.items():
        table.add_row(*map(Text, (tag, str(counts[tag]), *(_value(scores.get(name)) for name in _TAG_MEASURES))))
    return table


def _stages(evaluation: Evaluation) -> Table:
    """One row a stage of answering: its percentiles over the questions."""
    table = _table("Latency by stage, ms", "stage")
    for percent in _PERCENTILES:
        table.add_column(f"p{percent}", justify="right")
    for name, seconds in {**evaluation.stage_seconds, "all": evaluation.seconds}.items():
        table.add_row(*map(Text, (name, *(f"{percentile(seconds, percent) * 1000:.1f}" for percent in _PERCENTILES))))
    return table


def _failure(outcome: Outcome) -> Iterator[Text]:
    question, ranks = outcome.question, ""
    if question.answerable:
        passage, sentence = (rank or "not found" for rank in (outcome.chunk_rank, outcome.sentence_rank))
        ranks = f", gold passage {passage}, gold sentence {sentence}"
    yield Text(f"{question.id}  {visible(question.question)}")
    yield Text(f"  {outcome.verdict}, confidence {outcome.confidence:.2f}{ranks}", style="dim")
    yield from (Text(f"  gold:  {visible(quote)}") for quote in _gold(outcome))
    found = outcome.citations if outcome.status == "answered" else outcome.near_misses
    said = "found: " if outcome.status == "answered" else "near:  "
    yield from (Text(f"  {said}{_mark(one)}{visible(one.quote)}  ({visible(one.doc_id)})") for one in found)


def _gold(outcome: Outcome) -> Iterator[str]:
    yield from (f"{span.quote}  ({span.doc_id})" for span in outcome.question.gold)
    yield from outcome.question.documents
    if not outcome.question.answerable:
        yield "the documents do not answer it"


def _mark(judged: JudgedCitation) -> str:
    if not judged.exact:
        return "(not the source's text) "
    return "(gold) " if judged.right else ""


def _table(title: str, *columns: str) -> Table:
    return Table(*columns, title=Text(title), title_justify="left")


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
