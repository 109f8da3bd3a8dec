"""Token overlap of a quotation with a gold answer, as SQuAD counts it (Rajpurkar et al. 2016, section 6.1).

Its normalisation (lower case, no punctuation, no articles, single blanks) with two additions, as MLQA has them (Lewis
et al. 2020): what Unicode calls punctuation is such, and German articles are articles. The languages of question and
quotation may differ, so articles of both languages are left out of both.
"""

from __future__ import annotations

import string
import unicodedata
from collections import Counter
from collections.abc import Iterable

ARTICLES = frozenset(
    {
        *("a", "an", "the"),
        *("der", "die", "das", "den", "dem", "des", "ein", "eine", "einen", "einem", "einer", "eines"),
    }
)


def tokens(text: str) -> list[str]:
    """The words of `text` that count."""
    kept = "".join(character for character in text.lower() if not _is_punctuation(character))
    return [word for word in kept.split() if word not in ARTICLES]


def overlap(found: str, gold: str) -> tuple[float, float]:
    """F1 of the tokens of `found` and `gold`, and the share of gold's that are in `found`; 1 where neither has any."""
    ours, theirs = Counter(tokens(found)), Counter(tokens(gold))
    if not ours or not theirs:
        alike = float(ours == theirs)
        return alike, alike
    common = (ours & theirs).total()
    return 2 * common / (ours.total() + theirs.total()), common / theirs.total()


def token_values(found: str, answers: Iterable[str]) -> dict[str, float]:
    """``token_f1`` and ``token_recall`` of a quotation, "" for none, each with the answer that is best for it."""
    pairs = [overlap(found, answer) for answer in answers]
    return {"token_f1": max(f1 for f1, _ in pairs), "token_recall": max(recall for _, recall in pairs)}


def _is_punctuation(character: str) -> bool:
    return character in string.punctuation or unicodedata.category(character).startswith("P")
