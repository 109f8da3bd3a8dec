from __future__ import annotations

from dataclasses import asdict
from string import Formatter

import pytest

from ui.strings import DE, EN, dateline, language_name, preferred_lang


def placeholders(template: str) -> set[str | None]:
    return {field for _, field, _, _ in Formatter().parse(template)}


def test_both_languages_say_everything_and_fill_in_the_same_things() -> None:
    english, german = asdict(EN), asdict(DE)
    for key, template in english.items():
        if isinstance(template, str):
            assert template.strip()
            assert german[key].strip()
            assert placeholders(template) == placeholders(german[key]), key


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
