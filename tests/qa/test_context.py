from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from qa.context import CONTEXT_CHARS, after, before

LONG = "word " * CONTEXT_CHARS


def test_it_ends_at_the_line_on_both_sides() -> None:
    assert before("Heading\nHe came. ") == "He came. "
    assert after(" She left.\n\nHeading") == " She left."


def test_what_is_long_is_cut_at_a_word_and_says_so() -> None:
    assert before(LONG).startswith("…word ")
    assert after(LONG).endswith("word …")


@given(st.text())
def test_it_is_of_the_text_and_of_one_line(text: str) -> None:
    for shown in (before(text).removeprefix("…"), after(text).removesuffix(" …")):
        assert shown in text
        assert "\n" not in shown
        assert len(shown) <= CONTEXT_CHARS
