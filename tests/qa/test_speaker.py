"""Who is named as the speaker of a sentence, and above all when nobody is."""

from __future__ import annotations

from io import StringIO
from pathlib import Path
from time import perf_counter

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.console import Console

from index.chunk import body_sentences
from index.types import Document, Span, text_sha256
from qa import terminal
from qa.pipeline import Assistant
from qa.speaker import speaker

SEED = Path(__file__).parents[2] / "seeds" / "000_bee6702c0391c86e.txt"
KNOWN = {
    "de": "Verteidigungsminister Pete Hegseth kam. Präsident Donald Trump und Wladimir Putin telefonierten. ",
    "en": "Defense Secretary Pete Hegseth arrived. Donald Trump and Vladimir Putin spoke on the phone. ",
}


def document(text: str, lang: str) -> Document:
    return Document("a", text, text_sha256(text), "T", lang, "a")


def said_by(sentence: str, lang: str) -> str:
    """The speaker of a sentence that ends an article which has introduced the persons."""
    told = document(KNOWN[lang] + sentence, lang)
    return speaker(told, body_sentences(told)[-1])


@pytest.mark.parametrize(
    ("sentence", "lang", "name"),
    [
        ("«Das ist kein realistisches Ziel», sagte Hegseth.", "de", "Hegseth"),
        ("„Das ist kein Ziel“, sagte US-Verteidigungsminister Pete Hegseth am Mittwoch.", "de", "Pete Hegseth"),
        ("Hegseth sagte: „Das ist kein Ziel.“", "de", "Hegseth"),
        ("Hegseth sagte am Mittwoch in Brüssel, dass dies kein Ziel sei.", "de", "Hegseth"),
        ("In Brüssel betonte Hegseth, dies sei kein Ziel.", "de", "Hegseth"),
        ("Dies sei kein Ziel, erklärte Hegseth.", "de", "Hegseth"),
        ("Hegseth hat in Brüssel gesagt, dies sei kein Ziel.", "de", "Hegseth"),
        ("Der Sprecher des Ministeriums, Dmitri Peskow, teilte mit, dass es kein Ziel gebe.", "de", "Dmitri Peskow"),
        ("Dmitri Peskow, Sprecher des Ministeriums, sagte, dass es kein Ziel gebe.", "de", "Dmitri Peskow"),
        ("Laut Hegseth ist das kein Ziel.", "de", "Hegseth"),
        ("„Das ist kein Ziel“, sagte später Hegseth.", "de", "Hegseth"),
        ("„Das ist kein Ziel“, sagte Mannschaftskapitän Pete Hegseth.", "de", "Pete Hegseth"),
        ("Das ist nach Angaben von Hegseth kein Ziel.", "de", "Hegseth"),
        ("Hegseth zufolge ist das kein Ziel.", "de", "Hegseth"),
        ("„Das ist kein Ziel“, so Hegseth.", "de", "Hegseth"),
        ("Wie Hegseth am Abend mitteilte, ist das kein Ziel.", "de", "Hegseth"),
        ("“It is not a realistic goal,” said Defense Secretary Pete Hegseth.", "en", "Pete Hegseth"),
        ("“It is not a realistic goal,” Hegseth said on Wednesday.", "en", "Hegseth"),
        ("Hegseth said that it was not a realistic goal.", "en", "Hegseth"),
        ("Hegseth, the defense secretary, said: “It is not a goal.”", "en", "Hegseth"),
        ("Hegseth told reporters that it was not a goal.", "en", "Hegseth"),
        ("In Brussels, Hegseth said it was not a goal.", "en", "Hegseth"),
        ("It was not a goal, Hegseth said.", "en", "Hegseth"),
        ("According to Hegseth, it is not a goal.", "en", "Hegseth"),
        ("“It is not a goal,” said Hegseth after the talks.", "en", "Hegseth"),
        ("“It is not a goal,” said Detective Inspector Steven Jones.", "en", "Steven Jones"),
    ],
)
def test_the_text_names_the_speaker(sentence: str, lang: str, name: str) -> None:
    assert said_by(sentence, lang) == name


