"""Where a text has quotation marks."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from qa.marks import between_marks

SIGNS = "\"'„“”«»‹›‚‘’"
PAIRS = ["„“", "„”", '„"', "“”", '“"', "““", "””", '""', "«»", "»«", "''", "‘’", "‚‘", "‚’", "‹›", "›‹"]
WORDS = st.lists(st.sampled_from(["die", "Lage", "don't", "let’s", "1,5", "States", "–"]), min_size=1).map(" ".join)


@pytest.mark.parametrize(
    ("text", "marked"),
    [
        ("Was heißt „a „b“ c“ und «d»?", ["„a „b“ c“", "«d»"]),
        ('He said “a ‘b’ c”, then "d".', ["“a ‘b’ c”", '"d"']),
        ('Das „Wort" und »a ›b‹ c«', ['„Wort"', "»a ›b‹ c«"]),
        ('Was heißt „a "b" c“?', ['„a "b" c“']),
        ("What is “a “b” c”?", ["“a “b” c”"]),
        ("Was heißt « a « b » c »?", ["« a « b » c »"]),
        ("„Spiegel“s und „Welt“er", ["„Spiegel“", "„Welt“"]),
        ('("a") ("b")', ['"a"', '"b"']),
        ("'the minister's view' and 'the minister's'", ["'the minister's view'", "'the minister's'"]),
    ],
)
def test_marks_within_marks_are_one_place(text: str, marked: list[str]) -> None:
    assert [text[start:end] for start, end in between_marks(text)] == marked


@pytest.mark.parametrize(
    "text",
    [
        "It's „open and don’t",
        'Is it 5" or 6" long?',
        "the workers’ view of the states’ rights",
        '"a\nb"',
        "'a\nb'",
        "‘ a’",
    ],
)
def test_apostrophes_inches_and_what_is_never_closed_are_no_place(text: str) -> None:
    assert between_marks(text) == []


def test_what_is_never_closed_hides_no_place_within() -> None:
    text = "„nie zu, aber ‚hier‘ schon"
    assert [text[start:end] for start, end in between_marks(text)] == ["‚hier‘"]


@given(WORDS, st.sampled_from(PAIRS), WORDS, WORDS)
def test_a_quotation_in_any_pair_of_marks_is_found(before: str, pair: str, quote: str, after: str) -> None:
    assume(pair[0] not in "‚‘'" or quote[0].isalnum())  # nobody could tell it from an apostrophe
    text = f"{before} {pair[0]}{quote}{pair[1]} {after}"
    assert between_marks(text) == [(len(before) + 1, len(before) + len(quote) + 3)]


@given(st.text(f"ab \n{SIGNS}", max_size=30))
def test_places_between_marks_are_in_order_apart_and_begin_and_end_with_marks(text: str) -> None:
    found = between_marks(text)
    assert all(one.end <= other.start for one, other in pairwise(found))
    assert all(end - start > 1 and {text[start], text[end - 1]} <= set(SIGNS) for start, end in found)
