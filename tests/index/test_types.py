"""The data types refuse what must never travel."""

from __future__ import annotations

import pytest

from index.types import Boilerplate, Chunk, Document, Hit, Leg, Passage, Published, Span, embedded_text, text_sha256

TEXT = "Erster Satz. Zweiter Satz."


def document(text: str = TEXT, **fields: object) -> Document:
    defaults = {"id": "a.txt", "title": "Titel", "lang": "de", "path": "a.txt"}
    return Document(text=text, sha256=text_sha256(text), **{**defaults, **fields})


@pytest.mark.parametrize(
    ("value", "precision"),
    [("2025", "year"), ("2025-02", "month"), ("2025-02-12", "day"), ("2025-02-12T18:30:00+01:00", "time")],
)
def test_a_date_knows_how_precise_it_is(value: str, precision: str) -> None:
    assert Published(value).precision == precision


@pytest.mark.parametrize("value", ["", "gestern", "2025-2-1", "12.02.2025", "2025-02-12 18:30"])
def test_what_is_no_iso_date_is_refused(value: str) -> None:
    with pytest.raises(ValueError, match="ISO 8601"):
        Published(value)


def test_a_document_whose_text_was_altered_is_refused() -> None:
    with pytest.raises(ValueError, match="sha256"):
        Document("a", TEXT + "!", text_sha256(TEXT), "T", "de", "a")


def test_boilerplate_outside_the_text_is_refused() -> None:
    with pytest.raises(ValueError, match="outside"):
        document(boilerplate=(Boilerplate(0, len(TEXT) + 1, "title"),))


@pytest.mark.parametrize("sentences", [(), (Span(5, 3),), (Span(0, 5), Span(3, 8)), (Span(5, 8), Span(0, 3))])
def test_a_chunk_is_sentences_in_order(sentences: tuple[Span, ...]) -> None:
    with pytest.raises(ValueError, match="chunk"):
        Chunk("a", sentences)


def test_a_hit_was_found_by_some_leg() -> None:
    with pytest.raises(ValueError, match="no leg"):
        Hit(Chunk("a", (Span(0, 3),)), 1.0)
    assert Hit(Chunk("a", (Span(0, 3),)), 1.0, lexical=Leg(1, 2.0)).lexical == Leg(1, 2.0)


def test_a_passage_is_a_slice_of_its_own_document() -> None:
    chunk = Chunk("a.txt", (Span(13, 26),))
    assert Passage.of(document(), chunk).text == "Zweiter Satz."
    with pytest.raises(ValueError, match="slice"):
        Passage.of(document(id="b.txt"), chunk)
    with pytest.raises(ValueError, match="slice"):
        Passage.of(document(text="kurz"), chunk)


def test_what_is_embedded_has_title_and_date_but_what_is_quoted_has_not() -> None:
    passage = Passage.of(document(published=Published("2025")), Chunk("a.txt", (Span(0, 12),)))
    assert embedded_text(passage) == "Titel · 2025\nErster Satz."
    assert passage.text == "Erster Satz."
