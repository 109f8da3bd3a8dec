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

# Verbs of saying that a question does not use; German ones in two parts only with their part further on.
_PARTS = {
    "teilte?n?": "mit",
    "kündigte?n?": "an",
    "gab": "an|bekannt",
    "räumte": "ein",
    "fügte": "an|hinzu",
    "wies": "hin",
    "stellte": "fest|klar",
    "hob": "hervor",
    "gestand": "ein",
    "fuhr": "fort",
}
_IN_PARTS = "|".join(rf"{verb}\b(?=[^.:;“”]* (?:{part})\b)" for verb, part in _PARTS.items())
_SAYS = {
    "de": rf"(?:{SAYING['de'].pattern}|(?:beton|berichte|warn|kritisier|kommentier|versicher|behaupte|verkünde|urteil|"
    r"entgegne|beklag|argumentier|bestätig|erwider|erläuter|mahn|resümier|prophezei|folger)(?:t|te|ten)\b|"
    rf"(?:sprach|antwortete|begründete|unterstrich|twitterte|bilanzierte)\b|{_IN_PARTS})",
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
    r"Today|One|Some|Many|Both|Two|But|And|However|Even|Only|Perhaps|Maybe|Meanwhile|Then|Nachdem|Bevor|Als|Wenn|"
    r"Weil|Während|Obwohl|Seit|Ob|Dass|Da|Gegenüber|Laut)\b)"
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
_ENDS = {  # in English a noun may follow a name that is not the speaker's: "said Trump lawyer Rudy Giuliani"
    "de": r"(?=[.,;:!?]|$| [a-zäöüß])",
    "en": r"(?=[.,;:!?]|$| (?:on|in|at|to|of|from|during|after|before|about|as|via|per|by|with|when|while|who|last|"
    r"this|earlier|later|today|yesterday)\b)",
}
_NO_LIST = rf"(?!(?:, {CAPITAL}(?: {CAPITAL})*)+,? (?:und|and|sowie|&) |,? (?:as well|along|together) )"
_SUBJECT = {  # what may stand before and at the beginning of one who speaks: no plural verb, no oblique article
    "de": r"(?<!ten )(?<!ieben )(?<!\bgaben )(?<!sprachen )(?!(?i:dem|den|einem|einen) )",
    "en": "",
}
_LAST = r"(?! (?:den|die|das|eine?n?) )(?=[^,:;.“”]{0,120}(?:[.!?]|$))"
_NO_COLON = r"(?![^.!?“”]*:)"
_JOINED_BY = (
    "while|whereas|but|and|although|though|because|as|after|where|während|aber|und|sowie|zumal|obwohl|nachdem|weil"
)
_JOINED = {
    lang: re.compile(
        rf"(?:\b(?i:{_JOINED_BY})\b|;)[^.;:“”|]{{0,80}}?\b(?:{says}|reported\b)|, (?:{CAPITAL} ){{1,2}}{says}"
    )
    for lang, says in _SAYS.items()
}
_ANSWERS = {  # verbs that make no attribution, so that a quotation in it may be somebody else's
    "de": r"(?:rief|ruft|schrie|fragte|fragt|antwortete|entgegnete|erwiderte|konterte|scherzte|flüsterte|wiederholte)",
    "en": r"(?:(?:answer|repl[iy]|ask|cr[iy]|shout|yell|counter|retort|respond|whisper|repeat|report|tweet)"
    r"(?:e?d|e?s|ing)?|joked|noted)",
}
_QUOTES = r"\b(?:quot(?:es|ed|ing)|citing|zitier\w+)\b"
_WORDS = rf"{OPEN}[^{CLOSE}]*{CLOSE}"
_BESIDE = {  # a second speaker beside a quotation, with such a verb or without any: "..., Hegseth: “No”"
    lang: re.compile(
        rf"\b(?:{CAPITAL}|{_PRONOUN[lang]}) (?:to )?(?:{_WORDS},? )?{verbs}\b|"
        rf"\b{verbs} (?:{CAPITAL}|{_PRONOUN[lang]})\b|"
        rf"[,;] (?:(?:und|and|but|aber) )?{CAPITAL}(?: {CAPITAL})?:? {OPEN}|"
        rf"{CLOSE}, {CAPITAL}(?: {CAPITAL})?\.|{_QUOTES}"
    )
    for lang, verbs in _ANSWERS.items()
}
_ACCORDING_TO = re.compile(rf"{_ACCORDING}|.* zufolge$")


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
    return rf"(?:{apposed}|{plain})(?! (?:und|and|sowie|oder|or|&) | {CAPITAL})(?![\w’'-]){_NO_LIST}"


def _form(lang: Lang, start: str, after: str, *, tells: bool = False, oblique: bool = False) -> Form:
    """`start`, a phrase, `after`; where `start` alone `tells` that somebody speaks, a missing name leaves a doubt."""
    whole = rf"{start}{'' if oblique else _SUBJECT[lang]}{_phrase(lang)}{after}"
    return Form(re.compile(start if tells else whole), re.compile(whole))


def _german() -> Iterator[Form]:
    says, origin = _SAYS["de"], _ORIGIN["de"]
    somebody = rf"(?:(?:auch|dann|noch|später) )?(?=[A-ZÄÖÜ]|(?:{_PRONOUN['de']}|{DETERMINER['de']})\b){_NO_COLON}"
    yield _form("de", rf"{_AFTER_QUOTE}(?:so )?{says} {somebody}", origin + _ENDS["de"], tells=True)
    yield _form("de", rf"{_AFTER_COMMA}{says} {somebody}", rf"{origin}{_LAST}(?![^“”]* (?:ab|zu|auf)[.,])", tells=True)
    so = rf"{_CLAUSE}so (?=[A-ZÄÖÜ]|{DETERMINER['de']} )"
    yield _form("de", so, rf"{origin}(?=[.;]|$| (?:weiter|wörtlich|gegenüber|am|in|im|zu)\b)", tells=True)
    yield _form("de", rf"\b{_ACCORDING}", "", tells=True, oblique=True)
    yield _form("de", r"\b", r" zufolge\b", oblique=True)
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
    ends = origin + _ENDS["en"]
    yield _form("en", rf"{_AFTER_QUOTE}{says} {somebody}", ends, tells=True)
    yield _form("en", rf"{_AFTER_COMMA}(?:said|says|added|explained|warned) {somebody}", ends + _LAST, tells=True)
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
    """Whether somebody else speaks beside the attribution: "..., while Weber said no", "Laut Weber sagte Koch"."""
    hidden = "|" * (attribution.end() - attribution.start())
    rest = masked[: attribution.start()] + hidden + masked[attribution.end() :]
    if _JOINED[lang].search(rest) or (OPEN in masked and _BESIDE[lang].search(rest)):
        return True
    return bool(_ACCORDING_TO.match(attribution.group()) and re.search(rf"\b{_SAYS[lang]}", rest))


def named(attribution: re.Match[str]) -> str:
    """The words with capitals that name the speaker, titles included; "" where the attribution does not name one."""
    groups = attribution.groupdict()
    return groups.get("apposed") or groups.get("plain") or ""


def has_article(attribution: re.Match[str]) -> bool:
    """Whether an article stands before the words that name the speaker."""
    return attribution.groupdict().get("article") is not None
