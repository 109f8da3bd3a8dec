"""The report is one file that says all of a run, fetches nothing, and is the same each time."""

from __future__ import annotations

import re
from dataclasses import replace
from html import unescape
from html.parser import HTMLParser
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index.types import Document, Published, text_sha256
from qa.errors import EvaluationError
from qa.evaluate import Environment, Evaluation, evaluate
from qa.html_report import MAX_SHOWN, page, write_html
from qa.inert import sound
from qa.metrics import JudgedCitation, Outcome, retrieval_values
from qa.questions import GoldQuestion, GoldSpan, read_questions

if TYPE_CHECKING:
    from qa.pipeline import Assistant

SEED = Path(__file__).parents[2] / "evals" / "seed.jsonl"
TEXT = "Am Montag war Markt. Anna kam früh. Bert ging. Cora blieb."
DOCUMENT = Document(
    "d", TEXT, text_sha256(TEXT), "Drei Leute", "de", "d", published=Published("2025-02-12"), source="Blatt"
)
GOLD = GoldSpan("d", 36, 46, "Bert ging.")
RIGHT = JudgedCitation("d", 36, 46, "Bert ging.", exact=True, right=True)
WRONG = JudgedCitation("d", 21, 35, "Anna kam früh.", exact=True, right=False)


def asked(name: str, *citations: JudgedCitation, text: str = "Who left?") -> Outcome:
    question = GoldQuestion(name, text, "en", answerable=True, gold=(GOLD,), tags=("exonym", "who"))
    rank = 1 if citations and citations[0].right else 3
    status = "answered" if citations else "abstained"
    return Outcome(question, "en", status, 0.625, (2,), rank, retrieval_values([2]), citations, (WRONG,))  # type: ignore[arg-type]


def run(*outcomes: Outcome, date: str = "2026-02-03T04:05:06+00:00", seconds: float = 0.5) -> Evaluation:
    environment = Environment(date, "some machine", 2, {"python": "3.11"}, "some-generation")
    return Evaluation("hand", "0", "some-encoder", 1, 2, outcomes, (seconds,) * len(outcomes), environment)


ALL = run(asked("good", RIGHT), asked("missed"), asked("bad", WRONG))


def lookup(doc_id: str) -> Document:
    return {"d": DOCUMENT}[doc_id]


def words_of(html: str) -> str:
    body = html[html.index("<body>") :]
    return " ".join(unescape(re.sub(r"<[^>]*>", " ", body)).split())


def without_run(html: str) -> str:
    """The report without the one section that may differ."""
    before, section, rest = re.split(
        r"(<section id=\"part-\d+\">\s*<h2>How it was run</h2>.*?</section>)", html, flags=re.DOTALL
    )
    assert section
    return before + rest


