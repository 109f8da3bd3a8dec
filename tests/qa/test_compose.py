"""From evidence to an answer: selection, merging, wording, abstaining."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.types import Document, Published, Span, text_sha256
from qa.compose import Composed, compose, merge_neighbours
from qa.errors import CitationError
from qa.types import Evidence, Question, Reading

SENTENCES = ("Eins ist wahr.", "Zwei ist wahr.", "«Drei», sagte er.", "Vier ist wahr.", "Fünf ist wahr.")
TEXT = " ".join(SENTENCES)
DOCUMENT = Document(
    "a.txt", TEXT, text_sha256(TEXT), "Zahlen", "de", "a.txt", published=Published("2025"), source="WELT"
)  # fmt: skip
ENGLISH, GERMAN = Question("What?", "en"), Question("Was?", "de")


def span(number: int) -> Span:
    start = TEXT.index(SENTENCES[number])
    return Span(start, start + len(SENTENCES[number]))


def evidence(*scored: tuple[int, float]) -> list[Evidence]:
    return [Evidence("a.txt", span(number), score) for number, score in scored]


def composed(
    *scored: tuple[int, float], question: Question = ENGLISH, document: Document = DOCUMENT, threshold: float = 0.5
) -> Composed:
    ranked = tuple(evidence(*scored))
    reading = Reading(ranked, ranked[0].score if ranked else 0.0)
    return compose(question, reading, lambda _: document, threshold=threshold, max_quotes=3)


def test_the_best_sentence_is_quoted_verbatim_with_its_place() -> None:
    made = composed((2, 0.9), (0, 0.1))
    (citation,) = made.citations
    assert (made.status, made.confidence) == ("answered", 0.9)
    assert citation.quote == TEXT[citation.start : citation.end] == "«Drei», sagte er."
    assert (citation.number, citation.source, citation.published) == (1, "WELT", "2025")


def test_neighbours_become_one_quote() -> None:
    (citation,) = composed((1, 0.8), (2, 0.9)).citations
    assert citation.quote == "Zwei ist wahr. «Drei», sagte er."
    assert citation.score == 0.9


def test_sentences_apart_stay_apart_in_the_order_of_the_article() -> None:
    first, second = composed((4, 0.95), (0, 0.9)).citations
    assert (first.number, first.quote) == (1, SENTENCES[0])
    assert (second.number, second.quote) == (2, SENTENCES[4])


def test_the_older_article_is_quoted_first_and_an_undated_one_last() -> None:
    documents = {
        doc_id: Document(doc_id, TEXT, text_sha256(TEXT), "Zahlen", "de", doc_id, published=date and Published(date))
        for doc_id, date in (("new", "2025-02-12"), ("undated", None), ("old", "2024"))
    }
    ranked = tuple(
        Evidence(doc_id, span(0), score) for doc_id, score in (("undated", 0.9), ("new", 0.89), ("old", 0.88))
    )
    made = compose(ENGLISH, Reading(ranked, 0.9), documents.__getitem__, threshold=0.5, max_quotes=3)
    assert [(c.number, c.doc_id) for c in made.citations] == [(1, "old"), (2, "new"), (3, "undated")]


def test_a_quote_that_leans_on_the_sentence_before_brings_it_along_unquoted() -> None:
    text = "Hegseth war da. Er sagte dies am Freitag."
    leaning = Document("b.txt", text, text_sha256(text), "T", "de", "b.txt")
    reading = Reading((Evidence("b.txt", Span(16, len(text)), 0.9),), 0.9)
    (citation,) = compose(ENGLISH, reading, lambda _: leaning, threshold=0.5, max_quotes=3).citations
    assert (citation.lead_in, citation.quote) == ("Hegseth war da. ", "Er sagte dies am Freitag.")
    with pytest.raises(CitationError, match="not 'Merkel war da"):
        replace(citation, document=leaning, lead_in="Merkel war da. ")


def test_a_sentence_far_less_probable_than_the_best_is_left_out() -> None:
    assert len(composed((4, 0.95), (0, 0.55)).citations) == 1


def test_below_the_threshold_there_are_near_misses_and_no_citation() -> None:
    made = composed((2, 0.49), (0, 0.2))
    assert (made.status, made.citations) == ("abstained", ())
    assert [near.quote for near in made.near_misses] == [SENTENCES[2], SENTENCES[0]]
    assert not any(sentence in made.text for sentence in SENTENCES)


def test_without_any_evidence_it_abstains() -> None:
    made = composed()
    assert (made.status, made.near_misses, made.confidence) == ("abstained", (), 0.0)


@pytest.mark.parametrize(
    ("question", "published", "source", "line"),
    [
        (ENGLISH, "2025", "WELT", "WELT wrote in 2025:"),
        (ENGLISH, "2025-02-12", "WELT", "WELT wrote on 12 February 2025:"),
        (GERMAN, "2025-02", "WELT", "WELT schrieb im Februar 2025:"),
        (GERMAN, "2025-02-12T10:00:00Z", "WELT", "WELT schrieb am 12. Februar 2025:"),
        (GERMAN, None, "WELT", "WELT schrieb (ohne Datum):"),
        (ENGLISH, None, None, "In “Zahlen”:"),
        (GERMAN, "2025", None, "In „Zahlen“, 2025:"),
    ],
)
def test_the_frame_states_source_and_date_in_the_questions_language(
    question: Question, published: str | None, source: str | None, line: str
) -> None:
    document = replace(DOCUMENT, published=Published(published) if published else None, source=source)
    assert composed((0, 0.9), question=question, document=document).text.splitlines()[0] == line


@given(st.lists(st.tuples(st.integers(0, 4), st.floats(0, 1)), unique_by=lambda scored: scored[0]))
def test_every_quote_is_the_text_and_every_number_counts_up(scored: list[tuple[int, float]]) -> None:
    ranked = sorted(scored, key=lambda found: -found[1])
    made = composed(*ranked)
    assert [c.number for c in made.citations] == list(range(1, len(made.citations) + 1))
    assert all(TEXT[e.start : e.end] == e.quote for e in (*made.citations, *made.near_misses))
    assert all(citation.quote in made.text for citation in made.citations)
    assert (made.status == "answered") == bool(made.citations)


@given(st.permutations(range(5)))
def test_merging_does_not_depend_on_the_order_of_equal_evidence(order: list[int]) -> None:
    (quote,) = merge_neighbours(evidence(*((number, 0.7) for number in order)), lambda _: DOCUMENT)
    assert quote.span == Span(0, len(TEXT))
