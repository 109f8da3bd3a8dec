"""A run as the tab shows it: figures, curves and questions, and beside them the run before."""

from __future__ import annotations

import re
from dataclasses import replace
from html import unescape

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.errors import NoIndexError
from index.types import Document, text_sha256
from qa.comparison import compare
from qa.evaluate import Asked, Environment, Evaluation
from qa.expectations import Expectation
from qa.inert import sound
from qa.metrics import JudgedCitation, Outcome, retrieval_values
from qa.questions import GoldQuestion, GoldSpan
from ui.evaluation_cases import MAX_SHOWN, Texts
from ui.evaluation_strings import DE, EN
from ui.evaluation_view import Seen, note, problem, progress, view

TEXT = "Anna kam. Bert ging. Cora blieb."
DOCUMENT = Document("d", TEXT, text_sha256(TEXT), "Drei Leute", "de", "d")
GOLD = GoldSpan("d", 10, 20, "Bert ging.")
RIGHT = JudgedCitation("d", 10, 20, "Bert ging.", exact=True, right=True)
WRONG = JudgedCitation("d", 0, 9, "Anna kam.", exact=True, right=False)
ENVIRONMENT = Environment("2026-02-03T04:05:06+00:00", "m", 2, {}, "g")


def asked(name: str, *citations: JudgedCitation, text: str = "Wer ging?") -> Outcome:
    question = GoldQuestion(name, text, "de", answerable=True, gold=(GOLD,))
    status = "answered" if citations else "abstained"
    rank = 1 if citations and citations[0].right else 3
    return Outcome(question, "de", status, 0.625, (2,), rank, retrieval_values([2]), citations, (WRONG, RIGHT))  # type: ignore[arg-type]


def unanswerable(name: str, *citations: JudgedCitation) -> Outcome:
    question = GoldQuestion(name, "Who slept?", "en", answerable=False, gold=())
    return Outcome(question, "en", "answered" if citations else "abstained", 0.2, (), 0, {}, citations, (WRONG,))


def run(*outcomes: Outcome) -> Evaluation:
    return Evaluation("hand", "0", "some-encoder", 1, 2, outcomes, (0.5,) * len(outcomes), ENVIRONMENT)


ALL = run(
    asked("good", RIGHT), asked("missed"), unanswerable("quiet"), unanswerable("made-up", WRONG), asked("bad", WRONG)
)


def lookup(doc_id: str) -> Document:
    return {"d": DOCUMENT}[doc_id]


def shown(now: Evaluation = ALL, before: Evaluation | None = None, lang: str = "en", texts: Texts | None = None) -> str:
    seen = Seen(now, compare(now, before) if before else None, ())
    return view(seen, texts or Texts(lookup), lang)  # type: ignore[arg-type]


def words_of(html: str) -> str:
    return " ".join(unescape(re.sub(r"<[^>]*>", " ", html)).split())


def rows(html: str) -> dict[str, list[str]]:
    """The first table: its measures' cells."""
    body = re.findall(
        r"<tr><th scope=.row.>.*? <small>(.*?)</small></th>(.*?)</tr>", html.split("</table>", maxsplit=1)[0]
    )
    return {unescape(name): [words_of(cell) for cell in cells.split("</td>")[:-1]] for name, cells in body}


def test_a_measure_stands_with_its_interval_and_its_samples() -> None:
    found = rows(shown())
    assert found["answered_right"] == ["0.33", "0.00 to 1.00", "3"]
    assert found["citation_exactness"] == ["1.00", "all alike", "3"]
    assert found["unanswerable_abstained"] == ["1 of 2", "0 to 2", "2"]
    assert rows(shown(lang="de"))["answered_right"] == ["0,33", "0,00 bis 1,00", "3"]


def test_each_language_of_questions_has_a_table_of_its_own() -> None:
    assert "Questions in German" in words_of(shown())
    assert "Questions in English" in words_of(shown())
    assert shown().count("<table>") == 1 + 2 + 2  # all, German and English questions, and the numbers of two plots


def test_only_a_clear_difference_is_called_better_or_worse() -> None:
    before = run(*(asked(f"q{number}", WRONG) for number in range(12)))
    now = run(*(asked(f"q{number}", RIGHT) for number in range(12)))
    one = run(asked("q0", RIGHT), *before.outcomes[1:])
    assert rows(shown(now, before))["answered_right"][-2:] == ["0.00", "+1.00 better"]
    assert rows(shown(before, now))["answered_right"][-2:] == ["1.00", "−1.00 worse"]
    assert rows(shown(one, before))["answered_right"][-2:] == ["0.00", "no clear difference"]
    assert rows(shown(one, before, "de"))["answered_right"][-1] == DE.evaluation_unclear


def test_questions_that_changed_sides_are_listed_above_the_failures() -> None:
    text = words_of(shown(ALL, run(asked("good"), asked("bad", RIGHT))))
    changed = [text.index(title) for title in (EN.evaluation_newly_wrong, EN.evaluation_newly_right)]
    assert max(changed) < text.index(EN.evaluation_wrong)
    assert f"{EN.evaluation_newly_wrong} (1) Wer ging? bad" in text
    assert f"{EN.evaluation_newly_right} (1) Wer ging? good" in text


def test_a_run_over_other_questions_says_how_many_both_have() -> None:
    before = replace(run(asked("good", RIGHT), asked("gone")), questions_sha256="1")
    assert "over the 1 questions that both have" in words_of(shown(ALL, before))
    assert "that both have" not in words_of(shown(ALL, ALL))


