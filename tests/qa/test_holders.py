"""Which documents of a real index name what a question names."""

from __future__ import annotations

import pytest

from index.reader import IndexReader
from qa.holders import holders
from qa.types import Question


@pytest.mark.parametrize(
    ("question", "lang", "ids"),
    [
        ("Wer ist Quirin Seebald?", "de", {"hafen.md"}),
        ("What did Quirin Seebald say about Chile?", "en", {"hafen.md"}),
        ("Was sagte Jane Zettel zum Thema Peru?", "de", {"marlow.md", "again.md"}),
        ("What did Thora Lindqvist say about Norway?", "en", {"bruecke.md"}),  # Norwegen
        ("What did Thora Lindqvist say about Chile?", "en", set()),
        ("Who is Ottilie Quandrup?", "en", set()),
        ("Wer kam 1987 nach Marlow?", "de", {"marlow.md", "again.md"}),
    ],
)
def test_all_that_is_named_has_to_be_there(news: IndexReader, question: str, lang: str, ids: set[str]) -> None:
    found = holders(news, Question(question, lang))  # type: ignore[arg-type]
    assert found is not None
    assert {one.id for one in found} == ids


def test_nothing_is_said_of_a_question_that_names_nothing(news: IndexReader) -> None:
    assert holders(news, Question("Why did it rain?", "en")) is None


def test_nothing_is_said_of_what_is_too_common(news: IndexReader, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("qa.holders.MOST_PASSAGES", 0)
    assert holders(news, Question("Wer ist Quirin Seebald?", "de")) is None
