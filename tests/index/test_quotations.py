"""Quotation marks of every style are paired, and lone ones pair with nothing."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.quotations import quotations
from index.types import Span


def _quoted(text: str) -> list[str]:
    return [text[start:end] for start, end in quotations(text, Span(0, len(text)))]


@pytest.mark.parametrize("quoted", ["„Ja. Nein.“", "»Ja. Nein.«", "«Ja. Nein.»", '"Ja. Nein."', "“Yes. No.”", "„Ja.”"])
def test_each_style_of_marks_is_paired(quoted: str) -> None:
    assert _quoted(f"Er sagte: {quoted} Dann ging er.") == [quoted]


def test_two_quotations_in_a_line_are_not_joined() -> None:
    assert _quoted("»Ja«, sagte er. »Nein«, sagte sie.") == ["»Ja«", "»Nein«"]


def test_a_quotation_may_span_paragraphs() -> None:
    assert _quoted("„Erster.\n\nZweiter.“") == ["„Erster.\n\nZweiter.“"]


@pytest.mark.parametrize("text", ["„Offen. Und weiter.", 'Er kam 5" weit.', "“", "»", '"Eins.\nZwei."', ""])
def test_a_lone_mark_quotes_nothing(text: str) -> None:
    assert _quoted(text) == []


@given(st.text(alphabet='„“”«»"a.\n '), st.integers(0, 5))
def test_quotations_are_in_order_and_inside(text: str, start: int) -> None:
    span = Span(min(start, len(text)), len(text))
    ends = [span.start]
    for quotation in quotations(text, span):
        assert ends[-1] <= quotation.start < quotation.end <= span.end
        ends.append(quotation.end)
