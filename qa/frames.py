"""What an earlier question is made of: question word, persons, noun phrases, and the phrase for what is spoken about.

A shallow grammar of closed classes (articles, prepositions, auxiliaries), and `qa.naming` for names; no model. What
cannot be told is left out, since a follow-up without it is asked as it stands.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

from index.lexical import is_function_word, query_terms
from qa.naming import find_names
from qa.ordinary import Strength, familiarity
from qa.types import Lang

_CAPITAL, _LOWER = r"[A-ZÄÖÜ][\w’'-]*", r"[a-zäöüß][\w-]*"
DETERMINER = {
    "en": r"(?:the|an?|its|their|his|her)",
    "de": r"(?:d(?:er|ie|as|es|em|en)|eine?[nmrs]?|zum|zur|vom|[ia]m|beim|ins)",
}
AUXILIARY = (
    r"(?:do|does|did|is|are|was|were|has|have|had|will|would|can|could|shall|should|may|might|must|isn’t|"
    r"(?:do|does|did|is|are|was|were|has|have|had|would|could|should)n['’]t)"
)
_MAIN_VERB_FOLLOWS = re.compile(
    r"\b(?:do|does|did|will|would|can|could|shall|should|may|might|must)\s+$", re.IGNORECASE
)
_PARTICIPLE_FOLLOWS = re.compile(r"\b(?:is|are|was|were|has|have|had)\s+$", re.IGNORECASE)
_PARTICIPLE = re.compile(r"\w{2}(?:ed|ing|en|wn)$")
LOCATIVE = {"en": r"(?:in|at|near)", "de": r"(?:in|im|am|an|auf|bei|beim)"}
_NO_PERSON_AFTER = re.compile(
    r"\b(?i:in|at|near|of|from|to|im|am|an|auf|aus|nach|bei)(?: (?:the|de[rmn]|die|das))?(?: [A-ZÄÖÜ]\w*)* $"
)
# How a question says what is said about: the verbs of saying, and what their object is introduced with.
SAYING = {
    "en": re.compile(
        r"\b(?:sa(?:y|ys|id)|t(?:ell|ells|old)|wr(?:ite|ites|ote|itten)|th(?:ink|inks|ought)|ca(?:ll|lls|lled)|"
        r"(?:comment|claim|add|announc|explain|promis|react|respond)(?:e?s|e?d)?e?)\b",
        re.IGNORECASE,
    ),
    "de": re.compile(
        r"\b(?:(?:ge)?sag(?:t|te|ten|en|st)|schr(?:eib|ieb)(?:t|en)?|geschrieben|(?:ge)?mein(?:t|te|ten|en)|"
        r"erklär(?:t|te|ten|en)|nann?te|nennt|genannt|hält|hielt(?:en)?|halten|denk(?:t|en)|dachten?|"
        r"reagier(?:t|te|ten|en)|äußer(?:t|te|ten|n))\b",
        re.IGNORECASE,
    ),
}
_ABOUT = {
    "en": r"(?:about|regarding|concerning|(?<=think )of|(?<=say )(?:of|on)|(?<=comment )on|(?<=react )to)",
    "de": r"(?:über|zu|zum|zur|bezüglich|hinsichtlich)",
}
_ABOUT_AFTER = (  # German verbs with a preposition of their own
    (re.compile(r"\b(?:hält|hielt(?:en)?|halten)\b", re.IGNORECASE), "(?:von|vom)"),
    (re.compile(r"\breagier\w+", re.IGNORECASE), "auf"),
)
_ENGLISH_TOPIC = re.compile(
    rf"\b(?P<prep>{_ABOUT['en']}) (?P<what>(?=\W*[^\W\d])[^,?!]+?)(?=[\s?.!]*$|,| (?:when|after|before|while) )",
    re.IGNORECASE,
)
_GERMAN_NP = rf"(?:(?i:{DETERMINER['de']}) )?(?:[a-zäöüß]+(?:e|en|em|er|es) )*{_CAPITAL}(?: {_CAPITAL})*"
_GERMAN_EXTENSION = (
    r"(?: (?:des|der|von|vom|in|im|am|an|auf|für|zwischen|zu|zum|zur|nach|aus|mit|gegen|bei|beim|und)"
    rf"(?: (?:de[rmns]|die|das|eine[rmns]?))?(?: [a-zäöüß]+e[nmrs]?)* {_CAPITAL}(?: {_CAPITAL})*)*"
)
GERMAN_PHRASE = re.compile(_GERMAN_NP + _GERMAN_EXTENSION)
_GERMAN_TOPIC = rf"\b(?P<prep>(?i:PREPOSITION)) (?P<what>{GERMAN_PHRASE.pattern})"
_GERMAN_LOWER_TOPIC = r"\b(?P<prep>PREPOSITION) (?P<what>[^,?!]+?)(?= ge\w+t[\s?.!]*$|[\s?.!]*$)"
_OF_NAME = re.compile(rf" (?:of|in|at|from|to|on|between|with|for) (?:the )?{_CAPITAL}(?: {_CAPITAL}| and {_CAPITAL})*")
_OF_NOUN = re.compile(rf" of (?:the |an? )?{_LOWER}")
_LONE_CAPITAL = re.compile(rf"(?<= ){_CAPITAL}(?!\w)(?! [A-ZÄÖÜ])")
_NOUN_AFTER = re.compile(r"(?:\bd(?:er|ie|as|en|em|es)|[emr]) $")  # an article or an adjective
_SAYER = re.compile(rf"(?:{SAYING['de'].pattern}|\bhat) $", re.IGNORECASE)
_PAIR = re.compile(r" (?:and|und) ")

LEAD = r"(?:(?:and|but|or|so|also|then|okay|ok|well|und|aber|oder|also|ja|nun|gut),? )*"
QUESTION_WORD = {
    "en": r"(?:how (?:long|often|far|many|much|old|big|high|soon|come)|(?:since|until|by|from|with|to|for|in|at|on) "
    r"(?:whom|what|which|when|where)|why|when|where|whose|whom|who|what|which|how)",
    "de": r"(?:wie (?:lange|oft|weit|viele?|hoch|groß|teuer|alt|schnell|stark)|(?:seit|bis|ab|von|mit|für|an|auf|in|"
    r"bei|zu|nach|gegen|aus) (?:wann|wem|wen|welche[mnrs]?|wo)|warum|weshalb|wieso|wann|wohin|woher|"
    r"wo(?:zu|mit|durch|für|von|bei|gegen|nach|ran|rauf|raus|rin|rüber|rum|runter)|wo|wer|wen|wem|wessen|wieviel|"
    r"welche[mnrs]?|was|wie)",
}
_COUNTING = re.compile(
    r"(?:how (?:many|much)|which|whose|what|wie ?viele?|welche[mnrs]?|\w+ (?:which|what|welche[mnrs]?))$", re.IGNORECASE
)
_ASKED_NOUN = {
    "en": re.compile(
        rf"(?: (?!{AUXILIARY}\b){_LOWER}){{1,3}}?(?= {AUXILIARY}\b)|(?: (?!{AUXILIARY}\b){_LOWER})", re.IGNORECASE
    ),
    "de": re.compile(rf"(?: [a-zäöüß]+e[nmrs]?)*(?: {_CAPITAL})+"),
}


class Piece(NamedTuple):
    """Characters `start` to `end` of a question, and what they are."""

    start: int
    end: int
    text: str


class Named(NamedTuple):
    """A name where it stands, and whether it may be a person's: no place, no acronym, not after "in"."""

    start: int
    end: int
    text: str
    is_person: bool


