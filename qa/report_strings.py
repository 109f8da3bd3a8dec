"""Every word with which an evaluation is shown, in English and in German: on the page, and in a report of its own."""

from __future__ import annotations

from dataclasses import dataclass

from qa.types import Lang


@dataclass(frozen=True, slots=True)
class ReportWords:
    """One language."""

    evaluation_facts: str
    evaluation_beside: str
    evaluation_shared: str
    evaluation_expected: str
    evaluation_met: str
    evaluation_unmet: str

    evaluation_measures: str
    evaluation_in_language: str
    evaluation_measure: str
    evaluation_value: str
    evaluation_interval: str
    evaluation_samples: str
    evaluation_last: str
    evaluation_change: str
    evaluation_span: str
    evaluation_alike: str
    evaluation_of: str
    evaluation_better: str
    evaluation_worse: str
    evaluation_unclear: str
    evaluation_hint: str
    evaluation_names: tuple[tuple[str, str], ...]

    evaluation_curves: str
    evaluation_recall: str
    evaluation_recall_x: str
    evaluation_recall_y: str
    evaluation_risk: str
    evaluation_risk_x: str
    evaluation_risk_y: str
    evaluation_coverage: str
    evaluation_this_run: str
    evaluation_as_answered: str
    evaluation_numbers: str
    evaluation_area: str

    evaluation_newly_right: str
    evaluation_newly_wrong: str
    evaluation_wrong: str
    evaluation_missed: str
    evaluation_invented: str
    evaluation_no_failures: str
    evaluation_rights: str
    evaluation_more: str
    evaluation_gold: str
    evaluation_no_gold: str
    evaluation_cited: str
    evaluation_nearest: str
    evaluation_found_nothing: str
    evaluation_is_gold: str
    evaluation_inexact: str
    evaluation_ranks: str
    evaluation_not_found: str
    evaluation_sure: str


EN = ReportWords(
    evaluation_facts="{name} · questions: {questions} · documents: {documents} · {model} · {date} · {seconds} s",
    evaluation_beside="Last run · documents: {documents} · {model} · {date}",
    evaluation_shared="The question set has changed since: differences are over the {shared} questions that both have.",
    evaluation_expected="{measure}: at least {minimum}",
    evaluation_met="met",
    evaluation_unmet="not met",
    evaluation_measures="Measures",
    evaluation_in_language="Questions in {language}",
    evaluation_measure="Measure",
    evaluation_value="Value",
    evaluation_interval="95 % interval",
    evaluation_samples="n",
    evaluation_last="last run",
    evaluation_change="Difference",
    evaluation_span="{low} to {high}",
    evaluation_alike="all alike",
    evaluation_of="{value} of {n}",
    evaluation_better="{change} better",
    evaluation_worse="{change} worse",
    evaluation_unclear="no clear difference",
    evaluation_hint=(
        "Intervals: bootstrap over the questions. Where all samples are alike it can say nothing, which is not "
        "certainty. A difference is clear where 95 % of the paired resamples lie on one side of zero."
    ),
    evaluation_names=(
        ("recall@1", "gold in the best passage"),
        ("recall@5", "gold in the 5 best passages"),
        ("recall@20", "gold in the 20 best passages"),
        ("RR@10", "reciprocal rank of the first passage with gold"),
        ("nDCG@10", "ranking of the passages with gold"),
        ("sentence_hit@1", "best sentence is gold"),
        ("sentence_hit@3", "one of the 3 best sentences is gold"),
        ("citation_exactness", "citations that are exactly the source"),
        ("citation_precision", "citations that are gold"),
        ("answered_right", "answerable, answered with gold"),
        ("token_f1", "words that the quotation shares with the gold answer (F1)"),
        ("token_recall", "words of the gold answer that the quotation has"),
        ("abstention_precision", "abstentions that were right"),
        ("abstention_recall", "unanswerable, not answered"),
        ("unanswerable_abstained", "unanswerable, not answered (number)"),
        ("language_accuracy", "language recognised"),
    ),
    evaluation_curves="Curves",
    evaluation_recall="Recall by the number of passages",
    evaluation_recall_x="k, the best passages that are read",
    evaluation_recall_y="recall@k: gold sentences in them",
    evaluation_risk="Risk by coverage",
    evaluation_risk_x="coverage: share of the questions that are answered",
    evaluation_risk_y="risk: share of the answers that are wrong",
    evaluation_coverage="coverage",
    evaluation_this_run="this run",
    evaluation_as_answered="as answered",
    evaluation_numbers="The numbers of the plot: {plot}",
    evaluation_area="Area under the curve (less is better)",
    evaluation_newly_right="Right now, wrong in the last run",
    evaluation_newly_wrong="Wrong now, right in the last run",
    evaluation_wrong="Answered wrongly",
    evaluation_missed="Not answered, although the sources answer",
    evaluation_invented="Answered, although the sources do not answer",
    evaluation_no_failures="Every question went right.",
    evaluation_rights="Right",
    evaluation_more="{count} more are in the JSON.",
    evaluation_gold="Gold",
    evaluation_no_gold="None: the sources do not answer this.",
    evaluation_cited="Cited",
    evaluation_nearest="Nearest, not cited",
    evaluation_found_nothing="Nothing.",
    evaluation_is_gold="gold",
    evaluation_inexact="not the source's text",
    evaluation_ranks="Rank of the gold: passage {passage}, sentence {sentence}",
    evaluation_not_found="not found",
    evaluation_sure="confidence {percent} %",
)

