"""What is marked as different: every change, and nothing else."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa.difference import difference, similarity, tokens
from qa.verbatim import canonical, plain

SOURCE = "So sagte er: «Wir glauben nicht, dass die z.B. 30 Staaten der Nato-Gruppe helfen», und ging."


def marked(quote: str, source: str = SOURCE) -> str:
    signs = {"equal": "{}", "only-in-source": "+{}+", "missing-in-source": "-{}-"}
    runs = difference(tokens(source), tokens(quote))
    return "".join(signs[run.op].format(run.text.rstrip()) + run.text[len(run.text.rstrip()) :] for run in runs)


@pytest.mark.parametrize(
    ("quote", "shown"),
    [
        ("Wir glauben, dass die z.B. 30 Staaten", "Wir glauben +nicht+, dass die z.B. 30 Staaten "),
        ("wir glauben nicht, dass die z.B. 40 Staaten", "Wir glauben nicht, dass die z.B. +30+ -40- Staaten "),
        ("dass die z.B. 30 staaten der Gruppe", "dass die z.B. 30 +Staaten+ -staaten- der +Nato-Gruppe+ -Gruppe-"),
        ("DASS DIE z.B. 30 Staaten", "+dass die+ -DASS DIE- z.B. 30 Staaten "),
        ("Sie glauben nicht, dass", "+Wir+ -Sie- glauben nicht, dass "),
        ("der Nato-Gruppe helfen, und gingen", "der Nato-Gruppe helfen+»+, und +ging+ -gingen-"),
    ],
)
def test_every_change_is_marked_and_nothing_around_it(quote: str, shown: str) -> None:
    assert marked(quote).strip() == shown.strip()


def test_what_differs_only_before_or_after_is_shown_too() -> None:
    assert marked("5 Grad warm", "Es ist -5 Grad warm") == "+Es ist -+5 Grad warm"


def test_where_only_blanks_differ_nothing_is_the_same() -> None:
    assert marked("5 Grad, 6 Grad - warm", "5 Grad, 6 Grad -warm") == "+5 Grad, 6 Grad -warm+ -5 Grad, 6 Grad - warm-"


def test_a_faithful_part_is_alike_and_a_stranger_is_not() -> None:
    source = tokens(SOURCE)
    assert similarity(source, tokens("dass die z.B. 30 Staaten der Nato-Gruppe helfen")) == 1.0
    assert similarity(source, tokens("Katzen schlafen gern")) == 0.0
    assert similarity(source, []) == similarity([], source) == 0.0


words = st.lists(
    st.sampled_from(["Ein", "ein", "Tag", "tag,", "war", "«war»", "nicht", "5", "5,5", ".", "schön"]),
    min_size=1, max_size=12,
)  # fmt: skip


@given(words, words)
def test_a_difference_reads_as_the_quotation_and_within_the_source(source: list[str], quote: list[str]) -> None:
    real, said = " ".join(source), " ".join(quote)
    runs = difference(tokens(real), tokens(said))
    of_quote = "".join(run.text for run in runs if run.op != "only-in-source").split()
    of_source = "".join(run.text for run in runs if run.op != "missing-in-source").split()
    assert canonical("".join(of_quote)).casefold() == canonical("".join(said.split())).casefold()
    assert "".join(of_source) in "".join(plain(real).split())
