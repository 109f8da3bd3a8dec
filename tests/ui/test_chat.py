from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import gradio as gr
import pytest
from starlette.requests import Request

from index.errors import NoIndexError
from index.types import Document, Span, text_sha256
from qa.errors import QuestionError
from qa.scope import ALL, Wanted
from qa.types import Answer, Citation, Lang, Stage, excerpt_fields
from ui import chat, render
from ui.strings import DE, EN
from ui.warmup import Warmup

TEXT = "Ja."
SOURCE = Document("a.txt", TEXT, text_sha256(TEXT), "Titel", "de", "a.txt")
ANSWER = Answer(
    "?", "de", "answered", "", (Citation(**excerpt_fields(SOURCE, Span(0, 3)), number=1),), (), 1.0, (), "g"
)

NO_FILTER = ("", "", [], [], [], False)


class Script:
    """Gives what it was told to, in place of a search."""

    def __init__(self, *events: Stage | Answer | Exception) -> None:
        self._events = events

    def stream(self, question: str, lang: Lang | None = None, wanted: Wanted = ALL) -> Iterator[Stage | Answer]:
        self.asked = question, lang
        self.wanted = wanted
        for event in self._events:
            if isinstance(event, Exception):
                raise event
            yield event

    def warm(self) -> None:
        """Nothing to load."""


def browser(language: str = "en") -> gr.Request:
    headers = [(b"accept-language", language.encode())]
    return gr.Request(Request({"type": "http", "headers": headers}), session_hash="s")


def chat_of(script: Script) -> chat.Chat:
    """A chat whose models are loaded."""
    warmup = Warmup(script)
    warmup.start()
    assert warmup.wait(10)
    return chat.Chat(script, warmup)


def ask(
    question: str,
    *events: Stage | Answer | Exception,
    kept: object = None,
    language: str = "en",
    filters: tuple[object, ...] = NO_FILTER,
) -> list[chat.Update]:
    return list(chat_of(Script(*events)).ask(question, kept, browser(language), *filters))


def test_the_stages_are_told_and_then_the_answer_stands_below_the_question() -> None:
    updates = ask("Ja?", Stage("searching"), Stage("reading"), ANSWER)
    assert [update.thread[-1]["content"] for update in updates[1:3]] == [
        render.stage(EN.searching),
        render.stage(EN.reading),
    ]
    assert updates[-1].thread == [
        {"role": "user", "content": render.question("Ja?")},
        {"role": "assistant", "content": render.answer(ANSWER)},
    ]
    assert chat.restore(updates[-1].kept).thread == updates[-1].thread


def test_while_the_models_load_the_page_says_that() -> None:
    script = Script(Stage("searching"), ANSWER)
    asking = chat.Chat(script, Warmup(script)).ask("Ja?", None, browser("de"), *NO_FILTER)
    for _ in range(3):  # in steps, between which it can be stopped
        assert next(asking).thread[-1]["content"] == render.stage(DE.loading)


def test_stop_shows_only_while_a_question_is_answered() -> None:
    updates = ask("Ja?", Stage("searching"), ANSWER)
    assert [update.stop["visible"] for update in updates] == [True, True, False]


def test_the_box_is_emptied_once_so_that_the_next_question_can_be_typed_meanwhile() -> None:
    first, *later = [update.box for update in ask("Ja?", Stage("searching"), Stage("reading"), ANSWER)]
    assert first == ""
    assert later == [gr.skip()] * 3


def test_a_turn_that_is_cut_off_is_kept_as_cut_off() -> None:
    running = ask("Ja?", Stage("searching"), ANSWER)[0]
    assert chat.restore(running.kept).thread[-1]["content"] == render.note(EN.interrupted)
    assert chat.restore(running.kept).thread[0]["content"] == render.question("Ja?")


@pytest.mark.parametrize("question", ["", "  \n ", "x" * 2001])
def test_a_question_that_cannot_be_asked_stays_in_the_box(question: str) -> None:
    asking = chat_of(Script(ANSWER)).ask(question, None, browser(), *NO_FILTER)
    assert next(asking) == chat.UNTOUCHED
    with pytest.warns(UserWarning, match=r"^(Write a question first|The question has 2001 characters)"):
        assert list(asking) == []


def test_a_missing_index_is_said_in_the_conversation_with_what_mends_it() -> None:
    message = "there is no index. Build one: beleg index seeds"
    update = ask("Ja?", NoIndexError(message), language="de")[-1]
    assert update.thread[-1]["content"] == render.problem(message, "de")
    assert update.stop["visible"] is False


