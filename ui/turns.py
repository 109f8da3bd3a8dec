"""A conversation as the browser keeps it: its turns, and whether the next question begins a new topic.

The browser may hand back anything; what is no turn is dropped. An answer is HTML made by `ui.render`, and goes through
Gradio's sanitizer again each time that it is shown.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any, Literal, Self, TypedDict

from pydantic import TypeAdapter, ValidationError

from qa.types import Answer, Lang
from ui import render
from ui.strings import DE, EN

MAX_TURNS = 50
_INTERRUPTED = {render.note(EN.interrupted), render.note(DE.interrupted)}


class Message(TypedDict):
    """One message in the form that Gradio's Chatbot takes; `content` is HTML made by `ui.render`."""

    role: Literal["user", "assistant"]
    content: str


@dataclass(frozen=True, slots=True)
class Turn:
    """One question with what became of it.

    `query` is what was searched for where that is not the question itself; `quotes` are what the next question may
    refer to; it may be the first one that `opens` a topic; `lang` is the page's.
    """

    question: str
    answer: str
    query: str = ""
    quotes: tuple[str, ...] = ()
    opens: bool = False
    lang: Lang = "en"

    def answered(self, html: str, given: Answer | None = None) -> Self:
        """The turn with an answer in it."""
        return replace(self, answer=html, quotes=tuple(one.quote for one in given.citations) if given else ())

    @property
    def interrupted(self) -> bool:
        """Whether it was left before an answer was known."""
        return self.answer in _INTERRUPTED


@dataclass(frozen=True, slots=True)
class Conversation:
    """Turns, the oldest first; with `fresh` the next question refers to none of them."""

    turns: tuple[Turn, ...] = ()
    fresh: bool = False

    @classmethod
    def kept(cls, memory: object) -> Self:
        """What a browser had kept, as far as it is a conversation."""
        held = memory if isinstance(memory, dict) else {}
        entries = held.get("turns")
        turns = [turn for entry in (entries if isinstance(entries, list) else []) for turn in _turns(entry)]
        return cls(tuple(turns[-MAX_TURNS:]), fresh=held.get("fresh") is True)

    def with_turn(self, turn: Turn) -> Self:
        """With one more turn, the oldest beyond `MAX_TURNS` dropped."""
        return replace(self, turns=(*self.turns, turn)[-MAX_TURNS:], fresh=False)

    def mended(self, turn: Turn) -> Self:
        """With another last turn."""
        return replace(self, turns=(*self.turns[:-1], turn))

    @property
    def topic(self) -> Sequence[Turn]:
        """The turns that the next question may refer to."""
        if self.fresh:
            return ()
        begins = max((number for number, turn in enumerate(self.turns) if turn.opens), default=0)
        return self.turns[begins:]

    @property
    def messages(self) -> list[Message]:
        """What the page shows."""
        return [message for turn in self.turns for message in _messages(turn)]

    def to_json(self) -> dict[str, Any]:
        """What the browser keeps."""
        return {"turns": [asdict(turn) for turn in self.turns], "fresh": self.fresh}


_PARSER: TypeAdapter[Turn] = TypeAdapter(Turn)


def _turns(entry: object) -> list[Turn]:
    try:
        return [_PARSER.validate_python(entry)]
    except ValidationError:
        return []


def _messages(turn: Turn) -> list[Message]:
    return [
        {"role": "user", "content": render.question(turn.question, turn.query, turn.lang, opens=turn.opens)},
        {"role": "assistant", "content": turn.answer},
    ]
