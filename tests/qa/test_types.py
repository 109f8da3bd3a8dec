"""A citation that is not its document's text cannot exist."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.types import Boilerplate, Document, Span, text_sha256
from qa.errors import CitationError
from qa.types import Answer, Citation, NearMiss, excerpt_fields

TEXT = "Titel\n„Nein“, sagte er.\u200b Ende."


def document(text: str = TEXT, doc_id: str = "a.txt", boilerplate: tuple[Boilerplate, ...] = ()) -> Document:
    return Document(doc_id, text, text_sha256(text), "Titel", "de", doc_id, boilerplate=boilerplate)


def cited(made_of: Document, start: int, end: int, /, **changed: object) -> Citation:
    return Citation(**{**excerpt_fields(made_of, Span(start, end)), "number": 1, **changed})


@given(st.text(min_size=1), st.data())
def test_any_slice_of_any_text_can_be_cited_and_is_that_slice(text: str, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(text) - 1))
    end = data.draw(st.integers(start + 1, len(text)))
    made = cited(document(text), start, end)
    assert made.quote == text[start:end]
    assert made.before + made.quote + made.after in text


@pytest.mark.parametrize(
    "changed",
    [
        {"quote": "„Nein“, sagte sie."},
        {"quote": ""},
        {"start": 7},
        {"end": 24},
        {"start": -3},
        {"end": 9999},
        {"doc_id": "b.txt"},
        {"doc_sha256": "0" * 64},
    ],
)
def test_a_wrong_citation_raises(changed: dict[str, object]) -> None:
    with pytest.raises(CitationError):
        cited(document(), 6, 23, **changed)


def test_an_empty_span_is_no_citation() -> None:
    with pytest.raises(CitationError):
        cited(document(), 6, 6)


def test_boilerplate_is_never_cited() -> None:
    with pytest.raises(CitationError, match="boilerplate"):
        cited(document(boilerplate=(Boilerplate(0, 5, "title"),)), 3, 10)


def test_another_version_of_the_document_is_another_document() -> None:
    fields = excerpt_fields(document(), Span(0, 5))
    with pytest.raises(CitationError, match="version"):
        NearMiss(**{**fields, "document": document(TEXT + " Neu.")})


def test_an_answer_has_citations_exactly_when_it_answers() -> None:
    parts = {
        "question": "?",
        "lang": "de",
        "text": "",
        "near_misses": (),
        "confidence": 0.5,
        "notices": (),
        "generation": "g",
    }
    with pytest.raises(CitationError):
        Answer(status="answered", citations=(), **parts)
    with pytest.raises(CitationError):
        Answer(status="abstained", citations=(cited(document(), 0, 5),), **parts)


def test_the_json_of_an_answer_holds_offsets_and_digest_but_not_the_document() -> None:
    answer = Answer("?", "de", "answered", "t", (cited(document(), 0, 5),), (), 0.5, (), "g")
    (citation,) = answer.to_json()["citations"]
    assert (citation["start"], citation["end"], citation["quote"]) == (0, 5, "Titel")
    assert citation["doc_sha256"] == text_sha256(TEXT)
    assert "document" not in citation
