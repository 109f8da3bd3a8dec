from __future__ import annotations

from dataclasses import asdict

from ui import evaluation_strings, library_strings, strings
from ui.library_strings import DE, EN, count, library_words


def test_no_key_is_one_of_another_tab() -> None:
    others = asdict(strings.EN).keys() | asdict(evaluation_strings.EN).keys()
    assert not asdict(library_strings.EN).keys() & others


def test_one_thing_is_not_counted_like_many() -> None:
    assert [count(EN.library_documents, n) for n in (0, 1, 2)] == ["0 documents", "one document", "2 documents"]
    assert (library_words("de"), library_words("en")) == (DE, EN)
