from __future__ import annotations

from typing import Any

import gradio as gr
import pytest
from starlette.requests import Request

from ui.owner import NotOwnerError, Sender, may_change, remember, require_owner, sender, signed_in


def request(who: Sender | None, language: str = "en") -> gr.Request:
    scope: dict[str, Any] = {"type": "http", "headers": [(b"accept-language", language.encode())]}
    if who:
        remember(scope, who)
    return gr.Request(Request(scope))


def test_an_owner_may_change_the_index() -> None:
    asked = request(Sender("ada", "user ada", owner=True))
    assert may_change(asked)
    require_owner(asked)
    assert signed_in(asked) == "ada"


@pytest.mark.parametrize(("language", "said"), [("en", "Only an owner"), ("de", "Nur ein Verwalter")])
def test_anybody_else_is_told_so_in_their_language(language: str, said: str) -> None:
    asked = request(Sender("bob", "user bob", owner=False), language)
    assert not may_change(asked)
    with pytest.raises(NotOwnerError, match=said):
        require_owner(asked)


def test_who_came_by_no_door_may_nothing() -> None:
    for asked in (request(None), gr.Request(), None):
        assert not may_change(asked)
        assert signed_in(asked) is None
    assert not sender(request(None)).owner
