from __future__ import annotations

from dataclasses import asdict
from string import Formatter

from ui import evaluation_strings, library_strings, strings
from ui.library_strings import DE, EN, count, library_words


def placeholders(template: str) -> set[str | None]:
    return {field for _, field, _, _ in Formatter().parse(template)}


def test_both_languages_say_everything_and_fill_in_the_same_things() -> None:
    english, german = asdict(EN), asdict(DE)
    for key, template in english.items():
        one, other = ((said,) if isinstance(said, str) else said for said in (template, german[key]))
        assert all(text.strip() for text in (*one, *other)), key
        assert [placeholders(text) for text in one] == [placeholders(text) for text in other], key


def test_no_key_is_one_of_another_tab() -> None:
    others = asdict(strings.EN).keys() | asdict(evaluation_strings.EN).keys()
    assert not asdict(library_strings.EN).keys() & others


def test_one_thing_is_not_counted_like_many() -> None:
    assert [count(EN.library_documents, n) for n in (0, 1, 2)] == ["0 documents", "one document", "2 documents"]
    assert (library_words("de"), library_words("en")) == (DE, EN)
