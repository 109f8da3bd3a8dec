from __future__ import annotations

from dataclasses import replace
from html.parser import HTMLParser
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.generation import Skipped
from index.progress import BuildReport, Changes, Progress
from index.types import Document, Leg, Published, Span, text_sha256
from qa.signals import Signals
from qa.trained import Clues
from qa.types import Answer, Candidate, Citation, Lang, NearMiss, Scope, Verdict, excerpt_fields
from ui import render
from ui.reference import Reference
from ui.strings import words

HOSTILE = (
    '<img src=x onerror="window.pwned=1"></p></div><script>alert(1)</script> ${window.pwned=1} {{constructor}}\n\n'
    "[link](https://evil.example) ![image](https://evil.example/x.png)\n\n# head\n- list\n```\n$$x$$ www.evil.example "
    "\u202eright to left zero\u200bwidth \x00 &lt;b&gt;"
)
hostile_text = st.one_of(
    st.text(min_size=1), st.just(HOSTILE), st.text(alphabet="<>&\"'`*_[]()!#$\\{}\n -1.x", min_size=1)
)


class Structure(HTMLParser):
    """The tags and attributes of some HTML apart from its text."""

    def __init__(self, html: str) -> None:
        super().__init__(convert_charrefs=True)
        self.tags: list[str] = []
        self.links: list[str] = []
        self.text = ""
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        names = " ".join(name for name, _ in attrs)
        self.tags.append(f"{tag} {names}")
        self.links += [value or "" for name, value in attrs if name == "href"]

    def handle_endtag(self, tag: str) -> None:
        self.tags.append(f"/{tag}")

    def handle_data(self, data: str) -> None:
        self.text += data


CHANGES = Changes(added=1, changed=0, removed=2, unchanged=1)


def document(text: str, lang: str = "de", **fields: str | None) -> Document:
    return Document(
        id=fields.get("id") or "a.txt",
        text=text,
        sha256=text_sha256(text),
        title=fields.get("title") or "Titel",
        lang=lang,
        path="a.txt",
        published=Published("2025-02-12"),
        source=fields.get("source") or "WELT",
        url=fields.get("url"),
    )


def answer(source: Document, *, abstained: bool = False, notices: tuple[str, ...] = (), question: str = "?") -> Answer:
    fields = excerpt_fields(source, Span(0, len(source.text)))
    return Answer(
        question=question,
        lang="en",
        status="abstained" if abstained else "answered",
        text="",
        citations=() if abstained else (Citation(**fields, number=1),),
        near_misses=(NearMiss(**fields),) if abstained else (),
        confidence=0.5,
        notices=notices,
        generation="g",
        candidates=(_candidate(source.text),),
    )


def _candidate(sentence: str, verdict: Verdict = "quoted") -> Candidate:
    return Candidate("a", 0, 1, sentence, "T", 2, Leg(1, 0.5), None, {"coverage": 0.5}, 0.625, verdict)


@given(hostile_text, st.booleans())
def test_no_text_from_outside_changes_the_structure_of_an_answer(text: str, abstained: bool) -> None:  # noqa: FBT001 - drawn
    benign = answer(document("x"), abstained=abstained, notices=("x",))
    source = document(text, id=text, title=text, source=text, url=text)
    hostile = answer(source, abstained=abstained, notices=(text,))
    assert Structure(render.answer(hostile)).tags == Structure(render.answer(benign)).tags


@given(hostile_text)
def test_a_message_is_one_block_for_markdown_whatever_the_text(text: str) -> None:
    for html in (render.answer(answer(document(text))), render.question(text), render.problem(text, "de")):
        assert "\n" not in html
        assert html.startswith("<")


@given(hostile_text)
def test_questions_errors_and_reports_are_inert(text: str) -> None:
    report = BuildReport("g", 1, 1, 1, (Skipped(text, text),), (text,), 1.0, unchanged=False, changes=CHANGES)
    for made, benign in (
        (render.question(text), render.question("x")),
        (render.stage(text), render.stage("x")),
        (render.problem(text, "en"), render.problem("x", "en")),
        (render.report(report, "en"), render.report(_report(), "en")),
    ):
        assert Structure(made).tags == Structure(benign).tags


def _report(**fields: object) -> BuildReport:
    defaults: dict[str, object] = {
        "generation": "g",
        "documents": 2,
        "chunks": 14,
        "embedded": 3,
        "skipped": (Skipped("x", "y"),),
        "notices": ("z",),
        "seconds": 1.234,
        "unchanged": False,
        "changes": CHANGES,
    }
    return BuildReport(**{**defaults, **fields})  # type: ignore[arg-type]


def test_a_quotation_stands_verbatim_with_a_link_to_its_place_and_its_source() -> None:
    source = document("«Nein», sagte sie.")
    given_answer = answer(source)
    shown = Structure(render.answer(given_answer))
    assert "«Nein», sagte sie." in shown.text
    assert "WELT · 12 February 2025 · Titel · in German" in shown.text
    place = Reference.of(given_answer.citations[0])
    assert shown.links == [place.href, place.permalink]
    assert "Quotation 1" in shown.text


