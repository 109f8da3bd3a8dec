"""Follow-ups that are less than a question: "And what about Ukraine?", "Und Selenskyj?", "Why?", "Wer noch?".

They are completed from the question before: a phrase takes the place of the one that it is parallel to, a question word
that of the question word.
"""

from __future__ import annotations

import re
from typing import Literal, NamedTuple

from index.lexical import is_function_word
from qa.frames import (
    AUXILIARY,
    DETERMINER,
    GERMAN_PHRASE,
    LEAD,
    QUESTION_WORD,
    Asked,
    Frame,
    Named,
    Topic,
    bare,
    names_in,
)
from qa.types import Lang

MAX_PHRASE_WORDS = 8
MAX_BARE_WORDS = 4

_WHAT_ABOUT = (
    r"(?:was (?:ist|war|wird)(?: denn| eigentlich)? mit|wie (?:steht|sieht) es(?: denn| eigentlich)? (?:mit|um|bei))"
)
_Kind = Literal["about", "else", "question word", "noted", "prepositional", "phrase"]
_PREPOSITIONS = {
    "en": "about|regarding|concerning|on|in|at|for|from|to|with|by|under|during|after|before|since",
    "de": "zu|zum|zur|über|in|im|am|an|auf|für|mit|bei|beim|nach|vor|von|vom|aus|gegen|seit|unter|ohne",
}
_ABOUT_PREPOSITIONS = {"about", "regarding", "concerning", "on", "zu", "zum", "zur", "über"}
_EMPHASIS = r"(?: (?:exactly|precisely|then|so|that|now|genau|denn|eigentlich|das|dann|jetzt))*"
# Kinds of fragments and how they look, the first that fits counts; `what` has to be a phrase of at most so many words.
_SHAPES: dict[Lang, tuple[tuple[_Kind, str, int], ...]] = {
    "en": (
        ("about", r"(?:(?:what|how) about|what of) (?P<what>.+)", MAX_PHRASE_WORDS),
        ("else", r"(?P<word>who|what|where) else", 0),
        ("question word", rf"(?P<word>{QUESTION_WORD['en']}){_EMPHASIS}", 0),
        ("noted", rf"why not|which ones?|how (?:many|much)(?: (?!{AUXILIARY}\b)[\w-]+){{1,2}}", 0),
        ("noted", r"(?<=and )(?:then|now|after that)", 0),
        ("prepositional", rf"(?P<word>{_PREPOSITIONS['en']}) (?P<what>.+)", MAX_BARE_WORDS),
        ("phrase", r"(?:(?<=and )|(?<=but )|(?<=or ))(?P<what>.+)", MAX_BARE_WORDS),
    ),
    "de": (
        ("about", rf"{_WHAT_ABOUT} (?P<what>.+?)(?: aus)?", MAX_PHRASE_WORDS),
        ("else", r"(?P<word>wer|was|wo) (?:noch|sonst|außerdem|sonst noch)", 0),
        ("question word", rf"(?P<word>{QUESTION_WORD['de']}){_EMPHASIS}", 0),
        ("noted", r"(?:warum|wieso|weshalb) nicht|(?:wie ?viele?|welche[nmrs]?) (?-i:[A-ZÄÖÜ])[\w-]+", 0),
        ("noted", r"(?<=und )(?:dann|jetzt|danach)", 0),
        ("prepositional", rf"(?P<word>{_PREPOSITIONS['de']}) (?P<what>.+)", MAX_BARE_WORDS),
        ("phrase", r"(?:(?<=und )|(?<=aber )|(?<=oder ))(?P<what>.+)", MAX_BARE_WORDS),
    ),
}
# The question words of one language in the other; a closed class.
_PAIRS = (
    ("warum", "why"), ("weshalb", "why"), ("wieso", "why"), ("wann", "when"), ("wo", "where"), ("wohin", "where to"),
    ("woher", "where from"), ("wie", "how"), ("wie lange", "how long"), ("wie oft", "how often"),
    ("seit wann", "since when"), ("bis wann", "until when"),
    ("mit wem", "with whom"), ("von wem", "by whom"), ("wer", "who"), ("was", "what"),
)  # fmt: skip
_TRANSLATED = {"de": {en: de for de, en in reversed(_PAIRS)}, "en": dict(_PAIRS)}
_NOMINAL = re.compile(r"(?:what|whom?|which|was|we[rnm]|welche[nmrs]?)$", re.IGNORECASE)
_COUNTED = re.compile(r"(?:how (?:many|much)|wie ?viele?)$", re.IGNORECASE)
_PASSIVE = {
    "en": re.compile(r" (?:is|are|was|were|has been|have been)(?= \w+(?:ed|en|wn)\b)", re.IGNORECASE),
    "de": re.compile(
        r" (?:wird|werden|wurden?|ist|sind)\b(?=.* (?:ge|ver|be|ent|er|zer)\w+(?:t|en)[?.!]*$)", re.IGNORECASE
    ),
}
_SAYS = {
    "en": ("What did {who} say about {what}", "Who else said something about {what}"),
    "de": ("Was sagte {who} zu {what}", "Wer noch sagte etwas zu {what}"),
}
_MID_SENTENCE = {"en": "what about", "de": "was ist mit"}


