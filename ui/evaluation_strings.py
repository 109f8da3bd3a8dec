"""Every word of the evaluation tab, in English and in German."""

from __future__ import annotations

from dataclasses import asdict, dataclass

from qa import report_strings
from qa.report_strings import ReportWords
from qa.types import Lang


@dataclass(frozen=True, slots=True)
class EvaluationWords(ReportWords):
    """One language of the tab. The names are also the keys under which Gradio's front end looks them up."""

    evaluation_tab: str
    evaluation_set: str
    evaluation_run: str
    evaluation_stop: str
    evaluation_add: str
    evaluation_download: str

    evaluation_no_set: str
    evaluation_none_yet: str
    evaluation_checking: str
    evaluation_asking: str
    evaluation_done: str
    evaluation_stopped: str
    evaluation_failed: str
    evaluation_problem: str
    evaluation_added: str
    evaluation_not_owner: str
    evaluation_too_large: str


EN = EvaluationWords(
    **asdict(report_strings.EN),
    evaluation_tab="Evaluation",
    evaluation_set="Question set",
    evaluation_run="Run",
    evaluation_stop="Stop the run",
    evaluation_add="Add a question set",
    evaluation_download="Download as JSON",
    evaluation_no_set="There is no question set yet. Add one: a JSONL file, as evals/README.md describes it.",
    evaluation_none_yet="This question set has not been run yet.",
    evaluation_checking="Checking the question set",
    evaluation_asking="{done} of {total}",
    evaluation_done="Done: {total} questions.",
    evaluation_stopped="Stopped. What was asked is not kept.",
    evaluation_failed="Something went wrong on our side; the log of the program says what. You can go on.",
    evaluation_problem="This cannot be evaluated",
    evaluation_added="The question set {name} has been added.",
    evaluation_not_owner="Only an owner may add a question set; everybody may run those that are there.",
    evaluation_too_large="A question set has at most {limit} bytes; this file has {size}. Split it.",
)

DE = EvaluationWords(
    **asdict(report_strings.DE),
    evaluation_tab="Auswertung",
    evaluation_set="Fragensatz",
    evaluation_run="Auswerten",
    evaluation_stop="Auswertung anhalten",
    evaluation_add="Fragensatz hinzufügen",
    evaluation_download="Als JSON herunterladen",
    evaluation_no_set="Es gibt noch keinen Fragensatz. Fügen Sie einen hinzu: eine JSONL-Datei nach evals/README.md.",
    evaluation_none_yet="Dieser Fragensatz wurde noch nicht ausgewertet.",
    evaluation_checking="Der Fragensatz wird geprüft",
    evaluation_asking="{done} von {total}",
    evaluation_done="Fertig: {total} Fragen.",
    evaluation_stopped="Angehalten. Was gefragt wurde, wird nicht aufgehoben.",
    evaluation_failed="Bei uns ging etwas schief; was, steht im Protokoll des Programms. Sie können weitermachen.",
    evaluation_problem="Das lässt sich nicht auswerten",
    evaluation_added="Der Fragensatz {name} ist hinzugefügt.",
    evaluation_not_owner=(
        "Nur wem Beleg gehört, darf Fragensätze hinzufügen; die vorhandenen darf jeder und jede auswerten."
    ),
    evaluation_too_large="Ein Fragensatz hat höchstens {limit} Bytes; diese Datei hat {size}. Teilen Sie sie.",
)


def evaluation_words(lang: Lang) -> EvaluationWords:
    """The tab in `lang`."""
    return DE if lang == "de" else EN
