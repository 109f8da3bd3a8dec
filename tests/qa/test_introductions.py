from __future__ import annotations

import pytest

from index.types import Document, text_sha256
from qa.introductions import introductions


def found(text: str, lang: str) -> list[tuple[str, str]]:
    document = Document("d", text, text_sha256(text), "t", lang, "d")
    return [(name, text[slice(*sentence)]) for name, sentence in introductions(document)]


@pytest.mark.parametrize(
    ("lang", "text", "name"),
    [
        ("de", "Außenminister Bero Haldane schwieg.", "Bero Haldane"),
        ("de", "Dann sprach die Schriftstellerin Thora Lindqvist.", "Thora Lindqvist"),
        ("de", "Bero Haldane, der frühere Außenminister, schwieg.", "Bero Haldane"),
        ("en", "The envoy met Prime Minister Jane Zettel on Friday.", "Jane Zettel"),
        ("en", "On Friday Jane Zettel, the mayor of Marlow, resigned.", "Jane Zettel"),
    ],
)
def test_who_stands_beside_a_role_is_introduced(lang: str, text: str, name: str) -> None:
    assert found(text, lang) == [(name, text)]


@pytest.mark.parametrize(
    ("lang", "text"),
    [
        ("de", "Bero Haldane schwieg."),
        ("de", "Außenminister Haldane schwieg."),  # no first name
        ("de", "Es sprach Außenminister Haldane. Bero schwieg."),
        ("en", "Her brother Joran Zettel was there."),  # whose brother?
        ("en", "They met Dr Joran Zettel."),
        ("fr", "Le ministre Bero Haldane était là."),
    ],
)
def test_whom_a_text_names_otherwise_is_left_out(lang: str, text: str) -> None:
    assert found(text, lang) == []
