"""What question sets with documents of their own share; through a real index in `test_sources.py`."""

from __future__ import annotations

from pathlib import Path

import pytest

from qa.bundles import Bundle, digest, language, made, opened
from qa.errors import EvaluationError
from qa.questions import GoldQuestion, GoldSpan, QuestionSet
from qa.settings import Settings

ENGLISH = ("What did the director say about the harbour?", "Why?")
GERMAN = ("Was hat die Direktorin über den Hafen gesagt?", "Why?")


def test_a_stated_language_holds_and_others_are_detected_in_all_questions_together() -> None:
    assert language("de", ENGLISH) == ("de", True)
    assert language("en", GERMAN) == ("en", True)
    assert language(None, GERMAN) == ("de", False)
    assert language("fr", ENGLISH) == ("en", False)


def test_a_question_that_is_none_is_named_by_its_place() -> None:
    with pytest.raises(EvaluationError, match=r"^there: id and question must not be blank"):
        made("there", id="q", question=" ", lang="de", answerable=False)


def test_the_digest_is_that_of_all_files_in_order() -> None:
    assert digest([b"ab", b"c"]) == digest([b"abc"]) != digest([b"c", b"ab"])


def test_gold_that_is_not_what_the_index_holds_is_named_by_its_place(tmp_path: Path) -> None:
    gold = GoldSpan("a.txt", 0, 5, "Ebbe.")
    question = GoldQuestion("q", "Was?", "de", answerable=True, gold=(gold,))

    def write(folder: Path) -> None:
        (folder / "a.txt").write_text("---\ntitle: Meer\n---\nFlut. Sie kommt am Abend.", encoding="utf-8")

    bundle = Bundle(QuestionSet("hand", "0", (question,)), ("hand.json: data[0]",), write)
    with (
        pytest.raises(EvaluationError, match=r"^hand\.json: data\[0\]: characters 0 to 5 of 'a\.txt' are 'Flut\.'"),
        opened(bundle, Settings.load(data_dir=tmp_path / "data", reader=False)),
    ):
        pass
