"""A question set on the disk that grows, line by line, and never asks twice."""

from __future__ import annotations

from pathlib import Path

import pytest

from index.reader import IndexReader
from qa.errors import EvaluationError
from qa.question_file import QuestionFile, counts
from qa.questions import GoldQuestion, GoldSpan, read_questions


def question(index: IndexReader, name: str, *, answerable: bool = True) -> GoldQuestion:
    quote = index.document("marlow.md").text[:20]
    gold = (GoldSpan("marlow.md", 0, 20, quote),) if answerable else ()
    return GoldQuestion(name, f"Was “{name}” – wirklich?", "de", answerable=answerable, gold=gold, tags=("x",))


def test_what_is_added_is_a_question_set_at_once(news: IndexReader, tmp_path: Path) -> None:
    path = tmp_path / "new" / "own.jsonl"
    kept = QuestionFile(path, news.document)
    added = (question(news, "a"), question(news, "b", answerable=False))
    for number, one in enumerate(added, start=1):
        kept.add(one)
        assert len(kept) == number
        assert read_questions(path, news.document).questions == added[:number]
    assert counts(kept) == {"questions": 2, "unanswerable": 1, "de": 2}


def test_a_file_is_continued_and_knows_what_was_asked(news: IndexReader, tmp_path: Path) -> None:
    path = tmp_path / "own.jsonl"
    kept = QuestionFile(path, news.document)
    kept.add(question(news, "accepted"))
    kept.skip(question(news, "skipped"))
    again = QuestionFile(path, news.document)
    assert [question(news, name) in again for name in ("accepted", "skipped", "new")] == [True, True, False]
    assert len(again) == 1


def test_a_line_that_somebody_left_open_is_not_written_into(news: IndexReader, tmp_path: Path) -> None:
    path = tmp_path / "own.jsonl"
    QuestionFile(path, news.document).add(question(news, "a"))
    path.write_text(path.read_text(encoding="utf-8").rstrip("\n"), encoding="utf-8")
    QuestionFile(path, news.document).add(question(news, "b"))
    assert [one.id for one in QuestionFile(path, news.document).questions] == ["a", "b"]


def test_an_empty_file_is_one_without_questions(news: IndexReader, tmp_path: Path) -> None:
    (tmp_path / "own.jsonl").touch()
    assert len(QuestionFile(tmp_path / "own.jsonl", news.document)) == 0


def test_what_is_no_question_set_is_not_added_to(news: IndexReader, tmp_path: Path) -> None:
    path = tmp_path / "own.jsonl"
    path.write_text("a shopping list\n", encoding="utf-8")
    with pytest.raises(EvaluationError, match=r"own\.jsonl:1"):
        QuestionFile(path, news.document)
    assert path.read_text(encoding="utf-8") == "a shopping list\n"


def test_where_nothing_can_be_written_it_says_so(news: IndexReader, tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(EvaluationError, match="cannot be written"):
        QuestionFile(tmp_path / "file" / "own.jsonl", news.document).add(question(news, "a"))