@given(st.text(alphabet=st.characters(codec="utf-8", exclude_categories=["Cc", "Z"]), min_size=1), hostile_text)
def test_the_sentence_before_stands_before_the_quotation_and_not_in_it(said: str, before: str) -> None:
    source = document(f"x{before} {said}")
    fields = excerpt_fields(source, Span(len(before) + 2, len(source.text)))
    plain = replace(answer(source), citations=(Citation(**fields, number=1),))
    leaning = replace(plain, citations=(Citation(**fields, number=1, lead_in=f"x{before} "),))
    with_it, without = Structure(render.answer(leaning)), Structure(render.answer(plain))
    at = with_it.tags.index("p class lang dir")
    assert with_it.tags[at : at + 2] == ["p class lang dir", "/p"]
    assert with_it.tags[:at] + with_it.tags[at + 2 :] == without.tags
    assert with_it.tags.index("blockquote lang dir") == at + 2


def test_an_answer_says_how_sure_it_is_and_an_abstention_does_not() -> None:
    sure = replace(answer(document("x")), confidence=0.93)
    assert "Quite sure: confidence 93 %" in Structure(render.answer(sure)).text
    abstained = answer(document("x"), abstained=True)
    assert "confidence" not in Structure(render.answer(abstained)).text


def test_near_misses_are_called_no_answer_and_carry_no_citation() -> None:
    shown = Structure(render.answer(answer(document("Etwas anderes."), abstained=True)))
    assert "The indexed sources do not answer this." in shown.text
    assert "Not an answer" in shown.text
    assert [link.split("/", 1)[0] for link in shown.links] == ["#near"]
    assert "beleg-chip" not in render.answer(answer(document("x"), abstained=True))


@pytest.mark.parametrize("lang", ["de", "en"])
@pytest.mark.parametrize("verdict", get_args(Verdict))
def test_every_verdict_is_explained_in_the_answers_language(lang: Lang, verdict: Verdict) -> None:
    given_answer = replace(answer(document("x")), lang=lang, candidates=(_candidate("Ein Satz.", verdict),))
    html = render.answer(given_answer)
    assert "<details" in html
    text = Structure(html).text
    assert "Ein Satz." in text
    assert "62%" in text
    assert dict(words(lang).verdicts)[verdict] in text
    assert dict(words(lang).signals)["coverage"] in text


@pytest.mark.parametrize("lang", ["de", "en"])
def test_all_that_speaks_for_a_sentence_has_a_name(lang: Lang) -> None:
    assert set(dict(words(lang).signals)) == {*Clues._fields, *Signals._fields}


def test_what_was_degraded_is_shown() -> None:
    assert "words only" in Structure(render.answer(answer(document("x"), notices=("words only",)))).text


def test_two_sources_are_counted_as_two() -> None:
    first, second = document("Eins.", id="1"), document("Zwei.", id="2")
    quotes = tuple(
        Citation(**excerpt_fields(source, Span(0, 5)), number=number)
        for number, source in enumerate((first, second), 1)
    )
    both = Answer("?", "de", "answered", "", quotes, (), 0.5, (), "g")
    assert "2 Quellen antworten" in Structure(render.answer(both)).text


@pytest.mark.parametrize(("done", "total", "said"), [(3, 9, "embedding 3 / 9"), (0, 0, "embedding")])
def test_progress_says_how_far_it_is(done: int, total: int, said: str) -> None:
    assert said in Structure(render.progress(Progress("embedding", done, total), "en")).text


def test_a_report_names_every_skipped_file_and_why() -> None:
    text = Structure(render.report(_report(skipped=(Skipped("a.bin", "binary"), Skipped("b.txt", "empty"))), "en")).text
    assert "Rebuilt in 1.2 s: 2 documents (1 added, 0 changed, 2 removed), 14 passages, 3 newly embedded." in text
    assert "Skipped files (2)" in text
    assert "a.bin: binary" in text
    assert "b.txt: empty" in text


def test_a_rebuild_without_changes_says_so() -> None:
    assert "Nichts hat sich geändert" in Structure(render.report(_report(unchanged=True, skipped=()), "de")).text


def test_the_byline_names_the_speaker_where_the_text_does() -> None:
    source = document("«Nein», sagte Baerbock.")
    citation = Citation(**excerpt_fields(source, Span(0, len(source.text))), number=1, speaker="Baerbock")
    assert (
        "Baerbock · WELT · 12 February 2025"
        in Structure(render.answer(replace(answer(source), citations=(citation,)))).text
    )


def test_an_answer_says_how_much_was_searched_how_long_that_took_and_what_its_confidence_means() -> None:
    given_answer = replace(
        answer(document("Ja.")), searched=3, timings={"searching": 0.5, "reading": 0.75}, confidence=0.93
    )
    assert "3 documents searched in 1.2 s." in Structure(render.answer(given_answer)).text
    assert "about 93 of a hundred" in Structure(render.answer(given_answer)).text
    german = Structure(render.answer(replace(given_answer, lang="de", searched=1))).text
    assert "Ein Dokument in 1,2 s durchsucht." in german


def test_abstaining_says_what_was_searched_and_what_to_try() -> None:
    abstained = answer(document("Etwas anderes."), abstained=True)
    shown = Structure(render.answer(replace(abstained, searched=7))).text
    assert "7 documents searched" in shown
    assert "What you can try" in shown
    assert "Remove the filters" not in shown
    scope = Scope(None, None, ("WELT",), (), (), "", documents=2, total=9, undated=0)
    assert "Remove the filters: 2 of 9" in Structure(render.answer(replace(abstained, scope=scope))).text


@given(hostile_text, hostile_text)
def test_the_query_that_was_put_in_the_place_of_a_question_is_shown_and_does_nothing(text: str, query: str) -> None:
    shown = Structure(render.question(text, query, "de", opens=True))
    assert {tag.split()[0] for tag in shown.tags} == {"p", "/p", "bdi", "/bdi"}
    assert "Gefragt als:" in shown.text