def test_failures_come_first_in_the_order_of_their_harm_and_what_is_right_is_folded_away() -> None:
    html = shown()
    order = [html.index(f"<bdi>{name}</bdi>") for name in ("bad", "missed", "made&#45;up", "good", "quiet")]
    assert order == sorted(order)
    folded = html.rindex("<details>")
    assert order[2] < folded < order[3]
    assert f"<summary>{EN.evaluation_rights} &#40;2&#41;</summary>" in html[folded:].replace(" (", " &#40;").replace(
        ")<", "&#41;<"
    )


def test_a_failure_shows_its_gold_its_ranks_and_what_was_found_instead() -> None:
    html = shown(run(asked("bad", WRONG)))
    case = words_of(html[html.index("beleg-case-question") :])
    assert "confidence 62 % · Rank of the gold: passage 2, sentence 3" in case
    assert case.index("Gold Bert ging.") < case.index("Cited Anna kam.")
    sha = DOCUMENT.sha256[:16]
    assert f'href="#cite/d/{sha}/10/20"' in html
    assert f'href="#cite/d/{sha}/0/9"' in html


def test_gold_documents_are_named() -> None:
    about = GoldQuestion("bad", "Wer?", "de", answerable=True, documents=("<d>",))
    text = words_of(shown(run(replace(asked("bad", WRONG), question=about))))
    assert "Gold <d> Cited" in text
    assert EN.evaluation_no_gold not in text


def test_where_nothing_was_cited_the_nearest_passages_are_shown_and_gold_among_them_is_named() -> None:
    html = shown(run(asked("missed")))
    case = words_of(html[html.index("beleg-case-question") :])
    assert "Nearest, not cited Anna kam." in case
    assert "Bert ging. gold Read in the article Drei Leute" in case
    assert "#near/d/" in html


def test_a_citation_that_is_not_the_sources_text_is_called_that() -> None:
    assert EN.evaluation_inexact in words_of(shown(run(asked("bad", replace(WRONG, exact=False)))))


@pytest.mark.parametrize("now", ["Anna kam. Berta ging. Cora blieb.", None])
def test_a_place_that_has_changed_or_gone_is_quoted_but_no_link(now: str | None) -> None:
    def changed(doc_id: str) -> Document:
        if now is None:
            raise KeyError(doc_id)
        return replace(DOCUMENT, text=now, sha256=text_sha256(now))

    html = shown(run(asked("good", RIGHT)), texts=Texts(changed))
    assert "Bert ging." in words_of(html)
    assert "#cite/" not in html


def test_without_an_index_the_last_run_can_still_be_read() -> None:
    def none(doc_id: str) -> Document:
        raise NoIndexError(doc_id)

    assert "Bert ging." in words_of(shown(texts=Texts(none)))


def test_the_plots_have_a_text_alternative_and_their_numbers_in_a_table() -> None:
    html = shown(ALL, ALL)
    assert html.count('role="img"') == 2
    text = words_of(html)
    assert "k = 1: this run 0.00, last run 0.00; k = 5: this run 1.00, last run 1.00" in text
    assert "1.0: this run 0.80, last run 0.80" in text
    assert f"{EN.evaluation_area} " in text
    assert 'class="beleg-line beleg-before"' in html
    assert 'class="beleg-line beleg-before"' not in shown()


def test_without_an_answerable_question_there_is_a_plot_of_risk_alone() -> None:
    html = shown(run(unanswerable("a"), unanswerable("b")))
    assert html.count('role="img"') == 1
    assert EN.evaluation_risk in words_of(html)


def test_when_nothing_failed_it_says_so() -> None:
    assert EN.evaluation_no_failures in words_of(shown(run(asked("good", RIGHT))))


def test_what_was_expected_is_met_or_not() -> None:
    expected = (Expectation("hand", "answered_right", 0.3), Expectation("hand", "unanswerable_abstained", 2))
    text = words_of(view(Seen(ALL, None, expected), Texts(lookup), "en"))
    assert "answerable, answered with gold: at least 0.3 met" in text
    assert "unanswerable, not answered (number): at least 2 not met" in text


def test_thousands_of_failures_are_cut_and_the_rest_is_counted() -> None:
    html = shown(run(*(asked(f"q{number}") for number in range(MAX_SHOWN + 7))))
    assert html.count('class="beleg-case"') == MAX_SHOWN
    assert "7 more are in the JSON." in words_of(html)


PLAIN = shown(replace(run(asked("x", WRONG)), question_set="x", model="x"), texts=Texts({}.__getitem__))


@given(st.text(min_size=1).filter(str.strip))
def test_no_question_id_or_article_can_be_more_than_text(text: str) -> None:
    hostile = replace(asked("x", replace(WRONG, doc_id=text, quote=text)), question=replace(
        ALL.outcomes[0].question, id=text, question=text
    ))  # fmt: skip
    html = shown(replace(run(hostile), question_set=text, model=text))
    assert [tag for tag in re.findall(r"<[^>]*>", html) if tag.startswith("<s")] == [
        tag for tag in re.findall(r"<[^>]*>", PLAIN) if tag.startswith("<s")
    ]
    assert html.count("<bdi") == PLAIN.count("<bdi")
    assert " ".join(sound(text).split()) in words_of(html)


def test_progress_says_how_far_it_is() -> None:
    assert "17 of 52" in words_of(progress(Asked(17, 52), "en"))
    assert '<progress max="52" value="17"' in progress(Asked(17, 52), "en")
    assert "17 von 52" in words_of(progress(Asked(17, 52), "de"))
    assert EN.evaluation_checking in words_of(progress(None, "en"))


def test_notes_and_problems_are_announced_and_inert() -> None:
    assert 'role="status"' in note("x")
    assert "<b>x" not in problem("<b>x", "en")
    assert 'role="alert"' in problem("x", "de")
    assert DE.evaluation_problem in words_of(problem("x", "de"))
