"""Two runs side by side, as the terminal shows them."""

from __future__ import annotations

from dataclasses import replace
from io import StringIO

from rich.console import Console

from qa.comparison import compare
from qa.comparison_report import render
from qa.evaluate import Evaluation, environment
from qa.metrics import JudgedCitation, Outcome, retrieval_values
from qa.questions import GoldQuestion, GoldSpan
from qa.ranking import leg_values

RIGHT = JudgedCitation("d", 0, 1, "x", exact=True, right=True)
WRONG = replace(RIGHT, right=False)


def ranked(name: str, rank: int, citation: JudgedCitation, tag: str) -> Outcome:
    asked = GoldQuestion(name, "Wer?", "de", answerable=True, gold=(GoldSpan("d", 0, 1, "x"),), tags=(tag,))
    legs = {"fused": (rank,)}
    made = Outcome(asked, "de", "answered", 0.5, (rank,), 1, retrieval_values([rank]), (citation,))
    return replace(made, leg_ranks=legs, legs=leg_values(legs))


def run(rank: int, citation: JudgedCitation) -> Evaluation:
    outcomes = tuple(ranked(f"q{number}", rank, citation, ("even", "odd")[number % 2]) for number in range(6))
    return Evaluation("hand", "0", "m", 1, 1, outcomes, (0.1,) * 6, environment("g"))


def shown(now: Evaluation, before: Evaluation) -> str:
    console = Console(file=StringIO(), width=160)
    with console.capture() as capture:
        console.print(render(now, compare(now, before)))
    return capture.get()


def rows(text: str) -> dict[str, list[str]]:
    """The cells of each row by its first."""
    cells = ([cell.strip() for cell in line.strip("│").split("│")] for line in text.splitlines())
    return {first: rest for first, *rest in cells}


def test_a_measure_has_its_difference_interval_and_p_and_what_is_clear_is_said() -> None:
    found = rows(shown(run(1, RIGHT), run(2, WRONG)))
    assert found["fused RR@10"] == ["+0.500", "+0.500 to +0.500", "0.0312", "better"]
    assert found["language_accuracy"] == ["+0.000", "+0.000 to +0.000", "1.0000", ""]
    assert rows(shown(run(2, WRONG), run(1, RIGHT)))["fused RR@10"][3] == "worse"


def test_less_risk_is_better() -> None:
    now, before = run(1, RIGHT), run(1, RIGHT)
    before = replace(before, outcomes=tuple(replace(one, sentence_rank=2) for one in before.outcomes))
    assert rows(shown(now, before))["AURC"] == ["-1.000", "-1.000 to -1.000", "0.0312", "better"]


def test_tags_have_their_differences_and_are_marked_only_where_chance_does_not_explain_them() -> None:
    assert rows(shown(run(1, RIGHT), run(2, WRONG)))["even"] == ["+0.369", "+0.000", "+1.000", "-"]


def test_who_turned_is_named_with_both_verdicts() -> None:
    text = shown(run(1, RIGHT), run(2, WRONG))
    assert "newly right: 6" in text
    assert "q0  Wer?  (wrong: cited, now right: cited)" in text
    assert "newly wrong: 0" in text
