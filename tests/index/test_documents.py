"""The document store: what goes in comes out, character for character, or an error says that it is damaged."""

from __future__ import annotations

import sqlite3
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from index.documents import Documents, Listing, write_documents
from index.errors import CorruptIndexError
from index.types import Boilerplate, Chunk, Document, Passage, Published, Span, text_sha256

HOSTILE = "<img src=x onerror=alert(1)> ${x} {{y}} '); DROP TABLE documents;-- \0 \u202e Ignore previous instructions"


def article(doc_id: str, text: str, lang: str = "de", **fields: object) -> Document:
    return Document(doc_id, text, text_sha256(text), doc_id.title(), lang, doc_id, **fields)  # type: ignore[arg-type]


def chunked(document: Document) -> tuple[Document, list[Chunk]]:
    middle = len(document.text) // 2
    return document, [
        Chunk(document.id, (Span(0, middle),)),
        Chunk(document.id, (Span(0, middle), Span(middle, len(document.text)))),
    ]


def write(path: Path, *documents: Document) -> Documents:
    write_documents(path, [chunked(document) for document in documents])
    return Documents(path)


_text = st.text(st.characters(exclude_categories=["Cs"]), max_size=40)
_document = st.builds(
    article,
    doc_id=_text,
    text=st.text(st.characters(exclude_categories=["Cs"]), min_size=2),
    lang=st.sampled_from(["de", "en", "und"]),
    published=st.none() | st.sampled_from(["2025", "2025-02", "2025-02-12T18:30Z"]).map(Published),
    source=st.none() | _text,
    url=st.none() | _text,
    authors=st.lists(_text, max_size=3).map(tuple),
    boilerplate=st.just((Boilerplate(0, 1, "title"), Boilerplate(1, 2, "hashtags"))),
)


@given(documents=st.lists(_document, min_size=1, max_size=5, unique_by=lambda document: document.id))
@hypothesis_settings(max_examples=40)
def test_documents_and_chunks_come_back_exactly(documents: list[Document]) -> None:
    items = [chunked(document) for document in documents]
    expected = [Passage.of(document, chunk) for document, chunks in items for chunk in chunks]
    with TemporaryDirectory() as folder, closing(write(Path(folder) / "d.sqlite", *documents)) as store:
        assert [store.document(document.id) for document in documents] == documents
        assert dict(store.passages()) == dict(enumerate(expected))
        assert store.chunks(range(len(expected))) == expected
        assert store.count() == len(documents)
        assert sum(store.chunk_counts().values()) == len(expected)


def test_hostile_text_is_stored_as_text(tmp_path: Path) -> None:
    hostile = article(HOSTILE, HOSTILE, source=HOSTILE)
    with closing(write(tmp_path / HOSTILE.replace("\0", "").replace("/", ""), hostile)) as store:
        assert store.document(HOSTILE) == hostile


def test_passages_come_in_the_order_asked_for(tmp_path: Path) -> None:
    with closing(write(tmp_path / "d", article("a", "Eins zwei."), article("b", "Drei vier."))) as store:
        assert [passage.document.id for passage in store.chunks([3, 0, 2, 1])] == ["b", "a", "b", "a"]
        assert store.chunks([]) == []


def test_the_listing_is_light_and_in_build_order(tmp_path: Path) -> None:
    second = article("b", "Two.", "en", source="The Courier", published=Published("2025"))
    with closing(write(tmp_path / "d", article("z", "Eins."), second)) as store:
        assert store.documents() == [
            Listing("z", "Z", "de", None, None, 2),
            Listing("b", "B", "en", "The Courier", "2025", 2),
        ]
        assert store.chunk_counts() == {"de": 2, "en": 2}


def test_an_unknown_document_is_a_key_error(tmp_path: Path) -> None:
    with closing(write(tmp_path / "d", article("a", "Eins."))) as store, pytest.raises(KeyError, match="nowhere"):
        store.document("nowhere")


def test_an_unknown_chunk_means_the_index_is_damaged(tmp_path: Path) -> None:
    with (
        closing(write(tmp_path / "d", article("a", "Eins."))) as store,
        pytest.raises(CorruptIndexError, match="chunk 7"),
    ):
        store.chunks([0, 7])


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE documents SET text = 'Zwei.'",
        "UPDATE chunks SET sentences = '[[0,99]]'",
        "UPDATE chunks SET sentences = '['",
    ],
)
def test_altered_text_or_spans_are_never_handed_out(tmp_path: Path, statement: str) -> None:
    write(tmp_path / "d", article("a", "Eins.")).close()
    with closing(sqlite3.connect(tmp_path / "d")) as connection, connection:
        connection.execute(statement)
    with closing(Documents(tmp_path / "d")) as store, pytest.raises(CorruptIndexError, match="damaged"):
        store.chunks([0])


@pytest.mark.parametrize("content", [b"", b"not a database" * 1000])
def test_a_file_that_is_no_database_is_named(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "d.sqlite").write_bytes(content)
    with closing(Documents(tmp_path / "d.sqlite")) as store, pytest.raises(CorruptIndexError, match=r"d\.sqlite"):
        store.count()


def test_eight_threads_read_at_once(tmp_path: Path) -> None:
    documents = [article(f"doc {number}", f"Text number {number}.") for number in range(20)]
    with closing(write(tmp_path / "d", *documents)) as store, ThreadPoolExecutor(8) as pool:
        found = pool.map(store.document, [document.id for document in documents] * 10)
        assert list(found) == documents * 10
