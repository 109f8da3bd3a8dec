"""The measures of an evaluation as HTML tables, with their intervals and beside them the run before.

Pure functions; every text from outside is made inert. Whatever measures a run has are shown.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from qa.comparison import Comparison
from qa.evaluate import Evaluation
from qa.figures import number, table
from qa.inert import inert
from qa.intervals import Interval
from qa.metrics import Score
from qa.report_strings import ReportWords, report_words
from qa.types import Lang


class _Earlier(NamedTuple):
    """The scores of the run before and, where they are known, the differences to it."""

    scores: Mapping[str, Score]
    gains: Mapping[str, Interval] | None


def measures(now: Evaluation, comparison: Comparison | None, lang: Lang, *, folded: bool = True) -> str:
    """The table over all questions and one for each of their languages, these `folded` away or not."""
    speech = report_words(lang)
    earlier = _Earlier(comparison.before.total, comparison.gains) if comparison else None
    whole = _table(now.total, now.intervals, earlier, lang, speech.evaluation_measures)
    parts = []
    for code, intervals in now.intervals_by_lang.items():
        earlier = _Earlier(comparison.before.by_lang.get(code, {}), None) if comparison else None
        name = speech.evaluation_in_language.format(language=language_name(code, lang))
        of_lang = _table(now.by_lang[code], intervals, earlier, lang, name)
        parts.append(f"<details{'' if folded else ' open'}><summary>{inert(name)}</summary>{of_lang}</details>")
    hint = f'<p class="beleg-evaluation-hint">{inert(speech.evaluation_hint)}</p>'
    return f"<h2>{inert(speech.evaluation_measures)}</h2>{whole}{hint}{''.join(parts)}"


def measure_name(measure: str, lang: Lang) -> str:
    """What a measure is called in `lang`; its own name where it is a new one."""
    return dict(report_words(lang).evaluation_names).get(measure, measure)


def language_name(code: str, lang: Lang) -> str:
    """What the language `code` is called in `lang`."""
    from babel import Locale

    return str(Locale(lang).languages.get(code, code))


def _table(
    scores: Mapping[str, Score], intervals: Mapping[str, Interval], earlier: _Earlier | None, lang: Lang, label: str
) -> str:
    """One row a measure; the last run's columns only where there is one."""
    speech = report_words(lang)
    head = [speech.evaluation_measure, speech.evaluation_value, speech.evaluation_interval, speech.evaluation_samples]
    if earlier:
        head += [speech.evaluation_last, *([] if earlier.gains is None else [speech.evaluation_change])]
    rows = []
    for measure, found in scores.items():
        row = [_measure(measure, lang), inert(_value(found, lang)), inert(_span(intervals.get(measure), found, lang))]
        rows.append([*row, str(found.n), *_beside(measure, earlier, lang)])
    return table(head, rows, label)


def _beside(measure: str, earlier: _Earlier | None, lang: Lang) -> list[str]:
    if earlier is None:
        return []
    value = inert(_value(earlier.scores.get(measure), lang))
    return [value] if earlier.gains is None else [value, _change(earlier.gains.get(measure), lang)]


def _measure(measure: str, lang: Lang) -> str:
    return f"{inert(measure_name(measure, lang))} <small>{inert(measure)}</small>"


def _value(found: Score | None, lang: Lang) -> str:
    if found is None:
        return "–"
    if found.kind == "count":
        return report_words(lang).evaluation_of.format(value=number(found.value, lang, 0), n=found.n)
    return number(found.value, lang)


def _span(interval: Interval | None, found: Score, lang: Lang) -> str:
    """The interval; where every resample is the same, that it is none."""
    speech = report_words(lang)
    if interval is None:
        return "–"
    if interval.low == interval.high:
        return speech.evaluation_alike
    digits = 0 if found.kind == "count" else 2
    low, high = (number(bound, lang, digits) for bound in (interval.low, interval.high))
    return speech.evaluation_span.format(low=low, high=high)


def _change(gain: Interval | None, lang: Lang) -> str:
    """Better or worse only where the whole interval of the difference is."""
    speech = report_words(lang)
    if gain is None:
        return "–"
    change = f"{'+' if gain.value > 0 else '−'}{number(abs(gain.value), lang)}"
    if gain.low > 0:
        return _marked("better", change, speech)
    return _marked("worse", change, speech) if gain.high < 0 else inert(speech.evaluation_unclear)


def _marked(kind: str, change: str, speech: ReportWords) -> str:
    form = speech.evaluation_better if kind == "better" else speech.evaluation_worse
    return f'<b class="beleg-{kind}">{inert(form.format(change=change))}</b>'
