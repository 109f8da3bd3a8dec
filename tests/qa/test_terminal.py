"""What the terminal shows: the quote whole, its context, its place; nothing in a document steers the terminal."""

from __future__ import annotations

import io
from dataclasses import replace

from rich.console import Console, RenderableType

from index.progress import BuildReport, Changes
from index.types import Chunk, Document, Hit, Leg, Span, text_sha256
from qa import terminal
from qa.difference import Run
from qa.quotecheck import Check, Standing
from qa.types import Answer, Candidate, Citation, NearMiss, SearchResult, excerpt_fields

TEXT = "Davor steht das.\nErst dies. «Nein», sagte [bold]sie[/bold]. Dann das.\nDanach jenes."


def document(text: str = TEXT) -> Document:
    return Document("a.txt", text, text_sha256(text), "Der Titel", "de", "a.txt", source="WELT")


def shown(renderable: RenderableType, *, width: int = 200) -> str:
    console = Console(file=io.StringIO(), width=width, force_terminal=False)
    console.print(renderable)
    return console.file.getvalue()  # type: ignore[attr-defined]


def span(quote: str) -> Span:
    return Span(TEXT.index(quote), TEXT.index(quote) + len(quote))


def answered(made_of: Document, quoted: Span) -> Answer:
    citation = Citation(**excerpt_fields(made_of, quoted), number=1)
    return Answer("Q?", "en", "answered", "", (citation,), (), 0.9, ("something was skipped",), "g1", {"reading": 0.5})


def test_the_quote_stands_in_its_line_with_its_place() -> None:
    quoted = span("«Nein», sagte [bold]sie[/bold].")
    text = shown(terminal.answer(answered(document(), quoted)))
    assert "Erst dies. «Nein», sagte [bold]sie[/bold]. Dann das." in text
    assert f"[1] Der Titel · WELT · a.txt, characters {quoted.start} to {quoted.end}" in text
    assert "Davor" not in text
    assert "notice: something was skipped" in text


def test_the_sentence_that_a_quotation_leans_on_is_shown_even_on_the_line_before() -> None:
    quoted = span("Danach jenes.")
    leaning = Citation(**excerpt_fields(document(), quoted), number=1, lead_in="Dann das.\n")
    assert "Dann das." not in shown(terminal.answer(answered(document(), quoted)))
    assert "Dann das." in shown(terminal.answer(replace(answered(document(), quoted), citations=(leaning,))))


def test_an_explanation_shows_verdict_signals_and_ranks_only_when_asked_for() -> None:
    quoted = span("Erst dies.")
    why = Candidate("a.txt", *quoted, "Erst [b]dies[/b].", "T", 3, Leg(7, 0.5), None, {"coverage": 0.25}, 0.4, "quoted")
    found = replace(answered(document(), quoted), candidates=(why,))
    assert "coverage" not in shown(terminal.answer(found))
    text = shown(terminal.answer(found, explain=True))
    for part in ("quoted", "0.400", "coverage", "0.25", "7", "–", "Erst [b]dies[/b]."):
        assert part in text


def test_an_answer_says_how_sure_it_is() -> None:
    assert "Quite sure: confidence 90 %" in shown(terminal.answer(answered(document(), span("Erst dies."))))


def test_near_misses_are_called_no_answer() -> None:
    near = NearMiss(**excerpt_fields(document(), span("Erst dies.")))
    text = shown(
        terminal.answer(Answer("Q?", "en", "abstained", "The sources do not answer this.", (), (near,), 0.1, (), "g"))
    )
    assert "The sources do not answer this." in text
    assert "not an answer: Der Titel" in text
    assert "[1]" not in text


def test_search_shows_both_legs() -> None:
    chunk = Chunk("a.txt", (span("Erst dies."),))
    excerpt = NearMiss(**excerpt_fields(document(), span("Erst dies.")))
    result = SearchResult("Q", "de", (Hit(chunk, 0.8, Leg(2, 0.5), None),), (excerpt,), (), "g")
    text = shown(terminal.search_result(result))
    assert "1. score 0.800  dense 2 (0.500)" in text
    assert "Erst dies." in text


def test_a_search_that_found_nothing_says_so() -> None:
    assert "Nothing was found." in shown(terminal.search_result(SearchResult("Q", "de", (), (), (), "g")))


def test_the_build_report_lists_what_was_skipped_and_why() -> None:
    report = BuildReport(
        "g", 2, 9, 3, (("x.bin", "binary"),), ("a notice",), 1.25, unchanged=False, changes=Changes(1, 0, 3, 1)
    )
    text = shown(terminal.build_report(report))
    assert (
        "Built in 1.2 s: 2 documents (1 added, 0 changed, 3 removed, 1 unchanged), 9 passages, 3 newly embedded" in text
    )
    assert "skipped x.bin: binary" in text
    assert "notice: a notice" in text


def test_a_checked_quotation_shows_its_places_or_what_differs_in_signs_too() -> None:
    quoted = span("«Nein», sagte [bold]sie[/bold].")
    citation = Citation(**excerpt_fields(document(), quoted), number=1)
    found = Check(
        "Nein", "en", "Ada", "", "misattributed", (Standing((citation,), named=False),), 2, (), (), 1, 9, (), "g1"
    )
    text = shown(terminal.quote_check(found))
    assert "The words are there, but Ada is not named beside them." in text
    assert f"[1] Der Titel · WELT · a.txt, characters {quoted.start} to {quoted.end}" in text
    assert "2 more places are not shown." in text
    runs = (Run("equal", "Wir "), Run("only-in-source", "nicht "), Run("missing-in-source", "\x1b[31mnie"))
    near = NearMiss(**excerpt_fields(document(), quoted), score=0.8)
    text = shown(terminal.quote_check(replace(found, status="altered", places=(), nearest=(near,), difference=runs)))
    assert "Wir {+nicht+} [-␛[31mnie-]" in text
    assert "the nearest: Der Titel" in text
