"""What of a text could steer a terminal, and what may stay."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from qa.controls import visible


@given(st.text(max_size=80))
def test_no_control_character_reaches_the_terminal(text: str) -> None:
    assert not {c for c in visible(text) if (ord(c) < 0x20 and c not in "\n\t") or 0x7F <= ord(c) < 0xA0}
    assert len(visible(text)) == len(text)


def test_a_document_cannot_clear_the_screen_or_reverse_the_text() -> None:
    assert visible("\x1b[2J\u202eevil\r") == "␛[2J\ufffdevil␍"
