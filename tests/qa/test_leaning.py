"""Which sentences bring the one before them along, and that what they bring is the text."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.chunk import body_sentences
from index.types import Boilerplate, Document, Span, text_sha256
from qa.leaning import lead_in, leans


@pytest.mark.parametrize(
    ("sentence", "lang"),
    [
        ("Er sagte dies am Freitag.", "de"),
        ("„Wir warten ab“, sagte er.", "de"),
        ("Dies gelte auch für die Nato.", "de"),
        ("Das ist nicht zu halten.", "de"),
        ("„Das werde man sehen“, hieß es weiter.", "de"),
        ("He did not say when.", "en"),
        ("“We will see,” she said.", "en"),
        ('"This must not stand."', "en"),
        ("However, the bridge is closed.", "en"),
    ],
)
def test_a_sentence_that_points_back_leans(sentence: str, lang: str) -> None:
    assert leans(sentence, lang)


@pytest.mark.parametrize(
    ("sentence", "lang"),
    [
        ("Hegseth sagte dies am Freitag.", "de"),
        ("„Wir warten ab“, sagte Hegseth.", "de"),
        ("Das neue Haus steht am Hafen.", "de"),
        ("Erich kam.", "de"),
        ("Hesse is a state.", "en"),
        ("“We will see,” Merkel said.", "en"),
        ("Thatcher resigned.", "en"),
        ("Il a dit non.", "fr"),
    ],
)
def test_a_sentence_that_names_its_own_stands_alone(sentence: str, lang: str) -> None:
    assert not leans(sentence, lang)


def document(text: str, *boilerplate: Boilerplate) -> Document:
    return Document("a", text, text_sha256(text), "T", "de", "a", boilerplate=boilerplate)


def test_the_sentence_before_comes_along_with_what_lies_between() -> None:
    told = document("Hegseth war in Brüssel.\n\nEr sagte dies am Freitag. Danach flog er ab.")
    _, second, third = body_sentences(told)
    assert lead_in(told, second) == "Hegseth war in Brüssel.\n\n"
    assert lead_in(told, third) == ""


def test_nothing_comes_along_over_boilerplate_nor_before_the_first_sentence() -> None:
    text = "Hegseth war in Brüssel. Lesen Sie auch! Er sagte dies am Freitag."
    between = Boilerplate(text.index("Lesen"), text.index("Er sagte"), "channel plug")
    told = document(text, between)
    assert lead_in(told, body_sentences(told)[-1]) == ""
    first = document("Er sagte dies am Freitag.")
    assert lead_in(first, body_sentences(first)[0]) == ""


@given(st.lists(st.sampled_from(["Er kam.", "Anna Berg sprach.", "Dies gilt.\n", "„Ja“, sagte sie."]), max_size=6))
def test_a_lead_in_is_the_text_right_before_the_quote(sentences: list[str]) -> None:
    told = document(" ".join(sentences))
    for span in body_sentences(told):
        before = lead_in(told, span)
        assert told.text[: span.start].endswith(before)


def test_a_quote_that_is_no_sentence_of_the_text_brings_nothing() -> None:
    told = document("Anna Berg kam. Er ging fort.")
    assert lead_in(told, Span(15, 21)) == "Anna Berg kam. "
    assert lead_in(told, Span(18, 22)) == ""
