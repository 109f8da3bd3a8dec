"""The questions of an evaluation as HTML: what went wrong first, each with its gold and with what was found instead.

Pure functions; every text from outside is made inert. How a place in a document is shown is for the caller to say.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple, Protocol

from qa.comparison import Comparison
from qa.inert import inert
from qa.metrics import JudgedCitation, Outcome
from qa.questions import GoldSpan
from qa.report_strings import ReportWords, report_words
from qa.types import Lang

Place = GoldSpan | JudgedCitation


class ShowPlace(Protocol):
    """Makes HTML of a place in a document, which is gold or `cited`, else near, and of what is to be said of it."""

    def __call__(self, place: Place, *, cited: bool, verdict: str) -> str:
        """The HTML."""


class View(NamedTuple):
    """How questions are shown: their places, the language of the frame, and at most so many of each group."""

    place: ShowPlace
    lang: Lang
    limit: int


def cases(outcomes: Sequence[Outcome], view: View) -> str:
    """All questions by what became of them; those that went right folded away."""
    speech = report_words(view.lang)
    wrong = [outcome for outcome in outcomes if outcome.verdict == "wrong: cited"]
    failures = (
        (speech.evaluation_wrong, [outcome for outcome in wrong if outcome.question.answerable]),
        (speech.evaluation_missed, [outcome for outcome in outcomes if outcome.verdict == "missed: abstained"]),
        (speech.evaluation_invented, [outcome for outcome in wrong if not outcome.question.answerable]),
    )
    shown = "".join(_group(title, of_one, view) for title, of_one in failures if of_one)
    rights = [outcome for outcome in outcomes if outcome.is_right]
    summary = f"<summary>{inert(speech.evaluation_rights)} ({len(rights)})</summary>"
    folded = f"<details>{summary}{_list(rights, view)}</details>" if rights else ""
    return (shown or f"<p>{inert(speech.evaluation_no_failures)}</p>") + folded


def changes(found: Comparison, lang: Lang) -> str:
    """The questions that went otherwise than in the run before; empty where none did."""
    speech = report_words(lang)
    groups = (
        (speech.evaluation_newly_wrong, found.newly_wrong),
        (speech.evaluation_newly_right, found.newly_right),
    )
    return "".join(_names(title, outcomes) for title, outcomes in groups if outcomes)


def verdict_on(judged: JudgedCitation, speech: ReportWords) -> str:
    """What is to be said of a place that was found."""
    if not judged.exact:
        return speech.evaluation_inexact
    return speech.evaluation_is_gold if judged.right else ""


def _names(title: str, outcomes: Sequence[Outcome]) -> str:
    items = "".join(f"<li>{_asked(outcome)} <small>{inert(outcome.question.id)}</small></li>" for outcome in outcomes)
    return f'<h2>{inert(title)} ({len(outcomes)})</h2><ul class="beleg-changed">{items}</ul>'


def _group(title: str, outcomes: Sequence[Outcome], view: View) -> str:
    heading = f"<h2>{inert(title)} ({len(outcomes)})</h2>"
    return f'<section class="beleg-failures">{heading}{_list(outcomes, view)}</section>'


def _list(outcomes: Sequence[Outcome], view: View) -> str:
    items = "".join(_case(outcome, view) for outcome in outcomes[: view.limit])
    left = len(outcomes) - view.limit
    more = f"<p>{inert(report_words(view.lang).evaluation_more.format(count=left))}</p>" if left > 0 else ""
    return f'<ul class="beleg-cases">{items}</ul>{more}'


def _case(outcome: Outcome, view: View) -> str:
    """One question: how it went, its gold, and what was cited or, where nothing was, what lay nearest."""
    speech = report_words(view.lang)
    gold = "".join(view.place(span, cited=True, verdict="") for span in outcome.question.gold)
    gold += "".join(f'<p class="beleg-place"><bdi>{inert(doc_id)}</bdi></p>' for doc_id in outcome.question.documents)
    cited = outcome.status == "answered"
    judged = outcome.citations if cited else outcome.near_misses
    found = "".join(view.place(one, cited=cited, verdict=verdict_on(one, speech)) for one in judged)
    title = speech.evaluation_cited if cited else speech.evaluation_nearest
    return (
        f'<li class="beleg-case"><p class="beleg-case-question">{_asked(outcome)}</p>{_facts(outcome, view.lang)}'
        f"{_column(speech.evaluation_gold, gold or inert(speech.evaluation_no_gold))}"
        f"{_column(title, found or inert(speech.evaluation_found_nothing))}</li>"
    )


def _asked(outcome: Outcome) -> str:
    return f'<bdi lang="{inert(outcome.question.lang)}">{inert(outcome.question.question)}</bdi>'


def _facts(outcome: Outcome, lang: Lang) -> str:
    """Id, confidence and, where there is gold, how far up it was."""
    speech = report_words(lang)
    facts = [outcome.question.id, speech.evaluation_sure.format(percent=round(100 * outcome.confidence))]
    if outcome.question.answerable:
        ranks = (str(rank or speech.evaluation_not_found) for rank in (outcome.chunk_rank, outcome.sentence_rank))
        facts.append(speech.evaluation_ranks.format(**dict(zip(("passage", "sentence"), ranks, strict=True))))
    return f'<p class="beleg-case-facts">{" · ".join(f"<bdi>{inert(fact)}</bdi>" for fact in facts)}</p>'


def _column(title: str, body: str) -> str:
    return f'<div class="beleg-case-part"><h3>{inert(title)}</h3>{body}</div>'
