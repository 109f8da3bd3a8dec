"""Follow-up questions: what the conversation before says is carried into the query, without a language model.

A question that stands alone is left exactly as it is; to carry something into it would be the worst error. Otherwise
pronouns are replaced by the names and phrases that they point at (`qa.pronouns`), and a fragment is completed from the
question before (`qa.elliptic`). Where neither reads well, the words carried follow in brackets. The query that results
is one that a person can read and correct.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from index.language import detect, detect_question
from index.lexical import is_function_word
from qa.elliptic import Fragment, completed, fragment
from qa.frames import LEAD, LOCATIVE, QUESTION_WORD, SAYING, Frame, Topic, bare, frame, is_said, names_in
from qa.pronouns import Pronoun, agrees, in_place, pronouns
from qa.settings import MAX_QUESTION_CHARS
from qa.types import Lang

MAX_TURNS = 3
MAX_SHORT_WORDS = 5  # of a question whose language its grammatical words tell better than letters do
_LANGS: tuple[Lang, Lang] = ("de", "en")
_MARKS = " \t\n?!.…"
_DID = re.compile(r"\b(?:do|does|did|done|tat|tut|macht|machte)(?: \w+)? $", re.IGNORECASE)
_TRUE = re.compile(r" (?:true|right|correct|so|wahr|richtig)\b", re.IGNORECASE)
_MORE: dict[Lang, str] = {
    "de": "da(?:zu|rüber|von|mit|ran|rauf)|dort|sonst|genau|nicht|dann",
    "en": "else|exactly|then|not|now",
}
_THAT = frozenset({"that", "this", "das", "dies"})
_SAID_THAT = re.compile(r"\bsay $|\bsa(?:id|gt|gte)(?: \w+)+ $|\bsaid $", re.IGNORECASE)


class Turn(NamedTuple):
    """An earlier turn: its question as it was put, and the cited sentences."""

    question: str
    quotes: tuple[str, ...] = ()


class Followed(NamedTuple):
    """The query that is really asked, its language, and what was carried into it; nothing is if it stands alone."""

    text: str
    carried: tuple[str, ...]
    lang: Lang


class _Referent(NamedTuple):
    text: str
    lang: Lang
    is_name: bool


def follow(question: str, turns: Sequence[Turn], lang: Lang | None = None) -> Followed:
    """`question` as it is to be asked after `turns`, the oldest first, of which the last three count."""
    lang = lang or language(question)
    alone = Followed(question, (), lang)
    recent = [turn for turn in turns[-MAX_TURNS:] if turn.question.strip()]
    if not recent:
        return alone
    part = fragment(question, lang)
    made = _completed(question, part, recent, lang) if part else _replaced(question, recent, lang)
    return made if len(made.text) <= MAX_QUESTION_CHARS else alone


def language(question: str) -> Lang:
    """The language of a question, also of one that is as short as "Und wann?"."""
    words = re.findall(r"\w+", question.lower())
    if len(words) <= MAX_SHORT_WORDS:
        de, en = (sum(_is_grammar(word, lang) for word in words) for lang in _LANGS)
        if de != en:
            return "de" if de > en else "en"
    return detect_question(question)


def _is_grammar(word: str, lang: Lang) -> bool:
    return is_function_word(word, lang) or re.fullmatch(f"{QUESTION_WORD[lang]}|{_MORE[lang]}", word) is not None


def _frame(turn: Turn) -> Frame:
    return frame(re.sub(rf"^{LEAD}", "", turn.question.strip(), flags=re.IGNORECASE), language(turn.question))


def _completed(question: str, part: Fragment, turns: Sequence[Turn], lang: Lang) -> Followed:
    before, answered = _frame(turns[-1]), next(_answered(turns[-1]), "")
    what = _replaced(part.what, turns, lang)
    whole = completed(part._replace(what=what.text), lang, before, answered)
    if whole and (put := tuple(dict.fromkeys((*what.carried, *whole.carried)))):
        return Followed(f"{whole.text}?", put, whole.lang)
    without = (one.text for one in before.persons if part.kind == "else")
    return _noted(question, before.content(without=[question, *without]), lang)


def _noted(question: str, words: Sequence[str], lang: Lang) -> Followed:
    """The question with words in brackets before its mark."""
    carried = tuple(dict.fromkeys(words))
    if not carried:
        return Followed(question, (), lang)
    end = len(question.rstrip(_MARKS))
    return Followed(f"{question[:end]} ({', '.join(carried)}){question[end:].strip() or '?'}", carried, lang)


def _replaced(question: str, turns: Sequence[Turn], lang: Lang) -> Followed:
    """The question with each pronoun replaced, or what it points at noted where it cannot stand in its place."""
    text, carried, notes = question, list[str](), list[str]()
    for pronoun in reversed(pronouns(question, lang)):
        referent = _referent(question, pronoun, turns, lang)
        if referent is None:
            continue
        if put := _in_place(question, pronoun, referent, _frame(turns[-1]), lang):
            text = text[: pronoun.start] + put + text[pronoun.end :]
            carried.insert(0, referent.text)
        else:
            notes += _noting(question, pronoun, referent, _frame(turns[-1]))
    noted = _noted(text, notes, lang)
    return noted._replace(carried=(*carried, *noted.carried))


def _in_place(question: str, pronoun: Pronoun, referent: _Referent, before: Frame, lang: Lang) -> str:
    """What stands in the pronoun's place; "" where only a note reads well."""
    word, topic = pronoun.word.lower(), _same_topic(referent, before, lang)
    if topic and word in _THAT and _SAID_THAT.search(question[: pronoun.start]):
        return f"{pronoun.word} {topic.preposition} {topic.what}"
    if topic and word in {"dazu", "darüber"} and topic.preposition.lower() in {"zu", "zum", "zur", "über"}:
        return f"{topic.preposition} {topic.what}"
    if _is_all_said(question, pronoun) or (pronoun.possessive and lang == "de" and not referent.is_name):
        return ""
    if referent.lang != lang and not referent.is_name:
        return ""
    text = referent.text if referent.lang == lang else bare(referent.text, referent.lang)
    put = in_place(pronoun, text, lang)
    return put[:1].upper() + put[1:] if pronoun.start == 0 else put


