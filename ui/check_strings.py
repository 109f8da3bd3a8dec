"""The words around a quotation that was checked, in English and in German; `qa.verdicts` has what is said of it."""

from __future__ import annotations

from dataclasses import dataclass

from qa.types import Lang


@dataclass(frozen=True, slots=True)
class CheckWords:
    """One language of a check."""

    check_title: str
    check_not_a_match: str
    check_difference: str
    check_only_in_source: str
    check_missing_in_source: str
    check_unnamed: str


EN = CheckWords(
    check_title="Quotation checked",
    check_not_a_match="Not a match: the nearest sentences",
    check_difference="Struck out: not in the source. Underlined: in the source, left out of the quotation.",
    check_only_in_source="[left out: ",
    check_missing_in_source="[not in the source: ",
    check_unnamed="{speaker} is not named here",
)

DE = CheckWords(
    check_title="Zitat geprüft",
    check_not_a_match="Keine Übereinstimmung: die nächstliegenden Sätze",
    check_difference="Durchgestrichen: nicht in der Quelle. Unterstrichen: in der Quelle, im Zitat ausgelassen.",
    check_only_in_source="[ausgelassen: ",
    check_missing_in_source="[nicht in der Quelle: ",
    check_unnamed="{speaker} ist hier nicht genannt",
)


def check_words(lang: Lang) -> CheckWords:
    """The words in `lang`."""
    return {"en": EN, "de": DE}[lang]
