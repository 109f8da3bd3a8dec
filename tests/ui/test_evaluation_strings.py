from __future__ import annotations

from dataclasses import asdict

from qa.metrics import MEASURES
from ui.evaluation_strings import DE, EN, evaluation_words
from ui.strings import EN as PAGE


def test_every_measure_has_a_name_in_both_languages() -> None:
    for speech in (EN, DE):
        assert [name for name, _ in speech.evaluation_names] == [measure.name for measure in MEASURES]


def test_no_key_is_one_of_the_page() -> None:
    assert not asdict(EN).keys() & asdict(PAGE).keys()


def test_the_tab_speaks_the_readers_language() -> None:
    assert (evaluation_words("de"), evaluation_words("en")) == (DE, EN)
