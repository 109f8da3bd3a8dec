"""`beleg eval`: measure with test questions, and compare two runs. A group whose command without a name is the run.

So `beleg eval FILE` runs a set, and other commands of evaluation stand beside it under names of their own.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from typer.core import TyperGroup

from qa.cli_make import make
from qa.cli_options import AsJson, DataDir, Exit, Model, UseReader, settings_of, show, stderr

if TYPE_CHECKING:
    from qa.evaluate import Evaluation
    from qa.settings import Settings

DEFAULT_QUESTIONS = Path("evals/seed.jsonl")
_RUN = "run"
WORST = 10


class RunsWithoutName(TyperGroup):
    """A group that takes what does not begin with the name of a command for the arguments of `run`."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:  # noqa: ANN401 - Typer's own context
        """Put the name there."""
        return super().parse_args(ctx, args if args and args[0] in self.commands else [_RUN, *args])

    def resolve_command(self, ctx: Any, args: list[str]) -> tuple[Any, Any, list[str]]:  # noqa: ANN401 - as above
        """The command; help does not show a name that nobody types."""
        name, command, rest = super().resolve_command(ctx, args)
        return ("" if name == _RUN else name), command, rest


app = typer.Typer(
    cls=RunsWithoutName, help="Measure retrieval, citations and abstention with test questions.", add_completion=False
)

app.command("make", epilog="Example:  beleg eval make --count 20 --lang de")(make)


@app.command(_RUN, epilog="Example:  beleg eval evals/seed.jsonl --check")
def evaluate(  # noqa: PLR0913 - one parameter is one option
    questions: Annotated[
        Path,
        typer.Argument(
            metavar="[FILE|FOLDER]",
            help="Test questions: JSON lines of our own, a BEIR folder, or a file or a folder in the form of SQuAD.",
        ),
    ] = DEFAULT_QUESTIONS,
    *,
    check: Annotated[
        bool, typer.Option("--check", help="Fail below the expectations beside FILE, or clearly below the baseline.")
    ] = False,
    accept: Annotated[bool, typer.Option("--accept", help="Make this run the baseline of --check.")] = False,
    out: Annotated[Path | None, typer.Option("--out", help="Result file.", show_default="results/ beside FILE")] = None,
    html: Annotated[Path | None, typer.Option("--html", help="Report: one HTML file that fetches nothing.")] = None,
    compare: Annotated[
        tuple[Path, Path] | None,
        typer.Option("--compare", metavar="BEFORE AFTER", help="Compare two result files instead of running a set."),
    ] = None,
    split: Annotated[
        str | None, typer.Option("--split", help="Judgements of a BEIR folder.", show_default="test")
    ] = None,
    worst: Annotated[int, typer.Option("--worst", min=0, help="Failures to show, the worst ones.")] = WORST,
    data_dir: DataDir = None,
    model: Model = None,
    reader: UseReader = None,
    as_json: AsJson = False,
) -> None:
    """Measure retrieval, citations and abstention with test questions."""
    from qa.baseline import accept as accepted
    from qa.baseline import baseline_path, require, unmet
    from qa.evaluate import write_result
    from qa.report import render

    if compare:
        _compare(*compare, html, as_json=as_json)
        return
    settings = settings_of(data_dir=data_dir, model=model, reader=reader)
    if check and not accept:
        require(questions)
    evaluation = _run(questions, settings, split, html)
    write_result(evaluation, out or questions.parent / "results" / f"{evaluation.question_set}.json")
    show(as_json, evaluation.to_json, lambda: render(evaluation, worst))
    if accept:
        accepted(evaluation, baseline_path(questions, evaluation.question_set))
    failures = unmet(evaluation, questions) if check else ()
    for failure in failures:
        stderr().print(f"not met: {failure}", style="red", markup=False, soft_wrap=True)
    if failures:
        raise typer.Exit(Exit.FAILURE)


def _run(questions: Path, settings: Settings, split: str | None, html: Path | None) -> Evaluation:
    from qa.evaluate import evaluate as run
    from qa.html_report import write_html
    from qa.sources import asked_of
    from qa.terminal import counting, progress_bar

    source = asked_of(questions, settings, split=split, watching=lambda: progress_bar(stderr()))
    with source as (assistant, question_set):
        with counting(stderr(), "asking") as on_progress:
            evaluation = run(assistant, question_set, on_progress)
        if html:
            write_html(evaluation, None, html, assistant.document)
    return evaluation


def _compare(before: Path, after: Path, html: Path | None, *, as_json: bool) -> None:
    from qa.comparison import compare, comparison_json
    from qa.comparison_report import render
    from qa.html_report import write_html
    from qa.runs import read_result

    earlier, now = read_result(before), read_result(after)
    found = compare(now, earlier)
    if html:
        write_html(now, earlier, html)
    show(as_json, lambda: comparison_json(now, found), lambda: render(now, found))
