"""German read as English words."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.gloss import gloss


@pytest.mark.parametrize(
    ("german", "english"),
    [
        ("Krieg", "war"),
        ("sagte", "said"),
        ("Verhandlungen", "negotiations"),
        ("München", "munich"),
        ("MÜNCHEN", "munich"),
    ],
)
def test_a_known_word_becomes_its_english_word(german: str, english: str) -> None:
    assert gloss(german) == english


def test_an_unknown_compound_is_glossed_by_its_parts() -> None:
    assert gloss("Verhandlungslösung") == "negotiations solution"


def test_an_unknown_form_is_glossed_by_a_known_one() -> None:
    assert gloss("realistisches Ergebnis") == "realistic result"


@pytest.mark.parametrize("name", ["Hegseth", "Selenskyj", "Peskow", "2014", "J.D."])
def test_names_and_numbers_stay(name: str) -> None:
    assert gloss(name) == name


def test_punctuation_and_order_stay() -> None:
    assert gloss("«Krieg», sagte Hegseth.") == "«war», said Hegseth."


@given(st.text())
def test_nothing_but_words_is_ever_touched(text: str) -> None:
    assert re.sub(r"\w+", "", gloss(text)).replace(" ", "") == re.sub(r"\w+", "", text).replace(" ", "")
