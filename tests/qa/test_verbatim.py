"""Which strings are the same words, and that every offset is right, however the words were typed."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from index.types import Boilerplate, Document, Span, text_sha256
from qa.verbatim import Canonical, canonical, pieces, places

TEXT = (
    "Sie sagte: «Wir werden’s sehen»\u00a0– mehr nicht. Die Ver\u00adhand\u00adlung über 2,5 Prozent endete.\n"
    "Bei -5 Grad stand die Nato-Mitgliedschaft—so hieß es—außer Frage … vorerst. Es waren 30.000 Menschen da."
)
written = st.text(
    st.one_of(st.sampled_from(" \n\u00a0\u00ad\u200b—–-\"'«»…ab1äß"), st.characters(exclude_categories=["Cs"]))
)


def document(text: str, boilerplate: tuple[Boilerplate, ...] = ()) -> Document:
    return Document("a", text, text_sha256(text), "T", "de", "a", boilerplate=boilerplate)


def found(quote: str, text: str = TEXT) -> list[list[str]]:
    made = document(text)
    return [[text[start:end] for start, end in spans] for spans in places(made, pieces(quote))]


@pytest.mark.parametrize(
    ("quote", "there"),
    [
        ("wir werden's sehen", "Wir werden’s sehen"),
        ("„Wir werden´s sehen!“", "Wir werden’s sehen"),
        ('sagte: "Wir werden`s sehen" - mehr', "sagte: «Wir werden’s sehen»\u00a0– mehr"),
        ("Die Verhandlung\tüber\n 2,5  Prozent", "Die Ver\u00adhand\u00adlung über 2,5 Prozent"),
        (unicodedata.normalize("NFD", "Verhandlung über"), "Ver\u00adhand\u00adlung über"),
        ("Verhand\u200blung über", "Ver\u00adhand\u00adlung über"),
        ("mehr nicht. Die Verhandlung", "mehr nicht. Die Ver\u00adhand\u00adlung"),
        ("-5 Grad", "-5 Grad"),
        ("Nato‑Mitgliedschaft – so hieß es", "Nato-Mitgliedschaft—so hieß es"),
        ("sagte : « Wir werden’s sehen » - mehr", "sagte: «Wir werden’s sehen»\u00a0– mehr"),
        ("endete. Bei −5 Grad", "endete.\nBei -5 Grad"),
    ],
)
def test_the_same_words_are_found_however_they_are_typed(quote: str, there: str) -> None:
    assert found(quote) == [[there]]


@pytest.mark.parametrize(
    "quote",
    [
        "wir Werden's sehen",
        "Wir werdens sehen",
        "5 Prozent",
        "2,5 prozent",
        "5 Grad",
        "30 Menschen",
        "000 Menschen",
        "stand die Nato",
        "Mitgliedschaft—so",
        "handlung über",
        "hieß e",
        "mehr, nicht",
        "Die Verhandlung über 2.5 Prozent",
        "sehen mehr nicht",
        "über 2, 5 Prozent",
        "Nato - Mitgliedschaft",
    ],
)
def test_other_words_and_parts_of_words_and_numbers_are_not_the_same(quote: str) -> None:
    assert found(quote) == []


@pytest.mark.parametrize("gap", ["…", " ... ", " [...] ", "[…]", " (…) ", "....."])
def test_what_is_left_out_divides_a_quotation_into_pieces_in_their_order(gap: str) -> None:
    assert found(f"Wir werden's sehen{gap}2,5 Prozent endete") == [["Wir werden’s sehen", "2,5 Prozent endete"]]
    assert found(f"2,5 Prozent endete{gap}wir werden's sehen") == []


def test_an_ellipsis_of_the_source_may_be_quoted() -> None:
    assert found("außer Frage … vorerst") == [["außer Frage", "vorerst"]]


def test_of_places_that_end_alike_the_shortest_counts() -> None:
    assert found("eins … zwei", "eins, eins, zwei, eins") == [["eins", "zwei"]]
    assert [spans[0] for spans in places(document("eins, eins, zwei"), ("eins", "zwei"))] == [Span(6, 10)]


def test_boilerplate_is_never_a_place() -> None:
    text = "Folgt uns heute. Folgt uns heute."
    assert places(document(text, (Boilerplate(0, 16, "plug"),)), pieces("folgt uns heute")) == [(Span(17, 32),)]


@pytest.mark.parametrize("quote", ["", "…", "«»", " - [...] !?", "\u200b\u00ad"])
def test_without_words_there_are_no_pieces(quote: str) -> None:
    assert pieces(quote) == ()


@given(written)
def test_every_character_that_is_compared_stands_where_the_map_says(text: str) -> None:
    composed = unicodedata.normalize("NFC", text)
    made = Canonical.of(composed)
    for at, character in enumerate(made.text):
        if character.isalnum():
            assert composed[slice(*made.span(at, at + 1))] == character


@given(written, st.data())
def test_whatever_stands_between_two_blanks_is_found_at_its_own_offsets(text: str, data: st.DataObject) -> None:
    composed = unicodedata.normalize("NFC", text).replace("…", "").replace("...", "")
    start = data.draw(st.integers(0, len(composed)))
    end = data.draw(st.integers(start, len(composed)))
    made = f"{composed[:start]} {composed[start:end]} {composed[end:]}"
    assume(unicodedata.is_normalized("NFC", made) and "..." not in canonical(made))
    quoted = pieces(made[start + 1 : end + 1])
    assume(quoted)
    within = [spans[0] for spans in places(document(made), quoted)]
    assert any(start < span.start and span.end <= end + 1 for span in within)
