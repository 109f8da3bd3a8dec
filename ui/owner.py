"""Who sends a request, as `ui.gate` found at the door, and what they may do."""

from __future__ import annotations

from collections.abc import MutableMapping
from dataclasses import dataclass
from typing import Any

import gradio as gr

from index.errors import BelegError
from ui.serving_strings import serving_words
from ui.visitor import lang_of

_KEY = "beleg_sender"


class NotOwnerError(BelegError):
    """Only an owner may do this."""


@dataclass(frozen=True, slots=True)
class Sender:
    """Somebody at the door: `name` is that of their account, `client` what stands for them in limits."""

    name: str | None
    client: str
    owner: bool


NOBODY = Sender(None, "", owner=False)


def remember(scope: MutableMapping[str, Any], sender: Sender) -> None:
    """Note who sends the request of this ASGI `scope`."""
    scope.setdefault("state", {})[_KEY] = sender


def sender(request: object) -> Sender:
    """Who sends `request`, one of Gradio's or of Starlette's; `NOBODY` where it came by no door."""
    found = getattr(getattr(request, "state", None), _KEY, None)
    return found if isinstance(found, Sender) else NOBODY


def may_change(request: object) -> bool:
    """Whether the sender may change the index: an owner, or anybody where only this machine reaches the page."""
    return sender(request).owner


def require_owner(request: gr.Request) -> None:
    """Raises `NotOwnerError`, in the sender's language, unless they may change the index."""
    if not may_change(request):
        raise NotOwnerError(serving_words(lang_of(request)).serving_not_owner)


def signed_in(request: object) -> str | None:
    """The name under which the sender is signed in, None where nobody is; they sign out at ``/logout``."""
    return sender(request).name
