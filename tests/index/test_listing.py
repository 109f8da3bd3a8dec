"""Pages of the list of documents: what a reader searches for and sorts by."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.documents import Documents, write_documents
from index.listing import MAX_ROWS, Order, Page, Query, sortable
from index.types import Chunk, Document, Published, Span, text_sha256

ROWS = (
    ("a/1.txt", "Österreich wählt", "WELT", "2025-03-01", "de", 2),
    ("a/2.txt", "Ostende, 100 % Regen", "Der Bote", None, "de", 1),
    ("a/3.txt", "zoo reopens_early", "The Courier", "2025", "en", 3),
    ("a/4.txt", "Arbeit", None, "2024-12-31T23:00:00+01:00", "de", 1),
    ("b/5.txt", "Zürich tagt", "welt", "2025-03-02", "de", 1),
)


def listed(folder: Path) -> Documents:
    """The documents of `ROWS`, in this order; each chunk is a sentence of five characters."""
    text = "Ja. " * 4
    items = [
        (
            Document(
                doc_id, text, text_sha256(text), title, lang, doc_id, Published(date) if date else None, source, None
            ),
            [Chunk(doc_id, (Span(4 * i, 4 * i + 3),)) for i in range(chunks)],
        )
        for doc_id, title, source, date, lang, chunks in ROWS
    ]
    write_documents(folder / "documents.sqlite", items)
    return Documents(folder / "documents.sqlite")


def numbers(page: Page) -> str:
    """The documents of a page by the digit in their ids."""
    return "".join(row.id[2] for row in page.rows)


@pytest.mark.parametrize(
    ("order", "rising", "falling"),
    [
        ("title", "42135", "53124"),
        ("source", "23154", "15324"),
        ("published", "43152", "51342"),
        ("lang", "12453", "31245"),
        ("chunks", "24513", "31245"),
    ],
)
def test_every_column_sorts_and_what_is_not_known_comes_last(
    tmp_path: Path, order: Order, rising: str, falling: str
) -> None:
    with closing(listed(tmp_path)) as documents:
        assert numbers(documents.page(Query(order=order, descending=False))) == rising
        assert numbers(documents.page(Query(order=order, descending=True))) == falling


@pytest.mark.parametrize(
    ("matching", "found"),
    [
        ("welt", "15"),
        ("WELT wählt", "1"),
        ("zürich", "5"),
        ("ZÜRICH", "5"),
        ("b/5", "5"),
        ("100 %", "2"),
        ("%", "2"),
        ("_", "3"),
        ("' OR 1=1 --", ""),
        ("*", ""),
        ("   ", "12345"),
    ],
)
def test_what_is_searched_for_is_taken_letter_by_letter(tmp_path: Path, matching: str, found: str) -> None:
    with closing(listed(tmp_path)) as documents:
        page = documents.page(Query(matching, "chunks"))
        assert (sorted(numbers(page)), page.total) == (sorted(found), len(found))


def test_pages_follow_each_other_without_a_gap(tmp_path: Path) -> None:
    with closing(listed(tmp_path)) as documents:
        pages = [documents.page(Query(order="title", descending=False, offset=offset, limit=2)) for offset in (0, 2, 4)]
        assert "".join(map(numbers, pages)) == "42135"
        assert {page.total for page in pages} == {5}
        assert documents.page(Query(offset=5)) == Page(5, ())


def test_a_row_says_what_a_document_is(tmp_path: Path) -> None:
    with closing(listed(tmp_path)) as documents:
        row = documents.page(Query("Österreich")).rows[0]
        assert row.sha256 == documents.document(row.id).sha256
        assert row[2:] == ("Österreich wählt", "de", "WELT", "2025-03-01", "a/1.txt", 2, False)
        assert documents.languages() == {"de": 4, "en": 1}


def test_the_texts_are_not_read_to_sort_and_search(tmp_path: Path) -> None:
    with closing(listed(tmp_path)) as documents:
        for query in (Query("a", "title"), Query(order="published"), Query(order="source"), Query(order="lang")):
            (*_, plan), *_ = documents._rows(f"EXPLAIN QUERY PLAN {query.sql}", *query.words)
            assert "COVERING INDEX documents_listed" in plan


@pytest.mark.parametrize(
    "asked", [{"order": "text"}, {"order": "title; DROP"}, {"offset": -1}, {"limit": 0}, {"limit": MAX_ROWS + 1}]
)
def test_what_is_no_page_is_refused(asked: dict[str, object]) -> None:
    with pytest.raises(ValueError, match="no page of the list"):
        Query(**asked)  # type: ignore[arg-type]


@given(st.text())
def test_any_text_can_be_sorted_and_case_does_not_count(text: str) -> None:
    assert sortable(text.casefold()) == sortable(text)


def test_accents_do_not_count_when_sorting() -> None:
    assert [sortable(word) for word in ("Österreich", "CAFÉ", "straße", None)] == [
        "osterreich",
        "cafe",
        "strasse",
        None,
    ]
