"""What a question quotes and whom it asks about."""

from __future__ import annotations

import pytest

from qa.quoted import MAX_QUOTATIONS, asked_speaker, quotations_in


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
