"""Which documents of a real index name what a question names."""

from __future__ import annotations

from pathlib import Path

import pytest

from index.build import build
from index.reader import IndexReader, open_index
from qa.holders import holders, near_holders
from qa.settings import Settings
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


def test_what_stands_together_is_in_one_passage(tmp_path: Path) -> None:
    (tmp_path / "texts").mkdir()
    far = "Jane Zettel came. " + "Then there was a long speech about nothing at all, and it rained. " * 20
    (tmp_path / "texts" / "far.md").write_text(
        f"---\nlang: en\n---\n{far}The town of Marlow slept.\n", encoding="utf-8"
    )
    (tmp_path / "texts" / "near.md").write_text("---\nlang: en\n---\nJane Zettel came to Marlow.\n", encoding="utf-8")
    build([tmp_path / "texts"], Settings.load(data_dir=tmp_path / "data", model=str(tmp_path / "no encoder")))
    question = Question("What did Jane Zettel say about Marlow?", "en")
    with open_index(tmp_path / "data") as index:
        assert {one.id for one in holders(index, question) or ()} == {"far.md", "near.md"}
        assert near_holders(index, question) == {"near.md"}


def test_nothing_is_said_of_a_question_that_names_nothing(news: IndexReader) -> None:
    assert holders(news, Question("Why did it rain?", "en")) is None
    assert near_holders(news, Question("Why did it rain?", "en")) is None


def test_nothing_is_said_of_what_is_too_common(news: IndexReader, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("qa.holders.MOST_PASSAGES", 0)
    assert holders(news, Question("Wer ist Quirin Seebald?", "de")) is None
