"""Chunks hold every sentence of the story, whole, fit the encoder's window, and never touch boilerplate."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.chunk import TARGET_TOKENS, body_sentences, chunk, overlong
from index.load.document import Loaded, load
from index.load.files import find_files
from index.types import Boilerplate, Chunk, Document, Passage, Published, embedded_text, text_sha256

SEEDS = Path(__file__).parents[2] / "seeds"


def count_words(texts: Sequence[str]) -> list[int]:
    """A stand-in for a tokenizer: words, and two special tokens."""
    return [len(text.split()) + 2 for text in texts]


def count_more_in_wholes(texts: Sequence[str]) -> list[int]:
    """A tokenizer for which a whole has more tokens than its parts: line ends count too."""
    return [len(text.split()) + 3 * text.count(" ") + 2 for text in texts]


def _document(text: str, *, title: str = "Titel", marks: Sequence[Boilerplate] = ()) -> Document:
    return Document("a.txt", text, text_sha256(text), title, "de", "a.txt", Published("2025"), boilerplate=tuple(marks))


def _shown(document: Document, part: Chunk) -> str:
    return document.text[part.start : part.end]


def _sentence(number: int, words: int = 10) -> str:
    return " ".join([f"Satz{number}", *["wort"] * (words - 2), "ende."])


def test_neighbours_share_one_sentence() -> None:
    document = _document(" ".join(_sentence(number) for number in range(60)))
    chunks = chunk(document, window=256, count_tokens=count_words)
    assert len(chunks) > 1
    assert all(before.sentences[-1] == after.sentences[0] for before, after in pairwise(chunks))


def test_a_chunk_is_about_a_paragraph_even_where_the_window_is_large() -> None:
    document = _document(" ".join(_sentence(number) for number in range(60)))
    sizes = [len(_shown(document, part).split()) for part in chunk(document, window=4096, count_tokens=count_words)]
    assert max(sizes) <= TARGET_TOKENS
    assert min(sizes[:-1]) >= TARGET_TOKENS / 2


def test_a_chunk_ends_with_its_paragraph() -> None:
    paragraphs = [" ".join(_sentence(number) for number in range(8)) for _ in range(3)]
    document = _document("\n".join(paragraphs))
    first, *_ = chunk(document, window=256, count_tokens=count_words)
    assert _shown(document, first) == paragraphs[0]


def test_a_heading_goes_with_what_it_stands_above() -> None:
    opening = " ".join(_sentence(number) for number in range(14))
    document = _document(f"{opening}\nTrump sucht Putins Nähe\n{opening}")
    for part in chunk(document, window=256, count_tokens=count_words):
        assert not _shown(document, part).endswith("Nähe")


def test_a_quotation_of_several_sentences_is_not_torn() -> None:
    speech = "„" + " ".join(_sentence(number) for number in range(12)) + "“"
    before = " ".join(_sentence(number) for number in range(10))
    document = _document(f"{before} {speech} {before}")
    chunks = chunk(document, window=256, count_tokens=count_words)
    assert len(body_sentences(document)) > 30
    assert any(speech in _shown(document, part) for part in chunks)
    for part in chunks:
        shown = _shown(document, part)
        assert shown.rfind("„") <= shown.rfind("“"), "ends inside the quotation"


def test_a_quotation_too_long_for_any_chunk_is_cut_at_sentences() -> None:
    speech = "„" + " ".join(_sentence(number) for number in range(100)) + "“"
    chunks = chunk(_document(speech), window=64, count_tokens=count_words)
    assert len(chunks) > 10


def test_nothing_is_chunked_over_boilerplate() -> None:
    text = "Erster Satz.\nTeilen auf Facebook\nZweiter Satz. Dritter Satz."
    start = text.index("Teilen")
    document = _document(text, marks=[Boilerplate(start, text.index("\nZweiter"), "share")])
    shown = [_shown(document, part) for part in chunk(document, window=256, count_tokens=count_words)]
    assert shown == ["Erster Satz.", "Zweiter Satz. Dritter Satz."]


@pytest.mark.parametrize("text", ["", " \n ", "Nur Reklame"])
def test_a_document_without_a_story_has_no_chunks(text: str) -> None:
    document = _document(text, marks=[Boilerplate(0, len(text), "share")])
    assert body_sentences(document) == []
    assert chunk(document, window=256, count_tokens=count_words) == []


def test_a_sentence_longer_than_the_window_is_a_chunk_of_its_own() -> None:
    document = _document(f"{_sentence(1)} {_sentence(2, words=200)} {_sentence(3)}")
    chunks = chunk(document, window=64, count_tokens=count_words)
    assert [len(part.sentences) for part in chunks] == [1, 1, 1]
    assert overlong(document, chunks, window=64, count_tokens=count_words) == 1


def test_a_title_as_long_as_the_window_does_not_stop_the_chunking() -> None:
    document = _document(f"{_sentence(1)} {_sentence(2)}", title="wort " * 300)
    chunks = chunk(document, window=64, count_tokens=count_words)
    assert len(chunks) == overlong(document, chunks, window=64, count_tokens=count_words) == 2


def test_tokens_are_counted_in_batches() -> None:
    document = _document(" ".join(_sentence(number) for number in range(2000)))
    calls: list[int] = []

    def count(texts: Sequence[str]) -> list[int]:
        calls.append(len(texts))
        return count_words(texts)

    chunk(document, window=256, count_tokens=count)
    assert len(calls) < 10


def test_the_seed_is_chunked_from_its_lede_to_its_last_sentence() -> None:
    (loaded,) = load(find_files([SEEDS])[0])
    assert isinstance(loaded, Loaded)
    document = loaded.document
    chunks = chunk(document, window=256, count_tokens=count_words)
    assert _shown(document, chunks[0]).startswith("US-Präsident Donald Trump hat")
    assert _shown(document, chunks[-1]).endswith("ein Fünftel des ukrainischen Staatsgebiets.")
    assert not any("Was wir bisher wissen" in _shown(document, part) for part in chunks)
    assert not any("WELT" in _shown(document, part) for part in chunks)


MARKS = list('„“«»"\n\u200b\u200f\u202e\u00a0😀…')
WORDS = [
    "Er kam. ",
    "Dr. X sagte: ",
    "Ja! ",
    "Nein? ",
    "Reklame hier\n",
    "wort " * 30,
    "e\u0301",
    "3. Mai ",
    "الحرب. ",
    "- ",
]
PIECES = st.sampled_from([*MARKS, *WORDS])


@st.composite
def documents(draw: st.DrawFn) -> Document:
    text = draw(st.one_of(st.lists(PIECES, max_size=50).map("".join), st.text(max_size=200)))
    edges = st.integers(0, len(text))
    spans = draw(st.lists(st.tuples(edges, edges).map(sorted), max_size=4))
    marks = [Boilerplate(start, end, "link") for start, end in spans]
    return _document(text, title=draw(st.sampled_from(["", "Titel", "wort " * 20])), marks=marks)


@given(documents(), st.integers(4, 64), st.sampled_from([count_words, count_more_in_wholes]))
def test_chunks_keep_every_promise_for_any_document(document: Document, window: int, count: object) -> None:
    assert callable(count)
    body = body_sentences(document)
    chunks = chunk(document, window=window, count_tokens=count)
    assert {sentence for part in chunks for sentence in part.sentences} == set(body)
    assert [(part.start, part.end) for part in chunks] == sorted((part.start, part.end) for part in chunks)
    assert len({part.id for part in chunks}) == len(chunks)
    cut_off = 0
    for part in chunks:
        assert list(part.sentences) == body[body.index(part.sentences[0]) :][: len(part.sentences)]
        touched = [
            mark for mark in document.boilerplate if mark.start < min(mark.end, part.end) and part.start < mark.end
        ]
        assert not touched
        (tokens,) = count([embedded_text(Passage(document, part))])
        assert tokens <= window or len(part.sentences) == 1
        cut_off += tokens > window
    assert overlong(document, chunks, window=window, count_tokens=count) == cut_off


@given(documents())
def test_body_sentences_cover_all_that_is_not_boilerplate(document: Document) -> None:
    kept = list(document.text)
    for mark in document.boilerplate:
        kept[mark.start : mark.end] = " " * (mark.end - mark.start)
    for sentence in body_sentences(document):
        assert document.text[sentence.start : sentence.end].strip()
        kept[sentence.start : sentence.end] = " " * (sentence.end - sentence.start)
    assert not "".join(kept).strip()
