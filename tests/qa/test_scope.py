"""Which documents a question is put to: what the user wants, and what the question says of time."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import pytest

from index.build import build
from qa.errors import QuestionError
from qa.pipeline import Assistant
from qa.scope import Wanted, filter_of
from qa.settings import Settings
from qa.types import Answer

TODAY = date(2025, 2, 20)  # a Thursday
ARTICLES = {
    "old": ("2024-11-05", "WELT", "Der Hafen von Rostock wird im Sommer geschlossen, sagte Minister Kahl."),
    "new": ("2025-02-12", "taz", "Der Hafen von Rostock bleibt im Sommer offen, sagte Minister Kahl."),
    "undated": ("", "taz", "Der Hafen von Rostock wird im Sommer verkauft, sagte Minister Kahl."),
    "later": (
        "2025-01-10",
        "WELT",
        "Schon im November 2024 sagte Ministerin Lauf, die Werft von Wismar bleibe bestehen.",
    ),
}
QUESTION = "What did Kahl say about the harbour of Rostock"


@pytest.fixture(scope="module")
def harbour(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Assistant]:
    folder, data_dir = tmp_path_factory.mktemp("articles"), tmp_path_factory.mktemp("data")
    for name, (day, source, text) in ARTICLES.items():
        head = f"title: Hafen\nlang: de\nsource: {source}" + (f"\ndate: {day}" if day else "")
        (folder / f"{name}.txt").write_text(f"---\n{head}\n---\n{text}\n", encoding="utf-8")
    settings = Settings(data_dir=data_dir)
    build([folder], settings)
    assistant = Assistant(settings, today=lambda: TODAY)
    yield assistant
    assistant.close()


def shown(answer: Answer) -> set[str]:
    """Names of all articles that an answer shows anything of."""
    return {one.doc_id.removesuffix(".txt") for one in (*answer.citations, *answer.near_misses, *answer.candidates)}


def test_without_a_filter_every_article_is_asked(harbour: Assistant) -> None:
    answer = harbour.ask(f"{QUESTION}?")
    assert shown(answer) == set(ARTICLES)
    assert (answer.scope, answer.searched) == (None, 4)


def test_single_documents_may_be_asked(harbour: Assistant) -> None:
    wanted = Wanted(filter_of(None, None, (), (), ["old.txt", "new.txt"]))
    answer = harbour.ask(f"{QUESTION}?", wanted=wanted)
    assert shown(answer) == {"old", "new"}
    assert answer.searched == 2
    assert "Only documents with the id new.txt, old.txt were searched: 2 of 4." in answer.notices
    with pytest.raises(QuestionError, match=r"no document has the id 'none\.txt'"):
        harbour.ask(f"{QUESTION}?", wanted=Wanted(filter_of(None, None, (), (), ["none.txt"])))


@pytest.mark.parametrize(
    ("since", "until", "sources", "found"),
    [
        ("2025", None, [], {"new", "later"}),
        (None, "2024-11", [], {"old"}),
        ("2024-11-05", "2024-11-05", [], {"old"}),
        (None, None, ["TAZ"], {"new", "undated"}),
        ("2025-02-13", None, [], set()),
    ],
)
def test_what_a_filter_leaves_out_is_neither_quoted_nor_shown(
    harbour: Assistant, since: str | None, until: str | None, sources: list[str], found: set[str]
) -> None:
    wanted = Wanted(filter_of(since, until, sources, ["de"]))
    assert shown(harbour.ask(f"{QUESTION}?", wanted=wanted)) == found
    assert {hit.chunk.doc_id for hit in harbour.search(f"{QUESTION}?", wanted=wanted).hits} == {
        f"{name}.txt" for name in found
    }


@pytest.mark.parametrize(
    ("question", "found"),
    [
        (f"{QUESTION} last week?", {"new"}),
        ("Was sagte Kahl letzte Woche zum Hafen von Rostock?", {"new"}),
        ("Was sagte Kahl im November 2024 zum Hafen von Rostock?", {"old"}),
        (f"{QUESTION} since yesterday?", set()),
    ],
)
def test_days_that_the_question_names_are_those_of_publication(
    harbour: Assistant, question: str, found: set[str]
) -> None:
    answer = harbour.ask(question)
    assert shown(answer) == found
    assert answer.scope
    assert answer.scope.words in question
    assert (answer.scope.documents, answer.scope.total, answer.scope.undated) == (len(found), len(ARTICLES), 1)
    assert any(answer.scope.words in notice for notice in answer.notices), "what was understood is shown"
    assert any("without a date" in notice or "ohne Datum" in notice for notice in answer.notices)
    everywhere = harbour.ask(question, wanted=Wanted(any_time=True))
    assert shown(everywhere) == set(ARTICLES)
    assert everywhere.scope is None


def test_days_of_the_calendar_on_which_nothing_appeared_are_what_the_question_is_about(harbour: Assistant) -> None:
    answer = harbour.ask("Was sagte Kahl im März 1990 zum Hafen von Rostock?")
    assert shown(answer) == set(ARTICLES)
    assert any("im März 1990" in notice for notice in answer.notices)


def test_what_the_days_of_the_question_do_not_answer_all_days_may(harbour: Assistant) -> None:
    answer = harbour.ask("Was sagte Lauf im November 2024 über die Werft von Wismar?")
    assert (answer.status, answer.scope) == ("answered", None)
    assert {citation.doc_id for citation in answer.citations} == {"later.txt"}
    assert any("im November 2024" in notice for notice in answer.notices)
    assert harbour.ask("Was sagte Lauf letzte Woche über die Werft von Wismar?").status == "abstained"


def test_days_that_the_user_sets_go_before_those_of_the_question(harbour: Assistant) -> None:
    answer = harbour.ask(f"{QUESTION} last week?", wanted=Wanted(filter_of(None, "2024", [], [])))
    assert shown(answer) == {"old"}


@pytest.mark.parametrize(
    ("wanted", "message"),
    [
        ((None, None, ["wlt"], []), r"outlet 'wlt'; there are: WELT"),
        ((None, None, [], ["fr"]), r"language 'fr'; there are: de"),
    ],
)
def test_an_outlet_or_language_that_nobody_has_is_said_with_those_that_there_are(
    harbour: Assistant, wanted: tuple[str | None, str | None, list[str], list[str]], message: str
) -> None:
    with pytest.raises(QuestionError, match=message):
        harbour.ask(f"{QUESTION}?", wanted=Wanted(filter_of(*wanted)))


@pytest.mark.parametrize("typed", ["yesterday", "12.02.2025", "2025-02-30", "20025"])
def test_what_is_no_day_is_said(typed: str) -> None:
    with pytest.raises(QuestionError, match="not a day"):
        filter_of(typed, None, [], [])


def test_days_the_wrong_way_round_are_said() -> None:
    with pytest.raises(QuestionError, match="lies after"):
        filter_of("2025-03", "2025-02", [], [])
