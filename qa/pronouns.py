"""Pronouns of a follow-up that point outside it, and what they are replaced by: "What did he say about it?".

A pronoun that may point at something in the question itself is left alone, and so is one that points at nothing: "Is it
true that ...", "Gibt es ...", the polite "Sie". An object cannot be the subject of its own clause (Chomsky 1981,
principle B), so "him" in "What did Trump say about him?" is somebody else.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Literal, NamedTuple

from index.lexical import is_function_word
from qa.frames import AUXILIARY, LEAD, LOCATIVE, QUESTION_WORD, bare, is_said, names_in, noun_phrases
from qa.types import Lang

Kind = Literal["person", "people", "thing", "place"]

_BOUNDARY = {
    "en": re.compile(
        r",|\b(?:that|when|while|after|before|because|if|whether|since|although|and|but|who|which)\b", re.IGNORECASE
    ),
    "de": re.compile(r",|\b(?:und|aber|oder|dass|weil|wenn|als|ob)\b", re.IGNORECASE),
}
_BEFORE_MAIN_CLAUSE = re.compile(
    r"(?:when|while|after|before|because|if|since|although|as|als|nachdem|bevor|während|weil|wenn|obwohl|seit)\b",
    re.IGNORECASE,
)
_CLAUSE_FOLLOWS = {
    "en": re.compile(r"\b(?:that|to|whether|if|who|for)\b(?! ?[?.!]*$)", re.IGNORECASE),
    "de": re.compile(r", (?:dass|ob|wenn|wie|bis|warum|wer|was|wo|wann)\b|\bzu \w+n\b|\b\w+zu\w+en\b", re.IGNORECASE),
}
_EMPTY_IT = {
    "en": re.compile(r"\b(?:what time|how late|rain\w*|snow\w*|how (?:cold|hot|warm)|turns? out)\b", re.IGNORECASE),
    "de": re.compile(
        r"\b(?:g[ai]bt?|gäbe|gegeben|regnet\w*|schneit\w*|handelt\w* (?:es )?sich|heißt|hieß|wie spät)\b|"
        r"\bg(?:eht|ing) es (?:um|bei|darum)\b|\bk[ao]mm?t? es (?:zu|bei|dass)\b|^worum\b",
        re.IGNORECASE,
    ),
}
_POLITE = re.compile(
    r"\b(?:haben|hätten|können|könnten|wissen|kennen|finden|meinen|glauben|würden|denken) sie\b", re.IGNORECASE
)
_POLITE_FORM = re.compile(r"Sie|Ihnen|Ihr(?:e[nmrs]?)?")
_YOU = re.compile(r"\b(?:habt|seid|könnt|wisst|wollt|findet|meint) ihr\b", re.IGNORECASE)
_PREPOSITION = {
    "en": re.compile(
        r"\b(?:about|of|on|to|with|for|from|by|in|at|against|after|before|into|over|under|behind|without) $",
        re.IGNORECASE,
    ),
    "de": re.compile(
        r"\b(?:über|zu|von|mit|für|bei|nach|in|an|auf|aus|gegen|vor|hinter|um|ohne|durch|unter|zwischen|neben) $",
        re.IGNORECASE,
    ),
}
_NOUN_FOLLOWS = re.compile(r" (?:[a-zäöüß]+e[nmrs]? )*[A-ZÄÖÜ]")
_ENDS = r"(?=[\s?.!]*$|,)"
_VERB = rf"(?= \w+(?:{_ENDS}| (?:in|to|for|on|at|from|about)\b))"

_PERSON = {
    "en": r"he|she|him|her|his|hers",
    "de": r"er|ihn|ihm|sie|ihr(?:e[nmrs]?)?|sein(?:e[nmrs]?)?",
}
_PEOPLE = {"en": r"they|them|their", "de": r"ihnen"}
_COMPOUND = re.compile("dar?(zu|über|von|an|auf|für|gegen|mit|durch|in|aus)", re.IGNORECASE)
_THING = {
    "en": rf"its?|(?:this|that)(?:{_ENDS}|{_VERB})",
    "de": rf"es|dies{_ENDS}|das(?={_ENDS}| (?-i:[a-zäöüß]+)[\s?.!]*$| (?:nicht|auch|denn|genau|alles|eigentlich)\b)|"
    r"das(?= für (?:\w+ )?(?-i:[A-ZÄÖÜ])\w*[\s?.!]*$)|"
    rf"{_COMPOUND.pattern}(?!,? (?:dass|ob|wie|wenn|hinaus)\b)(?!\s?,)",
}
_PLACE = {"en": rf"there(?={_ENDS}|(?! (?:{AUXILIARY}|an?|any|some|no)\b))", "de": r"dort(?:hin)?"}
_OBJECT = re.compile(r"him|hers?|them|ihn|ihm|ihnen|it|this|that|das|dies|" + _COMPOUND.pattern, re.IGNORECASE)
_POSSESSIVE = re.compile(r"his|its|their|her|sein(?:e[nmrs]?)?|ihr(?:e[nmrs]?)?", re.IGNORECASE)
_NOMINATIVE = {"er": "der", "ihn": "den", "ihm": "dem", "sie": "die", "ihr": "der", "es": "das", "ihnen": "den"}
_GENDER = {  # articles that a noun may have for a pronoun to point at it
    "er": "der|den|dem|ein|einen|einem|zum|vom|im|am|beim",
    "sie": "die|der|eine|einer|zur|den",
    "es": "das|dem|ein|einem|zum|vom|im|am|beim|ins",
}


class Pronoun(NamedTuple):
    """A pronoun where it stands, as it is written, and the kind of thing that it points at."""

    start: int
    end: int
    word: str
    kind: Kind
    possessive: bool


def pronouns(text: str, lang: Lang) -> list[Pronoun]:
    """The first pronoun of each kind that points outside of `text`, in order."""
    found: dict[Kind, Pronoun] = {}
    for pronoun in _all(text, lang):
        if pronoun.kind not in found and not _is_empty(text, pronoun, lang) and not _points_inside(text, pronoun, lang):
            found[pronoun.kind] = pronoun
    return sorted(found.values())


def agrees(pronoun: Pronoun, phrase: str) -> bool:
    """Whether the German noun phrase has an article of the pronoun's gender."""
    articles = _GENDER.get({"ihn": "er", "ihm": "er", "ihr": "sie"}.get(pronoun.word.lower(), pronoun.word.lower()), "")
    return bool(articles and re.match(rf"(?:{articles}) ", phrase, re.IGNORECASE))


