"""Example questions on real indexes: each is answered by what it was made of, in both languages."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from index.build import build
from index.reader import open_index
from qa.examples import ASKED, SHOWN, Examples, proposals
from qa.pipeline import Assistant
from qa.settings import Settings
from qa.types import Answer, Lang

NEWS = {
    "old.md": ("2020-01-01", "en", "Minister Jane Zettel arrived. “Peru must pay its debt,” Jane Zettel said."),
    "new.md": ("2024-05-06", "en", "“Chile will open its copper mines next year,” said Minister Quirin Vossberg."),
    "twin.md": ("2024-05-05", "en", "“Chile owes us an answer about water,” said Minister Quirin Vossberg."),
    "bare.md": ("2024-05-07", "en", "The bridge was opened to traffic, and nobody said a word."),
    "aside.md": ("2024-05-08", "en", "Jane Zettel, envoy of Peru, said: “The copper mines of Chile open next year.”"),
    "colon.md": ("2024-05-09", "en", "Minister Jane Zettel of Peru came. Jane Zettel of Peru said:"),
    "titled.md": ("2024-05-10", "en", "“Quirin Vossberg built ARM-based pumps for us,” said Minister Jane Zettel."),
    "self.md": ("2024-05-10", "en", "“Jane Zettel owes Peru nothing,” said Minister Zettel, who came late."),
    "told.md": ("2024-05-11", "en", "Minister Jane Zettel said on Friday that Chile and UNESCO agreed."),
    "initials.md": (
        "2024-05-13",
        "de",
        "„Wir trauen der USA nicht mehr als UNESCO“, sagte Ministerin Jane Zettel.",
    ),
    "the.md": ("2024-05-13", "en", "“The ANC must pay,” said Minister Jane Zettel."),
    "paper.md": ("2024-05-13", "de", "Die Aktion in „Neues Peru“ sei zu früh gekommen, sagte Ministerin Jane Zettel."),
    "first.md": ("2024-05-12", "de", "Peru zahle seine Schulden, sagte Ministerin Jane Zettel am Freitag in Chile."),
}


def news(folder: Path, *names: str) -> Assistant:
    texts = folder / "texts"
    texts.mkdir()
    for name in names:
        date, lang, text = NEWS[name]
        (texts / name).write_text(f"---\ntitle: {name}\ndate: {date}\nlang: {lang}\n---\n{text}\n", encoding="utf-8")
    settings = Settings.load(data_dir=folder / "data")
    build([texts], settings)
    return Assistant(settings)


@pytest.mark.parametrize("lang", ["de", "en"])
def test_every_example_is_answered_by_the_document(assistant: Assistant, lang: Lang) -> None:
    examples = assistant.examples(lang)
    assert 2 <= len(examples) <= SHOWN
    assert len(set(examples)) == len(examples)
    for question in examples:
        answer = assistant.ask(question)
        assert (answer.status, answer.lang) == ("answered", lang), question


def test_examples_are_in_the_asked_language_with_its_names(assistant: Assistant) -> None:
    assert "What did Hegseth say about the United States?" in assistant.examples("en")
    assert "Was sagte Hegseth zum Thema Vereinigte Staaten?" in assistant.examples("de")


def test_examples_are_the_same_whoever_asks_and_are_found_once(assistant: Assistant) -> None:
    asked: list[str] = []

    def ask(question: str, lang: Lang) -> Answer:
        asked.append(question)
        return assistant.ask(question, lang)

    examples = Examples()
    with open_index(assistant.settings.data_dir) as index, ThreadPoolExecutor(4) as pool:
        found = list(pool.map(lambda _: examples.of(index, "en", ask), range(8)))
    assert set(found) == {assistant.examples("en")}
    assert len(asked) == len(set(asked)) <= ASKED


def test_the_newest_come_first_and_repeat_neither_speaker_nor_topic(tmp_path: Path) -> None:
    assistant = news(tmp_path, "old.md", "new.md", "twin.md", "bare.md")
    with open_index(assistant.settings.data_dir) as index:
        proposed = [(one.doc_id, one.speaker, one.topic) for one in proposals(index, "de")]
    assert proposed == [("new.md", "Quirin Vossberg", "Chile"), ("old.md", "Jane Zettel", "Peru")]


@pytest.mark.parametrize(
    ("name", "topics"),
    [
        ("aside.md", ["Chile"]),
        ("colon.md", []),
        ("titled.md", ["Quirin Vossberg"]),
        ("self.md", ["Peru"]),
        ("told.md", ["Chile", "UNESCO"]),
        ("first.md", ["Peru"]),
        ("initials.md", ["the USA", "UNESCO"]),
        ("the.md", ["the ANC"]),
        ("paper.md", []),
    ],
)
def test_a_topic_stands_in_what_is_said(tmp_path: Path, name: str, topics: list[str]) -> None:
    with open_index(news(tmp_path, name).settings.data_dir) as index:
        assert [one.topic for one in proposals(index, "en")] == topics


def test_what_is_answered_by_another_sentence_is_not_shown(assistant: Assistant) -> None:
    with open_index(assistant.settings.data_dir) as index:
        elsewhere = assistant.ask("Wo liegt die Krim?", "de")
        assert elsewhere.status == "answered"
        assert Examples().of(index, "de", lambda _question, _lang: elsewhere) == ()


def test_an_index_that_has_no_speaker_offers_nothing(tmp_path: Path) -> None:
    assert news(tmp_path, "bare.md").examples("en") == ()


def test_without_an_index_there_are_none(tmp_path: Path) -> None:
    assert Assistant(Settings.load(data_dir=tmp_path / "none")).examples("de") == ()


def test_a_new_generation_has_new_examples(tmp_path: Path) -> None:
    assistant = news(tmp_path, "old.md")
    (before,) = assistant.examples("en")
    assert before == "What did Jane Zettel say about Peru?"
    (tmp_path / "texts" / "old.md").write_text(NEWS["new.md"][2], encoding="utf-8")
    list(assistant.rebuild())
    (after,) = assistant.examples("en")
    assert after == "What did Quirin Vossberg say about Chile?"
