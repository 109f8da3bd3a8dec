"""An evaluation as HTML: its measures with their intervals, two curves, and beside them the run before.

Pure functions; every text from outside is made inert. The questions themselves are shown by `ui.evaluation_cases`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from qa.comparison import Comparison
from qa.evaluate import Asked, Evaluation
from qa.expectations import Expectation, is_met
from qa.intervals import Interval
from qa.metrics import Score
from qa.types import Lang
from ui.evaluation_cases import Texts, cases, changes
from ui.evaluation_curves import curves
from ui.evaluation_strings import EvaluationWords, evaluation_words
from ui.figures import decimal, number, table
from ui.inert import inert
from ui.strings import language_name


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
        _measures(seen, lang),
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
        said = speech.evaluation_expected.format(measure=_name(expected.measure, speech), minimum=minimum)
        items.append(f'<li>{inert(said)} <b class="beleg-{kind}">{inert(word)}</b></li>')
    return f'<ul class="beleg-expectations">{"".join(items)}</ul>' if items else ""


def _measures(seen: Seen, lang: Lang) -> str:
    """The table over all questions, and folded away one for each language."""
    speech, now = evaluation_words(lang), seen.evaluation
    before = seen.comparison.before if seen.comparison else None
    gains = seen.comparison.gains if seen.comparison else {}
    whole = _table(now.total, now.intervals, before.total if before else None, gains, lang)
    folded = []
    for code, intervals in now.intervals_by_lang.items():
        earlier = before.by_lang.get(code, {}) if before else None
        name = speech.evaluation_in_language.format(language=language_name(code, lang) or code)
        of_lang = _table(now.by_lang[code], intervals, earlier, None, lang)
        folded.append(f"<details><summary>{inert(name)}</summary>{of_lang}</details>")
    hint = f'<p class="beleg-evaluation-hint">{inert(speech.evaluation_hint)}</p>'
    return f"<h2>{inert(speech.evaluation_measures)}</h2>{whole}{hint}{''.join(folded)}"


def _table(
    scores: dict[str, Score],
    intervals: dict[str, Interval],
    before: dict[str, Score] | None,
    gains: dict[str, Interval] | None,
    lang: Lang,
) -> str:
    """One row a measure; the last run's columns only where there is one, the difference where `gains` are known."""
    speech = evaluation_words(lang)
    head = [speech.evaluation_measure, speech.evaluation_value, speech.evaluation_interval, speech.evaluation_samples]
    head += [] if before is None else [speech.evaluation_last]
    head += [] if before is None or gains is None else [speech.evaluation_change]
    rows = []
    for measure, found in scores.items():
        row = [_measure(measure, speech), inert(_value(found, lang)), inert(_span(intervals[measure], found, lang))]
        row += [str(found.n)]
        row += [] if before is None else [inert(_value(before.get(measure), lang))]
        row += [] if before is None or gains is None else [_change(gains.get(measure), lang)]
        rows.append(row)
    return table(head, rows, speech.evaluation_measures)


def _measure(measure: str, speech: EvaluationWords) -> str:
    return f"{inert(_name(measure, speech))} <small>{inert(measure)}</small>"


def _name(measure: str, speech: EvaluationWords) -> str:
    return dict(speech.evaluation_names).get(measure, measure)


def _value(found: Score | None, lang: Lang) -> str:
    if found is None:
        return "–"
    if found.kind == "count":
        return evaluation_words(lang).evaluation_of.format(value=number(found.value, lang, 0), n=found.n)
    return number(found.value, lang)


def _span(interval: Interval, found: Score, lang: Lang) -> str:
    """The interval; where every resample is the same, that it is none."""
    speech = evaluation_words(lang)
    if interval.low == interval.high:
        return speech.evaluation_alike
    digits = 0 if found.kind == "count" else 2
    low, high = (number(bound, lang, digits) for bound in (interval.low, interval.high))
    return speech.evaluation_span.format(low=low, high=high)


def _change(gain: Interval | None, lang: Lang) -> str:
    """Better or worse only where the whole interval of the difference is."""
    speech = evaluation_words(lang)
    if gain is None:
        return "–"
    change = f"{'+' if gain.value > 0 else '−'}{number(abs(gain.value), lang)}"
    if gain.low > 0:
        return f'<b class="beleg-better">{inert(speech.evaluation_better.format(change=change))}</b>'
    if gain.high < 0:
        return f'<b class="beleg-worse">{inert(speech.evaluation_worse.format(change=change))}</b>'
    return inert(speech.evaluation_unclear)
