"""The language of a document or of a question, by py3langid; the model loads on first use, in about half a second.

A question has a handful of words, so it is only ever told apart as German or English.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from py3langid.langid import LanguageIdentifier

UNDETERMINED = "und"
# Languages one meets in news files. The identifier knows 140, and takes short English for Nigerian Pidgin.
_LANGUAGES = (
    "ar", "bg", "bs", "ca", "cs", "da", "de", "el", "en", "es", "et", "fa", "fi", "fr", "he", "hi", "hr", "hu", "id",
    "it", "ja", "ka", "ko", "lt", "lv", "mk", "nl", "no", "pl", "pt", "ro", "ru", "sk", "sl", "sq", "sr", "sv", "tr",
    "uk", "vi", "zh",
)  # fmt: skip
_SAMPLE_CHARS = 3000
# Below these the guess is no better than a coin; chosen on development questions.
_MIN_DOCUMENT_CONFIDENCE = 0.5
_MIN_QUESTION_CONFIDENCE = 0.55
# Of 1,546 German and English development questions none is below.
_MIN_SHARE_OF_BOTH = 0.05


def detect(text: str) -> str:
    """ISO 639-1 code of a document's language, from its first 3,000 characters; ``und`` where it cannot be told."""
    language, confidence = _identifier().classify(_sample(text))
    return str(language) if confidence >= _MIN_DOCUMENT_CONFIDENCE else UNDETERMINED


def detect_question(text: str) -> Literal["de", "en"]:
    """The language a question is asked in; English where it cannot be told, as of names alone."""
    german, english = _german_and_english(text)
    return "de" if german > (german + english) * _MIN_QUESTION_CONFIDENCE else "en"


def is_foreign_question(text: str) -> bool:
    """Whether a question of several words is in neither German nor English."""
    words = [word for word in text.split() if any(map(str.isalpha, word))]
    return len(words) > 1 and sum(_german_and_english(text)) < _MIN_SHARE_OF_BOTH


@lru_cache(maxsize=64)  # both are asked about every question
def _german_and_english(text: str) -> tuple[float, float]:
    likelihood = dict(_identifier().rank(_sample(text)))
    return likelihood["de"], likelihood["en"]


def load_identifier() -> None:
    """Load what would be loaded when a language is first asked for; mostly decompressing, which a thread can do."""
    _identifier()


def _sample(text: str) -> str:
    # A lone surrogate would be encoded to bytes that no language has.
    return text[:_SAMPLE_CHARS].encode("utf-8", "ignore").decode("utf-8")


@lru_cache(maxsize=1)
def _identifier() -> LanguageIdentifier:
    from py3langid.langid import MODEL_FILE, LanguageIdentifier

    identifier = LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
    identifier.set_languages(_LANGUAGES)
    return identifier
