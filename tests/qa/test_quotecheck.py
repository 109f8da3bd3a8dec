"""Whether a quotation is confirmed, doubted or refused, on real indexes: the seed, and one report in two outlets."""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest

from index.build import build
from index.chunk import body_sentences
from index.types import Document
from qa.errors import QuestionError
from qa.pipeline import Assistant
from qa.quotecheck import MAX_PLACES, Check
from qa.settings import Settings

SEED = "000_bee6702c0391c86e.txt"
QUOTE = (
    "Die Vereinigten Staaten glauben nicht, dass eine Nato-Mitgliedschaft der Ukraine ein realistisches Ergebnis einer "
    "Verhandlungslösung ist"
)
REPORT = (
    "Der Hafen von Rostock wird im Sommer für sechs Wochen geschlossen, sagte Minister Kahl am Mittwoch in Schwerin. "
    "Die Kaimauer müsse auf ganzer Länge erneuert werden. Die Kosten bezifferte das Ministerium auf neun Millionen. "
    "Fähren nach Schweden legen in dieser Zeit in Wismar an. Die Reedereien zeigten sich überrascht und kündigten "
    "Gespräche an. Der Verband der Spediteure rechnet mit längeren Wegen und höheren Preisen."
)
COMMENT = "Fähren nach Schweden legen in dieser Zeit in Wismar an. Das freut Bürgermeisterin Thomsen."


@pytest.fixture(scope="module")
def harbour(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Assistant]:
    """One report in two outlets, the second of which is the older, and an undated comment; search is by words only."""
    folder = tmp_path_factory.mktemp("harbour")
    articles = {
        "bote": ("Der Bote", "2025-02-13", REPORT),
        "kurier": ("Kurier", "2025-02-12", f"{REPORT} Im Herbst folgt Wismar."),
        "kommentar": ("Ostsee-Blatt", None, f"{COMMENT}\n" + "\n".join(f"Punkt {i}: So, so." for i in range(25))),
    }
    for name, (source, date, said) in articles.items():
        head = f"title: Hafen\nlang: de\nsource: {source}" + (f"\ndate: {date}" if date else "")
        (folder / f"{name}.txt").write_text(f"---\n{head}\n---\n{said}\n", encoding="utf-8")
    build([folder], Settings(data_dir=folder / "data"))
    assistant = Assistant(Settings(data_dir=folder / "data", model="no/such"))
    yield assistant
    assistant.close()


def spans(check: Check) -> list[tuple[int, int]]:
    return [(piece.start, piece.end) for place in check.places for piece in place.pieces]


def seed_sentences(assistant: Assistant) -> list[tuple[Document, str, int]]:
    document = assistant.document(SEED)
    return [(document, document.text[start:end], start) for start, end in body_sentences(document)]


def test_every_sentence_of_the_seed_is_verified_at_its_own_offsets(assistant: Assistant) -> None:
    for document, sentence, start in seed_sentences(assistant):
        found = assistant.verify(sentence)
        assert found.status == "verified", sentence
        (own,) = [span for span in spans(found) if start <= span[0] <= start + 2]
        assert document.text[slice(*own)].strip("«».") == sentence.strip("«».")


def test_a_sentence_with_one_word_changed_is_never_verified(assistant: Assistant) -> None:
    for _, sentence, _ in seed_sentences(assistant):
        words = sentence.split()
        at = len(words) // 2
        changed = " ".join([*words[:at], "Kaninchen", *words[at + 1 :]])
        found = assistant.verify(changed)
        assert found.status == ("altered" if len(words) > 2 else "not found"), changed
        if found.difference:
            assert sentence in found.nearest[0].quote
            assert any("Kaninchen" in run.text for run in found.difference if run.op == "missing-in-source")


@pytest.mark.parametrize("speaker", ["", "Hegseth", "hegseth", "Pete Hegseth", "US-Verteidigungsminister Pete Hegseth"])
def test_right_words_of_the_right_speaker_are_verified(assistant: Assistant, speaker: str) -> None:
    found = assistant.verify(f"„{QUOTE}.“", speaker)
    assert (found.status, spans(found)) == ("verified", [(3669, 3805)])
    assert found.places[0].pieces[0].quote == QUOTE


@pytest.mark.parametrize("speaker", ["Putin", "Biden", "Angela Merkel", "Bauer"])
def test_right_words_of_a_wrong_speaker_are_misattributed(assistant: Assistant, speaker: str) -> None:
    found = assistant.verify(QUOTE, speaker)
    assert (found.status, found.speaker, found.places[0].named) == ("misattributed", speaker, False)
    assert found.places[0].pieces[0].after.startswith("», sagte Hegseth.")


@pytest.mark.parametrize(
    ("changed", "only_in_source", "missing"),
    [
        (QUOTE.replace("glauben nicht", "glauben"), "nicht", ""),
        (QUOTE.replace("ein realistisches", "kein realistisches"), "ein", "kein"),
        (QUOTE.replace("Nato", "EU"), "Nato-Mitgliedschaft", "EU-Mitgliedschaft"),
        (QUOTE.replace("Staaten", "staaten"), "Staaten", "staaten"),
    ],
)
def test_altered_words_are_shown_beside_the_real_ones(
    assistant: Assistant, changed: str, only_in_source: str, missing: str
) -> None:
    found = assistant.verify(changed, "Hegseth")
    assert (found.status, found.places) == ("altered", ())
    assert QUOTE in found.nearest[0].quote
    by_op = {run.op: run.text.strip() for run in found.difference}
    assert (by_op.get("only-in-source", ""), by_op.get("missing-in-source", "")) == (only_in_source, missing)


