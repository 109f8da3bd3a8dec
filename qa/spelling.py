"""One spelling for what readers take for the same word: case, accents and ways of transcribing Russian set aside.

It says nothing about meaning: translations and inflected forms are the business of `qa.names` and `qa.cldr`.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from functools import lru_cache

from index.lexical import terms
from qa.match import MIN_NAME_CHARS, NAME_SIMILARITY, dice

_INVISIBLE = re.compile("[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]")
_DOTTED = re.compile(r"\b[^\W\d_](?:\.[^\W\d_])+\b\.?")
_WORD = re.compile(r"\w+")
# How German, English and French newspapers write the same Slavic and Arabic sounds, the longest first.
_SOUNDS = {
    "schtsch": "shch",
    "tsch": "ch",
    "sch": "sh",
    "tch": "ch",
    "kh": "ch",
    "zh": "sh",
    "ph": "f",
    "ts": "s",
    "tz": "s",
    "ck": "k",
    "ij": "y",
    "iy": "y",
    "c(?!h)": "k",
    "z": "s",
    "w": "v",
    "j": "y",
    "q": "k",
}
_SOUND = re.compile("|".join(_SOUNDS))
_SOFT = {pattern.removesuffix("(?!h)"): sound for pattern, sound in _SOUNDS.items()}
_DOUBLED = re.compile(r"(.)\1")


def visible(text: str) -> str:
    """`text` composed (NFC), without characters that have no width and marks that belong to no letter; U.S. as US."""
    encodable = text if text.isascii() else text.encode("utf-8", "replace").decode()
    composed = _DOTTED.sub(lambda match: match.group().replace(".", ""), _INVISIBLE.sub("", encodable))
    composed = unicodedata.normalize("NFC", composed)
    return composed if composed.isascii() else "".join(c for c in composed if not unicodedata.combining(c))


def fold(text: str) -> str:
    """`text` without case, accents and invisible characters; upper case first, so that ß and SS are the same."""
    shown = visible(text)
    if shown.isascii():
        return shown.lower()
    decomposed = unicodedata.normalize("NFD", shown.upper().casefold())
    return "".join(c for c in decomposed if not unicodedata.combining(c))


def plain_words(text: str) -> list[str]:
    """The words of `text` folded but not stemmed; a hyphenated word is several."""
    return _WORD.findall(fold(text))


def stem_line(text: str, lang: str) -> str:
    """The index terms of `text` with single spaces between them."""
    return " ".join(terms(fold(text), lang))


@lru_cache(maxsize=8192)
def sounding(word: str) -> str:
    """A folded word as it sounds: ``gorbatschow`` and ``gorbachov`` alike, doubled letters once."""
    return _DOUBLED.sub(r"\1", _SOUND.sub(lambda match: _SOFT[match.group()], word))


def is_another_spelling(name: str, words: Iterable[str]) -> bool:
    """Whether one of the folded `words` is likely to be `name` as another language writes it."""
    sound = sounding(name)
    if len(sound) < MIN_NAME_CHARS:
        return False
    return any(
        abs(len(word) - len(name)) <= 3 and dice(sound, sounding(word)) >= NAME_SIMILARITY  # noqa: PLR2004 - letters
        for word in words
    )
