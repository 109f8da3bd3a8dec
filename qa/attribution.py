"""Where a text says that somebody speaks: the fixed places of German and English sentences that name a speaker.

A sentence comes masked: its quotations without their words, so that only what frames them is looked at. A form has a
beginning that tells that somebody speaks ("„…“, sagte"), and a whole that names who ("„…“, sagte Jens Weber").
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from qa.frames import DETERMINER, SAYING
from qa.types import Lang

OPEN, HIDDEN, CLOSE = "“", "·", "”"  # a masked quotation is an opening mark, as many dots as it takes, a closing mark

CAPITAL = r"(?:[A-ZÄÖÜÁÉÓØŞÇ](?:\.(?:[A-ZÄÖÜ]\.)*|[\w’'-]*\w)|al-[A-Z]\w+)"
_PARTICLE = r"(?:v[ao]n(?: de[rn]?)?|del?|d[aiu]|bin|ibn|el|al)"
_LINK = r"(?:[a-zäöüß]+e[nrs]|dem|die|für|vo[nm]|i[mn]|zur|und|of|the|for|and)"
_BRACKETS = r"(?: \([^()]*\))?"
_BEFORE_NOUN = {"de": r"(?:[a-zäöüß-]+e[nmrs]? )*", "en": r"(?:[a-z-]+(?:ist|er|or|man|ian) )?"}
_ORIGIN = {
    "de": r"(?: (?:von|vom|aus) [^,:;.!?“”]*)?",
    "en": rf"(?: (?:of|from) (?:the )?{CAPITAL}(?: (?:of|in|and|the|{CAPITAL}))*)?",
}
_PRONOUN = {"de": "er|sie|es|man", "en": "he|she|it|they"}

# Verbs of saying that a question does not use; German ones in two parts only with the part further on.
_SAYS = {
    "de": rf"(?:{SAYING['de'].pattern}|(?:beton|berichte|warn|kritisier|kommentier|versicher|behaupte|verkünde|urteil|"
    r"entgegne|beklag|argumentier|bestätig|erwider|erläuter|mahn|resümier|prophezei|folger)(?:t|te|ten)\b|"
    r"(?:sprach|antwortete|begründete|unterstrich|twitterte|bilanzierte)\b|"
    r"(?:teilte?n?|kündigte?n?|ga?i?b|räumte|fügte|wies|stellte|hob|gestand|fuhr)\b"
    r"(?=[^.:;“”]* (?:mit|an|bekannt|ein|hinzu|hin|fest|klar|hervor|fort)\b))",
    "en": rf"(?:{SAYING['en'].pattern}|(?:warn|insist|stat|argu|stress|declar|emphasi[sz]|admit|repli|reply|observ|"
    r"remark|recall|conced|conclud|assert)(?:t?e?d|s|es)\b)",
}
_SAID_LAST = r"(?:sagte|mitteilte|erklärte|berichtete|betonte|schrieb|meinte|angab|ankündigte|bekanntgab|bekannt gab)"
_HAS_SAID = r"(?:gesagt|erklärt|angekündigt|betont|mitgeteilt|berichtet|bestätigt|versichert|geschrieben)"
_TAKES_OBJECT = r"(?!kritisier|n[ae]nn|h[ai]e?lt)"  # so that a second name after it may not be the speaker's
_ACCORDING = r"(?i:laut|gemäß|nach (?:Angaben?|Aussagen?|Worten|Ansicht|Meinung|Darstellung)(?: von|(?= de[sr] ))) "

_STARTS = rf"(?:^|(?<=[.!?{CLOSE}] )|(?<=– ))"
_AFTER_QUOTE = rf"(?:(?<={CLOSE} )|(?<={CLOSE}, )|(?<={CLOSE}))(?:[-–] )?"
_AFTER_COMMA = rf"(?<!{CLOSE}, )(?<=, )"
_CLAUSE = rf"(?:{_AFTER_QUOTE}|{_AFTER_COMMA})"
_NO_CONJUNCTION = (
    r"(?!(?:After|Before|When|While|Although|Though|Because|If|Since|As|Once|Until|Unless|Whether|Where|Yesterday|"
    r"Today|One|Some|Many|Both|Two|But|And|However|Nachdem|Bevor|Als|Wenn|Weil|Während|Obwohl|Seit|Ob|Dass|Da|Gegenüber|Laut)\b)"
)
_WHEN_OR_WHERE = {
    "de": r"(?:Am|Im|In|Bei|Beim|Nach|Vor|Auf|Zu|Zum|Zur|Gegenüber|So|Dazu|Dabei|Dagegen|Außerdem|Zudem|Auch|Später|"
    r"Zuvor|Heute|Gestern|Zugleich|Anschließend)\b[^,:;“”]{0,90}? ",
    "en": r"(?:In|On|At|During|Speaking|Earlier|Later|Today|Yesterday)\b[^,.:;“”]{0,60}, ",
}
_ADVERB = (
    r"(?: (?:am|im|in|beim?|nach|vor|gegenüber|auf|zu[mr]?|während|über|mit|aus|an|heute|gestern|Anfang|Mitte|Ende|"
    r"weiter|dazu|jedoch|aber|zudem|außerdem|auch|dabei|ferner|später|anschließend|daraufhin|wörtlich|schon|bereits|"
    r"zugleich|dem|der|den|sich|es|on|at|during|after|also|to|later|this)\b[^,:;“”]{0,90})?"
)
_APPOSITION = r"(?:, [^,:;“”]*,)?"
_WORDS_FOLLOW = {
    "de": rf"(?:{_ADVERB}(?:: ?|,? ?{OPEN}|, (?!nachdem|als |während|weil|obwohl|bevor|wobei|um ))|"
    rf"[^.!?:;“”]{{0,120}}: ?{OPEN}|:$)",
    "en": rf"(?:{_ADVERB}(?:: ?|,? ?{OPEN}|,? that )|:$)",
}
_ENDS = r"(?=[.,;:!?]|$| [a-zäöüß])"
_LAST = r"(?! (?:den|die|das|eine?n?) )(?=[^,:;.“”]{0,120}(?:[.!?]|$))"
_NO_COLON = r"(?![^.!?“”]*:)"
_JOINED_BY = (
    "while|whereas|but|and|although|though|because|as|after|where|während|aber|und|sowie|zumal|obwohl|nachdem|weil"
)
_JOINED = {
    lang: re.compile(rf"(?:\b(?i:{_JOINED_BY})\b|;)[^.;:“”|]{{0,80}}?\b(?:{says}|reported\b)")
    for lang, says in _SAYS.items()
}


class Form(NamedTuple):
    """One way to name a speaker, in the groups ``apposed`` or ``plain``; ``article`` stands before the latter."""

    start: re.Pattern[str]
    whole: re.Pattern[str]


def _phrase(lang: Lang) -> str:
    """A noun phrase that names a person: "der Sprecher der Partei, Jens Weber", or "Parteisprecher Jens Weber"."""
    determiner, before = rf"(?i:{DETERMINER[lang]})", _BEFORE_NOUN[lang]
    run = rf"{CAPITAL}(?: (?:{_PARTICLE} )?{CAPITAL})*"
    role = rf"{determiner} {before}{CAPITAL}(?: (?:{_LINK}|{CAPITAL}))*{_BRACKETS}"
    apposed = rf"{role}, (?P<apposed>{run}){_BRACKETS}(?=[,.;:!?]|$),?"
    plain = rf"(?:(?P<article>{determiner}) )?{before}(?P<plain>{run}){_BRACKETS}"
    return rf"(?:{apposed}|{plain})(?! (?:und|and|sowie|oder|or|&) | {CAPITAL})(?![\w’'-])"


def _form(lang: Lang, start: str, after: str, *, tells: bool = False) -> Form:
    """`start`, a phrase, `after`; where `start` alone `tells` that somebody speaks, a missing name leaves a doubt."""
    whole = rf"{start}{_phrase(lang)}{after}"
    return Form(re.compile(start if tells else whole), re.compile(whole))


def _german() -> Iterator[Form]:
    says, origin = _SAYS["de"], _ORIGIN["de"]
    somebody = rf"(?=[A-ZÄÖÜ]|(?:{_PRONOUN['de']}|{DETERMINER['de']})\b){_NO_COLON}"
    yield _form("de", rf"{_AFTER_QUOTE}(?:so )?{says} {somebody}", origin + _ENDS, tells=True)
    yield _form("de", rf"{_AFTER_COMMA}{says} {somebody}", rf"{origin}{_LAST}(?![^“”]* (?:ab|zu|auf)[.,])", tells=True)
    so = rf"{_CLAUSE}so (?=[A-ZÄÖÜ]|{DETERMINER['de']} )"
    yield _form("de", so, rf"{origin}(?=[.;]|$| (?:weiter|wörtlich|gegenüber|am|in|im|zu)\b)", tells=True)
    yield _form("de", rf"\b{_ACCORDING}", "", tells=True)
    yield _form("de", r"\b", r" zufolge\b")
    yield _form("de", rf"{_CLAUSE}hat(?:te)? ", rf"{origin}[^,:;“”]{{0,90}} {_HAS_SAID}(?=[.,])")
    yield _form("de", r"\b[Ww]ie ", rf"{origin}[^,:;“”]{{0,60}} {_SAID_LAST}(?=[,.])")
    inverted = rf"{_STARTS}{_WHEN_OR_WHERE['de']}{_TAKES_OBJECT}{says} "
    yield _form("de", inverted, origin + _WORDS_FOLLOW["de"])
    perfect = rf"hat(?:te)?\b[^,:;“”]{{0,90}} {_HAS_SAID}(?:: ?{OPEN}|:$|, )"
    said = rf"{origin}{_APPOSITION} (?:{says}{_WORDS_FOLLOW['de']}|{perfect})"
    yield _form("de", _STARTS + _NO_CONJUNCTION, said)


def _english() -> Iterator[Form]:
    says, origin = _SAYS["en"], _ORIGIN["en"]
    somebody = rf"(?=[A-ZÄÖÜ]|(?:{_PRONOUN['en']}|{DETERMINER['en']})\b)"
    yield _form("en", rf"{_AFTER_QUOTE}{says} {somebody}", origin + _ENDS, tells=True)
    yield _form("en", rf"{_AFTER_COMMA}(?:said|says|added|explained|warned) {somebody}", origin + _LAST, tells=True)
    yield _form("en", r"\b(?i:according to) ", rf"{origin}(?=[.,;]|$)", tells=True)
    also = r" (?:also |later |then )?"
    said = rf"(?:sa(?:id|ys) |{says}{_WORDS_FOLLOW['en']}|told [^.:;“”]*?(?:that|,|:))"
    first = rf"{_STARTS}{_NO_CONJUNCTION}(?:{_WHEN_OR_WHERE['en']})?"
    yield _form("en", first, rf"{origin}{_APPOSITION}{also}{said}")
    yield _form("en", _CLAUSE, rf"{origin}{_APPOSITION}{also}{says}(?=[.,:]|$| (?:on|in|at|during|after) )")
    yield _form("en", _CLAUSE + rf"(?=(?:{_PRONOUN['en']}) {says}(?:[.,]|$))", "", tells=True)


FORMS: dict[str, tuple[Form, ...]] = {"de": tuple(_german()), "en": tuple(_english())}


def attributions(masked: str, lang: Lang) -> list[re.Match[str]]:
    """Where a masked text says that somebody speaks, without groups where it does not name who."""
    return [
        form.whole.match(masked, match.start()) or match
        for form in FORMS[lang]
        for match in form.start.finditer(masked)
    ]


def others_speak(masked: str, attribution: re.Match[str], lang: Lang) -> bool:
    """Whether somebody speaks in a part of the text that is joined to the attribution: "..., while Weber said no"."""
    hidden = "|" * (attribution.end() - attribution.start())
    rest = masked[: attribution.start()] + hidden + masked[attribution.end() :]
    return _JOINED[lang].search(rest) is not None


def named(attribution: re.Match[str]) -> str:
    """The words with capitals that name the speaker, titles included; "" where the attribution does not name one."""
    groups = attribution.groupdict()
    return groups.get("apposed") or groups.get("plain") or ""


def has_article(attribution: re.Match[str]) -> bool:
    """Whether an article stands before the words that name the speaker."""
    return attribution.groupdict().get("article") is not None
