"""A conversation on the page: plain generators from what the user did to what the page shows next.

The browser keeps the conversation, not the server. A turn is written there as interrupted before its answer is known,
so that stopping, failing or reloading at any moment leaves a conversation that is true.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Literal, NamedTuple, Protocol

import gradio as gr

from index.errors import BelegError
from qa.errors import QuestionError
from qa.follow import Followed, follow
from qa.follow import Turn as Earlier
from qa.pipeline import parse_text
from qa.quotecheck import Check
from qa.quoted import asked_speaker, quotations_in
from qa.scope import ALL, Wanted
from qa.settings import MAX_QUESTION_CHARS
from qa.types import Answer, Lang, Stage
from ui import check, render
from ui.filters import wanted_of
from ui.strings import words
from ui.turns import Conversation, Turn
from ui.visitor import lang_of
from ui.warmup import Warmup

_MOMENT = 0.2  # seconds: what is being done can be stopped between two steps only, so that waiting is many short ones


class Update(NamedTuple):
    """New values of the page's parts, in the order in which `ui.question_tab` lists them as outputs."""

    thread: Any
    kept: Any
    box: Any
    stop: Any
    topic: Any


UNTOUCHED = Update(*[gr.skip()] * len(Update._fields))


class Answering(Protocol):
    """Answers questions, telling on the way what it does."""

    def stream(self, question: str, lang: Lang | None = None, wanted: Wanted = ALL) -> Iterator[Stage | Answer]:
        """The stages and then the answer.

        Raises:
            QuestionError: the question is empty or too long, or no document can be what is wanted.
            UnusableIndexError: there is no index that can answer.
        """

    def verify(self, quote: str, speaker: str | None = None, doc_id: str | None = None) -> Check:
        """Whether a quoted string stands in the sources; raises as `stream`."""


class Chat:
    """Handlers of the question tab."""

    def __init__(self, assistant: Answering, warmup: Warmup) -> None:
        self._assistant = assistant
        self._warmup = warmup
        self._ended: dict[str | None, Literal["stopped", "cleared"]] = {}  # how a session ended its last answer

    def ask(self, question: str, kept: object, request: gr.Request, *filters: Any) -> Iterator[Update]:  # noqa: ANN401 - what the page's filters hold
        """Answer `question` below what was `kept`; a question that cannot be asked stays in the box, with a warning."""
        lang = lang_of(request)
        before = Conversation.kept(kept)
        as_it_was = UNTOUCHED  # even the box: the next question may be in it by now
        self._ended.pop(request.session_hash, None)
        try:
            parse_text(question)
            wanted = wanted_of(*filters)
            followed = _followed(question.strip(), before)
            turn = _opened(question.strip(), followed, before, lang)
            now = before.with_turn(turn)
            doing = words(lang).searching if self._warmup.finished else words(lang).loading
            yield _running(now, doing)._replace(box="")  # once: the next question may be typed from now on
            as_it_was = settled(before)._replace(box=question)
            while not self._warmup.wait(_MOMENT):
                yield _running(now, words(lang).loading)
            for step in self._stream(turn, followed, wanted):
                yield _running(now, _doing(step, lang)) if isinstance(step, Stage) else settled(now.mended(step))
        except QuestionError as error:
            yield as_it_was  # before the warning, so that who mends it at once is heard
            gr.Warning(_unaskable(question.strip(), error, lang))
        except BelegError as error:
            yield settled(now.mended(turn.answered(render.problem(str(error), lang))))

    def stopped(self, kept: object, request: gr.Request) -> Update:
        """After Stop: the turn says that it was interrupted."""
        self._ended[request.session_hash] = "stopped"
        return settled(Conversation.kept(kept))

    def cleared(self, request: gr.Request) -> Update:
        """An empty conversation; what was being answered is stopped."""
        self._ended[request.session_hash] = "cleared"
        return settled(Conversation())

    def failed(self, kept: object, request: gr.Request) -> Update:
        """After an error nobody foresaw the turn says so, and the page goes on.

        Gradio calls stopping a failure as well, and tells of it after all that the answer still had to show: what a
        reader ended is said once more.
        """
        ended = self._ended.get(request.session_hash)
        now = Conversation() if ended == "cleared" else Conversation.kept(kept)
        if not ended and now.turns and now.turns[-1].interrupted:
            now = now.mended(now.turns[-1].answered(render.note(words(lang_of(request)).failed)))
        return settled(now)

    def _stream(self, turn: Turn, followed: Followed, wanted: Wanted) -> Iterator[Stage | Turn]:
        """The stages of answering a turn, and the turn with its answer.

        What the question quotes is checked first; where all of it stands in the sources, in these words or others, that
        is the answer.
        """
        quoted = quotations_in(turn.question)
        speaker = asked_speaker(turn.question) if quoted else ""
        checks = [self._assistant.verify(quote, speaker) for quote in quoted]
        checked = "".join(check.check(found, turn.lang) for found in checks)
        if checks and all(found.status != "not found" for found in checks):
            yield turn.answered(checked)
            return
        for event in self._assistant.stream(followed.text, followed.lang, wanted):
            yield turn.answered(checked + render.answer(event), event) if isinstance(event, Answer) else event


def _doing(stage: Stage, lang: Lang) -> str:
    return {"searching": words(lang).searching, "reading": words(lang).reading}[stage.name]


def _followed(question: str, before: Conversation) -> Followed:
    """The question as it is put: what it leaves out is taken from the topic so far."""
    return follow(question, [Earlier(turn.query or turn.question, turn.quotes) for turn in before.topic])


def _opened(question: str, followed: Followed, before: Conversation, lang: Lang) -> Turn:
    """A turn that has no answer yet."""
    query = followed.text if followed.carried else ""
    opens = before.fresh and bool(before.turns)
    return Turn(question, render.note(words(lang).interrupted), query, opens=opens, lang=lang)


def restore(kept: object) -> Update:
    """The conversation as it was left.

    Where nothing was kept, nothing is touched: what was asked meanwhile may be answered before this reaches the page.
    """
    now = Conversation.kept(kept)
    return settled(now) if now.turns else UNTOUCHED


def fresh(kept: object, request: gr.Request) -> Update:
    """The next question begins a new topic."""
    now = Conversation.kept(kept)
    update = settled(Conversation(now.turns, fresh=True))
    said = render.divider(words(lang_of(request)).topic_opened)
    return update._replace(thread=[*update.thread, {"role": "assistant", "content": said}])


def settled(now: Conversation) -> Update:
    """Nothing is being answered; what has been typed stays."""
    return Update(now.messages, now.to_json(), gr.skip(), gr.update(visible=False), gr.update(visible=bool(now.topic)))


def _running(now: Conversation, doing: str) -> Update:
    """The browser keeps the turn as interrupted, while the page shows what is being done."""
    shown = now.mended(now.turns[-1].answered(render.stage(doing)))
    return Update(shown.messages, now.to_json(), gr.skip(), gr.update(visible=True), gr.update(visible=False))


def _unaskable(question: str, error: QuestionError, lang: Lang) -> str:
    """What is wrong with a question that may not be asked, in the page's language unless a filter is at fault."""
    speech = words(lang)
    if len(question) > MAX_QUESTION_CHARS:
        return speech.too_long.format(length=len(question), limit=MAX_QUESTION_CHARS)
    return str(error) if question else speech.empty
