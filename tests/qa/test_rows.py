"""Rows for the reader: every piece knows its sentence."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from qa.rows import MAX_QUESTION_PIECES, MAX_TITLE_PIECES, NO_SENTENCE, Frame, row

PIECES = st.lists(st.integers(5, 99), max_size=60)
FRAME = Frame(first=1, end=2)


@given(PIECES, PIECES, st.lists(PIECES, max_size=6))
def test_a_row_is_question_title_and_sentences(question: list[int], title: list[int], told: list[list[int]]) -> None:
    laid = row(FRAME, question, title, told)
    assert len(laid.ids) == len(laid.segments) == len(laid.sentence_of)
    for number, sentence in enumerate(told):
        assert [piece for piece, of in zip(laid.ids, laid.sentence_of, strict=True) if of == number] == sentence
    assert laid.ids[0] == FRAME.first
    assert laid.ids[-1] == FRAME.end
    assert laid.sentence_of[0] == laid.sentence_of[-1] == NO_SENTENCE
    assert laid.segments == sorted(laid.segments)


def test_a_long_question_and_a_long_title_are_cut_but_no_sentence_is() -> None:
    laid = row(FRAME, [7] * 500, [8] * 500, [[9] * 500])
    assert laid.ids.count(7) == MAX_QUESTION_PIECES
    assert laid.ids.count(8) == MAX_TITLE_PIECES
    assert laid.ids.count(9) == 500


def test_without_a_title_there_is_nothing_between_question_and_sentences() -> None:
    assert row(FRAME, [7], [], [[9]]).ids == [1, 7, 2, 9, 2]
