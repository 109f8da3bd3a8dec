"""Exchanged questions: something of the text is gone from them, and nothing answers any more."""

from __future__ import annotations

import random

import numpy as np

from train.gloss import Glosser
from train.reader.changed import Changer, Siblings, common_words, names
from train.reader.tasks import Task, Window

WORDS = ["largest", "smallest", "biggest", "harbour", "anna", "berta"]
ROWS = np.array([[1, 0.9, 0], [1, 0.2, 0.5], [1, 0.8, 0.4], [-1, 0, 0.3], [-1, -1, 1], [-1, -1, 0.2]], np.float32)
MEANINGS = {"largest": [("grosste", 1.0)], "biggest": [("grosste", 1.0)], "smallest": [("kleinste", 1.0)]}


def changer(*other_names: str) -> Changer:
    return Changer(other_names, Siblings(WORDS, ROWS, Glosser(MEANINGS)))


def task(question: str, *told: str) -> Task:
    return Task(question, (Window("Hafen", told, frozenset([0])),), "question")


def test_a_name_of_the_text_is_exchanged_for_one_that_is_not_in_it() -> None:
    found = changer("Bremen", "Hamburg", "New York").change(
        task("Who visited Hamburg twice?", "She visited Hamburg."), random.Random(1)
    )
    assert found == Task("Who visited Bremen twice?", (Window("Hafen", ("She visited Hamburg.",)),), "changed name")


def test_a_number_of_the_text_is_exchanged_for_another_of_as_many_digits() -> None:
    found = changer().change(task("What opened in 1998?", "The port opened in 1998."), random.Random(1))
    assert found is not None
    assert found.kind == "changed number"
    year = int(found.question.removeprefix("What opened in ").removesuffix("?"))
    assert 0 < abs(year - 1998) <= 40
    assert not found.answerable


def test_a_word_is_exchanged_for_an_opposite_and_not_for_a_synonym() -> None:
    siblings = Siblings(WORDS, ROWS, Glosser(MEANINGS))
    assert "biggest" not in siblings.of_word("largest")
    assert "harbour" not in siblings.of_word("largest")


def test_what_the_text_does_not_mention_is_not_exchanged() -> None:
    assert changer("Bremen").change(task("Who visited Kiel in 1900?", "She stayed at home."), random.Random(1)) is None


def test_names_are_capitalised_runs_that_do_not_begin_a_question() -> None:
    assert names(["Where is New York's harbour?", "Did Anna meet the Bank of England?"]) == [
        "Anna", "Bank", "England", "New York",
    ]  # fmt: skip


def test_common_words_are_counted_once_a_question() -> None:
    assert common_words(["Which harbour is a harbour?", "What harbour?", "which one"], 2) == ["harbour", "which"]