def test_a_translation_is_not_verbatim_but_its_original_is_the_nearest(assistant: Assistant) -> None:
    found = assistant.verify(
        "The United States does not believe that NATO membership for Ukraine is a realistic outcome", "Hegseth"
    )
    assert (found.status, found.lang, found.difference) == ("not found", "en", ())
    assert QUOTE in found.nearest[0].quote


def test_what_is_left_out_is_allowed_in_the_order_of_the_document(assistant: Assistant) -> None:
    found = assistant.verify("die Vereinigten Staaten glauben nicht […] Ergebnis einer Verhandlungslösung ist.")
    (place,) = found.places
    assert [piece.quote for piece in place.pieces] == [QUOTE[:37], QUOTE[-37:]]
    assert [piece.number for piece in place.pieces] == [1, 2]
    turned = assistant.verify("Ergebnis einer Verhandlungslösung ist … die Vereinigten Staaten glauben nicht")
    assert turned.status == "not found"
    other = assistant.verify("Die Vereinigten Staaten glauben nicht … und mehr Freude verursachen")
    assert [(run.op, run.text) for run in other.difference][1:] == [
        ("only-in-source", "Leid "), ("missing-in-source", "Freude "), ("equal", "verursachen")
    ]  # fmt: skip


def test_one_report_in_two_outlets_is_one_place_of_the_older(harbour: Assistant) -> None:
    found = harbour.verify("Die Kaimauer müsse auf ganzer Länge erneuert werden", "Kahl")
    (place,) = found.places
    assert (found.status, place.pieces[0].doc_id) == ("verified", "kurier.txt")
    assert [also.doc_id for also in place.pieces[0].also] == ["bote.txt"]


def test_the_place_that_names_the_speaker_comes_first(harbour: Assistant) -> None:
    quote = "Fähren nach Schweden legen in dieser Zeit in Wismar an"
    found = harbour.verify(quote, "Thomsen")
    assert [(place.pieces[0].doc_id, place.named) for place in found.places] == [
        ("kommentar.txt", True), ("kurier.txt", False)
    ]  # fmt: skip
    assert [place.pieces[0].doc_id for place in harbour.verify(quote).places] == ["kurier.txt", "kommentar.txt"]


def test_only_the_wanted_document_counts(harbour: Assistant) -> None:
    quote = "Die Kaimauer müsse auf ganzer Länge erneuert werden"
    assert harbour.verify(quote, doc_id="bote.txt").places[0].pieces[0].doc_id == "bote.txt"
    found = harbour.verify(quote, doc_id="kommentar.txt")
    assert (found.status, found.read, found.documents) == ("not found", 1, 1)
    assert {miss.doc_id for miss in found.nearest} <= {"kommentar.txt"}


def test_of_many_places_the_first_are_listed_and_the_others_counted(harbour: Assistant) -> None:
    found = harbour.verify("Punkt")
    assert (len(found.places), found.more) == (MAX_PLACES, 5)


def test_without_an_encoder_words_alone_tell_and_that_is_said(harbour: Assistant) -> None:
    found = harbour.verify("Die Kaimauer von Rostock ist ganz unversehrt und bleibt ewig stehen")
    assert found.status == "not found"
    assert "Kaimauer" in found.nearest[0].quote
    assert any("words only" in notice for notice in found.notices)


@pytest.mark.parametrize(
    ("quote", "speaker", "document", "said"),
    [
        ("", None, None, "the quotation is empty"),
        (" \n", None, None, "the quotation is empty"),
        ("„…!“", None, None, "'„…!“' has no words"),
        ("x" * 5000, None, None, "5000 characters; at most 2000"),
        ("Punkt", "?", None, "'?' has no letter"),
        ("Punkt", "x" * 300, None, "300 characters; at most 200"),
        ("Punkt", None, "../gone.txt", "'../gone.txt'"),
    ],
)
def test_what_cannot_be_checked_is_said_with_its_value(
    harbour: Assistant, quote: str, speaker: str | None, document: str | None, said: str
) -> None:
    with pytest.raises(QuestionError) as caught:
        harbour.verify(quote, speaker, document)
    assert said in str(caught.value)


@pytest.mark.parametrize(
    "quote", ["<script>alert(1)</script>", "'; DROP TABLE documents; --", "\ud800 (.*)+$ [a", "🤷 a"]
)
def test_hostile_text_is_only_text(harbour: Assistant, quote: str) -> None:
    found = harbour.verify(quote, quote)
    assert found.status == "not found"
    assert json.loads(json.dumps(found.to_json()))["status"] == "not found"


def test_json_holds_places_and_differences_as_plain_values(assistant: Assistant) -> None:
    place = assistant.verify(QUOTE, "Hegseth").to_json()["places"][0]
    assert (place["named"], place["pieces"][0]["doc_id"], place["pieces"][0]["start"]) == (True, SEED, 3669)
    runs = assistant.verify(QUOTE.replace("nicht", "niemals")).to_json()["difference"]
    assert {"op": "missing-in-source", "text": "niemals"} in runs
