"""An evaluation as HTML: its measures with their intervals, two curves, and beside them the run before.

Pure functions; every text from outside is made inert. Measures, curves and questions are those of `qa.report_measures`
and its siblings, which `qa.html_report` shows too.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from qa.comparison import Comparison
from qa.evaluate import Asked, Evaluation
from qa.expectations import Expectation, is_met
from qa.figures import decimal, number
from qa.inert import inert
from qa.report_cases import changes
from qa.report_curves import curves
from qa.report_measures import measure_name, measures
from qa.types import Lang
from ui.evaluation_cases import Texts, cases
from ui.evaluation_strings import EvaluationWords, evaluation_words


@dataclass(frozen=True, slots=True)
class Seen:
    """A run with all that is shown beside it; `comparison` is None where there is no run before it."""

    evaluation: Evaluation
    comparison: Comparison | None
    expectations: Sequence[Expectation]


def view(seen: Seen, texts: Texts, lang: Lang) -> str:
    """All of a run: what it was, what its figures are, and every question, the failures first."""
    speech, now = evaluation_words(lang), seen.evaluation.outcomes
    before = seen.comparison.before.outcomes if seen.comparison else ()
    parts = (
        _facts(seen, lang),
        _expectations(seen, lang),
        measures(seen.evaluation, seen.comparison, lang),
        f"<h2>{inert(speech.evaluation_curves)}</h2>{curves(now, before, lang)}",
        changes(seen.comparison, lang) if seen.comparison else "",
        cases(now, texts, lang),
    )
    return f'<div class="beleg-evaluation" lang="{lang}">{"".join(parts)}</div>'


def progress(asked: Asked | None, lang: Lang) -> str:
    """How far a run is; None while its questions are being checked."""
    speech = evaluation_words(lang)
    if asked is None:
        return note(speech.evaluation_checking)
    count = inert(speech.evaluation_asking.format(done=asked.done, total=asked.total))
    bar = f'<progress max="{asked.total}" value="{asked.done}" aria-label="{count}"></progress>'
    return f'<div class="beleg-progress" role="status"><p>{count}</p>{bar}</div>'


def note(text: str) -> str:
    """A sentence about the tab's own doings."""
    return f'<p class="beleg-evaluation-note" role="status">{inert(text)}</p>'


def problem(message: str, lang: Lang) -> str:
    """Why something could not be done, and what mends it."""
    lead = inert(evaluation_words(lang).evaluation_problem)
    return f'<div class="beleg-evaluation-problem" role="alert"><p><b>{lead}</b></p><p>{inert(message)}</p></div>'


def _facts(seen: Seen, lang: Lang) -> str:
    speech, now = evaluation_words(lang), seen.evaluation
    facts = speech.evaluation_facts.format(
        name=now.question_set,
        questions=len(now.outcomes),
        documents=now.documents,
        model=now.model,
        date=_date(now),
        seconds=number(sum(now.seconds), lang, 0),
    )
    return "".join(f'<p class="beleg-evaluation-facts">{inert(text)}</p>' for text in (facts, *_beside(seen, speech)))


def _beside(seen: Seen, speech: EvaluationWords) -> list[str]:
    """Which run the figures are compared with."""
    if (found := seen.comparison) is None:
        return []
    before = found.before
    known = speech.evaluation_beside.format(date=_date(before), documents=before.documents, model=before.model)
    same = before.questions_sha256 == seen.evaluation.questions_sha256
    return [known, *([] if same else [speech.evaluation_shared.format(shared=found.shared)])]


def _date(evaluation: Evaluation) -> str:
    """To the minute, in UTC as it was noted."""
    return f"{evaluation.environment.date[:16].replace('T', ' ')} UTC"


def _expectations(seen: Seen, lang: Lang) -> str:
    """What was expected, and whether it was met; empty where nothing was."""
    speech, total = evaluation_words(lang), seen.evaluation.total
    items = []
    for expected in seen.expectations:
        met = is_met(expected, total.get(expected.measure))
        kind, word = ("met", speech.evaluation_met) if met else ("unmet", speech.evaluation_unmet)
        minimum = decimal(f"{expected.minimum:g}", lang)
        said = speech.evaluation_expected.format(measure=measure_name(expected.measure, lang), minimum=minimum)
        items.append(f'<li>{inert(said)} <b class="beleg-{kind}">{inert(word)}</b></li>')
    return f'<ul class="beleg-expectations">{"".join(items)}</ul>' if items else ""