@pytest.mark.parametrize(
    ("sentence", "lang"),
    [
        ("«Das ist kein realistisches Ziel», sagte er.", "de"),
        ("Er sagte, Hegseth sehe das anders.", "de"),
        ("„Das ist kein Ziel“, sagte Hegseths Sprecher.", "de"),
        ("„Das ist kein Ziel“, sagte der Sprecher von Hegseth.", "de"),
        ("„Das ist kein Ziel“, sagte eine Sprecherin.", "de"),
        ("„Das ist kein Ziel“, sagten Trump und Hegseth.", "de"),
        ("Trump sagte, es gebe ein Ziel, während Hegseth sagte, es gebe keines.", "de"),
        ("Als der Krieg begann, sagte Hegseth die Reise ab.", "de"),
        ("Hegseth und Trump sagten, dass es kein Ziel gebe.", "de"),
        ("Nach Darstellung Moskaus gab es kein Ziel.", "de"),
        ("Laut NATO ist das kein Ziel.", "de"),
        ("Die Polizei teilte mit, dass es kein Ziel gebe.", "de"),
        ("„Das ist kein Ziel, sagte Hegseth.", "de"),
        ("Hegseth reiste nach Brüssel.", "de"),
        ("Im Juni fuhr Pete Hegseth, der Minister, mit dem Zug, weil er es wollte.", "de"),
        ("„Das ist kein Ziel“, sagten Hegseth, Trump und Putin.", "de"),
        ("„Ja“, sagte Trump, worauf Hegseth „Nein“ entgegnete.", "de"),
        ("„Ja“, sagte Trump, „Ja“, sagte auch Hegseth.", "de"),
        ("„Ja“, rief Hegseth, sagte Trump.", "de"),
        ("Trump sagte „Ja“, Putin sagte „Nein“.", "de"),
        ("Laut Trump sagte Putin: „Ich will Frieden.“", "de"),
        ("Trump zufolge sagte Putin, er wolle Frieden.", "de"),
        ("Wie Trump Hegseth mitteilte, ist das kein Ziel.", "de"),
        ("Am Montag erklärte Trump Putin, dass dies kein Ziel sei.", "de"),
        ("„Ja“, sagte dem Reporter Pete Hegseth eine Frau.", "de"),
        ("„Das ist kein Ziel“, sagte die Witwe Pete Hegseths.", "de"),
        ("„Das ist kein Ziel“, sagte die Regierung Trump.", "de"),
        ("Nach Angaben des Berliner Verfassungsschutzes war das kein Ziel.", "de"),
        ("Nach Angaben der Zeitung China Daily war das kein Ziel.", "de"),
        ("“It is not a goal,” he said.", "en"),
        ("He said Hegseth saw it differently.", "en"),
        ("Hegseth’s spokesman said it was not a goal.", "en"),
        ("The spokesman for Hegseth said it was not a goal.", "en"),
        ("Trump said it was a goal, while Hegseth said it was not.", "en"),
        ("After Hegseth said no, Putin left.", "en"),
        ("Putin said he wants peace, Trump said.", "en"),
        ("Trump and Hegseth said it was not a goal.", "en"),
        ("According to police, it was not a goal.", "en"),
        ("“It is not a goal,” said Hegseth spokesman Sean Parnell.", "en"),
        ("“It is not a goal,” said Trump supporters in Ohio.", "en"),
        ("It was not a goal, said Trump lawyer Rudy Giuliani.", "en"),
        ("“Yes,” said Trump, to which Hegseth replied “No.”", "en"),
        ("“Yes,” said Trump, Hegseth “No.”", "en"),
        ("“It is a goal,” said Trump, quoting Putin.", "en"),
        ("“Yes,” said Pete Hegseth, as well as Donald Trump.", "en"),
        ("“It is not a goal,” said Martin Luther King Jr.", "en"),
        ("General Motors said it was not a goal.", "en"),
        ("According to Wall Street, it is not a goal.", "en"),
        ("According to USA Today, it is not a goal.", "en"),
    ],
)
def test_a_doubt_leaves_the_speaker_unnamed(sentence: str, lang: str) -> None:
    assert said_by(sentence, lang) == ""


@pytest.mark.parametrize(
    ("sentence", "lang"),
    [
        ("Putin habe sich zum Frieden bereit erklärt, sagte Trump.", "de"),
        ("Trump sagte, Putin habe Frieden versprochen.", "de"),
        ("Putin wants peace, Trump said on Monday.", "en"),
        ("Trump said that Putin wants peace.", "en"),
    ],
)
def test_who_reports_what_another_said_is_the_speaker(sentence: str, lang: str) -> None:
    assert said_by(sentence, lang) == "Trump"