class Fragment(NamedTuple):
    """What a follow-up has: a question word, or a phrase with its preposition, "" where it has none."""

    kind: _Kind
    word: str
    what: str


class Completed(NamedTuple):
    """A whole question, without its mark, what of it comes from the question before, and its language."""

    text: str
    carried: tuple[str, ...]
    lang: Lang


def fragment(text: str, lang: Lang) -> Fragment | None:
    """What a follow-up that is no whole question has; None for a whole one."""
    shown = " ".join(text.rstrip(" \t\n?!.…").split())
    for kind, shape, most in _SHAPES[lang]:
        if match := re.fullmatch(f"{LEAD}(?:{shape})", shown, re.IGNORECASE):
            named = match.groupdict()
            part = Fragment(kind, named.get("word", ""), named.get("what", ""))
            return part if not part.what or _is_phrase(part.what, lang, most) else None
    return None


def completed(part: Fragment, lang: Lang, before: Frame, answered: str) -> Completed | None:
    """`part` completed from the question `before`, answered with the name `answered`; None if it cannot be."""
    if part.kind == "question word":
        word = part.word if lang == before.lang else _TRANSLATED[before.lang].get(part.word.lower(), "")
        return _complete(_asked_anew(word, before, answered), before, before.lang, more=(answered,))
    if part.kind in {"else", "noted"}:
        return _somebody_else(part, lang, before) if part.kind == "else" else None
    if lang != before.lang:
        return _in_other_language(part, lang, before)
    return _complete(_exchanged(part, before), before, lang, part.what)


def _complete(text: str, before: Frame, lang: Lang, own: str = "", more: tuple[str, ...] = ()) -> Completed | None:
    """`text` with what of it is from `before`, not from the follow-up's `own`, or is in `more`; None without text."""
    carried = tuple(word for word in (*before.content(without=[own]), *more) if word and word in text)
    return Completed(text[:1].upper() + text[1:], carried, lang) if text else None


def _is_phrase(text: str, lang: Lang, most: int) -> bool:
    """Whether a text may be a noun phrase and nothing more."""
    words = text.split()
    if len(words) > most or all(is_function_word(word, lang) for word in words):
        return False
    if "," in text or re.search(rf"\b{QUESTION_WORD[lang]}\b", text, re.IGNORECASE):
        return False
    if lang == "de" and any(c.isupper() for c in text):
        return bool(GERMAN_PHRASE.fullmatch(text))
    return not re.search(rf"\b(?:{AUXILIARY}|not|then|so|now|dann|nicht|jetzt|sonst|noch)\b", text, re.IGNORECASE)


def _plain(before: Frame) -> str:
    return re.sub(r"[\s?!.…]+$", "", before.text)


