"""The names and numbers of a question, and which of them a text does not mention in any form.

No model tags names: capitals, the bilingual lexicon and CLDR do, and where they are unsure a word counts as ordinary,
since "the sources do not mention X" must not be said of a word that is no name.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from index.lexicon import Lexicon
from qa.cldr import Gazetteer
from qa.naming import MIN_GIVEN_CHARS, Name, find_names
from qa.numerals import numerals, readings
from qa.ordinary import Strength, familiarity
from qa.spelling import fold, is_another_spelling, plain_words, stem_line, visible
from qa.types import Question

MIN_TRANSLATION = 0.05  # probability of a translation that counts as another form of a name
MIN_ROUND_TRIP = 0.1  # the same for a synonym by way of the other language: France, Frankreich, French
MIN_PART_CHARS = 5  # of a form that also counts as the beginning or end of a longer word: Krieg in Weltkrieg
MIN_PLACE_CHARS = 4  # the same at the beginning, for a form of a place: Iran, iranisch
_OTHER = {"de": "en", "en": "de"}


@dataclass(frozen=True, slots=True)
class Mention:
    """One name or number of a question.

    `forms` are its words, or lines of words, folded and stemmed in either language, or the readings of a number; a text
    with one of them mentions it. So does one with another spelling of one of `spellings`. `given` are first names.
    """

    surface: str
    kind: Literal["name", "number"]
    forms: frozenset[str]
    spellings: tuple[str, ...] = ()
    given: tuple[str, ...] = ()
    is_place: bool = False


def mentions(question: Question) -> tuple[Mention, ...]:
    """The names and numbers of `question`, in its order, each once."""
    text = visible(question.text)
    numbers = numerals(text, question.lang)
    names = find_names(text, question.lang, [(number.start, number.end) for number in numbers])
    found = [(number.start, Mention(text[number.start : number.end], "number", number.readings)) for number in numbers]
    found += [(name.start, _mention(text, name, question.lang)) for name in names]
    unique: dict[frozenset[str], Mention] = {}
    for _, mention in sorted(found, key=lambda placed: placed[0]):
        unique.setdefault(mention.forms, mention)
    return tuple(unique.values())


def unmentioned(mentions: Sequence[Mention], text: str, lang: str) -> tuple[Mention, ...]:
    """Those of `mentions` that `text`, a passage with its title in the language `lang`, has in no form."""
    if not mentions:
        return ()
    shown = _Text.of(text, lang)
    has_numbers = any(mention.kind == "number" for mention in mentions)
    numbers = readings(visible(text), lang) if has_numbers else frozenset()
    return tuple(
        mention
        for mention in mentions
        if not (mention.forms & numbers if mention.kind == "number" else shown.mentions(mention))
    )


@dataclass(frozen=True, slots=True)
class _Text:
    """A text to look names up in: its words, and all of them in one line, each after a space, plain and stemmed."""

    words: tuple[str, ...]
    vocabulary: frozenset[str]
    line: str
    lang: str

    @classmethod
    def of(cls, text: str, lang: str) -> _Text:
        plain = plain_words(text)
        return cls(tuple(plain), frozenset(plain), f" {' '.join(plain)}  {stem_line(text, lang)} ", lang)

    def mentions(self, name: Mention) -> bool:
        """Whether any form stands here: alone, in a compound, or in another spelling, and not of somebody else."""
        at_start = MIN_PLACE_CHARS if name.is_place else MIN_PART_CHARS
        if any(self._has(form, at_start) for form in name.forms):
            return not self._is_somebody_else(name)
        return any(is_another_spelling(spelling, self.vocabulary) for spelling in name.spellings)

    def _has(self, form: str, at_start: int) -> bool:
        begins = f" {form}" if len(form) >= at_start else f" {form} "
        return begins in self.line or (len(form) >= MIN_PART_CHARS and f"{form} " in self.line)

    def _is_somebody_else(self, name: Mention) -> bool:
        """Whether the surname stands here only after names that the question does not have."""
        if not name.given or any(self._has(given, MIN_PART_CHARS) for given in name.given):
            return False
        before = [self.words[i - 1] if i else "" for i, word in enumerate(self.words) if word in name.forms]
        return bool(before) and all(self._is_other_name(word, name.given) for word in before)

    def _is_other_name(self, word: str, given: Sequence[str]) -> bool:
        if self.lang not in _OTHER or len(word) < MIN_GIVEN_CHARS or any(c.isdecimal() for c in word):
            return False
        alike = any(
            word[:MIN_GIVEN_CHARS] == name[:MIN_GIVEN_CHARS] or is_another_spelling(name, [word]) for name in given
        )
        return not alike and familiarity(word, self.lang, thorough=True) is Strength.UNKNOWN


def _mention(text: str, name: Name, lang: str) -> Mention:
    surface = text[name.start : name.end]
    forms = {form for word in name.deciding for form in _own_forms(word)} | name.forms
    if not name.is_acronym:
        forms |= {synonym for word in name.deciding for synonym in _synonyms(stem_line(word, lang), lang)}
    forms |= {synonym for form in name.forms for synonym in _names_of_place(form, name.forms)}
    forms.discard("")
    if name.forms:
        return Mention(surface, "name", frozenset(forms), is_place=True)
    given = tuple(" ".join(plain_words(word)) for word in name.given)
    return Mention(surface, "name", frozenset(forms), tuple(fold(word) for word in name.deciding), given)


def _own_forms(word: str) -> Iterator[str]:
    lines = [" ".join(plain_words(word)), *(stem_line(word, lang) for lang in _OTHER)]
    yield from lines
    if any(c.isdecimal() for c in word):  # F-35 is F35 too
        yield lines[0].replace(" ", "")


def _names_of_place(form: str, forms: frozenset[str]) -> Iterator[str]:
    """Translations of a place's form where they agree with CLDR: UK and Großbritannien, but not US and uns."""
    known = {word for line in forms for word in line.split()}
    for source, target in _OTHER.items():
        found = list(_translations(form, source, target, MIN_TRANSLATION))
        if known.intersection(found):
            yield from found


def _synonyms(stem: str, lang: str) -> Iterator[str]:
    """Translations of a stem, what they are called elsewhere, and words of `lang` that translate alike."""
    gazetteer = Gazetteer.of(_OTHER[lang])
    for translation, probability in Lexicon.between(lang, _OTHER[lang]).translations(stem):
        if probability >= MIN_TRANSLATION:
            yield translation
            yield from gazetteer.names.get(translation, gazetteer.acronyms.get(translation.upper(), ()))
            yield from _translations(translation, _OTHER[lang], lang, MIN_ROUND_TRIP / probability)


def _translations(stem: str, source: str, target: str, at_least: float = MIN_ROUND_TRIP) -> Iterator[str]:
    return (text for text, probability in Lexicon.between(source, target).translations(stem) if probability >= at_least)