class Topic(NamedTuple):
    """The phrase "about NATO" from `start` to `end`, with its preposition apart."""

    start: int
    end: int
    preposition: str
    what: str


class Asked(NamedTuple):
    """What a question asks for: its question word, the noun counted or chosen from, and where both end."""

    word: str
    noun: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Frame:
    """An earlier question taken apart; `asked` is None for one that asks for yes or no."""

    text: str
    lang: Lang
    asked: Asked | None
    names: tuple[Named, ...]
    phrases: tuple[Piece, ...]
    topic: Topic | None

    @property
    def persons(self) -> tuple[Named, ...]:
        """Names that may be of persons: who does or says something first, whom it is about after them."""
        start = self.topic.start if self.topic else len(self.text)
        return tuple(sorted((one for one in self.names if one.is_person), key=lambda one: one.start >= start))

    @property
    def pair(self) -> str:
        """Two persons or parties that are named together, as they stand: "Trump and Putin"; "" without them."""
        for one, other in zip(self.names, self.names[1:], strict=False):
            if _PAIR.fullmatch(self.text, one.end, other.start):
                return self.text[one.start : other.end]
        return ""

    @property
    def asks_who(self) -> bool:
        """Whether the answer, not the question, names who it is about: "Who opened it?", but not "Who did he call?"."""
        if self.asked is None or not re.fullmatch("who|wer|which|welche[mnrs]?", self.asked.word, re.IGNORECASE):
            return False
        return self.lang == "de" or not re.match(r" (?:do|does|did)\b", self.text[self.asked.end :], re.IGNORECASE)

    @property
    def thing(self) -> str:
        """What the question is about, if that is no person: its topic, else its first noun phrase or last name."""
        if self.topic:
            return self.topic.what
        if self.phrases:
            return self.phrases[0].text
        return next((one.text for one in reversed(self.names) if not one.is_person), "")

    @property
    def things(self) -> tuple[str, ...]:
        """The noun phrases; what the question is about, if that is known, apart from the phrase before it."""
        if self.topic is None:
            return tuple(one.text for one in self.phrases)
        start = self.topic.start
        before = (self.text[one.start : min(one.end, start)].rstrip() for one in self.phrases if one.start < start)
        return (*before, self.topic.what)

    @property
    def role(self) -> str:
        """Who says something, where no name but a noun phrase says it: "the mayor"; ""."""
        first = next(iter(self.things), "")
        is_topic = self.topic is not None and first == self.topic.what
        return first if is_said(self.text, self.lang) and not is_topic else ""

    @property
    def place(self) -> str:
        """The last phrase that says where, with its preposition; ""."""
        where = rf"\b{LOCATIVE[self.lang]} (?:(?:the|de[rmn]) )?(?:{_CAPITAL}(?: {_CAPITAL})*)"
        return next(reversed(re.findall(where, self.text)), "")

    def content(self, without: Sequence[str] = ()) -> tuple[str, ...]:
        """Names and the other words that say what the question is about, each once; none of `without`."""
        terms = [term.surface for term in query_terms(self.text, self.lang, self.lang)]
        empty = re.compile(rf"{SAYING[self.lang].pattern}|{QUESTION_WORD[self.lang]}", re.IGNORECASE)
        in_names = {word for one in self.names for word in re.findall(r"[\w-]+", one.text)}
        words = [*(one.text for one in self.names), *(t for t in terms if t not in in_names and not empty.fullmatch(t))]
        known = {word.lower() for text in without for word in re.findall(r"[\w-]+", text)}
        return tuple(dict.fromkeys(word for word in words if word.lower() not in known))


