"""The words around quotations: how sure an answer is, in a word and a number."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa.types import Lang
from qa.wording import confidence_text

LANGS = st.sampled_from(["de", "en"])


@given(st.floats(0, 1), LANGS)
def test_every_confidence_is_worded_and_never_as_certain(confidence: float, lang: Lang) -> None:
    (percent,) = re.findall(r"[0-9]+", confidence_text(confidence, lang))
    assert 0 <= int(percent) <= 99


@given(st.floats(0, 1), st.floats(0, 1), LANGS)
def test_a_surer_answer_is_never_worded_as_less_sure(one: float, other: float, lang: Lang) -> None:
    grades = [confidence_text(confidence, lang).split(":")[0] for confidence in (0.0, 0.6, 0.85)]
    less, more = (confidence_text(confidence, lang).split(":")[0] for confidence in sorted((one, other)))
    assert grades.index(less) <= grades.index(more)


@pytest.mark.parametrize(("lang", "word"), [("de", "Wahrscheinlich"), ("en", "Likely")])
def test_the_word_is_in_the_language_of_the_answer(lang: Lang, word: str) -> None:
    assert confidence_text(0.7, lang).startswith(f"{word}: ")
