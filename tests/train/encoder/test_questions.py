"""Questions for retrieval training: the window holds the answer, and negatives are never the answer."""

from __future__ import annotations

import random
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from train.encoder.data import Asked, Evaluated, Pair, read_questions, read_speeches
from train.encoder.questions import (
    WINDOW_CHARS,
    from_data,
    from_passages,
    from_speeches,
    hard_negatives,
    window,
)
from train.gloss import Glosser

SAMPLE = Path(__file__).parent.parent.parent.parent / "train/encoder/sample"
TO_GERMAN = Glosser({"bridge": [("brucke", 1.0)], "the": [("die", 1.0)]}, {"brucke": "brücke"})
TO_ENGLISH = Glosser({"brucke": [("bridge", 1.0)]})


@pytest.fixture(scope="module")
def asked() -> list[Asked]:
    return read_questions(SAMPLE / "train/qa_en.jsonl.gz", Evaluated([]))[0]


def test_the_window_holds_the_beginning_of_the_answer(asked: list[Asked]) -> None:
    for one in asked:
        first_word = one.passage[one.start : one.end].split()[0]
        assert first_word in window(one)


@given(
    st.lists(st.sampled_from(["Rain fell.", "The bridge over the river was closed for a year.", "Why?"]), min_size=1)
)
def test_a_window_is_of_the_passage_and_no_longer_than_a_chunk_or_one_sentence(sentences: list[str]) -> None:
    passage = " ".join(sentences)
    found = window(Asked("What?", passage, len(passage) - 2, len(passage), "test"))
    assert found in passage
    assert len(found) <= WINDOW_CHARS + len(sentences)


def test_german_is_the_english_with_its_words_exchanged() -> None:
    one = Asked("Where is the bridge?", "The bridge is old.", 0, 3, "x")
    made = from_data([one] * 20, TO_GERMAN, random.Random(1))
    assert any("brücke" in example.question["de"] for example in made)
    assert all(example.question["en"] == "Where is the bridge?" for example in made)


def test_speeches_are_asked_for_by_speaker_and_topic() -> None:
    speeches = read_speeches(SAMPLE / "corpus/bundestag_speeches_de_37126.jsonl.gz", 24)
    for example in from_speeches(speeches, TO_ENGLISH, random.Random(1)):
        who = example.passage["de"].split(":")[0]
        assert who in example.question["de"]
        assert who in example.question["en"]


def test_a_query_from_a_passage_has_words_of_one_of_its_sentences_alone() -> None:
    english = "The council closed bridge number {} for repairs until the autumn fair."
    german = "Der Rat sperrte die Brücke {} bis zum Herbstmarkt für dringende Reparaturen."
    run = [Pair(english.format(i), german.format(i), "x") for i in range(3)]
    (example,) = from_passages([run], random.Random(2))
    assert any(set(example.question["de"].split()) <= set(pair.de.split()) for pair in run)
    assert example.passage["de"] == " ".join(pair.de for pair in run)


@given(st.integers(0, 2**32 - 1))
def test_a_question_is_never_its_own_hard_negative(seed: int) -> None:
    draw = np.random.default_rng(seed)
    questions, passages = draw.normal(size=(5, 4)).astype(np.float32), draw.normal(size=(12, 4)).astype(np.float32)
    own = list(draw.integers(0, 12, 5))
    found = hard_negatives(questions, passages, own, skip=1, keep=3)
    assert found.shape == (5, 3)
    assert not any(mine in row for mine, row in zip(own, found, strict=True))


def test_hard_negatives_are_the_nearest_after_those_that_are_skipped() -> None:
    passages = np.array([[1, 0], [0.9, 0.1], [0.8, 0.2], [0.1, 0.9]], np.float32)
    assert hard_negatives(np.array([[1, 0]], np.float32), passages, [0], skip=1, keep=1).tolist() == [[2]]
