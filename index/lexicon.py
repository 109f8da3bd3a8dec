"""The bilingual lexicon: for an index term of one language, its likely translations among the other's index terms.

It is a statistical table estimated from parallel text (models/lexicon-de-en/README.md), so that an English question
finds German words without any model at query time. It does not translate sentences.
"""

from __future__ import annotations

import gzip
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

LEXICON_DIR = Path(__file__).parent.parent / "models" / "lexicon-de-en"
_OTHER = {"de": "en", "en": "de"}
Translations = tuple[tuple[str, float], ...]


@dataclass(frozen=True, slots=True)
class Lexicon:
    """Translations by term, most probable first, each with P(translation | term) in (0, 1]."""

    table: Mapping[str, Translations] = field(default_factory=dict)

    def translations(self, term: str) -> Translations:
        """Translations of `term`; none for a name or a word that the lexicon does not know."""
        return self.table.get(term, ())

    def __contains__(self, term: str) -> bool:
        return term in self.table

    @classmethod
    def between(cls, source: str, target: str) -> Lexicon:
        """The lexicon from `source` terms to `target` terms; empty where there is none, as within one language."""
        return _read(LEXICON_DIR / f"{source}-{target}.tsv.gz") if source != target else cls()

    @classmethod
    def of(cls, lang: str) -> Lexicon:
        """The lexicon whose terms are of `lang`; empty for a language without one."""
        return cls.between(lang, _OTHER[lang]) if lang in _OTHER else cls()


@cache
def _read(path: Path) -> Lexicon:
    if not path.is_file():
        return Lexicon()
    table: dict[str, list[tuple[str, float]]] = {}
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        for line in lines:
            term, translation, probability = line.rstrip("\n").split("\t")
            table.setdefault(term, []).append((translation, float(probability)))
    return Lexicon({term: tuple(translations) for term, translations in table.items()})
