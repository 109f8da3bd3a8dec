from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.types import Boilerplate, Document, Published, Span, text_sha256
from qa.types import Citation, NearMiss, excerpt_fields
from ui.article import article
from ui.reference import Reference
from ui.strings import DE, EN

TEXT = "Titel\nErster Satz. «Zweiter Satz.»\n\nDritter Satz.\nAbonniere den Kanal!"


def document(text: str = TEXT, **fields: object) -> Document:
    defaults = {"id": "a/b.txt", "title": "Titel", "lang": "de", "path": "a/b.txt"}
    return Document(text=text, sha256=text_sha256(text), **{**defaults, **fields})  # type: ignore[arg-type]


class Shelf:
    """The documents of now, and older versions of them."""

    def __init__(self, *documents: Document, older: tuple[Document, ...] = ()) -> None:
        self._by_id = {document.id: document for document in documents}
        self._versions = {(version.id, version.sha256[:16]): version for version in (*older, *documents)}

    def document(self, doc_id: str) -> Document:
        return self._by_id[doc_id]

    def version(self, doc_id: str, sha: str) -> Document:
        return self._versions[doc_id, sha] if sha else self._by_id[doc_id]


def href(source: Document, start: int, end: int) -> str:
    return Reference.of(Citation(**excerpt_fields(source, Span(start, end)))).href


@given(st.text(alphabet=st.characters(codec="utf-8"), min_size=1).filter(str.strip), st.data())
def test_exactly_the_quotation_is_marked_wherever_it_stands(text: str, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(text) - 1))
    end = data.draw(st.integers(start + 1, len(text)))
    source = document(text, title="")
    shown = article(Shelf(source), href(source, start, end), "de")
    marked = "\n".join("".join(run.text for run in runs if run.mark == "quote") for runs in shown.paragraphs)
    assert "".join(marked.split()) == "".join(visible(text[start:end]).split())


@given(st.text(alphabet=st.characters(codec="utf-8")).filter(str.strip))
def test_the_whole_article_is_shown(text: str) -> None:
    source = document(text, title="")
    shown = article(Shelf(source), href(source, 0, 1), "de")
    lines = ["".join(run.text for run in runs) for runs in shown.paragraphs]
    assert lines == [visible(line) for line in text.split("\n") if visible(line).strip()]


def visible(text: str) -> str:
    from qa.inert import sound

    return sound(text)


def test_a_repeated_sentence_is_marked_at_the_right_place() -> None:
    source = document("Ja. Nein. Ja.", title="")
    shown = article(Shelf(source), href(source, 10, 13), "de")
    assert [(run.text, run.mark) for run in shown.paragraphs[0]] == [("Ja. Nein. ", ""), ("Ja.", "quote")]


def test_boilerplate_is_told_apart_and_the_repeated_title_left_to_the_heading() -> None:
    plug = TEXT.index("Abonniere")
    source = document(boilerplate=(Boilerplate(0, 5, "title"), Boilerplate(plug, len(TEXT), "channel plug")))
    shown = article(Shelf(source), href(source, 6, 18), "de")
    assert shown.title == "Titel"
    assert [run.mark for runs in shown.paragraphs for run in runs] == ["quote", "", "", "boilerplate"]
    assert "Titel" not in {run.text for runs in shown.paragraphs for run in runs}


def test_a_near_miss_is_not_marked_like_a_quotation() -> None:
    source = document()
    near = Reference.of(NearMiss(**excerpt_fields(source, Span(6, 18)))).href
    marks = {run.mark for runs in article(Shelf(source), near, "en").paragraphs for run in runs}
    assert marks == {"near", ""}


def test_an_article_that_changed_since_the_answer_says_so_and_marks_nothing() -> None:
    old, new = document(), document(f"Neu. {TEXT}")
    shown = article(Shelf(new), href(old, 6, 18), "de")
    assert shown.notice == DE.changed
    assert {run.mark for runs in shown.paragraphs for run in runs} == {""}


def test_the_version_that_was_quoted_is_shown_as_long_as_it_is_kept() -> None:
    old, new = document(), document(f"Neu. {TEXT}")
    changed = article(Shelf(new, older=(old,)), href(old, 6, 18), "de")
    gone = article(Shelf(older=(old,)), href(old, 6, 18), "de")
    assert (changed.notice, gone.notice) == (DE.older, DE.gone)
    for shown in (changed, gone):
        assert [run.text for runs in shown.paragraphs for run in runs if run.mark == "quote"] == [TEXT[6:18]]


def test_the_other_quotations_of_the_answer_in_the_same_article_are_marked_fainter() -> None:
    source, other = document(), document(id="b.txt")
    beside = [href(source, 19, 34), href(other, 0, 5), "#cite/nonsense", 3, href(document(f"Neu. {TEXT}"), 0, 5)]
    shown = article(Shelf(source), href(source, 6, 18), "en", beside)
    assert [(run.text, run.mark) for runs in shown.paragraphs for run in runs if run.mark] == [
        (TEXT[6:18], "quote"),
        (TEXT[19:34], "other"),
    ]
    assert article(Shelf(source), href(source, 6, 18), "en", "not a list").notice == ""


def test_a_link_to_no_place_opens_the_whole_article_as_it_is() -> None:
    shown = article(Shelf(document()), "#near/a%2Fb.txt/-/0/0", "en")
    assert shown.notice == ""
    assert {run.mark for runs in shown.paragraphs for run in runs} == {""}


def test_an_article_that_is_gone_says_so() -> None:
    shown = article(Shelf(), href(document(), 6, 18), "en")
    assert (shown.notice, shown.paragraphs) == (EN.missing, ())


def test_a_link_beyond_the_text_is_refused() -> None:
    source = document()
    link = Reference("cite", source.id, source.sha256[:16], 0, len(TEXT) + 1).href
    with pytest.raises(ValueError, match="not a reference"):
        article(Shelf(source), link, "en")


def test_the_byline_says_what_is_known_in_the_language_of_the_page() -> None:
    source = document(source="WELT", authors=("A. Bee", "C. Dee"), published=Published("2025-02-12"))
    link = href(source, 6, 18)
    assert article(Shelf(source), link, "de").byline == "WELT · A. Bee, C. Dee · 12. Februar 2025 · Deutsch"
    assert article(Shelf(source), link, "en").byline == "WELT · A. Bee, C. Dee · 12 February 2025 · German"


def test_only_web_addresses_become_links() -> None:
    link = href(document(), 6, 18)
    assert article(Shelf(document(url="https://example.org")), link, "de").url == "https://example.org"
    assert article(Shelf(document(url="javascript:alert(1)")), link, "de").url is None