def is_said(text: str, lang: Lang) -> bool:
    """Whether a question asks what somebody said or thinks."""
    return SAYING[lang].search(text) is not None


def bare(phrase: str, lang: Lang) -> str:
    """A phrase without its article."""
    return re.sub(rf"^{DETERMINER[lang]} ", "", phrase, flags=re.IGNORECASE)


@lru_cache(maxsize=256)
def frame(text: str, lang: Lang) -> Frame:
    """The parts of a question."""
    asked = _asked(text, lang)
    return Frame(text, lang, asked, names_in(text, lang), noun_phrases(text, lang), _topic(text, lang))


def names_in(text: str, lang: Lang) -> tuple[Named, ...]:
    """The names of a text, in order."""
    found = [
        Named(
            name.start,
            name.end,
            text[name.start : name.end],
            _is_person(text, name.start, name.end, is_place=bool(name.forms)),
        )
        for name in find_names(text, lang)
    ]
    return tuple(sorted([*found, *(_known_names(text, found) if lang == "de" else ())]))


def _known_names(text: str, found: Sequence[Named]) -> Iterator[Named]:
    """German names that are words too, such as Kahl, after "sagte", or their own translation, such as Putin.

    `qa.naming` takes these for nouns, since it must not call a noun a name. None of these has an article.
    """
    said = is_said(text, "de")
    for match in _LONE_CAPITAL.finditer(text):
        start, end = match.span()
        if any(one.start < end and start < one.end for one in found):
            continue
        is_cognate = familiarity(match.group(), "de", thorough=True) is Strength.COGNATE
        if (said and _SAYER.search(text[:start])) or (is_cognate and not _NOUN_AFTER.search(text[:start])):
            yield Named(start, end, match.group(), _is_person(text, start, end, is_place=False))


