"""German read as English words, from a table of a dozen forms."""

from __future__ import annotations

import random
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from train.gloss import Glosser

FORMS = {
    "krieg": [("war", 0.8), ("conflict", 0.2)],
    "sagte": [("said", 1.0)],
    "verhandlung": [("negotiation", 1.0)],
    "verhandlungen": [("negotiations", 1.0)],
    "losung": [("solution", 1.0)],
    "munchen": [("munich", 1.0)],
    "realistische": [("realistic", 1.0)],
    "ergebnis": [("result", 1.0)],
    "uber": [("about", 1.0)],
}
GLOSSER = Glosser(FORMS)


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
def test_a_known_word_becomes_its_likeliest_translation(german: str, english: str) -> None:
    assert GLOSSER.gloss(german) == english


def test_an_unknown_compound_is_glossed_by_its_parts() -> None:
    assert GLOSSER.gloss("Verhandlungslösung") == "negotiation solution"


def test_an_unknown_form_is_glossed_by_a_known_one() -> None:
    assert GLOSSER.gloss("realistisches Ergebnis") == "realistic result"


@pytest.mark.parametrize("name", ["Hegseth", "Selenskyj", "Peskow", "2014", "J.D."])
def test_names_and_numbers_stay(name: str) -> None:
    assert GLOSSER.gloss(name) == name


def test_punctuation_and_order_stay() -> None:
    assert GLOSSER.gloss("«Krieg», sagte Hegseth.") == "«war», said Hegseth."


def test_a_form_is_spelt_as_it_is_written() -> None:
    assert Glosser({"about": [("uber", 1.0)]}, {"uber": "über"}).gloss("about") == "über"


def test_translations_are_the_form_s_or_of_its_parts_alike() -> None:
    assert GLOSSER.translations("Krieg") == [("war", 0.8), ("conflict", 0.2)]
    assert GLOSSER.translations("Verhandlungslösung") == [("negotiation", 0.5), ("solution", 0.5)]
    assert GLOSSER.translations("Hegseth") == []


def _draw() -> random.Random:
    return random.Random(1)


def test_switching_nothing_or_all() -> None:
    text = "Krieg, sagte Hegseth."
    assert GLOSSER.switch(text, 0, _draw()) == text
    assert GLOSSER.switch(text, 1, _draw()) in {"war, said Hegseth.", "conflict, said Hegseth."}


def test_switching_is_drawn_by_probability() -> None:
    draw = _draw()
    switched = [GLOSSER.switch("Krieg", 1, draw) for _ in range(200)]
    assert 120 < switched.count("war") < 200


@given(st.text())
def test_nothing_but_words_is_ever_touched(text: str) -> None:
    assert re.sub(r"\w+", "", GLOSSER.gloss(text)).replace(" ", "") == re.sub(r"\w+", "", text).replace(" ", "")
