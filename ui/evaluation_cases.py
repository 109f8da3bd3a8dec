"""The questions of an evaluation as HTML: what went wrong first, each with its gold and with what was found instead.

A place is a link into the source panel only where the article still has there what was quoted.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cache

from index.errors import BelegError
from index.types import Document
from qa.comparison import Comparison
from qa.metrics import JudgedCitation, Outcome
from qa.questions import GoldSpan
from qa.types import Lang
from ui.evaluation_strings import EvaluationWords, evaluation_words
from ui.inert import inert
from ui.reference import SHA_CHARS, Kind, Reference
from ui.strings import words

MAX_SHOWN = 200  # questions of a group: a page of thousands could not be scrolled


class Texts:
    """Looks up what an article says now."""

    def __init__(self, document: Callable[[str], Document]) -> None:
        self._document = cache(document)

    def of(self, place: GoldSpan | JudgedCitation) -> Document | None:
        """The article that a place is in; None where it is gone or no longer reads so there."""
        try:
            document = self._document(place.doc_id)
        except (KeyError, BelegError):
            return None
        return document if document.text[place.start : place.end] == place.quote else None


def cases(outcomes: Sequence[Outcome], texts: Texts, lang: Lang) -> str:
    """All questions by what became of them; those that went right folded away."""
    speech = evaluation_words(lang)
    wrong = [outcome for outcome in outcomes if outcome.verdict == "wrong: cited"]
    failures = (
        (speech.evaluation_wrong, [outcome for outcome in wrong if outcome.question.answerable]),
        (speech.evaluation_missed, [outcome for outcome in outcomes if outcome.verdict == "missed: abstained"]),
        (speech.evaluation_invented, [outcome for outcome in wrong if not outcome.question.answerable]),
    )
    shown = "".join(_group(title, of_one, texts, lang) for title, of_one in failures if of_one)
    rights = [outcome for outcome in outcomes if outcome.is_right]
    summary = f"<summary>{inert(speech.evaluation_rights)} ({len(rights)})</summary>"
    folded = f"<details>{summary}{_list(rights, texts, lang)}</details>" if rights else ""
    return (shown or f"<p>{inert(speech.evaluation_no_failures)}</p>") + folded


def changes(found: Comparison, lang: Lang) -> str:
    """The questions that went otherwise than in the run before; empty where none did."""
    speech = evaluation_words(lang)
    groups = (
        (speech.evaluation_newly_wrong, found.newly_wrong),
        (speech.evaluation_newly_right, found.newly_right),
    )
    return "".join(_names(title, outcomes) for title, outcomes in groups if outcomes)


def _names(title: str, outcomes: Sequence[Outcome]) -> str:
    items = "".join(f"<li>{_asked(outcome)} <small>{inert(outcome.question.id)}</small></li>" for outcome in outcomes)
    return f'<h2>{inert(title)} ({len(outcomes)})</h2><ul class="beleg-changed">{items}</ul>'


def _group(title: str, outcomes: Sequence[Outcome], texts: Texts, lang: Lang) -> str:
    heading = f"<h2>{inert(title)} ({len(outcomes)})</h2>"
    return f'<section class="beleg-failures">{heading}{_list(outcomes, texts, lang)}</section>'


def _list(outcomes: Sequence[Outcome], texts: Texts, lang: Lang) -> str:
    items = "".join(_case(outcome, texts, lang) for outcome in outcomes[:MAX_SHOWN])
    left = len(outcomes) - MAX_SHOWN
    more = f"<p>{inert(evaluation_words(lang).evaluation_more.format(count=left))}</p>" if left > 0 else ""
    return f'<ul class="beleg-cases">{items}</ul>{more}'


def _case(outcome: Outcome, texts: Texts, lang: Lang) -> str:
    """One question: how it went, its gold, and what was cited or, where nothing was, what lay nearest."""
    speech = evaluation_words(lang)
    gold = "".join(_place(span, "cite", "", texts, lang) for span in outcome.question.gold)
    gold += "".join(f'<p class="beleg-place"><bdi>{inert(doc_id)}</bdi></p>' for doc_id in outcome.question.documents)
    cited = outcome.status == "answered"
    kind: Kind = "cite" if cited else "near"
    judged = outcome.citations if cited else outcome.near_misses
    found = "".join(_place(one, kind, _verdict(one, speech), texts, lang) for one in judged)
    title = speech.evaluation_cited if cited else speech.evaluation_nearest
    return (
        f'<li class="beleg-case"><p class="beleg-case-question">{_asked(outcome)}</p>{_facts(outcome, lang)}'
        f"{_column(speech.evaluation_gold, gold or inert(speech.evaluation_no_gold))}"
        f"{_column(title, found or inert(speech.evaluation_found_nothing))}</li>"
    )


def _asked(outcome: Outcome) -> str:
    return f'<bdi lang="{outcome.question.lang}">{inert(outcome.question.question)}</bdi>'


def _facts(outcome: Outcome, lang: Lang) -> str:
    """Id, confidence and, where there is gold, how far up it was."""
    speech = evaluation_words(lang)
    facts = [outcome.question.id, speech.evaluation_sure.format(percent=round(100 * outcome.confidence))]
    if outcome.question.answerable:
        ranks = (str(rank or speech.evaluation_not_found) for rank in (outcome.chunk_rank, outcome.sentence_rank))
        facts.append(speech.evaluation_ranks.format(**dict(zip(("passage", "sentence"), ranks, strict=True))))
    return f'<p class="beleg-case-facts">{" · ".join(f"<bdi>{inert(fact)}</bdi>" for fact in facts)}</p>'


def _verdict(judged: JudgedCitation, speech: EvaluationWords) -> str:
    if not judged.exact:
        return speech.evaluation_inexact
    return speech.evaluation_is_gold if judged.right else ""


def _column(title: str, body: str) -> str:
    return f'<div class="beleg-case-part"><h3>{inert(title)}</h3>{body}</div>'


def _place(place: GoldSpan | JudgedCitation, kind: Kind, verdict: str, texts: Texts, lang: Lang) -> str:
    """A quote, what is to be said of it, and the way to it."""
    document = texts.of(place)
    said = f'<b class="beleg-verdict">{inert(verdict)}</b>' if verdict else ""
    link = f"{_link(kind, place, document, lang)} " if document else ""
    name = f"<bdi>{inert((document and document.title) or place.doc_id)}</bdi>"
    return f'<blockquote dir="auto">{inert(place.quote)}</blockquote><p class="beleg-place">{said} {link}{name}</p>'


def _link(kind: Kind, place: GoldSpan | JudgedCitation, document: Document, lang: Lang) -> str:
    href = Reference(kind, document.id, document.sha256[:SHA_CHARS], place.start, place.end).href
    return f'<a class="beleg-open" href="{href}">{inert(words(lang).read_in_article)}</a>'