class Tags(HTMLParser):
    """Every tag with its attributes."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))


def test_it_says_what_was_run_where_and_when() -> None:
    text = words_of(page(ALL))
    for fact in ("hand", "3, 3 of them answerable", "some-encoder", "2026-02-03T04:05:06+00:00", "some machine"):
        assert fact in text
    for fact in ("python 3.11", "some-generation", "p95 500"):
        assert fact in text


def test_measures_have_intervals_and_are_broken_down_by_language_and_tag() -> None:
    text = words_of(page(ALL))
    assert "answerable, answered with gold answered_right 0.33 0.00 to 1.00 3" in text
    assert "Questions in English" in text
    assert re.search(r"By tag By tag recall@1 .* exonym 0\.00 n = 3 .* who 0\.00 n = 3", text)


def test_both_curves_are_drawn_and_told() -> None:
    html = page(ALL)
    assert html.count('role="img"') == 2
    assert "k = 1: this run 0.00; k = 5: this run 1.00" in words_of(html)


def test_failures_come_first_and_quotations_stand_marked_in_their_context() -> None:
    html = page(ALL, document=lookup)
    order = [html.index(f"<bdi>{name}</bdi>") for name in ("bad", "missed", "good")]
    assert order == sorted(order)
    assert order[1] < html.rindex("<details>") < order[2]
    quoted = re.findall(r'<blockquote dir="auto" lang="de">(.*?)</blockquote>', html)
    assert unescape(quoted[0]) == "Am Montag war Markt. Anna kam früh. <mark>Bert ging.</mark> Cora blieb."
    assert unescape(quoted[1]) == "Am Montag war Markt. <mark>Anna kam früh.</mark> Bert ging. Cora blieb."
    assert "Drei Leute · Blatt · 2025-02-12 · d , characters 36 to 46" in words_of(html)


def test_what_lay_near_is_not_marked_as_an_answer() -> None:
    html = page(run(asked("missed")), document=lookup)
    assert re.findall(r"<mark>(.*?)</mark>", html) == ["Bert ging&#46;"]
    assert '<span class="beleg-near">Anna kam früh&#46;</span>' in html


@pytest.mark.parametrize("text", [None, "Another text, where all of it stands elsewhere, in other words."])
def test_without_its_document_a_quotation_stands_alone(text: str | None) -> None:
    def changed(doc_id: str) -> Document:
        if text is None:
            raise KeyError(doc_id)
        return replace(DOCUMENT, text=text, sha256=text_sha256(text))

    assert '<blockquote dir="auto"><mark>Bert ging&#46;</mark></blockquote>' in page(ALL, document=changed)
    assert page(ALL, document=changed) == page(ALL)


def test_the_run_before_stands_beside_it() -> None:
    before = run(asked("good"), asked("bad", RIGHT), date="2025-01-01T00:00:00+00:00")
    text = words_of(page(ALL, before))
    assert "Wrong now, right in the last run (1) Who left? bad" in text
    assert "Right now, wrong in the last run (1) Who left? good" in text
    assert "2025-01-01T00:00:00+00:00" in text
    assert "that both have" not in text
    assert "over the 2 questions that both have" in words_of(page(ALL, replace(before, questions_sha256="1")))
    assert 'class="beleg-line beleg-before"' in page(ALL, before)


def test_nothing_in_it_is_fetched_or_run() -> None:
    tags = Tags(page(ALL, document=lookup)).found
    assert not {"script", "img", "iframe", "object", "embed", "base", "form"} & {tag for tag, _ in tags}
    addresses = [value or "" for _, held in tags for name, value in held.items() if name in {"src", "href"}]
    assert addresses
    assert all(address.startswith("#") or address == "data:," for address in addresses)
    assert "url(" not in page(ALL)
    assert not [name for _, held in tags for name in held if name.startswith("on") or name == "style"]


def test_links_lead_to_parts_of_it() -> None:
    tags = Tags(page(ALL)).found
    ids = [held["id"] for _, held in tags if "id" in held]
    assert len(ids) == len(set(ids))
    assert {held["href"] for tag, held in tags if tag == "a"} <= {f"#{one}" for one in ids}


def test_thousands_of_questions_are_cut_and_counted() -> None:
    html = page(run(*(asked(f"q{number}") for number in range(MAX_SHOWN + 7))))
    assert html.count('class="beleg-case"') == MAX_SHOWN
    assert "7 more are in the JSON." in words_of(html)


PLAIN = page(run(asked("x", WRONG)), document=lookup)


@settings(max_examples=50)
@given(st.text(min_size=1).filter(str.strip))
def test_no_text_is_more_than_text(text: str) -> None:
    document = replace(DOCUMENT, text=text, sha256=text_sha256(text), title=text, source=text, id=text, lang=text)
    place = JudgedCitation(text, 0, len(text), text, exact=True, right=False)
    gold = GoldSpan(text, 0, len(text), text)
    question = GoldQuestion(text, text, "en", answerable=True, gold=(gold,), tags=(text, f"{text}2"))
    outcome = replace(asked("x", place), question=question, near_misses=(place,))
    hostile = replace(run(outcome), question_set=text, model=text, questions_sha256=text)
    html = page(hostile, document=lambda _: document)
    shape = [(tag, sorted(held)) for tag, held in Tags(html).found]
    assert shape == [(tag, sorted(held)) for tag, held in Tags(PLAIN).found]
    assert f"Evaluation: {' '.join(sound(text).split())}".strip() in words_of(html)


def test_it_is_written_whole_or_the_reason_is_given(tmp_path: Path) -> None:
    write_html(ALL, None, tmp_path / "new" / "report.html", lookup)
    assert (tmp_path / "new" / "report.html").read_text(encoding="utf-8") == page(ALL, document=lookup)
    with pytest.raises(EvaluationError, match="cannot be written"):
        write_html(ALL, None, tmp_path / "new" / "report.html" / "below")


def test_a_rerun_differs_in_how_it_was_run_alone(assistant: Assistant, tmp_path: Path) -> None:
    few = tmp_path / "few.jsonl"
    few.write_bytes(b"".join(SEED.read_bytes().splitlines(keepends=True)[:4]))
    questions = read_questions(few, assistant.document)
    one, other = (evaluate(assistant, questions) for _ in range(2))
    later = replace(other, environment=replace(other.environment, date="2030-01-01T00:00:00+00:00"))
    first, second = (page(run, None, assistant.document) for run in (one, later))
    assert first != second
    assert without_run(first) == without_run(second)
