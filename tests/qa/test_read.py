"""What every reader shares: each sentence once, the best first, and the guard of names."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.types import Document, Published, Span, text_sha256
from qa.pipeline import Assistant
from qa.read import AROUND_CHARS, best_first, guarded
from qa.types import Evidence, Question


@given(st.lists(st.builds(lambda doc, at, score: Evidence(doc, Span(at, at + 5), score), st.sampled_from("ab"),
                          st.integers(0, 3), st.floats(0, 1))))  # fmt: skip
def test_every_sentence_comes_once_as_its_best_reading_has_it(found: list[Evidence]) -> None:
    ranked = best_first(found)
    assert len({(one.doc_id, one.sentence) for one in ranked}) == len(ranked)
    assert [(-one.score, one.doc_id, one.sentence) for one in ranked] == sorted(
        (-one.score, one.doc_id, one.sentence) for one in ranked
    )
    for one in found:
        (kept,) = [other for other in ranked if (other.doc_id, other.sentence) == (one.doc_id, one.sentence)]
        assert kept.score >= one.score


@pytest.mark.parametrize("question", ["What did Merkel say about the borders?", "Was sagte Merkel über die Grenzen?"])
def test_a_person_who_is_not_mentioned_is_named_and_nothing_is_quoted(assistant: Assistant, question: str) -> None:
    answer = assistant.ask(question)
    assert answer.status == "abstained"
    assert [notice for notice in answer.notices if "Merkel" in notice]


def test_a_person_who_is_mentioned_lowers_nothing(assistant: Assistant) -> None:
    trace = assistant.trace("What did Pete Hegseth say about NATO?")
    assert trace.answer.confidence == pytest.approx(trace.evidence[0].score)
    assert trace.answer.notices == ()


def test_the_guard_looks_at_the_title_and_the_text_around_the_sentence() -> None:
    text = f"Anna Berg kam. {'x' * AROUND_CHARS} Sie sprach über Fische. {'y ' * AROUND_CHARS} Carl Damm ging."
    sentence = Span(text.index("Sie sprach"), text.index("Fische.") + 7)
    document = Document(
        "a", text, text_sha256(text), "Besuch in Kiel", "de", "a",
        published=Published("2025-02-12"), source="WELT", authors=("Eva Fink",),
    )  # fmt: skip
    evidence = [Evidence("a", sentence, 0.8)]

    def missed(question: str) -> tuple[str, ...]:
        return guarded(Question(question, "en"), evidence, {"a": document}, confidence=0.8).unmentioned

    assert missed("What was said about fish in Kiel?") == ()
    assert missed("What did WELT and Eva Fink write about fish in February 2025?") == ()
    assert missed("What did Damm say about fish?") == ("Damm",)
    damm = guarded(Question("What did Damm say?", "en"), evidence, {"a": document}, confidence=0.8)
    assert damm.confidence < 0.1
    assert guarded(Question("What was said?", "en"), [], {}, confidence=0.0).confidence == 0
