"""The bilingual table of places, from Unicode CLDR as the Babel package carries it.

Territories with their adjectives, most of which are what their language is called, and the cities that time zones are
named for, in German and English. No name in it is ours; persons and most organisations are not in it.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import TYPE_CHECKING

from qa.spelling import fold, plain_words, stem_line

if TYPE_CHECKING:
    from babel import Locale

LANGS = ("de", "en")
# CLDR codes that name no place: the world, two locales for testing, and "unknown region".
_NO_PLACE = frozenset({"001", "XA", "XB", "ZZ"})
_ADJECTIVE_CHARS = 3  # letters that a language shares with its country: Französisch, Frankreich
_VARIANT = re.compile(r" - | \(|\)")

Names = dict[str, dict[str, set[str]]]  # what is named -> language -> its names


@dataclass(frozen=True, slots=True)
class Gazetteer:
    """Names of one language, as stems, with every form in either language; `acronyms` are upper-case codes."""

    names: Mapping[str, frozenset[str]] = field(default_factory=dict)
    acronyms: Mapping[str, frozenset[str]] = field(default_factory=dict)

    @classmethod
    @cache
    def of(cls, lang: str) -> Gazetteer:
        """The gazetteer of names in `lang`; empty for a language without one."""
        return _gazetteer(lang) if lang in LANGS else cls()


def territory(name: str, lang: str, other: str) -> str:
    """What the territory that is called `name` in `lang` is called in `other`; "" for what is no territory."""
    from babel import Locale

    code = _codes(lang).get(stem_line(name, lang)) if lang in LANGS else None
    return _VARIANT.split(Locale(other).territories[code])[0] if code else ""


@cache
def _codes(lang: str) -> Mapping[str, str]:
    from babel import Locale

    return {stem_line(name, lang): code for code, name in _territories(Locale(lang))}


def _gazetteer(lang: str) -> Gazetteer:
    names: dict[str, frozenset[str]] = {}
    acronyms: dict[str, frozenset[str]] = {}
    for thing, by_lang in _all_names().items():
        if thing.startswith("language "):
            continue  # "in English" names no country; French is an adjective of France by now
        codes = _acronyms(thing, by_lang)
        forms = frozenset(form for of, found in by_lang.items() for name in found for form in _forms(name, of))
        forms |= {fold(code) for code in codes}
        for name in by_lang[lang]:
            key = stem_line(name, lang)
            names[key] = names.get(key, frozenset()) | forms
        acronyms |= {code: acronyms.get(code, frozenset()) | forms for code in codes}
    return Gazetteer(names, acronyms)


def _forms(name: str, lang: str) -> tuple[str, str]:
    return stem_line(name, lang), " ".join(plain_words(name))


@cache
def _all_names() -> Names:
    from babel import Locale

    names: Names = defaultdict(lambda: {lang: set() for lang in LANGS})
    for lang in LANGS:
        locale = Locale(lang)
        for thing, name in (*_territories(locale), *_languages(locale), *_cities(locale)):
            names[thing][lang].add(name)
    for language, territory in _countries_of_languages(names):
        for lang in LANGS:
            names[territory][lang] |= names[language][lang]
    return names


def _territories(locale: Locale) -> Iterator[tuple[str, str]]:
    for code, name in locale.territories.items():
        if code not in _NO_PLACE:
            yield from ((code, part) for part in (name, *_VARIANT.split(name)) if part)


def _languages(locale: Locale) -> Iterator[tuple[str, str]]:
    """Languages, and a country's adjective from what its variety of a language is called: *American* English."""
    adjectives: dict[str, set[str]] = defaultdict(set)
    for code, name in locale.languages.items():
        language, _, territory = code.partition("_")
        adjective = name.removesuffix(f" {locale.languages.get(language, name)}")
        if not territory and len(code) == 2:  # noqa: PLR2004 - the codes of ISO 639-1, the larger languages
            yield f"language {code}", name
        elif adjective != name and territory in locale.territories and territory not in _NO_PLACE:
            adjectives[adjective].add(territory)
    # "European" is the Spanish of Spain and the Portuguese of Portugal, so it is the adjective of neither.
    yield from ((min(of), adjective) for adjective, of in adjectives.items() if len(of) == 1)


def _cities(locale: Locale) -> Iterator[tuple[str, str]]:
    from babel.core import get_global

    aliases = get_global("zone_aliases")
    for zone in get_global("zone_territories"):
        area, _, city = zone.rpartition("/")
        # CLDR names Europe/Kiev, which now is an alias of Europe/Kyiv.
        older = [alias for alias, of in aliases.items() if of == zone and alias.startswith(f"{area}/")]
        cities = [dict(locale.time_zones.get(one, {})).get("city") for one in (zone, *older)]
        named = next(filter(None, cities), city.replace("_", " "))
        if area and area != "Etc":
            yield zone, named.partition(",")[0]


def _countries_of_languages(names: Names) -> Iterator[tuple[str, str]]:
    """Pairs of a language and the country that it is likely to be of, if in German or English one's name is alike."""
    from babel.core import get_global

    likely = get_global("likely_subtags")
    for thing in [thing for thing in names if thing.startswith("language ")]:
        territory = likely.get(thing.removeprefix("language "), "").rpartition("_")[2]
        starts = [_starts(names[thing][lang]) & _starts(names[territory][lang]) for lang in LANGS if territory in names]
        if any(starts):
            yield thing, territory


def _starts(names: set[str]) -> set[str]:
    return {fold(name)[:_ADJECTIVE_CHARS] for name in names}


def _acronyms(thing: str, by_lang: Mapping[str, set[str]]) -> set[str]:
    """The codes of a territory that begin with the initials of its name: US and USA, but not DE for Germany."""
    from babel.core import get_global

    if not thing.isalpha():
        return set()
    initials = {"".join(word[0] for word in name.split()).upper() for found in by_lang.values() for name in found}
    initials = {letters for letters in initials if len(letters) > 1}
    return {code for code in (thing, *_aliases(get_global("territory_aliases"), thing)) if code[:2] in initials}


def _aliases(aliases: Mapping[str, list[str]], code: str) -> list[str]:
    return [alias for alias, of in aliases.items() if of == [code] and alias.isalpha()]
