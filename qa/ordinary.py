"""Whether a word is an ordinary one: known to the bilingual lexicon, or made by the rules of its language.

The lexicon is small, so a German compound or a word with a common ending counts as ordinary although it is unknown.
Only the word itself is looked at; what its place in a question says is for `qa.naming`.
"""

from __future__ import annotations

import re
from enum import IntEnum
from functools import lru_cache

from index.lexical import is_function_word
from index.lexicon import Lexicon
from qa.spelling import fold, stem_line

MIN_COGNATE = 0.2  # probability of a word being its own translation, as most known names are
MIN_HEAD_CHARS = 6  # of a known word at the end of an unknown one, which then is a compound: Waffenruhe-*abkommen*
MIN_COMPOUND_PART = {"de": 3, "en": 4}  # letters
MIN_COMPOUND_CHARS = 8
_OTHER = {"de": "en", "en": "de"}
# Endings that make ordinary words and hardly ever a name; grammar, as the stemmers have it.
_ENDING = {
    "de": re.compile(
        r"(?:ung|heit|keit|schaft|tion|sion|itat|ismus|log(?:i|)|graf|nomie|atik|istik|ator|isier\w+|"
        r"lich\w*|isch\w*|\w{4}(?:ant|ist)|bar|los)(?:inn)?(?:en|es|er|e|s)?$"
    ),
    "en": re.compile(
        r"(?:tion|sion|ness|ment|ity|ism|ist|ship|hood|ing|ed|ly|ous|ful|less|able|ible|ize|ise)(?:e?s)?$"
    ),
}
_PREFIX = re.compile("ab|an|auf|aus|be|bei|ein|ent|er|ge|her|hin|mit|miss|nach|um|un|unter|uber|ver|vor|weg|zer|zu")
_LINKS = ("", "s", "n", "en", "es", "er", "e")


class Strength(IntEnum):
    """How much speaks for a word being a name or part of one."""

    ORDINARY = 0
    CAPITAL = 1  # a known word that may be part of a name: Supreme Court; in German, one made of known words
    COGNATE = 2  # known as its own translation: Putin, Computer
    UNKNOWN = 3


def is_grammar(text: str, lang: str) -> bool:
    """Function words, "whats" without its apostrophe, and in German "wozu" and "worauf"."""
    shorter = {text.removesuffix("s")} if lang == "en" else {text.lower().removeprefix(wo) for wo in ("wo", "wor")}
    return any(is_function_word(word, lang) for word in {text, *shorter})


@lru_cache(maxsize=4096)
def familiarity(text: str, lang: str, *, thorough: bool) -> Strength:
    """Whether the lexicon knows a word; `thorough`: also in the other language, or its parts, or its ending."""
    own, other = stem_line(text, lang), stem_line(text, _OTHER[lang])
    if own in Lexicon.of(lang):
        translations = dict(Lexicon.between(lang, _OTHER[lang]).translations(own))
        return Strength.COGNATE if translations.get(other, 0.0) >= MIN_COGNATE else Strength.ORDINARY
    if not thorough:
        return Strength.UNKNOWN
    if other in Lexicon.of(_OTHER[lang]):
        return Strength.COGNATE
    return Strength.CAPITAL if _is_formed(fold(text), lang) else Strength.UNKNOWN


def _is_formed(word: str, lang: str) -> bool:
    """Whether a word is made by the rules of its language: with a common ending, or of words that are known."""
    if _ENDING[lang].search(word):
        return True
    return any(_is_compound(word[:i], word[i:], lang) for i in range(2, len(word) - 2))


def _is_compound(start: str, head: str, lang: str) -> bool:
    """Whether two parts of a word are words: Streik after anything longer, or after a word that is known too."""
    if not _is_known(head, lang):
        return False
    least = MIN_COMPOUND_PART[lang]
    if lang == "de" and len(head) > least and _PREFIX.fullmatch(start):
        return True
    if lang == "de" and len(head) >= MIN_HEAD_CHARS and len(start) > least:
        return True
    stems = {start.removesuffix(link) for link in (_LINKS if lang == "de" else ("",))}
    is_long = len(start) + len(head) >= MIN_COMPOUND_CHARS and len(head) >= least
    return is_long and any(len(stem) >= least and _is_known(stem, lang) for stem in stems)


def _is_known(word: str, lang: str) -> bool:
    return word in Lexicon.of(lang) or stem_line(word, lang) in Lexicon.of(lang)
