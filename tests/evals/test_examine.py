"""What counts as right, and that gold spans count the characters of what is indexed."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from examine import Asked, Desk, check_texts, judge, records
from systems import Ranked, Sentence

from index.types import Document, Span, text_sha256
from qa.errors import EvaluationError
from qa.types import Question

ASKED = Asked("quotes", "q", "d", "de-de", Question("Was sagte sie?", "de"), "d", (Span(10, 20), Span(40, 50)))


class Named(NamedTuple):
    id: str


class Shelf:
    """The documents of an index."""

    def __init__(self, texts: dict[str, str]) -> None:
        self._texts = texts

    def documents(self) -> list[Named]:
        return [Named(doc_id) for doc_id in self._texts]

    def document(self, doc_id: str) -> Document:
        text = self._texts[doc_id]
        return Document(doc_id, text, text_sha256(text), "", "de", doc_id)


def ranked(*places: tuple[str, int, int]) -> Ranked:
    return Ranked(tuple(Sentence(doc_id, Span(start, end), 0.5) for doc_id, start, end in places), 0.5)


def desk(limit: int | None) -> Desk:
    def unseen(items: Iterable[Any], _: str, __: int) -> Iterable[Any]:
        return items

    return Desk(None, Path(), {}, Path(), limit, unseen)  # type: ignore[arg-type]


def test_the_first_sentence_that_overlaps_any_gold_span_is_the_right_one() -> None:
    judged = judge(ASKED, "some", ranked(("d", 0, 10), ("d", 50, 60), ("d", 19, 41), ("d", 0, 60)))
    assert judged.sentence_rank == 3
    assert judged.document_rank == 1
    assert judged.answerable


def test_the_same_characters_of_another_document_are_wrong_and_documents_are_counted_once() -> None:
    judged = judge(ASKED, "some", ranked(("other", 10, 20), ("other", 40, 50), ("d", 0, 5), ("d", 12, 15)))
    assert judged.sentence_rank == 4
    assert judged.document_rank == 2


def test_what_is_not_found_has_rank_0() -> None:
    judged = judge(ASKED, "some", Ranked((), 0.0))
    assert (judged.sentence_rank, judged.document_rank, judged.confidence) == (0, 0, 0.0)


def test_nothing_is_right_where_there_is_no_answer() -> None:
    absent = Asked("absent", "q", "d", "de-de", ASKED.question, "d", ())
    judged = judge(absent, "some", ranked(("d", 10, 20)))
    assert not judged.answerable
    assert (judged.sentence_rank, judged.document_rank) == (0, 0)


@pytest.mark.parametrize(("limit", "expected"), [(None, 10), (3, 3), (4, 4), (10, 10), (50, 10), (1, 1)])
def test_a_limit_takes_that_many_questions_at_most(limit: int | None, expected: int) -> None:
    taken = desk(limit).taken(range(10))
    assert 1 <= len(taken) <= expected
    assert list(taken) == sorted(set(taken))


def test_a_limit_takes_questions_from_everywhere() -> None:
    assert list(desk(3).taken(range(12))) == [0, 4, 8]


def test_texts_that_are_indexed_as_they_are_pass() -> None:
    check_texts(Shelf({"a": "eins", "b": "zwei"}), {"a": "eins", "b": "zwei"})  # type: ignore[arg-type]


@pytest.mark.parametrize("texts", [{"a": "eins "}, {"missing": "eins"}])
def test_a_text_that_is_indexed_otherwise_stops_the_evaluation(texts: dict[str, str]) -> None:
    with pytest.raises(EvaluationError, match=r"1 of 1 documents are not indexed as they are, (a|missing) among"):
        check_texts(Shelf({"a": "eins"}), texts)  # type: ignore[arg-type]


@pytest.mark.parametrize("content", [None, b"not gzip"])
def test_data_that_cannot_be_read_is_named(tmp_path: Path, content: bytes | None) -> None:
    path = tmp_path / "dev.jsonl.gz"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(EvaluationError, match=r"dev\.jsonl\.gz: not gzipped JSON lines"):
        records(path)
