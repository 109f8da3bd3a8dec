"""Why a sentence was quoted or not: on the real seed, and the verdicts one by one."""

from __future__ import annotations

import pytest

from index.types import Chunk, Document, Hit, Leg, Passage, Span, text_sha256
from qa.compose import compose
from qa.explain import CANDIDATES, candidates
from qa.pipeline import Assistant
from qa.retrieve import Found
from qa.trained import Clues
from qa.types import Evidence, Question, Reading, Verdict

TEXT = "Eins ist wahr. Zwei ist gut. Drei ist neu. Vier ist alt. Fünf ist da."
SPANS = tuple(Span(start, TEXT.index(".", start) + 1) for start in (TEXT.index(word) for word in TEXT.split()[::3]))
DOCUMENT = Document("a.txt", TEXT, text_sha256(TEXT), "Zahlen", "de", "a.txt")
FOUND = [Found(Hit(Chunk("a.txt", SPANS), 1.0, Leg(1, 0.8), None), Passage(DOCUMENT, Chunk("a.txt", SPANS)))]


def verdicts(*scores: float, confidence: float | None = None) -> list[Verdict]:
    order = (0, 2, 4, 1, 3)  # the first three are no neighbours
    evidence = tuple(
        Evidence("a.txt", SPANS[i], score, 1, {"x": score}) for i, score in zip(order, scores, strict=False)
    )
    reading = Reading(evidence, evidence[0].score if confidence is None else confidence, ())
    made = compose(Question("?", "de"), reading, lambda _: DOCUMENT, threshold=0.5, max_quotes=2)
    return [one.verdict for one in candidates(FOUND, reading, made, 0.5)]


@pytest.mark.parametrize(
    ("scores", "expected"),
    [
        ((0.9, 0.8), ["quoted", "quoted"]),
        ((0.9, 0.8, 0.7), ["quoted", "quoted", "enough quoted"]),
        ((0.9, 0.55), ["quoted", "far below the best"]),
        ((0.9, 0.4), ["quoted", "below the threshold"]),
        ((0.4, 0.3), ["below the threshold", "below the threshold"]),
    ],
)
def test_each_verdict_is_the_reason(scores: tuple[float, ...], expected: list[Verdict]) -> None:
    assert verdicts(*scores) == expected


def test_a_name_that_is_missing_is_the_reason_why_probable_sentences_are_not_quoted() -> None:
    assert verdicts(0.9, 0.3, confidence=0.09) == ["name missing", "below the threshold"]


def test_the_first_candidate_of_an_answer_is_quoted_and_every_sentence_is_the_texts(assistant: Assistant) -> None:
    answer = assistant.ask("What did Hegseth say about NATO?")
    assert answer.candidates[0].verdict == "quoted"
    assert 1 < len(answer.candidates) <= CANDIDATES
    for one in answer.candidates:
        assert assistant.document(one.doc_id).text[one.start : one.end] == one.sentence
        assert one.rank >= 1
        assert one.dense or one.lexical
        assert set(one.signals) == set(Clues._fields)
    assert [one.score for one in answer.candidates] == sorted((c.score for c in answer.candidates), reverse=True)


def test_without_anything_read_there_is_nothing_to_explain(assistant: Assistant) -> None:
    assert assistant.ask("???").candidates == ()
