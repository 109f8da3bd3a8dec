"""Names and numbers of a question, and whether a text mentions them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa.names import Mention, mentions, unmentioned
from qa.types import Lang, Question


def named(question: str, lang: Lang = "en") -> list[str]:
    return [mention.surface for mention in mentions(Question(question, lang))]


def missing(question: str, text: str, lang: Lang = "en", text_lang: str = "de") -> list[str]:
    return [mention.surface for mention in unmentioned(mentions(Question(question, lang)), text, text_lang)]


@pytest.mark.parametrize(
    ("question", "names"),
    [
        ("What did Pete Hegseth say about NATO?", ["Pete Hegseth", "NATO"]),
        ("What does Russia want in New York?", ["Russia", "New York"]),
        ("Who leads the Bank of England?", ["England"]),
        ("Why did President Putin call?", ["President Putin"]),
        ("How many interceptions did Super Bowl XLIX have?", ["Super Bowl XLIX"]),
        ("What about Putin's Russia?", ["Putin", "Russia"]),
        ("Who flies the F-35 in the U.S.?", ["F-35", "US"]),
        ("Did Theresa May resign?", ["Theresa May"]),
    ],
)
def test_english_names_are_told_by_capitals(question: str, names: list[str]) -> None:
    assert named(question) == names


@pytest.mark.parametrize(
    ("question", "names"),
    [
        ("Was sagte Kanzlerin Angela Merkel zur NATO?", ["Angela Merkel", "NATO"]),
        ("Was sagte der Präsident Macron?", ["Macron"]),
        ("Was plant das US-Verteidigungsministerium in Wien?", ["US", "Wien"]),
        ("Was fordert Selenskyj von den Vereinigten Staaten?", ["Selenskyj", "Vereinigten Staaten"]),
        ("Was sagte Justizminister Holger Poppenhäger?", ["Holger Poppenhäger"]),
    ],
)
def test_german_names_are_told_from_nouns(question: str, names: list[str]) -> None:
    assert named(question, "de") == names


@pytest.mark.parametrize(
    "question",
    [
        "Wozu dient die Waffenruhe bei den Friedensgesprächen?",
        "Welcher Ethnie gehören die Abgeordneten an?",
        "Nach Angaben welcher Bundesbehörde stiegen Mindestlohn und Verteidigungsausgaben?",
        "Worauf stützt sich der Präsident?",
        "Nenne die Kanzlerin und den Außenminister!",
    ],
)
def test_german_nouns_are_no_names(question: str) -> None:
    assert named(question, "de") == []


@pytest.mark.parametrize(
    "question",
    [
        "What is the president's view of the ceasefire?",
        "WHO SAID WHAT ABOUT THE PEACE TALKS?",
        "What Did The Minister Say About The Talks?",
        "Which President met the Chancellor?",
        "Whats the cost?",
        "who may leave in march?",
    ],
)
def test_english_words_are_no_names(question: str) -> None:
    assert named(question) == []


@pytest.mark.parametrize("question", ["what did hegseth say about russia", "WHAT DID HEGSETH SAY ABOUT RUSSIA?"])
def test_names_are_found_where_capitals_tell_nothing(question: str) -> None:
    assert [name.lower() for name in named(question)] == ["hegseth", "russia"]


def test_a_quoted_title_is_no_name_but_may_hold_one() -> None:
    assert named("Who wrote “The Great Dictator Leaves Selenskyj Alone” last year?") == ["Selenskyj"]


def test_each_name_is_given_once_in_the_order_of_the_question() -> None:
    assert named("Did Hegseth in 2019 meet Selenskyj before Hegseth spoke in 2019?") == ["Hegseth", "2019", "Selenskyj"]


@pytest.mark.parametrize(
    ("question", "lang", "text", "text_lang"),
    [
        ("What did Merkel say?", "en", "Merkels Rede", "de"),
        ("Was sagte Merkel?", "de", "Merkel's speech", "en"),
        ("Was sagte Hegseth?", "de", "Das Hegseth-Telefonat", "de"),
        ("Was sagte Merkel?", "de", "Die Merkelregierung", "de"),
        ("What did Zelenskyy say?", "en", "Selenskyj schwieg", "de"),
        ("What did Gorbachev say?", "en", "Gorbatschow schwieg", "de"),
        ("What did Khodorkovsky say?", "en", "Chodorkowski schwieg", "de"),
        ("What did Pete Hegseth say?", "en", "Minister Hegseth schwieg", "de"),
        ("What did Hegseth say?", "en", "Pete Hegseth schwieg", "de"),
        ("What did Peter Hegseth say?", "en", "Pete Hegseth said nothing", "en"),
        ("What about NATO?", "en", "beim Nato-Gipfel", "de"),
        ("What about Russia?", "en", "die russische Armee", "de"),
        ("What about Russia?", "en", "in Russland", "de"),
        ("Was ist mit Frankreich?", "de", "the French army", "en"),
        ("What about France?", "en", "the French army", "en"),
        ("What about Vienna?", "en", "in Wien", "de"),
        ("Wann fiel Kiew?", "de", "Kyiv fell", "en"),
        ("What about the United Nations?", "en", "die Vereinten Nationen", "de"),
        ("What about the United Nations?", "en", "vor der UNO", "de"),
        ("What about the UN?", "en", "der Vereinten Nationen", "de"),
        ("Was will die EU?", "de", "the European Union", "en"),
        ("Was wollen die Vereinigten Staaten?", "de", "The U.S. wants", "en"),
        ("What does the USA want?", "en", "Die Vereinigten Staaten", "de"),
        ("What does the UK want?", "en", "Großbritannien will", "de"),
        ("Who flies the F-35?", "en", "die F35 fliegt", "de"),
    ],
)
def test_a_name_is_mentioned_in_another_form(question: str, lang: Lang, text: str, text_lang: str) -> None:
    assert named(question, lang)
    assert missing(question, text, lang, text_lang) == []


@pytest.mark.parametrize(
    ("question", "text", "names"),
    [
        ("What did Angela Merkel say?", "Angela Dorothea sprach.", ["Angela Merkel"]),
        ("What did Hegseth say about Ukraine?", "Hegseth sprach über Syrien.", ["Ukraine"]),
        ("What did Gülsen Selenskyj say?", "Wolodymyr Selenskyj sprach.", ["Gülsen Selenskyj"]),
        ("Did Hegseth visit Austria?", "Hegseth war in Australien.", ["Austria"]),
        ("What about the US?", "Die EU tagte.", ["US"]),
    ],
)
def test_a_name_that_a_text_lacks_is_said_to_be_missing(question: str, text: str, names: list[str]) -> None:
    assert missing(question, text) == names


@pytest.mark.parametrize(
    ("asked", "lang", "written", "text_lang"),
    [
        ("1,200", "en", "1.200", "de"),
        ("1,200", "en", "1200", "en"),
        ("3,5", "de", "3.5", "en"),
        ("2 million", "en", "zwei Millionen", "de"),
        ("2 million", "en", "2.000.000", "de"),
        ("3,5 Mrd", "de", "3.5 billion", "en"),
        ("12", "en", "zwölf", "de"),
        ("3rd", "en", "die dritte", "de"),
        ("19th", "en", "im 19. Jahrhundert", "de"),
        ("50%", "en", "50 Prozent", "de"),
        ("1990s", "en", "in den 1990er-Jahren", "de"),
        ("12 February 2025", "en", "am 12. Februar 2025", "de"),
        ("February 12, 2025", "en", "12.02.2025", "de"),
        ("12. Februar 2025", "de", "2025-02-12", "en"),
        ("2025-02-12", "en", "12 February 2025", "en"),
        ("٢٠٢٥", "en", "2025", "en"),
    ],
)
def test_a_number_is_mentioned_however_it_is_written(asked: str, lang: Lang, written: str, text_lang: str) -> None:
    found = mentions(Question(f"what about {asked}?", lang))
    assert found
    assert all(mention.kind == "number" for mention in found)
    assert unmentioned(found, f"x {written} y", text_lang) == ()


@pytest.mark.parametrize(
    ("asked", "written"),
    [("2014", "2015"), ("1,200", "12"), ("2 million", "2 Milliarden"), ("5", "15"), ("12 May 2025", "12. April 2025")],
)
def test_another_number_is_not_a_mention(asked: str, written: str) -> None:
    assert missing(f"what about {asked}?", written)


def test_day_month_and_year_are_missing_one_by_one() -> None:
    assert missing("What happened on 12 February 2025?", "am 13. Februar 2024") == ["12", "2025"]


@pytest.mark.parametrize(
    "text",
    [
        "",
        "🎉👩‍👩‍👧",
        "\u200b\u200e\ufeff",
        "من قال ذلك في ٢٠٢٥؟",
        "\ud800",
        "1" * 5000,
        "…„“»«",
        "'s",
        "word " * 10_000,
    ],
)
def test_no_text_is_too_odd(text: str) -> None:
    asked = mentions(Question("What did Hegseth say about Russia in 2025?", "en"))
    assert set(unmentioned(asked, text, "en")) <= set(asked)
    assert isinstance(mentions(Question(text[:2000], "de")), tuple)


def test_a_text_of_an_unknown_language_is_looked_at_too() -> None:
    assert missing("What did Anna Hegseth say about Russia?", "Hegseth en Russie", text_lang="und") == []


def test_zero_width_characters_hide_no_name() -> None:
    assert missing("What did Heg\u200bseth say?", "Heg\u00adseth sprach") == []


ENGLISH = ["What did", "Hegseth", "Angela", "Merkel", "about", "NATO", "Russia", "New York", "U.S.", "F-35"]
GERMAN = ["Was sagte", "über", "Russland", "Straße", "Mai", "2 Millionen", "„", "“"]
NUMBERS = ["2.5", "million", "1,200", "12 May", "12.02.2025", "."]
languages = st.sampled_from(["de", "en"])
phrases = st.lists(st.sampled_from([*ENGLISH, *GERMAN, *NUMBERS]), max_size=14).map(" ".join)
questions = st.text(max_size=80) | phrases


@given(questions, languages)
def test_a_questions_own_names_are_in_a_text_that_has_the_question(question: str, lang: Lang) -> None:
    found = mentions(Question(question, lang))
    assert unmentioned(found, f"Gestern \n{question}\n today", lang) == ()


@given(questions, st.text(max_size=200), languages, st.sampled_from(["de", "en", "und"]))
def test_only_what_a_question_mentions_can_be_missing(question: str, text: str, lang: Lang, text_lang: str) -> None:
    found = mentions(Question(question, lang))
    assert set(unmentioned(found, text, text_lang)) <= set(found)


@given(questions, phrases, languages)
def test_the_case_of_a_text_does_not_matter(question: str, text: str, text_lang: str) -> None:
    found = mentions(Question(question, "en"))
    upper, lower = (unmentioned(found, changed, text_lang) for changed in (text.upper(), text.lower()))
    assert unmentioned(found, text, text_lang) == upper == lower


@given(st.text(max_size=200), languages)
def test_every_name_stands_in_its_question(question: str, lang: Lang) -> None:
    assert all(isinstance(m, Mention) and m.surface and m.forms for m in mentions(Question(question, lang)))
