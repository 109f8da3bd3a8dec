from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ui import render
from ui.strings import DE, EN
from ui.turns import MAX_TURNS, Conversation, Turn

texts = st.text(max_size=20)
turns = st.builds(
    Turn,
    question=texts,
    answer=texts,
    query=texts,
    quotes=st.lists(texts, max_size=3).map(tuple),
    opens=st.booleans(),
    lang=st.sampled_from(["de", "en"]),
)


@given(st.lists(turns, max_size=5), st.booleans())
def test_what_the_browser_keeps_is_read_back_as_it_was(held: list[Turn], fresh: bool) -> None:  # noqa: FBT001 - drawn
    now = Conversation(tuple(held), fresh=fresh)
    assert Conversation.kept(now.to_json()) == now


@given(st.recursive(st.none() | st.booleans() | st.text(), lambda one: st.lists(one) | st.dictionaries(st.text(), one)))
def test_a_spoilt_memory_is_a_conversation_all_the_same(memory: object) -> None:
    assert Conversation.kept(memory).messages == []
    assert Conversation.kept({"turns": memory}).messages == []


def test_what_is_no_turn_is_dropped_and_the_rest_kept() -> None:
    sound = {"question": "Ja?", "answer": "<p>Ja.</p>"}
    assert len(Conversation.kept({"turns": [None, sound, {"question": 3}, {"answer": "x"}]}).turns) == 1


def test_the_oldest_turns_of_a_very_long_conversation_are_dropped() -> None:
    now = Conversation()
    for number in range(MAX_TURNS + 7):
        now = now.with_turn(Turn(str(number), ""))
    assert [now.turns[0].question, len(now.turns)] == ["7", MAX_TURNS]


def test_a_question_refers_to_the_turns_since_the_topic_was_opened() -> None:
    first, second, third = Turn("a", ""), Turn("b", "", opens=True), Turn("c", "")
    assert Conversation((first, second, third)).topic == (second, third)
    assert Conversation((first,)).topic == (first,)
    assert Conversation((first, second), fresh=True).topic == ()
    assert Conversation().topic == ()


@pytest.mark.parametrize("speech", [EN, DE])
def test_a_turn_left_before_its_answer_is_known_to_be(speech: object) -> None:
    note = render.note(speech.interrupted)  # type: ignore[attr-defined]
    assert Turn("a", note).interrupted
    assert not Turn("a", render.note("x")).interrupted
