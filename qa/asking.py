"""A statement turned into a question by its first part: "Am 3. Mai starb Koch in Rom." is "Wann starb Koch in Rom?".

In German the verb stands second, so whatever stands first can make room for a question word. In English this holds of
the subject ("39 people died" is "How many people died?"), and of "was" and "is" with a date or a place. A sentence of
another form gives no question; nothing is guessed, and no word but the first is changed.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from typing import NamedTuple

from index.lexical import is_function_word
from qa.naming import find_names
from qa.numerals import CARDINALS
from qa.types import Lang

MIN_WORDS, MAX_CHARS = 5, 150  # of a question that somebody would ask
_CAPITAL = r"[A-ZÄÖÜ][\w’'-]*\w"
_YEAR = r"[12]\d{3}"
_TENS = "twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety"
_MORE_NUMBERS = {
    "de": "zwanzig|dreißig|hundert",
    "en": f"(?:thir|four|fif|six|seven|eigh|nine)teen|(?:{_TENS})(?:-[a-z]+)?",
}
_LARGE = {"de": "Millionen|Milliarden", "en": "thousand|million|billion"}
_ABOUT = {
    "de": "Rund|Etwa|Über|Mehr als|Mindestens|Fast|Knapp|Insgesamt|Ungefähr|Bis zu",
    "en": "About|Around|At least|Over|More than|Nearly|Almost|Some|Up to|A total of",
}
# A verb by its form; -es, -er and -em are adjectives'.
_VERB = {
    "de": re.compile(r"(?!\w+(?:[^i]es|er|em)\b)[a-zäöüß]{2,}(?:t|te|ten|en|[bdfgklmnprsßz])\b"),
    "en": re.compile(
        r"(?:[a-z]{2,}ed|was|were|is|are|has|have|had|will|won|became|took|made|gave|led|left|lost|met|held|found|"
        r"began|ran|set|put|sent|spent|fell|flew|drove|shot|beat|broke|brought|built|bought|chose|came|drew|wrote|"
        r"told|went|kept|paid|rose|sank|sold|spoke|stood|struck|taught|threw|wore|hit|cut|cost)\b"
    ),
}
_AUXILIARY_DE = re.compile(
    r"(?:wird|werden|wurden?|war(?:en)?|ist|sind|hat(?:ten?)?|haben|kann|konnten?|soll(?:en|ten?)?|will|wollen|wollten?|"
    r"muss(?:ten?)?|müssen|darf|durften?|gibt)"
)
# Lower-case words that may stand where a German verb does, and are none, or whose subject is no "wer".
_NO_VERB_DE = re.compile(
    r"(?:gegen|kurz|rund|etwa|nahe|(?:nach|vor)?mittags?|(?:vor|nach)mittags?|morgens?|abends?|nachts?|nacht|sowie|"
    r"vergangene[nrs]|letzte[nrs]?|spät\w*|früh\w*|wenige|ausgerechnet|erstmals|bereits|schon|fast|allerdings|jedoch|"
    r"hingegen|unterdessen|dagegen|inzwischen|mindestens|unweit|\w*östlich|\w*westlich|südlich|nördlich|mitten|"
    r"einschließlich|zufolge|entlang|hinaus|herum|gemäß|selbst|alleine?|insgesamt|ebenfalls|außerdem|alias|wegen|trotz|"
    r"entsprechend|droht\w*|gelang\w*|fehlt\w*|gefällt|gefiel|kein\w*)"
)
# What points at something outside the sentence, or goes on with something.
_POINTS = re.compile(
    r"\b(?:er|sie|es|ihm|ihn|ihnen|ihre?[nmrs]?|seine?[nmrs]?|diese[nmrs]?|solche[nmrs]?|dort|hier|damals|dabei|dazu|"
    r"daraufhin|dadurch|danach|davon|dafür|dagegen|damit|daran|darauf|jedoch|auch|ebenfalls|gestern|heute|morgen|zuvor|"
    r"allerdings|unterdessen|dann|hinzu|indes|indessen|zunächst|seitdem|man|sogar|wiederum|zudem|außerdem|so|beiden?|weitere[nrs]?|"
    r"andere[nrs]?|wir|uns|ich|he|she|it|him|her|hers|his|its|they|them|their|this|these|those|there|here|also|both|"
    r"however|then|yesterday|today|tomorrow|another|other|others|such|we|us|our|i|my|you|your)\b",
    re.IGNORECASE,
)
_COMMA = r"(?<!\d),(?! \d)"  # not of a date
_COMPLEX = re.compile(rf"[„“”»«\"()\[\];:–—…?!]|{_COMMA}.*{_COMMA}|(?<!\d)\.\s|\n")
_PARTICIPLE_EN = (
    r"(?:(?:[a-z]+ly|first|last) )?(?:[a-z]{2,}ed|born|held|made|set|shot|found|sent|built|sold|won|lost|met|paid|put|"
    r"brought|bought|caught|taught|struck|hit|cut|led|[a-z]{2,}(?:ken|wn|zen|ven|tten|sen))\b"
)
_PLAIN_EN = r"(?!(?:but|until|or|who|which|that|from|and)\b)[^,\s]+"
_WHEN_DE = {"Am": "Wann", "Im": "Wann", "Seit": "Seit wann", "Ab": "Ab wann"}


class Asked(NamedTuple):
    """A question and its question word, as `evals/README.md` tags it."""

    text: str
    kind: str


def questions_of(sentence: str, lang: Lang) -> Iterator[Asked]:
    """The questions that a sentence answers, as far as its form tells; they stand alone and name something."""
    if not sentence.endswith(".") or _COMPLEX.search(sentence[:-1]):
        return
    statement = sentence[:-1]
    for asked in _german(statement) if lang == "de" else _english(statement):
        if _stands_alone(asked.text, lang):
            yield asked


class _Grammar(NamedTuple):
    """The beginnings of statements, and in English whole ones."""

    when: re.Pattern[str]
    dated: re.Pattern[str]
    where: re.Pattern[str]
    how_many: re.Pattern[str]

    @classmethod
    @cache
    def of(cls, lang: Lang) -> _Grammar:
        date, amount = _date(lang), rf"(?:(?:{_ABOUT[lang]}) )?(?i:{_amount(lang)})"
        if lang == "de":
            return cls(
                re.compile(rf"(?P<word>Am|Im|Seit|Ab)(?: dem)? {date} "),
                re.compile("(?!)"),
                re.compile(rf"In (?P<place>{_CAPITAL}(?: {_CAPITAL})?) "),
                re.compile(rf"{amount} (?P<what>(?:[a-zäöüß]+e )?[A-ZÄÖÜ][a-zäöüß-]+[enrs]) "),
            )
        subject = rf"(?P<subject>(?:The (?:[a-z]+ )*)?(?!The ){_CAPITAL}(?: (?:[a-z]+|{_CAPITAL})){{0,7}}?)"
        clause = rf"{subject} (?P<be>was|were|is|are|will be) (?P<rest>{_PARTICIPLE_EN}(?: {_PLAIN_EN})*?)"
        return cls(
            re.compile(rf"{clause} (?:on|in) {date}(?P<more>(?: [^,]*)?)$"),
            re.compile(rf"(?:On|In) {date}, {clause}(?P<more>)$"),
            re.compile(rf"{clause} in (?P<place>{_CAPITAL}(?:,? {_CAPITAL})*)(?P<more>)$"),
            re.compile(rf"{amount} (?P<what>(?:[a-z]+ ){{1,3}}?)(?={_VERB['en'].pattern})"),
        )


def _german(statement: str) -> Iterator[Asked]:
    grammar = _Grammar.of("de")
    if (match := grammar.when.match(statement)) and _verb_follows(statement, match.end()):
        yield Asked(f"{_WHEN_DE[match['word']]} {statement[match.end() :]}?", "when")
    match = grammar.where.match(statement)
    if match and _verb_follows(statement, match.end()) and _is_place(match["place"], "de"):
        yield Asked(f"Wo {statement[match.end() :]}?", "where")
    match = grammar.how_many.match(statement)
    if match and _verb_follows(statement, match.end()) and find_names(statement[match.end() :], "de"):
        yield Asked(f"Wie viele {match['what']} {statement[match.end() :]}?", "how-much")
    end = _person(statement, "de")
    if end and _verb_follows(statement, end + 1):
        yield Asked(f"Wer{statement[end:]}?", "who")


def _english(statement: str) -> Iterator[Asked]:
    grammar = _Grammar.of("en")
    if match := grammar.how_many.match(statement):
        yield Asked(f"How many {statement[match.start('what') :]}?", "how-much")
    if match := grammar.dated.match(statement) or grammar.when.match(statement):
        yield Asked(_inverted("When", match), "when")
    elif (match := grammar.where.match(statement)) and _is_place(match["place"], "en"):
        yield Asked(_inverted("Where", match), "where")
    end = _person(statement, "en")
    if end and _VERB["en"].match(statement, end + 1):
        yield Asked(f"Who{statement[end:]}?", "who")


def _inverted(word: str, match: re.Match[str]) -> str:
    """The verb before its subject: "When was the Bundestag dissolved?"."""
    auxiliary, _, be = match["be"].partition(" ")
    subject = re.sub("^The ", "the ", match["subject"])
    return f"{' '.join(filter(None, (word, auxiliary, subject, be, match['rest'])))}{match['more']}?"


def _verb_follows(statement: str, at: int) -> bool:
    """Whether the word at `at` is a German finite verb, as far as its form and closed classes tell."""
    word = re.compile(r"\S*").match(statement, at)
    text = word.group() if word else ""
    if _AUXILIARY_DE.fullmatch(text):
        return True
    return bool(_VERB["de"].fullmatch(text)) and not (_NO_VERB_DE.fullmatch(text) or is_function_word(text, "de"))


def _person(statement: str, lang: Lang) -> int:
    """Where the name of a person ends that the statement begins with, titles included; 0 without one."""
    for name in find_names(statement, lang)[:2]:
        words = statement[: name.end].split()
        begins = all(word[0].isupper() and word[-1] != "," for word in words) and not is_function_word(words[0], lang)
        several = len(statement[name.start : name.end].split()) > 1
        if begins and not (name.forms or name.is_acronym) and (name.given or (lang == "en" and several)):
            return name.end
    return 0


def _is_place(text: str, lang: Lang) -> bool:
    return any(name.forms and not name.is_acronym for name in find_names(f"in {text}", lang))


def _stands_alone(question: str, lang: Lang) -> bool:
    """Whether a question is of a length that somebody asks, points at nothing outside, and names something."""
    if len(question) > MAX_CHARS or len(question.split()) < MIN_WORDS or _POINTS.search(question):
        return False
    return bool(find_names(question, lang))


def _amount(lang: Lang) -> str:
    words = "|".join(CARDINALS[lang].split()[2:])
    return rf"(?:\d+(?:[.,]\d+)*|{words}|{_MORE_NUMBERS[lang]})(?: (?:{_LARGE[lang]}))?"


def _date(lang: Lang) -> str:
    """A date as it stands after its preposition: a day, a month or a year, in German a weekday too."""
    from babel import Locale

    locale = Locale(lang)
    month = f"(?:{'|'.join(locale.months['format']['wide'].values())})"
    if lang == "en":
        return rf"(?:{month} \d{{1,2}}(?:, {_YEAR})?|\d{{1,2}} {month}(?: {_YEAR})?|{month} {_YEAR}|{_YEAR})"
    weekday = f"(?:{'|'.join(locale.days['format']['wide'].values())})"
    day = rf"(?:{weekday}, (?:dem|den) )?\d{{1,2}}\. {month}(?: {_YEAR})?"
    return rf"(?:(?:Jahre? )?{_YEAR}|{day}|{month}(?: {_YEAR})?|{weekday})"
