"""The answer's frame is in the language of the question, and a document's language is told or admitted unknown."""

from __future__ import annotations

import subprocess
import sys

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index.language import detect, detect_question, is_foreign_question


@pytest.mark.parametrize(
    "question",
    [
        "Was sagte Hegseth zur Nato?",
        "was sagte hegseth zur nato",
        "WAS SAGTE HEGSETH?",
        "Wer ist Boris Johnson?",
        "Hat Trump Putin angerufen?",
        "Wann wurde die Krim annektiert?",
        "Welchen Nutzen sieht Trump in der Zusammenarbeit?",
    ],
)
def test_german_questions_are_german(question: str) -> None:
    assert detect_question(question) == "de"


@pytest.mark.parametrize(
    "question",
    [
        "What did Hegseth say about NATO?",
        "who is angela merkel?",
        "WHAT DID TRUMP SAY?",
        "Did Trump call Putin?",
        "When was Crimea annexed?",
        "What did Merkel say about the Bundestag?",
    ],
)
def test_english_questions_are_english(question: str) -> None:
    assert detect_question(question) == "en"


@pytest.mark.parametrize("question", ["", "?", "2025", "😀", "Putin Trump", "Hegseth", "\ud800"])
def test_a_question_without_a_language_gets_an_english_frame(question: str) -> None:
    assert detect_question(question) == "en"


@pytest.mark.parametrize(
    ("question", "foreign"),
    [
        ("Qu'est-ce que Hegseth a dit sur l'OTAN ?", True),
        ("¿Qué dijo Hegseth sobre la OTAN?", True),
        ("Что сказал Хегсет о НАТО?", True),
        ("What did Hegseth say about NATO?", False),
        ("Was sagte Selenskyj in München?", False),
        ("Hegseth", False),
        ("the of and", False),
        ("2025 ?", False),
        ("\ud800 😀", False),
    ],
)
def test_a_question_in_a_third_language_is_told(question: str, foreign: bool) -> None:  # noqa: FBT001
    assert is_foreign_question(question) == foreign


@pytest.mark.parametrize(
    ("lang", "text"),
    [
        ("de", "Der Kreml bestätigte das Telefonat. Die beiden verständigten sich auf ein baldiges Treffen."),
        ("en", "The Kremlin confirmed the call. The two agreed to meet soon."),
        ("fr", "Le président a dit que la guerre est finie et que les négociations commencent."),
        ("ru", "Президент России сказал, что война окончена."),
    ],
)
def test_documents_get_their_language(lang: str, text: str) -> None:
    assert detect(text) == lang


@pytest.mark.parametrize("text", ["", "123 456", "😀 😀", "\ud800", "a"])
def test_a_document_without_a_language_is_undetermined(text: str) -> None:
    assert detect(text) == "und"


@settings(max_examples=50)
@given(st.text())
def test_any_text_gets_the_same_code_twice(text: str) -> None:
    assert detect(text) == detect(text)
    assert detect_question(text) in {"de", "en"}


def test_importing_the_module_does_not_load_the_model() -> None:
    code = "import sys, index.language; sys.exit('py3langid' in sys.modules or 'numpy' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
