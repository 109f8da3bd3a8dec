"""The tables that `beleg eval` prints."""

from __future__ import annotations

from dataclasses import replace
from io import StringIO

import pytest
from rich.console import Console, RenderableType

from qa.evaluate import Evaluation, environment
from qa.metrics import JudgedCitation, Outcome, retrieval_values
from qa.questions import GoldQuestion, GoldSpan
from qa.ranking import leg_values
from qa.report import MANY, render, render_table, worst

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


def test_each_leg_has_a_row_with_its_measures() -> None:
    ranks = {"lexical": (3,), "fused": (1,)}
    ranked = replace(EVALUATION, outcomes=(replace(ANSWERED, leg_ranks=ranks, legs=leg_values(ranks)), SILENT))
    text = shown(render(ranked))
    assert row(text, "lexical") == [
        *("lexical", "0.000", "1.000", "1.000", "1.000", "0.333", "0.333", "0.500", "0.500 to 0.500", "1")
    ]
    assert row(text, "fused")[1] == "1.000"


def test_abstention_tags_twins_and_stages_have_their_tables() -> None:
    twins = (
        replace(ANSWERED, question=replace(ANSWERABLE, twin="went-en", tags=("who",)), gold_lang="de"),
        replace(ANSWERED, question=replace(ANSWERABLE, id="went-en", lang="en"), gold_ranks=(5,), gold_lang="de"),
    )
    stages = ({"searching": 0.01, "reading": 0.2}, {"searching": 0.03})
    text = shown(render(replace(EVALUATION, outcomes=twins, stages=stages)))
    assert row(text, "accuracy") == ["accuracy", "1.000", "1.000 to 1.000", "2"]
    assert row(text, "rank, across") == ["rank, across", "3.000", "3.000 to 3.000", "1"]
    assert row(text, "who") == ["who", "1", "1.000", "0.631", "0.000", "1.000", "-"]
    assert row(text, "searching") == ["searching", "10.0", "30.0", "30.0"]
    assert row(text, "reading") == ["reading", "200.0", "200.0", "200.0"]


def test_the_worst_failures_come_first_with_their_gold_and_what_was_found_instead() -> None:
    wrong = JudgedCitation("e", 5, 9, "Anna", exact=True, right=False)
    sure = replace(ANSWERED, confidence=0.9, citations=(wrong,), gold_ranks=(0,), sentence_rank=0)
    unsure = replace(sure, question=replace(ANSWERABLE, id="unsure"), confidence=0.5)
    far, near = (
        replace(ANSWERED, question=replace(ANSWERABLE, id=name), status="abstained", citations=(), gold_ranks=(rank,),
                near_misses=(RIGHT,))
        for name, rank in (("far", 9), ("near", 2))
    )  # fmt: skip
    outcomes = (near, ANSWERED, unsure, far, sure, SILENT)
    assert [outcome.question.id for outcome in worst(outcomes)] == ["went", "unsure", "far", "near"]
    text = shown(render(replace(EVALUATION, outcomes=outcomes, seconds=(0.1,) * 6), 3))
    assert "hand: the worst 3 of 4 failures" in text
    told = text[text.index("the worst 3") :].splitlines()
    assert told[1:5] == [
        "went  Wer ging?",
        "  wrong: cited, confidence 0.90, gold passage not found, gold sentence not found",
        "  gold:  x  (d)",
        "  found: Anna  (e)",
    ]
    assert told[9:13] == [
        "far  Wer ging?",
        "  missed: abstained, confidence 0.75, gold passage 9, gold sentence 3",
        "  gold:  x  (d)",
        "  near:  (gold) x  (d)",
    ]
    assert "near  Wer" not in "\n".join(told)


def test_gold_documents_are_named_and_an_inexact_citation_is_said_to_be() -> None:
    about = GoldQuestion("about", "Wer?", "de", answerable=True, documents=("a.txt",))
    altered = JudgedCitation("e", 5, 9, "Anna", exact=False, right=False)
    text = shown(
        render(replace(EVALUATION, outcomes=(replace(ANSWERED, question=about, citations=(altered,)), SILENT)))
    )
    assert "  gold:  a.txt" in text
    assert "  found: (not the source's text) Anna  (e)" in text


def test_without_failures_nothing_is_said_of_them() -> None:
    assert "failures" not in shown(render(EVALUATION))
    assert "failures" not in shown(render(replace(EVALUATION, outcomes=(replace(ANSWERED, citations=()), SILENT)), 0))


def test_of_many_questions_only_the_worst_are_listed() -> None:
    many = replace(EVALUATION, outcomes=(ANSWERED,) * (MANY + 1), seconds=(0.1,) * (MANY + 1))
    assert "question by question" not in shown(render(many))


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
