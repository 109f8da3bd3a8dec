from __future__ import annotations

import pytest

from index.types import Document, Span, text_sha256
from qa.drafts import Asking, Place, answerable, unanswerable, who_is

TEXT = "Bero Haldane kam. Dann ging er."
DOCUMENT = Document("d", TEXT, text_sha256(TEXT), "t", "de", "d")
FIRST = Place(DOCUMENT, Span(0, 17))


def test_gold_is_each_sentence_once() -> None:
    draft = answerable(
        Asking("Who is Bero Haldane?", "en", "person", "x"), [FIRST, Place(DOCUMENT, Span(18, 31)), FIRST]
    )
    assert [gold.quote for gold in draft.question.gold] == ["Bero Haldane kam.", "Dann ging er."]
    assert draft.question.tags == ("who", "person", "en-de")
    assert (draft.document, draft.sentence, draft.why) == (DOCUMENT, Span(0, 17), "")


def test_an_id_tells_questions_apart_and_not_wordings() -> None:
    ids = {
        answerable(Asking(text, "de", kind, key), [FIRST]).question.id
        for text, kind, key in [("a", "person", "x"), ("b", "person", "x"), ("a", "person", "y"), ("a", "who", "x")]
    }
    assert len(ids) == 3


def test_what_has_no_answer_stands_beside_what_it_was_made_of() -> None:
    made_of = answerable(Asking("Wer kam?", "de", "who", "x"), [FIRST])
    draft = unanswerable("Wer schlief?", "de", "absent-fact", made_of, "nobody did")
    assert (draft.question.answerable, draft.question.gold, draft.question.tags) == (False, (), ("absent-fact",))
    assert (draft.document, draft.sentence, draft.why) == (DOCUMENT, Span(0, 17), "nobody did")


@pytest.mark.parametrize(("lang", "text"), [("de", "Wer ist Ada?"), ("en", "Who is Ada?")])
def test_who_somebody_is_is_asked_in_both_languages(lang: str, text: str) -> None:
    assert who_is("Ada", lang) == text  # type: ignore[arg-type]