def _asked_anew(word: str, before: Frame, answered: str) -> str:
    """The question `before` with another question word."""
    text, asked = _plain(before), before.asked
    if not word or (_COUNTED.match(word) and not (asked and _COUNTED.match(asked.word))):
        return ""
    if asked is None:
        is_question = before.lang == "de" or re.match(rf"{AUXILIARY}\b", text, re.IGNORECASE)
        return f"{word} {text[:1].lower()}{text[1:]}" if is_question and not _NOMINAL.match(word) else ""
    if _NOMINAL.match(word) and not _NOMINAL.match(asked.word):
        return ""
    return word + (_rest_en if before.lang == "en" else _rest_de)(text, asked, before, answered)


def _rest_en(text: str, asked: Asked, before: Frame, answered: str) -> str:
    """What follows another English question word: "Who called?" is "why Trump called", "What did he say?" "that"."""
    rest = text[asked.end :]
    counted = asked.noun if _COUNTED.match(asked.word) else ""
    auxiliary = re.match(rf" {AUXILIARY}\b", rest, re.IGNORECASE)
    if auxiliary is None:
        subject = counted or answered
        return f" {subject}{rest}" if subject else rest
    if passive := _PASSIVE["en"].match(rest):
        return (
            f"{passive.group()} {counted or 'it'}{rest[passive.end() :]}"
            if _NOMINAL.match(asked.word) or counted
            else rest
        )
    is_copula = re.match(r" (?:is|are|was|were)\b", rest, re.IGNORECASE)
    if counted:
        return f"{rest} {counted}"
    return rest if is_copula or not _NOMINAL.match(asked.word) else _with_that(rest, text, before, "that")


def _rest_de(text: str, asked: Asked, before: Frame, answered: str) -> str:
    """As `_rest_en`; the verb stays second."""
    rest = text[asked.end :]
    counted = asked.noun if _COUNTED.match(asked.word) else ""
    verb = re.match(r" \w+", rest)
    if verb is None:
        return rest
    if subject := counted or (answered if before.asks_who else ""):
        return f"{verb.group()} {subject}{rest[verb.end() :]}"
    if not re.fullmatch("was|wen", asked.word, re.IGNORECASE):
        return rest
    if _PASSIVE["de"].match(rest):
        return f"{verb.group()} das{rest[verb.end() :]}"
    return _with_that(rest, text, before, "das")


def _with_that(rest: str, text: str, before: Frame, that: str) -> str:
    """`rest`, the end of `text`, with "that" before its topic, else where an object stands."""
    offset = len(text) - len(rest)
    at = before.topic.start - offset if before.topic else len(rest) + 1
    if before.topic is None and before.lang == "de":
        tail = re.search(r"(?: [a-zäöüß]+)+$", rest)
        at = tail.start() + 1 if tail and tail.start() else at
    return f"{rest[:at].rstrip()} {that} {rest[at:]}".rstrip()


def _somebody_else(part: Fragment, lang: Lang, before: Frame) -> Completed | None:
    same = lang == before.lang and before.asked is not None and part.word.lower() == before.asked.word.lower()
    if same and before.asked:
        spoken = f"{part.word} {'else' if lang == 'en' else 'noch'}"
        return _complete(spoken + _plain(before)[before.asked.end :], before, lang)
    topic = _topic_in(lang, before)
    if part.word.lower() in {"who", "wer"} and topic:
        return Completed(_SAYS[lang][1].format(what=topic), (topic,), lang)
    return None


def _topic_in(lang: Lang, before: Frame) -> str:
    """What the question before says is said about, as far as it can stand in a question in `lang`."""
    if before.topic is None:
        return ""
    what = bare(before.topic.what, before.lang)
    if lang == before.lang:
        return what if lang == "de" else before.topic.what
    return what if what in {one.text for one in before.names} else ""