def in_place(pronoun: Pronoun, referent: str, lang: Lang) -> str:
    """`referent` as it stands in the place of the pronoun: "Hegseth’s" for "his", "der Hafen" for "er"."""
    if compound := _COMPOUND.fullmatch(pronoun.word):
        return f"{compound[1].lower()} {bare(referent, lang)}"
    if lang == "en":
        named = re.sub(r"^an? ", "the ", referent, flags=re.IGNORECASE)
        return f"{named}’s" if pronoun.possessive else named
    if pronoun.possessive:
        return f"{referent}’" if referent.endswith(("s", "x", "z", "ß")) else f"{referent}s"
    article = _NOMINATIVE.get(pronoun.word.lower(), "das")
    has_article = bare(referent, lang) != referent
    return f"{article} {bare(referent, lang)}" if has_article else referent


def _all(text: str, lang: Lang) -> Iterator[Pronoun]:
    by_kind: tuple[tuple[Kind, str], ...] = (
        ("person", _PERSON[lang]), ("people", _PEOPLE[lang]), ("thing", _THING[lang]), ("place", _PLACE[lang]),
    )  # fmt: skip
    for kind, words in by_kind:
        for match in re.finditer(rf"\b(?:{words})(?!\w)", text, re.IGNORECASE):
            yield _pronoun(text, match, kind, lang)


def _pronoun(text: str, match: re.Match[str], kind: Kind, lang: Lang) -> Pronoun:
    word = match.group()
    follows = text[match.end() :]
    possessive = bool(_POSSESSIVE.fullmatch(word)) and bool(
        re.match(rf" (?!{AUXILIARY}\b)(?!(?:about|on|of|to|in|at|for|with|and|when|after|before)\b)\w", follows)
        if lang == "en"
        else _NOUN_FOLLOWS.match(follows)
    )
    if lang == "de" and word.lower() == "sie" and re.search(r"(?<!\w)\w+en $", text[: match.start()]):
        kind = "people"  # sagten sie
    return Pronoun(match.start(), match.end(), word, kind, possessive)


