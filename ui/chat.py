"""A conversation on the page: plain generators from what the user did to what the page shows next.

The browser keeps the conversation, not the server. A turn is written there as interrupted before its answer is known,
so that stopping, failing or reloading at any moment leaves a conversation that is true.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, Literal, NamedTuple, Protocol, TypedDict, cast

import gradio as gr

from index.errors import BelegError
from qa.errors import QuestionError
from qa.pipeline import parse_question
from qa.scope import ALL, Wanted
from qa.settings import MAX_QUESTION_CHARS
from qa.types import Answer, Lang, Stage
from ui import render
from ui.strings import DE, EN, words
from ui.visitor import lang_of
from ui.warmup import Warmup

MAX_MESSAGES = 100


class Message(TypedDict):
    """One message in the form that Gradio's Chatbot takes; `content` is HTML made by `ui.render`."""

    role: Literal["user", "assistant"]
    content: str


class Update(NamedTuple):
    """New values of the page's parts, in the order in which `ui.page` lists them as outputs."""

    thread: Any
    kept: Any
    box: Any
    stop: Any


class Answering(Protocol):
    """Answers questions, telling on the way what it does."""

    def stream(self, question: str, lang: Lang | None = None, wanted: Wanted = ALL) -> Iterator[Stage | Answer]:
        """The stages and then the answer.

        Raises:
            QuestionError: the question is empty or too long, or no document can be what is wanted.
            UnusableIndexError: there is no index that can answer.
        """


class Conversation:
    """Handlers of the question tab."""

    def __init__(self, assistant: Answering, warmup: Warmup) -> None:
        self._assistant = assistant
        self._warmup = warmup

    def ask(  # noqa: PLR0913, PLR0917 - one parameter is one part of the page
        self,
        question: str,
        kept: object,
        since: str,
        until: str,
        sources: Sequence[str],
        langs: Sequence[str],
        any_time: bool,  # noqa: FBT001 - as above
        request: gr.Request,
    ) -> Iterator[Update]:
        """Answer `question` below what was `kept`; a question that cannot be asked stays in the box, with a warning."""
        lang = lang_of(request)
        turns = messages(kept)
        asked: Message = {"role": "user", "content": render.question(question.strip())}
        try:
            parse_question(question)
            wanted = Wanted.of(since, until, sources, langs, any_time=any_time)
            yield _running([*turns, asked], self._doing(Stage("searching"), lang), lang)
            for event in self._assistant.stream(question, wanted=wanted):
                if isinstance(event, Answer):
                    yield _settled([*turns, asked, _said(render.answer(event))])
                else:
                    yield _running([*turns, asked], self._doing(event, lang), lang)
        except QuestionError as error:
            gr.Warning(_unaskable(question.strip(), error, lang), title=words(lang).problem)
            yield Update(turns, turns, question, gr.update(visible=False))
        except BelegError as error:
            yield _settled([*turns, asked, _said(render.problem(str(error), lang))])

    def _doing(self, stage: Stage, lang: Lang) -> str:
        speech = words(lang)
        if not self._warmup.finished:
            return speech.loading
        return {"searching": speech.searching, "reading": speech.reading}[stage.name]


def restore(kept: object) -> list[Message]:
    """The conversation as it was left."""
    return messages(kept)


def stopped(kept: object) -> Update:
    """After Stop: the turn says that it was interrupted."""
    return _settled(messages(kept), box=gr.skip())


def failed(kept: object, request: gr.Request) -> Update:
    """After an error nobody foresaw: the turn says so, and the page goes on."""
    turns = messages(kept)
    if turns and turns[-1]["content"] in {render.note(EN.interrupted), render.note(DE.interrupted)}:
        turns[-1] = _said(render.note(words(lang_of(request)).failed))
    return _settled(turns, box=gr.skip())


def cleared() -> Update:
    """An empty conversation."""
    return _settled([])


def messages(kept: object) -> list[Message]:
    """What a browser had kept, as far as it is a conversation; the oldest beyond `MAX_MESSAGES` are dropped."""
    entries = kept if isinstance(kept, list) else []
    sound = [entry for entry in entries if _is_message(entry)]
    return [cast("Message", {"role": entry["role"], "content": entry["content"]}) for entry in sound[-MAX_MESSAGES:]]


def _is_message(entry: object) -> bool:
    if not isinstance(entry, dict):
        return False
    return entry.get("role") in {"user", "assistant"} and isinstance(entry.get("content"), str)


def _unaskable(question: str, error: QuestionError, lang: Lang) -> str:
    """What is wrong with a question that may not be asked, in the page's language unless a filter is at fault."""
    speech = words(lang)
    if len(question) > MAX_QUESTION_CHARS:
        return speech.too_long.format(length=len(question), limit=MAX_QUESTION_CHARS)
    return str(error) if question else speech.empty


def _said(content: str) -> Message:
    return {"role": "assistant", "content": content}


def _running(turns: list[Message], doing: str, lang: Lang) -> Update:
    interrupted = _said(render.note(words(lang).interrupted))
    return Update([*turns, _said(render.stage(doing))], [*turns, interrupted], "", gr.update(visible=True))


def _settled(turns: list[Message], *, box: object = "") -> Update:
    kept = turns[-MAX_MESSAGES:]
    return Update(kept, kept, box, gr.update(visible=False))
