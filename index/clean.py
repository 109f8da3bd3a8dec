"""Lines that are not the story - channel plugs, share links, hashtags, service notes - marked, never deleted.

The rules are conservative: a plug that stays is a nuisance, a news sentence that goes is a lie. They read one line at a
time, in German and English; a line that none of them knows is story.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import NamedTuple

from index.types import Boilerplate

MAX_LINE_CHARS = 400

_LINE = re.compile(r"[^\n]+")
_BULLET = re.compile(r"^[\s\u200b\ufeff>*•►▶➡👉🔔-]+")

_URL = r"(?:https?://|www\.)\S+"
_HASHTAGS = re.compile(r"(?:#[^\W\d]\w*[\s,]*)+")
_ENDS_IN_URL = re.compile(rf"(?P<label>.*?)\s*[:→>-]?\s*<?{_URL}>?")
_SMALL = "der die das den dem des auf bei im in zu zum zur von vom und unser unsere the a of on at to our and for via"
_SMALL_WORDS = frozenset(_SMALL.split())
_MAX_LABEL_WORDS = 8

_PLACES = (
    r"(?:youtube|instagram|facebook|twitter|x|tiktok|telegram|whatsapp|threads|bluesky|mastodon|linkedin|reddit"
    r"|pinterest|xing|e-?mail)"
)
_OFFERS = (
    r"(?:\w*[ -]?kan[aä]le?|(?:\w+[ -])?channels?|\w*newsletters?|\w*podcasts?|livestream|mediathek"
    r"|feeds?|app|e-?paper|magazin|magazine)"
)
_SUBSCRIBE = re.compile(
    r"(?:jetzt\s)?(?:abonnier(?:e|t|en\sSie)|subscribe)\b(?:\s(?:jetzt|hier|auch|gerne?|now|here))*"
    rf"(?:\s(?:den|die|das|unser\w*|mein\w*|to|our|my|the|us|uns)\b)+(?:\s[\w.-]+){{0,5}}?(?:\s(?:{_OFFERS}|{_PLACES}))?"
    rf"(?:\s(?:auf|on|bei|via)\s{_PLACES})?[\s!.:]*(?:{_URL})?",
    re.IGNORECASE,
)
_SUBSCRIBED_TO = re.compile(rf"\b(?:{_OFFERS}|{_PLACES})\b|{_URL}", re.IGNORECASE)
_FOLLOW = re.compile(
    r"(?:folg(?:e|t|en\sSie)\suns|follow\sus|like\sus|besuch(?:e|t|en\sSie)\suns|find(?:e|et|en\sSie)\suns|visit\sus|find\sus)"
    rf"(?:\s(?:jetzt|auch|now|also))?\s(?:auf|on|bei)\s{_PLACES}(?:(?:,|\sund|\sand|\soder|\sor)\s{_PLACES})*"
    rf"[\s!.:]*(?:{_URL})?",
    re.IGNORECASE,
)
_SHARE = re.compile(
    rf"(?:(?:artikel|beitrag|video)?\s?(?:jetzt\s)?teilen|share)(?:\s(?:auf|bei|per|via|on|by)\s{_PLACES})"
    r"|(?:diesen\s|dieses\s)?(?:artikel|beitrag|video)\s(?:jetzt\s)?(?:teilen|drucken|kommentieren|weiterempfehlen)"
    r"|share\sthis(?:\s(?:article|story|post|video|page))?(?:\swith\syour\sfriends)?",
    re.IGNORECASE,
)
_OWN_MATTER = re.compile(
    r"(?:(?:hinweis\s)?in\seigener\ssache|an\s(?:unsere|alle)\sleser(?:innen\sund\sleser)?"
    r"|(?:a\s)?note\sto\s(?:our\s)?(?:readers|viewers)|in\sour\sown\s(?:interest|cause))\s?[:–-]\s",
    re.IGNORECASE,
)
_FIRST_PERSON = re.compile(r"\b(?:wir|uns|unser\w*|we|us|our|ours)\b", re.IGNORECASE)
_TEAM = (
    r"(?:[\s,–-]+(?:(?:das|dein|euer|eure|ihr|ihre|the|your)\s)?"
    r"[\w.&-]*(?:\s[\w.&-]+)?[\s-]?(?:team|redaktion|editors))?"
)
_THANKS = re.compile(
    r"(?:danke|vielen\sdank|wir\sdanken|thank\syou|thanks|many\sthanks)\s(?:für|for)\s"
    r"(?:(?:euer|eure|ihr|ihre|dein|deine|das|your)\s)?"
    rf"(?:verständnis|interesse|zuschauen|zuhören|lesen|aufmerksamkeit|unterstützung"
    rf"|understanding|watching|listening|reading|patience|support|attention){_TEAM}[\s.!]*",
    re.IGNORECASE,
)
_MADE = re.compile(
    r"(?:video|audio|podcast|foto|bild|beitrag|photo|picture|image)\s(?:(?:vom|aus|from|of)\s)?(?:in\s)?"
    r"(?:(?:19|20)\d\d\s(?:erstellt|produziert|aufgenommen)|(?:created|produced|recorded|made)\s(?:in\s)?(?:19|20)\d\d)\.?",
    re.IGNORECASE,
)
_SEPARATOR = re.compile(r"[-*_=~#•·+–—\s]{3,}")


class Rule(NamedTuple):
    """What one kind of line looks like. `matches` is given the line without its bullet and outer white space."""

    kind: str
    matches: Callable[[str], bool]


def mark_boilerplate(text: str) -> tuple[Boilerplate, ...]:
    """One mark for each line of `text` that is not the story, in order; `kind` names the first rule that knows it.

    A mark covers its line without the line end. Lines of more than `MAX_LINE_CHARS` characters are always story.
    """
    lines = (match for match in _LINE.finditer(text) if match.end() - match.start() <= MAX_LINE_CHARS)
    found = ((match, kind_of(match[0])) for match in lines)
    return tuple(Boilerplate(match.start(), match.end(), kind) for match, kind in found if kind)


def kind_of(line: str) -> str:
    """The name of the first rule that knows `line`; empty for a line of the story."""
    bare = _BULLET.sub("", line).strip()
    return next((rule.kind for rule in RULES if rule.matches(bare or line.strip())), "")


def _is_hashtags(line: str) -> bool:
    """Hashtags and nothing else."""
    return bool(_HASHTAGS.fullmatch(line))


def _is_link(line: str) -> bool:
    """A bare address, or one behind a short label without a verb.

    A label's words are capitalised or small words: in "Trump schrieb auf Truth Social https://..." the verb is not.
    """
    match = _ENDS_IN_URL.fullmatch(line)
    if match is None:
        return False
    words = match["label"].split()
    return len(words) <= _MAX_LABEL_WORDS and all(word in _SMALL_WORDS or not word[0].islower() for word in words)


def _is_plug(line: str) -> bool:
    """A request to subscribe or to follow; "Er abonnierte die Zeitung" requests nothing."""
    subscribe = _SUBSCRIBE.fullmatch(line) and _SUBSCRIBED_TO.search(line)
    return bool(subscribe or _FOLLOW.fullmatch(line))


def _is_share(line: str) -> bool:
    """The label of a share button."""
    return bool(_SHARE.fullmatch(line))


def _is_service_note(line: str) -> bool:
    """The outlet about itself: announced as such *and* in the first person."""
    match = _OWN_MATTER.match(line)
    return match is not None and bool(_FIRST_PERSON.search(line, match.end()))


def _is_thanks(line: str) -> bool:
    """Thanks to the audience, perhaps signed by the team."""
    return bool(_THANKS.fullmatch(line))


def _is_production_note(line: str) -> bool:
    """When the clip or picture was made."""
    return bool(_MADE.fullmatch(line))


def _is_separator(line: str) -> bool:
    """A ruled line."""
    return bool(_SEPARATOR.fullmatch(line))


RULES: tuple[Rule, ...] = (
    Rule("separator", _is_separator),
    Rule("hashtags", _is_hashtags),
    Rule("channel plug", _is_plug),
    Rule("share", _is_share),
    Rule("link", _is_link),
    Rule("service note", _is_service_note),
    Rule("thanks", _is_thanks),
    Rule("production note", _is_production_note),
)