def _same_topic(referent: _Referent, before: Frame, lang: Lang) -> Topic | None:
    """The topic of the question before, if the pronoun points at it and it is in the language of the follow-up."""
    return before.topic if before.topic and before.lang == lang and before.topic.what == referent.text else None


def _is_all_said(question: str, pronoun: Pronoun) -> bool:
    """Whether it points at all that was said or happened, not at a thing: "Is that true?", "Why did they do it?"."""
    before, after = question[: pronoun.start], question[pronoun.end :]
    word = pronoun.word.lower()
    if word in {"it", "es"}:
        return bool(_TRUE.match(after) or (_DID.search(before) and not after.strip(_MARKS)))
    return word in _THAT and not re.search(
        r"\b(?:about|of|on|to|with|for|from|by|after|before) $", before, re.IGNORECASE
    )


def _noting(question: str, pronoun: Pronoun, referent: _Referent, before: Frame) -> tuple[str, ...]:
    """What is noted in brackets for a pronoun: what it points at, or all that the question before is about."""
    if _is_all_said(question, pronoun):
        return before.content(without=[question])
    return (bare(referent.text, referent.lang),)


def _referent(question: str, pronoun: Pronoun, turns: Sequence[Turn], lang: Lang) -> _Referent | None:
    """What the pronoun points at: the most salient of the latest turn that has such a thing."""
    of_kind = {"person": _persons, "people": _people, "thing": _things, "place": _places}[pronoun.kind]
    own = set(re.findall(r"\w+", question.lower()))
    for turn in reversed(turns):
        for referent in of_kind(question, pronoun, turn, lang):
            if not own.issuperset(re.findall(r"\w+", referent.text.lower())[-1:]):
                return referent
    return None


