"""What is read at once: every found sentence, whole or in overlapping parts, in windows that the network can take."""

from __future__ import annotations

from collections.abc import Sequence

from hypothesis import given
from hypothesis import strategies as st

from index.types import Chunk, Document, Hit, Leg, Passage, Span, text_sha256
from qa.retrieve import Found
from qa.windows import PART_OVERLAP, WINDOW_PIECES, places, windows


def cut(texts: Sequence[str]) -> list[list[int]]:
    """A piece for each letter or digit."""
    return [[ord(mark) for mark in text if mark.isalnum()] for text in texts]


def document(sentences: Sequence[str], doc_id: str = "a") -> tuple[Document, list[Span]]:
    text = " ".join(sentences)
    spans, at = [], 0
    for sentence in sentences:
        spans.append(Span(at, at + len(sentence)))
        at += len(sentence) + 1
    return Document(doc_id, text, text_sha256(text), "T", "de", doc_id), spans


def found(of: Document, *chunks: Sequence[Span], score: float = 1.0) -> list[Found]:
    leg = Leg(1, 1.0)
    made = [Chunk(of.id, tuple(spans)) for spans in chunks]
    return [Found(Hit(chunk, score - i / 10, leg), Passage(of, chunk)) for i, chunk in enumerate(made)]


@given(
    st.lists(st.integers(0, 700), min_size=1, max_size=12),
    st.lists(st.tuples(st.integers(0, 11), st.integers(1, 4)), min_size=1, max_size=6),
)
def test_every_found_sentence_is_read_whole_and_no_window_is_too_long(
    lengths: list[int], chosen: list[tuple[int, int]]
) -> None:
    told, spans = document(["x" * length + "." for length in lengths])
    chunks = [spans[start : start + count] for start, count in chosen if start < len(spans)]
    if not chunks:
        return
    read = windows(found(told, *chunks), cut)
    assert all(sum(map(len, window.pieces)) <= WINDOW_PIECES for window in read)
    assert all(list(window.sentences) == sorted(window.sentences) for window in read)
    wanted = {span for chunk in chunks for span in chunk if lengths[spans.index(span)]}
    assert {span for window in read for span in window.sentences} == wanted
    for span in wanted:
        pieces = lengths[spans.index(span)]
        parts = [len(w.pieces[w.sentences.index(span)]) for w in read if span in w.sentences]
        if pieces <= WINDOW_PIECES:
            assert set(parts) == {pieces}
        else:
            assert sum(parts) == pieces + PART_OVERLAP * (len(parts) - 1)


def test_overlapping_and_neighbouring_passages_are_read_as_one_text() -> None:
    told, spans = document(["Eins.", "Zwei.", "Drei.", "Vier."])
    (window,) = windows(found(told, spans[2:], spans[:3]), cut)
    assert window.sentences == tuple(spans)


def test_what_lies_apart_is_not_read_as_if_it_followed() -> None:
    told, spans = document(["Eins.", "Zwei.", "Drei."])
    assert [window.sentences for window in windows(found(told, spans[2:], spans[:1]), cut)] == [
        (spans[0],),
        (spans[2],),
    ]


def test_a_full_window_hands_its_last_sentence_on() -> None:
    told, spans = document(["x" * 90 + "."] * 3)
    first, second = windows(found(told, spans), cut)
    assert (first.sentences, second.sentences) == (tuple(spans[:2]), tuple(spans[1:]))


def test_the_document_that_was_found_first_is_read_first() -> None:
    (one, spans), (other, others) = document(["Eins."], "a"), document(["Zwei."], "b")
    assert [w.document.id for w in windows([*found(other, others), *found(one, spans)], cut)] == ["b", "a"]


def test_a_sentence_has_the_place_of_the_best_passage_that_has_it() -> None:
    told, spans = document(["Eins.", "Zwei.", "Drei."])
    at = places(found(told, spans[1:], spans[:2]))
    assert [at["a", span] for span in spans] == [(2, 0.9), (1, 1.0), (1, 1.0)]
