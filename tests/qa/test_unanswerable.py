"""What a real index does not answer, and what is not taken for that."""

from __future__ import annotations

from pathlib import Path

from index.build import build
from index.reader import IndexReader, open_index
from qa.drafts import Draft
from qa.proposals import drafts
from qa.settings import Settings
from qa.unanswerable import Unanswerable


def learnt(index: IndexReader) -> list[Draft]:
    return [one for one in drafts(index, ("en",), 0) if one.topic]


def test_nothing_is_made_of_nothing(news: IndexReader) -> None:
    assert list(Unanswerable(news, ("de", "en")).some(5)) == []


def test_kinds_take_turns(news: IndexReader) -> None:
    without = Unanswerable(news, ("en",))
    for draft in learnt(news):
        without.learn(draft)
    assert [one.question.tags for one in without.some(4)] == [("absent-fact",), ("absent-person",)] * 2


def test_a_name_that_the_index_has_is_not_called_absent(tmp_path: Path) -> None:
    (tmp_path / "texts").mkdir()
    text = "“Peru must pay its debt,” said Minister Jane Zettel. Quirin Vossberg and a Mr Zettelmann came too."
    (tmp_path / "texts" / "a.md").write_text(f"---\nlang: en\n---\n{text}\n", encoding="utf-8")
    build([tmp_path / "texts"], Settings.load(data_dir=tmp_path / "data", model=str(tmp_path / "no encoder")))
    with open_index(tmp_path / "data") as index:
        without = Unanswerable(index, ("en",))
        for draft in learnt(index):
            without.learn(draft)
        found = " ".join(one.why for one in without.some(20))
    assert "Hollerquist" in found
    assert "Quirin Vossberg" not in found


def test_who_and_what_are_named_together_is_no_question_without_answer(tmp_path: Path) -> None:
    (tmp_path / "texts").mkdir()
    texts = {
        "a": "“Peru must pay its debt,” said Minister Jane Zettel.",
        "b": "“Chile must wait a year,” said Minister Thora Lindqvist.",
        "c": "Nobody knows what Jane Zettel thinks about Chile.",
    }
    for name, text in texts.items():
        (tmp_path / "texts" / f"{name}.md").write_text(f"---\nlang: en\n---\n{text}\n", encoding="utf-8")
    build([tmp_path / "texts"], Settings.load(data_dir=tmp_path / "data", model=str(tmp_path / "no encoder")))
    with open_index(tmp_path / "data") as index:
        without = Unanswerable(index, ("en",))
        for draft in learnt(index):
            without.learn(draft)
        found = {one.question.question for one in without.some(10)}
    assert "What did Thora Lindqvist say about Peru?" in found
    assert "What did Jane Zettel say about Chile?" not in found
