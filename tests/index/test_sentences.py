"""Sentences as a reader would cut them, as spans that hold for any text whatever."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.sentences import MAX_QUOTED_CHARS, MAX_SENTENCE_CHARS, sentences
from index.types import Span

SEED = Path(__file__).parents[2] / "seeds" / "000_bee6702c0391c86e.txt"

GERMAN = [
    ["Er nannte z. B. Berlin.", "Dann ging er."],
    ["Das gilt u. a. für Köln, d. h. für alle.", "So ist es."],
    ["Dr. Müller kam um drei.", "Prof. Dr. Schmidt blieb."],
    ["Am 2. September begann der Gipfel.", "Am 3. Oktober endete er."],
    ["Das war im 19. Jahrhundert so.", "Heute nicht mehr."],
    ["Der 1. FC Köln gewann.", "Die Fans jubelten."],
    ["Der 5. und 6. Band ist da.", "Platz 2.", "Gut so."],
    ["Der Vize J.D. Vance ist am Freitag in München.", "Es folgt mehr."],
    ["Hans-J. Meier schwieg.", "George W. Bush nicht."],
    ["Die Firma zahlt ca. 3,5 Mio. Euro.", "Das ist viel."],
    ["Papst Benedikt XVI. reiste ab.", "Er winkte."],
    ["Um 14.30 Uhr begann es.", "Um 15 Uhr war Schluss."],
    ["Das Treffen war 2014.", "Danach kam nichts."],
    ["«Wir sind einig.»", "Es sollten sofort Verhandlungen beginnen."],
    ["„Halt!“, sagte er.", "Dann ging er."],
    ["„Halt!“ rief er.", "Dann ging er."],
    ["»Wirklich?«, fragte sie.", "Niemand antwortete."],
    ["„Wir gehen jetzt.“", "Er stand auf."],
    ["»Wir gehen jetzt.«", "Er stand auf."],
    ['"Wir gehen jetzt."', "Er stand auf."],
    ["Er sagte: „Ich komme. Ich bleibe nicht.“", "Danach schwieg er."],
    ["Er ging.", "„Offen und nie zu.", "Ende der Rede."],
    ["Er ging.", '"Offen und nie zu.', "Ende der Rede."],
    ["Kommt er?", "Ja!", "Gut."],
]

ENGLISH = [
    ["U.S. President Donald Trump spoke.", "He left."],
    ["Mr. Putin met Mrs. Smith.", "They talked."],
    ["He lives at No. 10 Downing Street.", "She does not."],
    ["It began at 3 p.m. on Friday.", "It ended later."],
    ["It began at 3 p.m.", "It ended later."],
    ["J.D. Vance and John F. Kennedy Jr. met in Washington, D.C. on Monday.", "They talked."],
    ["Acme Inc. paid $3.5 million.", "Its shares rose 2.5 percent."],
    ["Gen. Smith and Sen. Jones agreed.", "Rep. Lee did not."],
    ["“We are leaving.”", "He stood up."],
    ["“Who is it?” she asked.", "Nobody answered."],
    ['"Stop!" he said.', "She stopped."],
    ["“I came. I saw. I left.”", "He smiled."],
    ["Dr. Who won.", "It ended."],
]


def _cut(text: str, lang: str) -> list[str]:
    return [text[start:end] for start, end in sentences(text, Span(0, len(text)), lang)]


@pytest.mark.parametrize("parts", GERMAN, ids=" | ".join)
def test_german_sentences_end_where_a_reader_ends_them(parts: list[str]) -> None:
    assert _cut(" ".join(parts), "de") == parts


@pytest.mark.parametrize("parts", ENGLISH, ids=" | ".join)
def test_english_sentences_end_where_a_reader_ends_them(parts: list[str]) -> None:
    assert _cut(" ".join(parts), "en") == parts


def test_no_break_spaces_change_nothing() -> None:
    assert _cut("Er nannte z.\u202fB. Berlin.\u00a0Dann ging\u2028er. „Ja.“", "de") == [
        "Er nannte z.\u202fB. Berlin.",
        "Dann ging\u2028er.",
        "„Ja.“",
    ]


def test_the_seeds_nato_quote_is_one_sentence_with_its_speaker() -> None:
    found = _cut(SEED.read_text(encoding="utf-8"), "de")
    assert (
        "«Die Vereinigten Staaten glauben nicht, dass eine Nato-Mitgliedschaft der Ukraine ein realistisches Ergebnis"
        " einer Verhandlungslösung ist», sagte Hegseth."
    ) in found
    assert any(sentence.endswith("Trumps Vize J.D. Vance geplant.") for sentence in found)
    assert (
        "«Dieses illusorische Ziel zu verfolgen, wird den Krieg nur verlängern und mehr Leid verursachen», sagte er."
        in (found)
    )


def test_a_line_break_ends_a_sentence() -> None:
    assert _cut("Trump sucht Putins Nähe\nTrump schrieb\n\n  weiter.", "de") == [
        "Trump sucht Putins Nähe",
        "Trump schrieb",
        "weiter.",
    ]


def test_a_long_quotation_is_several_sentences_and_a_short_one_is_one() -> None:
    said = "Das ist ein Satz der Rede."
    long = f"„{' '.join([said] * (MAX_QUOTED_CHARS // len(said) + 1))}“, sagte er."
    assert len(_cut(f"„{said} {said}“, sagte er. Er ging.", "de")) == 2
    cut = _cut(long, "de")
    assert cut[0] == f"„{said}"
    assert cut[-1] == f"{said}“, sagte er."


def test_only_the_given_stretch_is_cut() -> None:
    text = "Erster Satz. Zweiter Satz. Dritter Satz."
    span = Span(text.index("Zweiter"), text.index(" Dritter"))
    assert sentences(text, span, "de") == [span]


@pytest.mark.parametrize("lang", ["de", "en", "fr", "und", "xx", ""])
def test_any_language_code_is_taken(lang: str) -> None:
    assert _cut("Ja. Nein.", lang) == ["Ja.", "Nein."]


@pytest.mark.parametrize("unit", ["Wort ", "a", "„", '"', "Ein Satz. ", "«a. »b. ", "? ", "z. B. ", "(", "\u0301"])
def test_megabytes_in_one_line_are_cut_into_bounded_sentences(unit: str) -> None:
    text = unit * (1_000_000 // len(unit))
    spans = sentences(text, Span(0, len(text)), "de")
    assert all(0 < end - start <= MAX_SENTENCE_CHARS for start, end in spans)
    assert sum(end - start for start, end in spans) >= len(text.replace(" ", ""))


MARKS = list("„“”«»\"'.!?…,()")
SPACES = list(" \n\t\u00a0\u2028\u0085\u200b\u200f\u202e\ufeff")
WORDS = [
    "Er",
    "sagte",
    "Dr.",
    "z. B.",
    "3.",
    "Mai",
    "e\u0301",
    "😀",
    "https://a.b/c",
    "#x",
    "الحرب",
    "中文。",
    "\ud800",
]
NEWS = st.lists(st.sampled_from([*MARKS, *SPACES, *WORDS]), max_size=60).map("".join)


@given(st.one_of(NEWS, st.text()), st.sampled_from(["de", "en", "und"]), st.data())
def test_spans_are_in_order_inside_trimmed_and_cover_the_text(text: str, lang: str, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(text)))
    span = Span(start, data.draw(st.integers(start, len(text))))
    position = span.start
    for sentence in sentences(text, span, lang):
        assert position <= sentence.start < sentence.end <= span.end
        assert not text[position : sentence.start].strip()
        shown = text[sentence.start : sentence.end]
        assert shown == shown.strip()
        assert "\n" not in shown
        assert len(shown) <= MAX_SENTENCE_CHARS
        position = sentence.end
    assert not text[position : span.end].strip()