DE = ReportWords(
    evaluation_facts="{name} · Fragen: {questions} · Dokumente: {documents} · {model} · {date} · {seconds} s",
    evaluation_beside="Letzter Lauf · Dokumente: {documents} · {model} · {date}",
    evaluation_shared="Der Fragensatz ist seitdem ein anderer: Verglichen werden die {shared} Fragen, die beide haben.",
    evaluation_expected="{measure}: mindestens {minimum}",
    evaluation_met="erfüllt",
    evaluation_unmet="nicht erfüllt",
    evaluation_measures="Maße",
    evaluation_in_language="Fragen auf {language}",
    evaluation_measure="Maß",
    evaluation_value="Wert",
    evaluation_interval="95-%-Intervall",
    evaluation_samples="n",
    evaluation_last="letzter Lauf",
    evaluation_change="Unterschied",
    evaluation_span="{low} bis {high}",
    evaluation_alike="alle gleich",
    evaluation_of="{value} von {n}",
    evaluation_better="{change} besser",
    evaluation_worse="{change} schlechter",
    evaluation_unclear="kein klarer Unterschied",
    evaluation_hint=(
        "Intervalle: Bootstrap über die Fragen. Wo alle Stichproben gleich sind, sagt er nichts; sicher ist der Wert "
        "damit nicht. Klar ist ein Unterschied, wenn 95 % der gepaarten Ziehungen auf einer Seite der Null liegen."
    ),
    evaluation_names=(
        ("recall@1", "Gold in der besten Passage"),
        ("recall@5", "Gold in den 5 besten Passagen"),
        ("recall@20", "Gold in den 20 besten Passagen"),
        ("RR@10", "Kehrwert des Rangs der ersten Passage mit Gold"),
        ("nDCG@10", "Rangfolge der Passagen mit Gold"),
        ("sentence_hit@1", "bester Satz ist Gold"),
        ("sentence_hit@3", "einer der 3 besten Sätze ist Gold"),
        ("citation_exactness", "Zitate, die genau die Quelle sind"),
        ("citation_precision", "Zitate, die Gold sind"),
        ("answered_right", "beantwortbar, mit Gold beantwortet"),
        ("token_f1", "Wörter, die Zitat und Goldantwort gemeinsam haben (F1)"),
        ("token_recall", "Wörter der Goldantwort, die das Zitat hat"),
        ("abstention_precision", "Enthaltungen, die richtig waren"),
        ("abstention_recall", "nicht beantwortbar, nicht beantwortet"),
        ("unanswerable_abstained", "nicht beantwortbar, nicht beantwortet (Anzahl)"),
        ("language_accuracy", "Sprache erkannt"),
    ),
    evaluation_curves="Kurven",
    evaluation_recall="Recall nach der Zahl der Passagen",
    evaluation_recall_x="k, die besten Passagen, die gelesen werden",
    evaluation_recall_y="Recall@k: Goldsätze darin",
    evaluation_risk="Risiko nach Abdeckung",
    evaluation_risk_x="Abdeckung: Anteil der beantworteten Fragen",
    evaluation_risk_y="Risiko: Anteil der falschen Antworten",
    evaluation_coverage="Abdeckung",
    evaluation_this_run="dieser Lauf",
    evaluation_as_answered="wie geantwortet",
    evaluation_numbers="Die Zahlen zur Abbildung: {plot}",
    evaluation_area="Fläche unter der Kurve (weniger ist besser)",
    evaluation_newly_right="Jetzt richtig, im letzten Lauf falsch",
    evaluation_newly_wrong="Jetzt falsch, im letzten Lauf richtig",
    evaluation_wrong="Falsch beantwortet",
    evaluation_missed="Nicht beantwortet, obwohl die Quellen antworten",
    evaluation_invented="Beantwortet, obwohl die Quellen nicht antworten",
    evaluation_no_failures="Alle Fragen gingen richtig aus.",
    evaluation_rights="Richtig",
    evaluation_more="{count} weitere stehen in der JSON-Datei.",
    evaluation_gold="Gold",
    evaluation_no_gold="Keines: Die Quellen beantworten das nicht.",
    evaluation_cited="Zitiert",
    evaluation_nearest="Am nächsten, nicht zitiert",
    evaluation_found_nothing="Nichts.",
    evaluation_is_gold="Gold",
    evaluation_inexact="nicht der Wortlaut der Quelle",
    evaluation_ranks="Rang des Golds: Passage {passage}, Satz {sentence}",
    evaluation_not_found="nicht gefunden",
    evaluation_sure="Sicherheit {percent} %",
)


def report_words(lang: Lang) -> ReportWords:
    """The words in `lang`."""
    return DE if lang == "de" else EN
