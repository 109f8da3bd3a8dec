"""What a question quotes and whom it asks about."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa.quoted import MAX_QUOTATIONS, asked_speaker, between_marks, quotations_in


@pytest.mark.parametrize(
    "quoted",
    ["„{}“", "„{}”", '„{}"', "“{}”", '"{}"', "«{}»", "»{}«", "« {} »", "'{}'", "‘{}’", "‚{}‘", "‹{}›", "›{}‹"],
)  # fmt: skip
def test_every_sign_of_both_languages_quotes(quoted: str) -> None:
    said = "We'll see what happens"
    assert quotations_in(f"Did Trump's aide say {quoted.format(said)} in the end?") == (said,)


@pytest.mark.parametrize(
    "question",
    [
        "What did Hegseth say about NATO?",
        "What is in the “Spiegel” today?",
        "Was ist mit der „neuen Ordnung“ gemeint?",
        "What's the states' view on Trump's plan, and Putin's?",
        "Is 5'11\" tall?",
        "Who said “…”?",
    ],
)
def test_titles_scare_quotes_and_apostrophes_are_no_quotations(question: str) -> None:
    assert quotations_in(question) == ()


def test_every_quotation_counts_and_one_may_hold_another() -> None:
    question = 'Sagte er "Das ist «ganz und gar» falsch" oder „das war ganz anders“?'
    assert quotations_in(question) == ("Das ist «ganz und gar» falsch", "das war ganz anders")


def test_a_question_full_of_quotations_is_not_a_search_for_each() -> None:
    assert len(quotations_in(" ".join(f'"Das sagte er {i}"' for i in range(50)))) == MAX_QUOTATIONS


@pytest.mark.parametrize(
    ("question", "speaker"),
    [
        ("Did Hegseth say “We believe in Putin and Merkel”?", "Hegseth"),
        ("Hat Hegseth wirklich „Wir glauben an Putin“ gesagt?", "Hegseth"),
        ("Stimmt das Zitat „Wir schaffen das schon“ von Angela Merkel?", "Angela Merkel"),
        ("Did Trump tell Putin “we will see it”?", "Trump"),
        ("Hat Merkel in Berlin gesagt: „Wir schaffen das schon“?", "Merkel"),
        ("Who said “We believe in Putin”?", ""),
        ("Sagte man in Berlin „Wir schaffen das schon“?", ""),
    ],
)
def test_the_speaker_is_a_name_outside_of_the_quotation(question: str, speaker: str) -> None:
    assert asked_speaker(question) == speaker


@pytest.mark.parametrize(
    ("text", "marked"),
    [
        ("Was heißt „a „b“ c“ und «d»?", ["„a „b“ c“", "«d»"]),
        ('He said “a ‘b’ c”, then "d".', ["“a ‘b’ c”", '"d"']),
        ('Das „Wort" und »a ›b‹ c«', ['„Wort"', "»a ›b‹ c«"]),
        ("It's „open and don’t", []),
        ('Is it 5" long?', []),
    ],
)
def test_marks_within_marks_are_one_place(text: str, marked: list[str]) -> None:
    assert [text[start:end] for start, end in between_marks(text)] == marked


@given(st.text('ab "„“”«»‹›‚‘’', max_size=30))
def test_places_between_marks_are_in_order_apart_and_hold_more_than_one_sign(text: str) -> None:
    ends = [end for span in between_marks(text) for end in span]
    assert ends == sorted(set(ends))
    assert all(0 <= start < end <= len(text) for start, end in between_marks(text))