def _is_empty(text: str, pronoun: Pronoun, lang: Lang) -> bool:
    """Whether it only looks like a pronoun that points at something."""
    word, after = pronoun.word.lower(), text[pronoun.end :]
    if lang == "de" and pronoun.kind in {"person", "people"}:
        return _is_no_person(text, pronoun)
    if word in {"it", "es"}:
        return bool(_EMPTY_IT[lang].search(text) or _CLAUSE_FOLLOWS[lang].search(after))
    if _COMPOUND.fullmatch(word):
        return bool(_CLAUSE_FOLLOWS[lang].search(after))
    if word in {"this", "that"}:
        return after.strip(" ?.!") != "" and not re.search(rf"\b{AUXILIARY} $", text[: pronoun.start], re.IGNORECASE)
    if word == "there":
        is_subject = re.search(rf"\b(?:{AUXILIARY}|been|be) $", text[: pronoun.start])
        return bool(is_subject and (re.match(r" \w", after) or _candidates(text[: is_subject.start()], pronoun, lang)))
    return word == "das" and text[: pronoun.start].endswith(", ")


def _is_no_person(text: str, pronoun: Pronoun) -> bool:
    around = text[max(0, pronoun.start - 12) : pronoun.end]
    if _POLITE_FORM.fullmatch(pronoun.word):  # one at the beginning of a sentence may be that too
        return True
    if re.match("sein", pronoun.word) and not pronoun.possessive:
        return True
    if text.islower() and _POLITE.search(around):
        return True
    return not pronoun.possessive and bool(_YOU.search(around))


def _points_inside(text: str, pronoun: Pronoun, lang: Lang) -> bool:
    """Whether something that it may point at stands before it, or in the main clause after its own."""
    before, after = text[: pronoun.start], text[pronoun.end :]
    if pronoun.kind == "place":
        return bool(re.search(rf"\b{LOCATIVE[lang]} (?:\w+ )?[A-ZÄÖÜ]", before))
    if _BEFORE_MAIN_CLAUSE.match(text) and "," in after and names_in(after, lang):
        return True
    asked = "" if pronoun.possessive else r"(?: [\w-]+){0,2}?"
    verb = AUXILIARY if lang == "en" else r"(?-i:[a-zäöüß]+)"
    if re.fullmatch(rf"{LEAD}{QUESTION_WORD[lang]}{asked} {verb} ", before, re.IGNORECASE):
        return False
    candidates = _candidates(before, pronoun, lang)
    if not candidates:
        return False
    return not _is_object(text, pronoun, lang) or bool(_BOUNDARY[lang].search(before, min(candidates)))


def _candidates(before: str, pronoun: Pronoun, lang: Lang) -> list[int]:
    """Where names and nouns begin that stand before a pronoun and that it may point at."""
    if lang == "de":
        return [match.start() for match in re.finditer(r"(?<=\w )(?!Sie\b|Ihr|Ihnen\b)[A-ZÄÖÜ]\w", before)]
    if pronoun.kind == "person" and pronoun.possessive:
        capitals = re.finditer(r"(?<=\w )[A-Z]\w", before)
        asked = re.match(rf"{LEAD}(?:which|what) (?!{AUXILIARY}\b)\w", before, re.IGNORECASE)
        starts = [*(match.start() for match in capitals), *(one.start for one in noun_phrases(before, lang))]
        return [*starts, 0] if asked else starts
    after_question_word = re.match(rf"{LEAD}(?:{QUESTION_WORD[lang]}\b)?", before, re.IGNORECASE)
    start = after_question_word.end() if after_question_word else 0
    words = re.compile(r"[\w’'-]+").finditer(before, start)
    return [word.start() for word in words if not _is_grammar(word.group())]


def _is_grammar(word: str) -> bool:
    return is_function_word(word, "en") or re.fullmatch(AUXILIARY, word, re.IGNORECASE) is not None


def _is_object(text: str, pronoun: Pronoun, lang: Lang) -> bool:
    """Whether it is an object of its clause, or of a verb of saying with a preposition, so that no subject is meant."""
    if pronoun.possessive or not _OBJECT.fullmatch(pronoun.word):
        return False
    if _PREPOSITION[lang].search(text[: pronoun.start]):
        return is_said(text, lang)
    return pronoun.word.lower() != "it" or not text[pronoun.end :].strip(" ?.!")