def _persons(question: str, pronoun: Pronoun, turn: Turn, lang: Lang) -> Iterator[_Referent]:
    """Persons of the question, who it was answered with if it asked that, things of the pronoun's gender, speakers."""
    before = _frame(turn)
    answered = [_Referent(name, before.lang, is_name=True) for name in _answered(turn)]
    yield from answered if before.asks_who else ()
    yield from (_Referent(one.text, before.lang, is_name=True) for one in before.persons)
    is_german = lang == before.lang == "de"
    if before.role and (not is_german or agrees(pronoun, before.role)):
        yield _phrase(before.role, before)
    if lang == "de" and not is_said(question, lang):
        yield from (_phrase(text, before) for text in before.things if not is_german or agrees(pronoun, text))
    yield from answered


def _people(question: str, pronoun: Pronoun, turn: Turn, lang: Lang) -> Iterator[_Referent]:
    before = _frame(turn)
    pair = re.sub(" (?:and|und) ", " and " if lang == "en" else " und ", before.pair)
    yield _Referent(pair, before.lang, is_name=True)
    yield from _things(question, pronoun, turn, lang)
    names = (*(one.text for one in before.persons), *_answered(turn))
    yield from (_Referent(name, before.lang, is_name=True) for name in names)


def _things(_question: str, pronoun: Pronoun, turn: Turn, lang: Lang) -> Iterator[_Referent]:
    before = _frame(turn)
    if pronoun.word.lower() == "es" and before.lang == lang:
        yield from (_phrase(one.text, before) for one in before.phrases if agrees(pronoun, one.text))
        return
    yield _phrase(before.thing, before)


def _places(_question: str, _pronoun: Pronoun, turn: Turn, lang: Lang) -> Iterator[_Referent]:
    before = _frame(turn)
    if before.asked and re.fullmatch("where|wo|wohin|where to", before.asked.word, re.IGNORECASE):
        yield from (_Referent(f"in {name}", lang, is_name=True) for name in _places_cited(turn.quotes))
    is_own = before.lang == lang
    place = before.place if is_own else re.sub(rf"^{LOCATIVE[before.lang]}(?: the| de[rmn])?", "in", before.place)
    yield _Referent(place, lang, is_name=True)
    yield from (_Referent(f"in {name}", lang, is_name=True) for name in _places_cited(turn.quotes))


def _places_cited(quotes: Sequence[str]) -> Iterator[str]:
    for quote, lang in _cited(quotes):
        for name in names_in(quote, lang):
            if not name.is_person and re.search(r"\b(?:in|to|at|from|nach|aus|bei|im) $", quote[: name.start]):
                yield name.text


def _answered(turn: Turn) -> Iterator[str]:
    """The persons that a turn's cited sentences name and its question does not."""
    yield from (name for name in _speakers(turn.quotes) if name not in turn.question)


def _speakers(quotes: Sequence[str]) -> Iterator[str]:
    """The persons that cited sentences name, of each sentence first who stands nearest to a verb of saying."""
    for quote, lang in _cited(quotes):
        persons = [name for name in names_in(quote, lang) if name.is_person]
        said = SAYING[lang].search(quote)
        if said:
            persons.sort(key=lambda name: max(name.start - said.end(), said.start() - name.end))
        yield from (name.text for name in persons)


def _cited(quotes: Sequence[str]) -> Iterator[tuple[str, Lang]]:
    yield from ((quote, "de" if detect(quote) == "de" else "en") for quote in quotes)


def _phrase(text: str, before: Frame) -> _Referent:
    return _Referent(text, before.lang, bare(text, before.lang) in {one.text for one in before.names})
