"""German text as English words, one by one, so that an English encoder can read it.

A gloss keeps the order and the punctuation of the German; it is no translation, is never shown and never quoted. Each
word becomes the English word that it is aligned with most in parallel text (models/lexicon-de-en/README.md), an unknown
form of a known word by another form, an unknown compound by its parts; a name stays as it is.
"""

from __future__ import annotations

import gzip
import re
from functools import cache, lru_cache
from pathlib import Path

from index.lexical import terms
from index.lexicon import LEXICON_DIR

GLOSS_VERSION = 1
GLOSSES = LEXICON_DIR / "gloss-de-en.tsv.gz"
MIN_COMPOUND_CHARS = 8
MIN_PART_CHARS = 4
MIN_STEM_CHARS = 5
_WORD = re.compile(r"\w\w+")  # a single letter is an initial
_ENDINGS = ("es", "er", "em", "en", "e", "n", "s", "")
_LINKS = ("", "s", "es", "n", "en", "er", "e")  # what German puts between the parts of a compound


def gloss(text: str) -> str:
    """`text` with every German word that is known, whole or by its parts, replaced by an English one."""
    return _WORD.sub(lambda match: _gloss_word(match[0]), text)


@lru_cache(maxsize=200_000)
def _gloss_word(word: str) -> str:
    known = _known()
    form = _form(word)
    return known.get(form) or _other_ending(form) or " ".join(known[part] for part in _parts(form)) or word


def _other_ending(form: str) -> str:
    """The gloss of the same word with another ending, as "realistische" for "realistisches"; or nothing."""
    known = _known()
    stems = (form.removesuffix(ending) for ending in _ENDINGS if form.endswith(ending))
    others = (stem + ending for stem in stems if len(stem) >= MIN_STEM_CHARS for ending in _ENDINGS)
    return next((known[other] for other in others if other in known), "")


def _parts(form: str) -> tuple[str, ...]:
    """The two known words that an unknown compound consists of, the longest second one first; or nothing."""
    if len(form) < MIN_COMPOUND_CHARS:
        return ()
    known = _known()
    for cut in range(MIN_PART_CHARS, len(form) - MIN_PART_CHARS + 1):
        tail = form[cut:]
        if tail not in known:
            continue
        for link in _LINKS:
            head = form[:cut].removesuffix(link)
            if len(head) + len(link) == cut and len(head) >= MIN_PART_CHARS and head in known:
                return head, tail
    return ()


def _form(word: str) -> str:
    """Lower-cased and folded, as the glosses were trained."""
    return "".join(terms(word, ""))


@cache
def _known(path: Path = GLOSSES) -> dict[str, str]:
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        return dict(line.rstrip("\n").split("\t") for line in lines)
