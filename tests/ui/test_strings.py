from __future__ import annotations

from dataclasses import asdict
from string import Formatter
from types import ModuleType

import pytest

from ui import check_strings, evaluation_strings, library_strings, serving_strings, strings
from ui.strings import dateline, language_name, preferred_lang

TABLES = (check_strings, evaluation_strings, library_strings, serving_strings, strings)


def texts(said: object) -> list[str]:
    """All strings in a value of a table, in order."""
    return [said] if isinstance(said, str) else [text for part in said for text in texts(part)]  # type: ignore[attr-defined]


def placeholders(template: str) -> set[str | None]:
    return {field for _, field, _, _ in Formatter().parse(template)}


@pytest.mark.parametrize("table", TABLES, ids=lambda table: table.__name__)
def test_both_languages_say_everything_and_fill_in_the_same_things(table: ModuleType) -> None:
    english, german = asdict(table.EN), asdict(table.DE)
    for key in english:
        one, other = texts(english[key]), texts(german[key])
        assert all(text.strip() for text in (*one, *other)), key
        assert [placeholders(text) for text in one] == [placeholders(text) for text in other], key


@pytest.mark.parametrize(
    ("published", "english", "german"),
    [
        (None, "undated", "ohne Datum"),
        ("2025", "2025", "2025"),
        ("2025-02", "February 2025", "Februar 2025"),
        ("2025-02-02", "2 February 2025", "2. Februar 2025"),
        ("2025-12-31T18:30:00+01:00", "31 December 2025", "31. Dezember 2025"),
    ],
)
def test_a_date_is_as_precise_as_it_is_known(published: str | None, english: str, german: str) -> None:
    assert (dateline(published, "en"), dateline(published, "de")) == (english, german)


@pytest.mark.parametrize(
    ("header", "lang"),
    [
        (None, "en"),
        ("", "en"),
        ("de", "de"),
        ("de-AT,en;q=0.5", "de"),
        ("DE;q=1", "de"),
        ("en-GB,de;q=0.9", "en"),
        ("fr", "en"),
        ("den", "en"),
    ],
)
def test_the_page_speaks_the_browsers_first_language(header: str | None, lang: str) -> None:
    assert preferred_lang(header) == lang


def test_a_language_without_a_name_is_not_named() -> None:
    assert (language_name("de", "en"), language_name("en", "de"), language_name("und", "de")) == (
        "German",
        "Englisch",
        None,
    )
