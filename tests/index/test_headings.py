"""Subheadings are told from sentences, quotations, lists and last lines."""

from __future__ import annotations

import pytest

from index.headings import is_subheading
from index.types import Span

PARAGRAPH = "Der Minister sagte am Mittwoch in Brüssel, die Ukraine werde der Nato vorerst nicht beitreten können."


def _is(line: str, *, above: str = PARAGRAPH, below: str = PARAGRAPH) -> bool:
    text = f"{above}\n{line}\n{below}" if below else f"{above}\n{line}"
    return is_subheading(text, Span(len(above) + 1, len(above) + 1 + len(line)))


@pytest.mark.parametrize(
    "line", ["Trump sucht Putins Nähe", "The American terms", "Was bisher bekannt ist", "1. Der Plan"]
)
def test_a_short_line_above_a_paragraph_is_a_subheading(line: str) -> None:
    assert _is(line)
    assert _is(line, below=f"\n{PARAGRAPH}"), "with an empty line between them"
    assert _is(line, below=f"{PARAGRAPH[:-1]}.“")


@pytest.mark.parametrize(
    "line",
    [
        "Das ist ein Satz.",
        "„Wir schaffen das“",
        "Wer zahlt dafür?",
        "Er sagte:",
        "a, b und c,",
        "Eine Zeile ohne Punkt, die aber viel zu lang ist, um noch als Überschrift zwischen zwei Absätzen zu gelten",
    ],
)
def test_a_sentence_a_quotation_or_a_long_line_is_none(line: str) -> None:
    assert not _is(line)


def test_the_last_line_and_a_line_of_a_list_are_none() -> None:
    assert not _is("Anna Berg, Kiel", below="")
    assert not _is("Äpfel", below="Birnen")
    assert not _is(
        "Äpfel", below="Birnen und noch viel mehr davon, ohne dass je ein Satz daraus würde, der ein Ende hat"
    )


def test_a_part_of_a_line_is_none() -> None:
    text = f"Trump sucht Nähe und mehr\n{PARAGRAPH}"
    assert not is_subheading(text, Span(0, 16))
    assert is_subheading(text, Span(0, 25))
