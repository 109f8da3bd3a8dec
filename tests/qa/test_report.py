"""The tables that `beleg eval` prints."""

from __future__ import annotations

from dataclasses import replace
from io import StringIO

import pytest
from rich.console import Console, RenderableType

from qa.evaluate import Evaluation, environment
from qa.metrics import JudgedCitation, Outcome, retrieval_values
from qa.questions import GoldQuestion, GoldSpan
from qa.report import render, render_table

RIGHT = JudgedCitation("d", 0, 1, "x", exact=True, right=True)
ANSWERABLE = GoldQuestion("went", "Wer ging?", "de", answerable=True, gold=(GoldSpan("d", 0, 1, "x"),))
UNANSWERABLE = GoldQuestion("slept", "Who [bold]slept[/bold] [/red]?", "en", answerable=False, gold=())
ANSWERED = Outcome(ANSWERABLE, "de", "answered", 0.75, (2,), 3, retrieval_values([2]), (RIGHT,))
SILENT = Outcome(UNANSWERABLE, "en", "abstained", 0.25, (), 0, {}, ())
EVALUATION = Evaluation("hand", "0", "some-encoder", 1, 2, (ANSWERED, SILENT), (0.25, 0.125), environment("g"))


def shown(renderable: RenderableType) -> str:
    console = Console(file=StringIO(), width=160)
    with console.capture() as capture:
        console.print(renderable)
    return capture.get()


def row(text: str, first: str) -> list[str]:
    """The cells of the row whose first cell is `first`."""
    cells = ([cell.strip() for cell in line.strip("│").split("│")] for line in text.splitlines())
    return next(found for found in cells if found[0] == first)


def test_a_measure_has_a_row_with_its_total_its_languages_and_its_samples() -> None:
    text = shown(render_table(EVALUATION))
    assert row(text, "RR@10") == ["RR@10", "0.500", "0.500 to 0.500", "0.500", "-", "1"]
    assert row(text, "unanswerable_abstained") == ["unanswerable_abstained", "1 of 1", "1.0 to 1.0", "-", "1 of 1", "1"]
    assert "hand: 2 questions, 1 documents, some-encoder" in text
    assert "latency p50 125 ms, p95 250 ms, first question 250 ms" in text


def test_a_question_has_a_row_with_its_verdict_and_ranks() -> None:
    text = shown(render(EVALUATION))
    assert row(text, "went") == ["went", "Wer ging?", "right: cited", "2", "3", "0.75", "250"]
    assert row(text, "slept")[2:] == ["right: abstained", "", "", "0.25", "125"]


def test_a_question_cannot_style_the_terminal() -> None:
    assert row(shown(render(EVALUATION)), "slept")[1] == "Who [bold]slept[/bold] [/red]?"


def test_gold_that_was_not_found_is_a_dash() -> None:
    lost = replace(EVALUATION, outcomes=(replace(ANSWERED, gold_ranks=(0,), sentence_rank=0), SILENT))
    assert row(shown(render(lost)), "went")[3:5] == ["-", "-"]


@pytest.mark.parametrize(
    ("outcome", "said"),
    [
        (ANSWERED, "right: cited"),
        (replace(ANSWERED, citations=(replace(RIGHT, right=False),)), "wrong: cited"),
        (replace(ANSWERED, status="abstained", citations=()), "missed: abstained"),
        (SILENT, "right: abstained"),
        (replace(SILENT, status="answered", citations=(replace(RIGHT, right=False),)), "wrong: cited"),
    ],
)
def test_the_verdict_tells_right_from_wrong_and_silence_from_speech(outcome: Outcome, said: str) -> None:
    assert outcome.verdict == said
