"""A person before the proposals, as far as that needs no terminal: keys and what becomes of the drafts."""

from __future__ import annotations

import io
from collections.abc import Iterator
from dataclasses import replace
from itertools import islice
from pathlib import Path

import pytest
from rich.console import Console

from index.reader import IndexReader
from qa.drafts import Draft
from qa.proposals import drafts
from qa.question_file import QuestionFile
from qa.review import UNREAD, accept_unread, asker, collect, searching


@pytest.fixture
def proposed(news: IndexReader) -> list[Draft]:
    return list(islice(drafts(news, ("de", "en"), 0), 12))


@pytest.fixture
def kept(news: IndexReader, tmp_path: Path) -> QuestionFile:
    return QuestionFile(tmp_path / "own.jsonl", news.document)


def offered(proposed: list[Draft], kept: QuestionFile, keys: str, count: int = 10, wording: str = "") -> str:
    """Press `keys`; what was shown."""
    shown, pressed = io.StringIO(), iter(keys)
    collect(
        proposed,
        kept,
        count,
        asker(Console(file=shown, width=200), kept, count, lambda: next(pressed), lambda _: wording),
    )
    assert not list(pressed)
    return shown.getvalue()


def test_keys_accept_skip_and_quit(proposed: list[Draft], kept: QuestionFile) -> None:
    offered(proposed, kept, "asAxq")
    assert kept.questions == [proposed[0].question, proposed[2].question]
    assert proposed[1].question in kept
    assert proposed[3].question not in kept


def test_what_was_decided_is_not_asked_again(proposed: list[Draft], kept: QuestionFile, news: IndexReader) -> None:
    offered(proposed, kept, "asq")
    again = QuestionFile(kept.path, news.document)
    offered(proposed, again, "aq")
    assert again.questions == [proposed[0].question, proposed[2].question]


def test_a_question_can_be_worded_otherwise_and_keeps_its_id(proposed: list[Draft], kept: QuestionFile) -> None:
    offered(proposed, kept, "eq", wording="  Wer\tkommt? ")
    assert kept.questions == [replace(proposed[0].question, question="Wer kommt?")]
    offered(proposed[1:], kept, "eq", wording="  ")
    assert kept.questions[1] == proposed[1].question


def test_it_ends_when_there_are_enough(proposed: list[Draft], kept: QuestionFile) -> None:
    offered(proposed, kept, "aaa", count=3)
    assert len(kept) == 3


def test_a_draft_is_shown_in_its_context_with_its_place(proposed: list[Draft], kept: QuestionFile) -> None:
    one = next(draft for draft in proposed if draft.document.id == "hafen.md" and draft.question.answerable)
    start, end = one.sentence
    shown = " ".join(offered([one], kept, "q").split())
    assert "1 of 10" in shown
    assert " ".join(one.document.text[start:end].split()) in shown
    assert "hafen.md · Kurier · 2024-05-06 · hafen.md" in shown
    assert "[a]ccept [e]dit [s]kip [q]uit" in shown
    assert "No answer" not in shown


def test_every_sentence_that_answers_is_shown(proposed: list[Draft], kept: QuestionFile) -> None:
    one = next(draft for draft in proposed if len(draft.question.gold) > 1)
    shown = " ".join(offered([one], kept, "q").split())
    assert all(f"{gold.quote} ({gold.doc_id})" in shown for gold in one.question.gold[1:])


def test_what_has_no_answer_says_why(proposed: list[Draft], kept: QuestionFile) -> None:
    one = next(draft for draft in proposed if not draft.question.answerable)
    assert f"No answer: {one.why}." in " ".join(offered([one], kept, "q").split())


def test_text_cannot_steer_the_terminal(proposed: list[Draft], kept: QuestionFile) -> None:
    hostile = replace(proposed[0].question, question="\x1b]0;owned\x07 [red]Who[/red]?")
    shown = offered([replace(proposed[0], question=hostile, why="\x1b[2J")], kept, "q")
    assert "\x1b]0" not in shown
    assert "\x1b[2J" not in shown
    assert "[red]Who[/red]?" in shown


def test_accepted_unread_is_tagged_as_that(proposed: list[Draft], kept: QuestionFile) -> None:
    collect(proposed, kept, 5, accept_unread)
    assert [one.tags[-1] for one in kept.questions] == [UNREAD] * 5


def test_a_search_gives_what_it_finds(proposed: list[Draft]) -> None:
    assert list(searching(Console(file=io.StringIO()), proposed)) == proposed


def test_no_more_is_proposed_than_is_looked_at(proposed: list[Draft], kept: QuestionFile) -> None:
    made = []

    def one_by_one() -> Iterator[Draft]:
        for draft in proposed:
            made.append(draft)
            yield draft

    collect(one_by_one(), kept, 2, accept_unread)
    assert len(made) <= 3