def test_every_sentence_of_a_quotation_has_its_speaker() -> None:
    words = "Niemand weiß, wie lange das noch dauern wird, und niemand will es wissen. " * 5
    told = document(
        f"{KNOWN['de']}„{words}Das war es.“ Das sagte er. „{words}Das war es“, sagte Hegseth. Dann flog er.", "de"
    )
    names = [speaker(told, sentence) for sentence in body_sentences(told)]
    first = next(i for i, s in enumerate(body_sentences(told)) if told.text[s.start] == "„")
    assert set(names[:first]) == {""}
    assert names.count("Hegseth") > 1
    assert names[-1] == ""
    assert names[first] == ""


def test_words_alone_are_of_whom_the_sentence_before_announces() -> None:
    told = document(KNOWN["de"] + "Hegseth sagte am Mittwoch:\n«Das ist kein Ziel.»\n«Wir gehen.»", "de")
    *_, announced, alone = body_sentences(told)
    assert speaker(told, announced) == "Hegseth"
    assert speaker(told, alone) == ""


def test_a_quote_of_several_sentences_has_a_speaker_only_where_all_have_the_same() -> None:
    told = document(
        KNOWN["de"] + "„Nein“, sagte Hegseth. „Nie“, sagte Hegseth. Dann kam Putin. „Ja“, sagte Trump.", "de"
    )
    *_, no, never, came, yes = body_sentences(told)
    assert speaker(told, Span(no.start, never.end)) == "Hegseth"
    assert speaker(told, Span(never.start, came.end)) == ""
    assert speaker(told, Span(never.start, yes.end)) == ""


def test_a_surname_counts_only_where_the_text_introduces_it() -> None:
    sentence = "„Das ist kein Ziel“, sagte Krefeld."
    alone, introduced = document(sentence, "de"), document(f"Minister Krefeld kam. {sentence}", "de")
    assert speaker(alone, body_sentences(alone)[-1]) == ""
    assert speaker(introduced, body_sentences(introduced)[-1]) == "Krefeld"


def test_other_languages_have_no_speakers() -> None:
    told = document("« Jamais », said Pete Hegseth.", "fr")
    assert speaker(told, body_sentences(told)[-1]) == ""


def test_the_seed_names_who_speaks_and_leaves_its_pronouns_alone() -> None:
    text = SEED.read_text(encoding="utf-8")
    seed = document(text, "de")
    found = {text[s.start : s.end]: speaker(seed, s) for s in body_sentences(seed)}
    named = {name: [quote for quote, by in found.items() if by == name] for name in set(found.values()) - {""}}
    assert set(named) == {"Hegseth", "Trump", "Dmitri Peskow"}
    (nato,) = named["Hegseth"]
    assert nato.startswith("«Die Vereinigten Staaten glauben nicht, dass eine Nato-Mitgliedschaft")
    (illusion,) = (by for quote, by in found.items() if quote.startswith("«Dieses illusorische Ziel"))
    assert illusion == ""


def test_an_answer_names_the_speaker_of_its_quotation_also_in_the_terminal(assistant: Assistant) -> None:
    answer = assistant.ask("What did Hegseth say about NATO?")
    (nato,) = (citation for citation in answer.citations if "Nato-Mitgliedschaft" in citation.quote)
    assert nato.speaker == "Hegseth"
    console = Console(width=200, file=StringIO(), record=True)
    console.print(terminal.answer(answer))
    assert f"[{nato.number}] Hegseth · " in console.export_text()


@given(st.text(alphabet="AbÄ .,:;“”„«»\"'-(\n", max_size=300), st.sampled_from(["de", "en"]))
def test_whatever_the_text_is_the_name_stands_in_it(text: str, lang: str) -> None:
    told = document(f"{KNOWN['de']}{text} sagte Hegseth", lang)
    for sentence in body_sentences(told):
        assert speaker(told, sentence) in told.text


@pytest.mark.parametrize(
    "part", ["A. ", "der ", "Der der Abc ", "Abc ", "sagte ", "„a“, ", "abcer ", "Wie Abc ", "laut des ", "said of A "]
)
def test_a_long_sentence_takes_no_time(part: str) -> None:
    told = document("Der Abc " + part * (1900 // len(part)), "de" if part != "said of A " else "en")
    sentences = body_sentences(told)
    started = perf_counter()
    for sentence in sentences[:3]:
        speaker(told, sentence)
    assert perf_counter() - started < 5  # milliseconds where nothing is tried twice, hours where much is
