"""Who said what: reports put together from sentences that were really said, with the questions that ask for one.

The sentences are from speeches in the Bundestag (German) and from the debates in the parallel text (English); the
frames around them, "„...“, sagte X.", are ours, and so is who says an English sentence. A report has a headline of
telling words, two to four speakers and sentences that nobody says. What follows a quotation without naming its speaker
belongs to that speaker. Some questions ask for a speaker who is not there: nothing answers them.
"""

from __future__ import annotations

import random
import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from index.sentences import sentences
from index.types import Span
from train.encoder.data import Speech
from train.reader.tasks import WINDOW_CHARS, Task, Window

SPEAKERS = (2, 4)
MIN_CHARS, MAX_CHARS = 40, 230  # of a sentence that is quoted
GOES_ON = 0.35  # share of the quotations that the speaker's next sentence follows
MIN_DEBATES = 3  # that have a word: rarer ones are misspellings and other accidents
MAX_PARTY_CHARS = 8  # longer names are not put before a speaker's
UNSAID = 0.3  # chance of a sentence that nobody says, before each quotation
ABSENT = 0.2  # share of the questions that ask for somebody who is not there
BY_HEADLINE = 0.5  # share of the questions that name the headline rather than words of the sentence
_HONOURS = re.compile(r"^(?:(?:Dr|Prof|h\. ?c)\.\s*)+|\s*\(.*?\)|,.*$")
_ROLE = re.compile(r",\s*(?:Parl\.\s*)?(\w+)")
_PARTY = re.compile(r"\(([^)]+)\)$")
_TELLING = {"de": re.compile(r"(?<!^)(?<![.!?:„“] )\b[A-ZÄÖÜ][a-zäöüß]{4,}\b"), "en": re.compile(r"\b[a-z]{6,}\b")}

NAMED = {
    "de": (
        "„{said}“, sagte {who}.", "{who} sagte: „{said}“", "„{said}“, so {who}.", "{who} erklärte: „{said}“",
        "{who}: „{said}“", "{who} betonte, {said}", "Nach Angaben von {who} gilt: {said}",
        "„{said}“, kritisierte {who}.", "{who} sprach von „{part}“.", "{who} forderte: {said}", "Laut {who} „{part}“",
        "{who} zufolge {said}",
    ),
    "en": (
        "“{said},” said {who}.", "{who} said: “{said}”", "“{said},” {who} told reporters.", "{who} argued that {said}",
        "{who}: “{said}”", "According to {who}, {said}", "{who} spoke of “{part}”.", "“{said},” {who} says.",
        "{who} insisted: {said}", "{who} warned that {said}",
    ),
}  # fmt: skip
GOING_ON = {
    "de": ("„{said}“, hieß es weiter.", "Weiter hieß es: „{said}“", "„{said}“", "Zudem gelte: {said}", "{said}"),
    "en": ("“{said},” the statement went on.", "“{said}”", "In the same speech: “{said}”", "{said}"),
}
ASKED = {
    "de": (
        "Was sagte {who} zum Thema „{what}“?", "Was sagte {who} zu {what}?", "Was hat {who} über {what} gesagt?",
        "Wie äußerte sich {who} zu {what}?", "Was meint {who} zu {what}?", "{who} zu {what}",
    ),
    "en": (
        "What did {who} say about {what}?", "What did {who} say on the topic “{what}”?", "{who} on {what}?",
        "What does {who} think about {what}?", "What was {who}'s statement on {what}?",
    ),
}  # fmt: skip


class Speaker(NamedTuple):
    """Somebody who says something; role and party are German, and empty where they are not known."""

    name: str
    role: str
    party: str

    @classmethod
    def of(cls, described: str) -> Speaker:
        """From the way that the plenary protocol describes a speaker."""
        role, party = _ROLE.search(described), _PARTY.search(described)
        return cls(_HONOURS.sub("", described).strip(), role[1] if role else "", party[1] if party else "")

    def mentions(self, lang: str) -> list[str]:
        """The ways in which a text names the speaker."""
        last = self.name.rsplit(" ", maxsplit=1)[-1]
        ways = [self.name, self.name, last]
        if 0 < len(self.party) <= MAX_PARTY_CHARS:
            member = f"{self.party}-Politiker {self.name}" if lang == "de" else f"{self.party} politician {self.name}"
            ways += [f"{self.name} ({self.party})", member]
        if self.role:
            ways += [f"{self.role} {last}", f"{self.role} {self.name}"] if lang == "de" else [f"Minister {last}"]
        return ways


class Debate(NamedTuple):
    """What several people said about one thing, sentence by sentence."""

    lang: str
    said: tuple[tuple[Speaker, tuple[str, ...]], ...]


@dataclass(frozen=True, slots=True)
class Telling:
    """How many debates have a word, by language: rare words tell what something is about."""

    counts: Mapping[str, Counter[str]]

    @classmethod
    def of(cls, debates: Sequence[Debate]) -> Telling:
        """Counted over all of them."""
        counts: dict[str, Counter[str]] = {lang: Counter() for lang in _TELLING}
        for debate in debates:
            text = " ".join(sentence for _, own in debate.said for sentence in own)
            counts[debate.lang].update(set(_TELLING[debate.lang].findall(text)))
        return cls(counts)

    def words(self, text: str, lang: str, count: int) -> list[str]:
        """The rarest words of `text`, in their order."""
        found = {word for word in _TELLING[lang].findall(text) if self.counts[lang][word] >= MIN_DEBATES}
        rarest = sorted(found, key=lambda word: (self.counts[lang][word], word))[:count]
        return sorted(rarest, key=text.index)


