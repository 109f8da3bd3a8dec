"""Where the names in a question are, told without a model by capitals, the bilingual lexicon and CLDR.

English capitals in mid-sentence make a name of a word that the lexicon does not know, or knows as its own translation;
German capitals only of one that is also not made of words it knows. Without telling capitals, unknown words are names.
Quoted titles are judged as German is, since titles have capitals of their own. A title or a noun alone is no name.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import NamedTuple

from index.lexicon import Lexicon
from qa.cldr import Gazetteer
from qa.marks import between_marks
from qa.numerals import months_by_name
from qa.ordinary import MIN_COGNATE, Strength, familiarity, is_grammar
from qa.spelling import fold, stem_line

MAX_PLACE_WORDS = 5
MIN_GIVEN_CHARS = 3  # of a first name that is not an initial
MIN_LOWER_SHARE = 0.25  # of a question's words after the first; with fewer, capitals tell nothing
_OTHER = {"de": "en", "en": "de"}
_WORD = re.compile(r"\w+(?:['’]\w+)*(?:[-\u2010\u2011]\d+\b)?")
_POSSESSIVE = re.compile(r"['’]s$")
_HYPHENS = "-\u2010\u2011"
# German persons, cities and most countries have no article; a noun after one, or after adjectives, is no such name.
_ARTICLE = re.compile(
    r"\b(?i:d(?:er|ie|as|es|em|en)|[dks]?ein(?:e[mnrs]?)?|(?:dies|jed|jen|welch|unser|ihr)e[mnrs]?|[ia]m|zu[mr]|beim|vom|ins)"
    r"(?: [a-zäöüß]+(?:e|en|em|er|es))* $"
)
MAX_BEFORE = 60  # characters to look for an article or the end of a sentence in
_SENTENCE_END = re.compile(r"""(?:\A|[.!?:…\n„“"»«(]|(?:\s[-–—]\s))\W*$""")
_ABBREVIATION = re.compile(r"(?:^|\W)[A-Z]\w{0,2}\.\s*$")
_GAP = re.compile(r"[ \t]?[-\u2010\u2011]?|\.?[ \t]")
_ROMAN = re.compile(r"X{0,3}(?:IX|IV|V?I{0,3})")


class Name(NamedTuple):
    """A name where it stands.

    Any of `deciding` (the surname, the parts of a compound) mentions it, and so does any of `forms`, which places have.
    `given` are the words before: a text that has the surname with other words before it means somebody else.
    """

    start: int
    end: int
    deciding: tuple[str, ...]
    given: tuple[str, ...] = ()
    forms: frozenset[str] = frozenset()
    is_acronym: bool = False


class _Word(NamedTuple):
    start: int
    end: int
    text: str
    stem: str
    opens: bool  # a sentence
    quoted: bool
    hyphened: bool  # to the word before
    after_article: bool


def find_names(text: str, lang: str, taken: Sequence[tuple[int, int]] = ()) -> list[Name]:
    """The names in `text`, in order, none within the `taken` characters."""
    words = _words(text, lang, taken)
    judge = Judge.of(words, lang)
    found: list[Name] = []
    i = 0
    while i < len(words):
        if (place := _place(text, words, i, judge)) and not judge.is_first_name(text, words, i, place):
            found.append(place)
            i += sum(word.start < place.end for word in words[i:])
            continue
        run = _run(text, words, i, judge)
        found += _name_of_run(text, run, judge)
        i += max(1, len(run))
    return found


def _words(text: str, lang: str, taken: Sequence[tuple[int, int]]) -> list[_Word]:
    quoted = between_marks(text)
    words = []
    for match in _WORD.finditer(text):
        word, start = _POSSESSIVE.sub("", match.group()), match.start()
        end = start + len(word)
        if word[0].isdecimal() or any(a < end and start < b for a, b in taken):
            continue
        within = any(a < start and end < b for a, b in quoted)
        hyphened = text[start - 1 : start] in _HYPHENS and text[start - 1 : start] != ""
        articled = _ARTICLE.search(text, max(0, start - MAX_BEFORE), start) is not None
        words.append(_Word(start, end, word, stem_line(word, lang), _opens(text, start), within, hyphened, articled))
    return words


def _opens(text: str, start: int) -> bool:
    before = text[max(0, start - MAX_BEFORE) : start]
    return start == 0 or (_SENTENCE_END.search(before) is not None and not _ABBREVIATION.search(before))


@dataclass(frozen=True, slots=True)
class Judge:
    """Judges words by what the capitals of their question can tell."""

    lang: str
    cased: bool  # capitals mark names (English) or nouns (German)
    has_lower: bool  # so that a word all in capitals is an acronym

    @classmethod
    def of(cls, words: Sequence[_Word], lang: str) -> Judge:
        """The judge of a question's words."""
        texts = [word.text for word in words]
        rest = texts[1:]
        lower = sum(text.islower() for text in rest)
        titled = any(text[0].isupper() and not text.isupper() for text in texts)
        cased = titled and (len(texts) < 3 or lower >= MIN_LOWER_SHARE * len(rest))  # noqa: PLR2004 - words
        return cls(lang, cased, any(text.islower() for text in texts) or len(texts) == 1)

    def strength(self, word: _Word) -> Strength:
        """How much speaks for `word` being a name."""
        text = word.text
        if _has_figure(text):
            return Strength.UNKNOWN
        if self.has_lower and _is_acronym(text):
            known = familiarity(text, self.lang, thorough=False)
            return Strength.UNKNOWN if known is not Strength.ORDINARY else self._known(word)
        if fold(text) in months_by_name():
            return self._known(word)
        if not self.cased:
            return self._uncased(text)
        return self._capital(word) if text[0].isupper() else Strength.ORDINARY

    def is_first_name(self, text: str, words: Sequence[_Word], i: int, place: Name) -> bool:
        """Whether the one-word place at `i` is part of a longer name, as in Virginia Woolf."""
        follows = i + 1 < len(words) and _GAP.fullmatch(text, words[i].end, words[i + 1].start)
        if place.is_acronym or place.end != words[i].end or not follows or not self.cased:
            return False
        return "-" not in text[words[i].end : words[i + 1].start] and self.strength(words[i + 1]) is Strength.UNKNOWN

    def _uncased(self, text: str) -> Strength:
        if len(text) < 3 or is_grammar(text, self.lang):  # noqa: PLR2004 - letters
            return Strength.ORDINARY
        known = familiarity(text.lower(), self.lang, thorough=True)
        return known if known is Strength.UNKNOWN else Strength.ORDINARY

    def _capital(self, word: _Word) -> Strength:
        if is_grammar(word.text, self.lang):
            return self._known(word)
        thorough = self.lang != "en" or word.opens or word.quoted
        known = familiarity(word.text, self.lang, thorough=thorough)
        if self.lang == "de" and word.after_article:
            return min(known, Strength.COGNATE)
        if word.opens and known is Strength.UNKNOWN and self.lang == "de" and word.text.endswith(("e", "en", "t")):
            return Strength.ORDINARY  # an imperative or another verb that the lexicon lacks
        return max(known, self._known(word))

    def _known(self, word: _Word) -> Strength:
        telling = self.lang == "en" and self.cased and word.text[0].isupper() and not (word.opens or word.quoted)
        return Strength.CAPITAL if telling else Strength.ORDINARY


def _has_figure(text: str) -> bool:
    return not text.islower() and any(c.isdecimal() for c in text)


def _is_acronym(text: str) -> bool:
    return len(text) > 1 and text.isupper() and text.isalpha() and not _ROMAN.fullmatch(text)


def _place(text: str, words: Sequence[_Word], i: int, judge: Judge) -> Name | None:
    """The longest name of the gazetteer that begins at word `i`."""
    gazetteer = Gazetteer.of(judge.lang)
    word = words[i]
    if judge.has_lower and word.text in gazetteer.acronyms:
        return Name(word.start, word.end, (word.text,), (), gazetteer.acronyms[word.text], is_acronym=True)
    for n in range(min(MAX_PLACE_WORDS, len(words) - i), 0, -1):
        last = words[i + n - 1]
        forms = gazetteer.names.get(" ".join(w.stem for w in words[i : i + n]))
        if forms and _adjoin(text, words[i : i + n]) and (n > 1 or _means_place(word, forms, judge)):
            return Name(word.start, last.end, (text[word.start : last.end],), (), forms)
    return None


def _means_place(word: _Word, forms: frozenset[str], judge: Judge) -> bool:
    """Whether the lexicon, where it knows the word, takes it for the place too: "Turkey", but not "center"."""
    if is_grammar(word.text, judge.lang) or (judge.cased and word.text.islower()):
        return False
    translations = Lexicon.between(judge.lang, _OTHER[judge.lang]).translations(word.stem)
    likely = {text for text, probability in translations if probability >= MIN_COGNATE}
    return not translations or bool(likely & (forms - {word.stem})) or judge.strength(word) >= Strength.COGNATE


def _run(text: str, words: Sequence[_Word], i: int, judge: Judge) -> Sequence[tuple[_Word, Strength]]:
    """The words from `i` on that adjoin and may together be a name."""
    run: list[tuple[_Word, Strength]] = []
    for j in range(i, len(words)):
        place = _place(text, words, j, judge) if j > i else None
        if place and (place.is_acronym or place.end > words[j].end or max(s for _, s in run) < Strength.COGNATE):
            break
        strength = judge.strength(words[j])
        if strength is Strength.ORDINARY or (j > i and not _adjoin(text, words[j - 1 : j + 1])):
            break
        run.append((words[j], strength))
    return run


def _adjoin(text: str, words: Sequence[_Word]) -> bool:
    return all(_GAP.fullmatch(text, a.end, b.start) for a, b in pairwise(words))


def _name_of_run(text: str, run: Sequence[tuple[_Word, Strength]], judge: Judge) -> Iterator[Name]:
    """The name that a run of words is, if it is one. The last unknown word decides, and what follows it."""
    least = Strength.COGNATE
    telling: list[tuple[_Word, Strength]] = []
    for word, strength in run:
        if strength >= least:
            telling.append((word, strength))
        if strength is Strength.UNKNOWN and judge.lang == "de":
            least = Strength.CAPITAL  # made of known words, but after a first name: Holger Poppenhäger
    unknown = [i for i, (_, strength) in enumerate(telling) if strength is Strength.UNKNOWN]
    in_sentence = judge.lang == "en" and judge.cased and any(not (w.opens or w.quoted) for w, _ in telling)
    if not telling or not (unknown or len(telling) > 1 or in_sentence):
        return
    if not unknown and text.startswith(" of ", run[-1][0].end):  # the Bank of England
        return
    texts = [word.text for word, _ in telling]
    decides = unknown[-1] if unknown else len(telling) - 1
    while decides and telling[decides - 1][0].end + 1 == telling[decides][0].start and telling[decides][0].hyphened:
        decides -= 1
    first, last = (run[0][0], run[-1][0]) if judge.lang == "en" else (telling[0][0], telling[-1][0])
    yield Name(first.start, last.end, tuple(texts[decides:]), _given(text, telling[:decides]))


def _given(text: str, telling: Sequence[tuple[_Word, Strength]]) -> tuple[str, ...]:
    """The first names among words: not initials, nor a title, which is known (Minister) or has a full stop (Dr.)."""
    words = [word for word, strength in telling if strength is Strength.UNKNOWN and len(word.text) >= MIN_GIVEN_CHARS]
    return tuple(word.text for word in words if text[word.end : word.end + 1] != ".")