def test_an_error_nobody_foresaw_ends_the_turn_and_not_the_page() -> None:
    asking = chat_of(Script(RuntimeError()))
    updates = asking.ask("Ja?", None, browser(), *NO_FILTER)
    kept = next(updates).kept
    with pytest.raises(RuntimeError):
        next(updates)
    update = asking.failed(kept, browser())
    assert update.thread[-1]["content"] == render.note(EN.failed)
    assert update.stop["visible"] is False


def test_a_question_that_was_stopped_is_said_to_be_stopped_though_gradio_calls_that_a_failure() -> None:
    asking = chat_of(Script(Stage("searching"), ANSWER))
    kept = next(asking.ask("Ja?", None, browser(), *NO_FILTER)).kept
    assert asking.stopped(kept, browser()).thread[-1]["content"] == render.note(EN.interrupted)
    assert asking.failed(kept, browser()).thread[-1]["content"] == render.note(EN.interrupted)


def test_the_conversation_goes_on_from_what_the_browser_kept() -> None:
    first = ask("Ja?", ANSWER)[-1]
    second = ask("Nein?", ANSWER, kept=first.kept)[-1]
    assert [message["role"] for message in second.thread] == ["user", "assistant"] * 2


def test_where_nothing_was_kept_nothing_on_the_page_is_touched() -> None:
    assert list(chat.restore({})) == [gr.skip()] * 5


def test_clearing_leaves_nothing_also_of_what_is_being_answered() -> None:
    asking = chat_of(Script(Stage("searching"), ANSWER))
    kept = next(asking.ask("Ja?", None, browser(), *NO_FILTER)).kept
    for update in (asking.cleared(browser()), asking.failed(kept, browser())):
        assert update.thread == update.kept["turns"] == []


def test_the_filters_of_the_page_go_with_the_question() -> None:
    script = Script(ANSWER)
    list(chat_of(script).ask("Ja?", [], browser(), "2025-02", "", ["WELT"], ["de"], [], True))
    only = script.wanted.only
    assert (only.since, only.until, only.sources, only.langs) == (date(2025, 2, 1), None, {"WELT"}, {"de"})
    assert script.wanted.any_time


def test_a_filter_that_is_none_leaves_all_as_it_was() -> None:
    with pytest.warns(UserWarning, match=r"not a day: '12.02.2025'"):
        assert ask("Und nun?", filters=("12.02.2025", "", [], [], [], False)) == [chat.UNTOUCHED]


def test_a_filter_that_cannot_be_met_leaves_the_question_in_the_box_and_the_conversation_as_it_was() -> None:
    before = ask("Ja?", ANSWER)[-1].kept
    with pytest.warns(UserWarning, match="no document has the outlet"):
        *_, update = ask("Und nun?", QuestionError("no document has the outlet 'WLT'"), kept=before)
    assert (update.thread, update.kept, update.box) == (chat.restore(before).thread, before, "Und nun?")
    assert update.stop["visible"] is False


def test_what_a_question_leaves_out_is_taken_from_the_conversation_and_shown() -> None:
    script = Script(ANSWER)
    asking = chat_of(script)
    *_, first = asking.ask("What did Hegseth say about NATO?", None, browser(), *NO_FILTER)
    *_, second = asking.ask("And what about Ukraine?", first.kept, browser("de"), *NO_FILTER)
    query, lang = script.asked
    assert "Hegseth" in query
    assert "Ukraine" in query
    assert lang == "en"
    assert second.thread[-2]["content"] == render.question("And what about Ukraine?", query, "de")
    assert second.topic["visible"]


def test_a_new_topic_takes_nothing_from_the_one_before() -> None:
    script = Script(ANSWER)
    asking = chat_of(script)
    *_, first = asking.ask("What did Hegseth say about NATO?", None, browser(), *NO_FILTER)
    opened = chat.fresh(first.kept, browser())
    assert opened.thread[-1]["content"] == render.divider(EN.topic_opened)
    assert opened.topic["visible"] is False
    *_, second = asking.ask("And what about Ukraine?", opened.kept, browser(), *NO_FILTER)
    assert script.asked[0] == "And what about Ukraine?"
    assert second.thread[-2]["content"] == render.question("And what about Ukraine?", opens=True)
    *_, _third = asking.ask("And when?", second.kept, browser(), *NO_FILTER)
    assert "Hegseth" not in script.asked[0]