def german_debates(speeches: Sequence[Speech], draw: random.Random) -> list[Debate]:
    """Speeches that follow each other, of different speakers."""
    found, at = [], 0
    while at < len(speeches):
        wanted = draw.randint(*SPEAKERS)
        of_speaker: dict[Speaker, tuple[str, ...]] = {}
        for speech in speeches[at : at + wanted]:
            own = tuple(s for paragraph in speech.paragraphs for s in _quotable(paragraph, "de"))
            if own:
                of_speaker.setdefault(Speaker.of(speech.speaker), own)
        at += wanted
        if len(of_speaker) > 1:
            found.append(Debate("de", tuple(of_speaker.items())))
    return found


def english_debates(texts: Sequence[str], speakers: Sequence[Speaker], draw: random.Random) -> list[Debate]:
    """English sentences that follow each other, dealt out to speakers that never said them."""
    told = [sentence for text in texts for sentence in _quotable(text, "en")]
    found, at = [], 0
    while at < len(told):
        who = draw.sample(speakers, draw.randint(*SPEAKERS))
        each = draw.randint(2, 4)
        parts = [tuple(told[at + i * each : at + (i + 1) * each]) for i in range(len(who))]
        at += each * len(who)
        found.append(Debate("en", tuple((one, part) for one, part in zip(who, parts, strict=True) if part)))
    return [debate for debate in found if len(debate.said) > 1]


def from_debates(
    debates: Sequence[Debate], translate: Mapping[str, Callable[[str], str]], draw: random.Random
) -> Iterator[tuple[str, Task]]:
    """One task of each debate with the language of its question, which half the time is the other one.

    `translate` turns words of the language that it is named by into the other.
    """
    telling = Telling.of(debates)
    for debate in debates:
        if asked := _asked(debate, telling, draw):
            who, what, window = asked
            other = {"de": "en", "en": "de"}[debate.lang]
            lang = draw.choice([debate.lang, other])
            topic = what if lang == debate.lang else translate[debate.lang](what)
            mention = draw.choice(who.mentions(lang))
            question = draw.choice(ASKED[lang]).format(who=mention, what=topic)
            yield lang, Task(question, (window,), "quoted" if window.gold else "quoted by nobody")


def _asked(debate: Debate, telling: Telling, draw: random.Random) -> tuple[Speaker, str, Window] | None:
    """Who is asked for, what about, and the report; None where there are no words to ask with."""
    lines, lang = _report(debate, draw), debate.lang
    headline = telling.words(" ".join(text for text, _ in lines), lang, 3)
    present = [speaker for speaker, _ in debate.said if any(who == speaker for _, who in lines)]
    if not present or len(headline) < 2:  # noqa: PLR2004 - one word is no headline
        return None
    who = draw.choice(present)
    absent = draw.random() < ABSENT and len(present) > 1
    if absent:
        lines = [(text, speaker) for text, speaker in lines if speaker != who]
    gold = frozenset(i for i, (_, speaker) in enumerate(lines) if speaker == who)
    own = [text for text, speaker in lines if speaker == who] or [text for text, _ in lines]
    words = telling.words(draw.choice(own), lang, 2)
    what = " ".join(headline) if draw.random() < BY_HEADLINE or not words else " ".join(words)
    return who, what, Window(_headline(headline, lang, draw), tuple(text for text, _ in lines), gold)


def _report(debate: Debate, draw: random.Random) -> list[tuple[str, Speaker | None]]:
    """The report's sentences, each with who says it; as many as fit a window."""
    lines: list[tuple[str, Speaker | None]] = []
    for who, own in draw.sample(debate.said, len(debate.said)):
        if draw.random() < UNSAID:
            lines.append((draw.choice(draw.choice(debate.said)[1]), None))
        said = draw.choice(own)
        lines.append(
            (_framed(draw.choice(NAMED[debate.lang]), said, draw.choice(who.mentions(debate.lang)), draw), who)
        )
        following = [sentence for sentence in own if sentence != said]
        if following and draw.random() < GOES_ON:
            lines.append((_framed(draw.choice(GOING_ON[debate.lang]), draw.choice(following), "", draw), who))
    return _fitting(lines)


def _fitting(lines: list[tuple[str, Speaker | None]]) -> list[tuple[str, Speaker | None]]:
    length, kept = 0, []
    for text, who in lines:
        length += len(text)
        if length > WINDOW_CHARS:
            break
        kept.append((text, who))
    return kept


def _framed(frame: str, said: str, who: str, draw: random.Random) -> str:
    words = said.rstrip(" .!?").split()
    start = draw.randrange(max(1, len(words) - 4))
    part = " ".join(words[start : start + draw.randint(3, 7)])
    whole = frame.format(said=" ".join(words), part=part, who=who)
    return whole if whole[-1] in ".“”" else f"{whole}."


def _headline(words: Sequence[str], lang: str, draw: random.Random) -> str:
    both = " und " if lang == "de" else " and "
    return draw.choice([" ".join(words), both.join(words[:2]), f"{words[0]}: {both.join(words[1:])}"])


def _quotable(text: str, lang: str) -> list[str]:
    found = (text[start:end] for start, end in sentences(text, Span(0, len(text)), lang))
    return [sentence for sentence in found if MIN_CHARS <= len(sentence) <= MAX_CHARS and sentence[-1] in ".!"]