def noun_phrases(text: str, lang: Lang) -> tuple[Piece, ...]:
    """The noun phrases that begin with an article, each with what belongs to it, in order."""
    found = re.finditer(rf"\b{DETERMINER[lang]} (?=\w)", text, re.IGNORECASE)
    pieces, upto = list[Piece](), 0
    for match in found:
        end = _english_end(text, match) if lang == "en" else _german_end(text, match)
        if match.start() >= upto and end > match.end():
            upto = end
            pieces.append(Piece(match.start(), end, text[match.start() : end]))
    return tuple(pieces)


def _is_person(text: str, start: int, end: int, *, is_place: bool) -> bool:
    name = text[start:end]
    if is_place or (name.isupper() and len(name) > 1) or any(c.isdecimal() for c in name):
        return False
    return not _NO_PERSON_AFTER.search(text[:start])


def _english_end(text: str, determiner: re.Match[str]) -> int:
    """Where the phrase ends that begins with `determiner`: before a grammatical word, or a verb that must follow."""
    ends = list(_content_words(text, determiner.end()))
    if not ends:
        return determiner.end()
    last = ends[-1]
    extended = _extended(text, last)
    if extended == last and len(ends) > 1 and _is_verb(text[: determiner.start()], text[ends[-2] : last].strip()):
        return ends[-2]
    return extended


def _content_words(text: str, at: int) -> Iterator[int]:
    """The ends of the words from `at` on that may be one noun phrase; it ends where a name follows a noun."""
    lower = False
    for word in re.compile(r"[\w’'-]+(?: |(?=\W|$))").finditer(text, at):
        found = word.group().strip()
        stops = is_function_word(found, "en") or bool(re.fullmatch(AUXILIARY, found, re.IGNORECASE))
        if word.start() != at or stops or (lower and found[0].isupper()):
            return
        lower = lower or found[0].islower()
        at = word.end()
        yield word.start() + len(found)


def _is_verb(before: str, word: str) -> bool:
    return bool(_MAIN_VERB_FOLLOWS.search(before) or (_PARTICIPLE_FOLLOWS.search(before) and _PARTICIPLE.search(word)))


def _extended(text: str, end: int) -> int:
    while match := _OF_NAME.match(text, end) or _OF_NOUN.match(text, end):
        end = match.end()
    return end


def _german_end(text: str, determiner: re.Match[str]) -> int:
    match = GERMAN_PHRASE.match(text, determiner.start())
    return match.end() if match else determiner.end()


def _topic(text: str, lang: Lang) -> Topic | None:
    if not is_said(text, lang):
        return None
    match = _ENGLISH_TOPIC.search(text) if lang == "en" else _german_topic(text)
    return Topic(match.start(), match.end("what"), match["prep"], match["what"]) if match else None


def _german_topic(text: str) -> re.Match[str] | None:
    preposition = next((after for verb, after in _ABOUT_AFTER if verb.search(text)), _ABOUT["de"])
    cased = any(c.isupper() for c in text[1:])
    pattern = _GERMAN_TOPIC if cased else _GERMAN_LOWER_TOPIC
    return re.search(pattern.replace("PREPOSITION", preposition), text)


def _asked(text: str, lang: Lang) -> Asked | None:
    match = re.match(rf"{LEAD}(?P<word>{QUESTION_WORD[lang]})\b", text, re.IGNORECASE)
    if match is None:
        return None
    noun = _ASKED_NOUN[lang].match(text, match.end()) if _COUNTING.match(match["word"]) else None
    end = noun.end() if noun else match.end()
    return Asked(match["word"], noun.group().strip() if noun else "", match.start("word"), end)
