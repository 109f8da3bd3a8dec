"""An assistant follows the index: what somebody else has built answers the next question."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from index.build import build
from index.errors import NoIndexError
from index.generation import generation_path, serving
from index.purge import purge
from qa.pipeline import Assistant
from qa.settings import Settings
from qa.types import Answer

OLD = "Der Hafen von Rostock wird im Sommer geschlossen, sagte Minister Kahl am Mittwoch in Schwerin."
NEW = "Der Hafen von Rostock bleibt im Sommer nun doch offen, sagte Minister Kahl am Freitag in Schwerin."
QUESTION = "Was sagte Minister Kahl über den Hafen von Rostock?"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "texts").mkdir()
    write(tmp_path / "texts" / "alt.txt", OLD)
    return tmp_path / "texts"


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(data_dir=tmp_path / "data")


@pytest.fixture
def following(folder: Path, settings: Settings) -> Iterator[Assistant]:
    build([folder], settings)
    assistant = Assistant(settings)
    yield assistant
    assistant.close()


def write(path: Path, said: str) -> None:
    path.write_text(f"---\ntitle: Hafen\nlang: de\nsource: WELT\n---\n{said}\n", encoding="utf-8")


def replaced(folder: Path, settings: Settings) -> str:
    """The generation in which the new article stands in the place of the old one."""
    (folder / "alt.txt").unlink()
    write(folder / "neu.txt", NEW)
    return build([folder], settings).generation


def shown(answer: Answer) -> set[str]:
    return {one.doc_id for one in (*answer.citations, *answer.near_misses, *answer.candidates)}


def test_the_next_question_is_answered_from_what_another_has_built_and_no_removed_article_is_quoted(
    following: Assistant, folder: Path, settings: Settings
) -> None:
    before = following.ask(QUESTION)
    assert [citation.quote for citation in before.citations] == [OLD]
    generation = replaced(folder, settings)
    after = following.ask(QUESTION)
    assert (after.generation, shown(after)) == (generation, {"neu.txt"})
    assert [citation.quote for citation in after.citations] == [NEW]
    assert OLD not in after.text
    assert [row.id for row in following.documents()] == ["neu.txt"]
    assert following.info().generation == following.search(QUESTION).generation == generation
    with pytest.raises(KeyError):
        following.document("alt.txt")


def test_a_question_in_flight_ends_on_the_index_that_it_began_with(
    following: Assistant, folder: Path, settings: Settings
) -> None:
    steps = following.stream(QUESTION)
    next(steps)
    before = serving(settings.data_dir)
    replaced(folder, settings)
    assert following.ask(QUESTION).citations[0].quote == NEW
    held = purge(settings.data_dir).held
    *_, answer = steps
    assert isinstance(answer, Answer)
    assert (answer.generation, answer.citations[0].quote, held) == (before, OLD, (before,))
    assert purge(settings.data_dir).generations == (before,)


def test_where_it_cannot_be_told_what_is_current_the_open_index_answers_on(
    following: Assistant, folder: Path, settings: Settings
) -> None:
    before = following.ask(QUESTION)
    pointer = settings.data_dir / "CURRENT"
    name = pointer.read_bytes()
    for unreadable in (b"\xff\x00", b""):
        pointer.write_bytes(unreadable)
        assert following.ask(QUESTION).citations == before.citations
    pointer.unlink()
    assert following.ask(QUESTION).citations == before.citations
    following.close()
    with pytest.raises(NoIndexError):
        following.ask(QUESTION)
    pointer.write_bytes(name)
    replaced(folder, settings)
    assert shown(following.ask(QUESTION)) == {"neu.txt"}


def test_a_new_index_that_is_damaged_is_not_quoted_from_and_the_old_one_answers_with_a_notice(
    following: Assistant, folder: Path, settings: Settings
) -> None:
    following.ask(QUESTION)
    generation = replaced(folder, settings)
    (generation_path(settings.data_dir, generation) / "documents.sqlite").write_bytes(b"")
    answer = following.ask(QUESTION)
    assert shown(answer) == {"alt.txt"}
    assert any(generation in notice and "damaged" in notice for notice in answer.notices)
    assert not build([folder], settings).unchanged
    assert shown(following.ask(QUESTION)) == {"neu.txt"}