def _in_other_language(part: Fragment, lang: Lang, before: Frame) -> Completed | None:
    """Only who said what about something can be said in the other language without translating words."""
    if before.topic is None or not before.persons:
        return None
    said, who, topic = _SAYS[lang][0], before.persons[0].text, _topic_in(lang, before)
    if part.kind == "phrase" and _is_person(part.what, lang):
        return Completed(said.format(who=part.what, what=topic), (topic,), lang) if topic else None
    if part.kind == "phrase":
        return Completed(said.format(who=who, what=bare(part.what, lang)), (who,), lang)
    if part.kind == "about":
        return Completed(said.format(who=who, what=part.what), (who,), lang)
    phrase = f"{part.word.lower()} {part.what}"
    if part.word.lower() in _ABOUT_PREPOSITIONS:
        return Completed(f"{said.format(who=who, what='').rsplit(' ', 2)[0]} {phrase}", (who,), lang)
    return Completed(f"{said.format(who=who, what=topic)} {phrase}", (who, topic), lang) if topic else None


def _exchanged(part: Fragment, before: Frame) -> str:
    """The question `before` with the phrase in the place of what it is parallel to; "" where nothing is."""
    text = _plain(before)
    if part.kind == "prepositional":
        return _with_prepositional(part, text, before)
    if part.kind == "phrase" and before.persons and _is_person(part.what, before.lang):
        return _put(text, before.persons[0], part.what)
    if before.topic:
        return _put(text, before.topic, _about(part, before))
    return _parallel(part, text, before)


def _put(text: str, place: Named | Topic, phrase: str) -> str:
    return text[: place.start] + phrase + text[place.end :]


def _named(phrase: str, lang: Lang) -> Named | None:
    """The name that a phrase is, but for its article; judged in mid-sentence, where capitals tell more."""
    if bare(phrase, lang) != phrase and phrase.islower():
        return None
    named = names_in(f"{_MID_SENTENCE[lang]} {phrase}", lang)
    return next((one for one in named if one.text == bare(phrase, lang)), None)


def _is_person(phrase: str, lang: Lang) -> bool:
    named = _named(phrase, lang)
    return named is not None and named.is_person


def _about(part: Fragment, before: Frame) -> str:
    """The topic's phrase with the new one in it; after "Was ist mit" that is a dative, as after "zu"."""
    preposition = before.topic.preposition if before.topic else ""
    if before.lang == "en":
        return f"{preposition} {part.what}"
    if part.kind == "about":
        keeps = preposition.lower() in {"von", "vom"}
        return f"{'von' if keeps else 'zu'} {part.what}"
    if preposition.lower() in {"über", "auf"}:
        return f"{preposition} {re.sub('^der ', 'den ', part.what, flags=re.IGNORECASE)}"
    return f"{'von' if preposition.lower() in {'von', 'vom'} else 'zu'} {bare(part.what, 'de')}"


def _with_prepositional(part: Fragment, text: str, before: Frame) -> str:
    phrase = f"{part.word.lower()} {part.what}"
    if before.topic and part.word.lower() in _ABOUT_PREPOSITIONS:
        return _put(text, before.topic, phrase)
    of_phrase = r"(?:the )?[\w-]+" if before.lang == "en" else GERMAN_PHRASE.pattern
    same = list(re.finditer(rf"\b(?i:{part.word}) {of_phrase}", text))
    if same:
        return text[: same[-1].start()] + phrase + text[same[-1].end() :]
    if (
        before.lang == "de"
        and (tail := re.search(r" ge\w+t$| \w+en$", text))
        and re.search(r"\b(?:hat|haben|wurden?|wird)\b", text)
    ):
        return f"{text[: tail.start()]} {phrase}{tail.group()}"
    return f"{text} {phrase}"


def _parallel(part: Fragment, text: str, before: Frame) -> str:
    """Without a topic: a name for a name of its kind, a noun for the first noun phrase."""
    if named := _named(part.what, before.lang):
        same = [one for one in before.names if one.is_person == named.is_person]
        return _put(text, same[-1], named.text) if same else ""
    if before.asks_who and before.asked and before.asked.noun:  # it may be parallel to what is asked for
        return ""
    if not before.phrases or not re.match(rf"{DETERMINER[before.lang]} ", part.what, re.IGNORECASE):
        return ""
    first = before.phrases[0]
    end = first.start + len(re.split(r" (?=of |in |at |on |from |von |in |des |der )", first.text)[0])
    return text[: first.start] + part.what + text[end:]
