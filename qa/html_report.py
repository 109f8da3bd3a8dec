"""An evaluation as one HTML file that needs nothing else: no script, no request, no font.

The frame is English, as the command line is; questions and quotations keep their own language. Every text from outside
is made inert. All but the section "How it was run" is the same, byte for byte, on every run over the same index.
"""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Mapping
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Any

from index.errors import BelegError
from index.types import Document
from qa import context
from qa.comparison import Comparison, compare
from qa.errors import EvaluationError
from qa.evaluate import Evaluation, write_whole
from qa.inert import inert, sound
from qa.questions import DocumentLookup
from qa.report_cases import Place, View, cases, changes
from qa.report_curves import curves
from qa.report_figures import figures
from qa.report_measures import measures
from qa.report_strings import report_words
from qa.types import Lang

MAX_SHOWN = 1000  # questions of a group: a browser still opens the file
_LANG: Lang = "en"
_STYLE = Path(__file__).with_name("html_report.css")
_TOLD = {"question_set", "questions_sha256", "model", "documents", "chunks", "total", "by_lang", "questions", "run"}
_OF_A_QUESTION = {"question_ms"}  # one figure for each: they are in the JSON


def write_html(
    evaluation: Evaluation, before: Evaluation | None, path: Path, document: DocumentLookup | None = None
) -> None:
    """Write the report to `path`, whole or not at all; folders are made. The arguments are those of `page`.

    Raises:
        EvaluationError: it cannot be written there.
    """
    try:
        write_whole(path, page(evaluation, before, document).encode("utf-8"))
    except OSError as error:
        raise EvaluationError(
            f"{path}: the report cannot be written ({error.strerror}); give another --html"
        ) from error


def page(evaluation: Evaluation, before: Evaluation | None = None, document: DocumentLookup | None = None) -> str:
    """The report of a run and, where there is one, of what has changed since the run `before`.

    `document` gives the quotations their context; without it, and where the document is another by now, they stand
    alone.
    """
    style = _STYLE.read_text(encoding="utf-8")
    title = inert(f"Evaluation: {evaluation.question_set}")
    # Should a text ever get through as markup, the browser still loads and runs nothing.
    policy = f"default-src 'none'; style-src 'sha256-{b64encode(sha256(style.encode()).digest()).decode()}'"
    return (
        f'<!doctype html>\n<html lang="{_LANG}">\n<head>\n<meta charset="utf-8">\n'
        f'<meta http-equiv="Content-Security-Policy" content="{policy}; img-src data:; base-uri \'none\'">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f'<link rel="icon" href="data:,">\n<title>{title}</title>\n<style>{style}</style>\n</head>\n'
        f"<body>\n<main>\n<h1>{title}</h1>\n{_body(evaluation, before, document)}</main>\n</body>\n</html>\n"
    )


def _body(evaluation: Evaluation, before: Evaluation | None, document: DocumentLookup | None) -> str:
    speech = report_words(_LANG)
    comparison = compare(evaluation, before) if before else None
    result = evaluation.to_json()
    plots = curves(evaluation.outcomes, before.outcomes if before else (), _LANG)
    parts = {
        "What was asked": _asked(evaluation, comparison),
        speech.evaluation_measures: measures(evaluation, comparison, _LANG, folded=False),
        **{_title(key): _headed(_title(key), figures(_title(key), result[key])) for key in result if key not in _TOLD},
        speech.evaluation_curves: _headed(speech.evaluation_curves, plots),
        "Questions": _questions(evaluation, comparison, document),
        "How it was run": _run(result, before),
    }
    shown = [(f"part-{number}", title, body) for number, (title, body) in enumerate(parts.items()) if body]
    links = "".join(f'<li><a href="#{key}">{inert(title)}</a></li>' for key, title, _ in shown)
    sections = "".join(f'<section id="{key}">\n{body}\n</section>\n' for key, _, body in shown)
    return f'<nav aria-label="Parts"><ul>{links}</ul></nav>\n{sections}'


def _title(key: str) -> str:
    """What a part of the result that is shown as it is is called: ``by_tag`` is "By tag"."""
    return key.replace("_", " ").capitalize()


def _headed(title: str, body: str) -> str:
    return f"<h2>{inert(title)}</h2>{body}" if body else ""


def _asked(evaluation: Evaluation, comparison: Comparison | None) -> str:
    """The question set and the index that it was put to."""
    answerable = sum(outcome.question.answerable for outcome in evaluation.outcomes)
    facts = {
        "question set": evaluation.question_set,
        "questions": f"{len(evaluation.outcomes)}, {answerable} of them answerable",
        "SHA-256 of the questions": evaluation.questions_sha256,
        "documents": evaluation.documents,
        "passages": evaluation.chunks,
        "encoder": evaluation.model,
    }
    title = "What was asked"
    return _headed(title, figures(title, facts)) + (_beside(evaluation, comparison) if comparison else "")


def _beside(evaluation: Evaluation, comparison: Comparison) -> str:
    """Which run stands beside it; when that was is told with how this one was run."""
    before = comparison.before
    facts = {"documents": before.documents, "passages": before.chunks, "encoder": before.model}
    same = before.questions_sha256 == evaluation.questions_sha256
    shared = report_words(_LANG).evaluation_shared.format(shared=comparison.shared)
    title = "The run before"
    return f"<h3>{title}</h3>{figures(title, facts)}" + ("" if same else f"<p>{inert(shared)}</p>")


def _questions(evaluation: Evaluation, comparison: Comparison | None, document: DocumentLookup | None) -> str:
    changed = changes(comparison, _LANG) if comparison else ""
    return changed + cases(evaluation.outcomes, View(_Places(document), _LANG, MAX_SHOWN))


def _run(result: Mapping[str, Any], before: Evaluation | None) -> str:
    """Date, machine, versions and latencies: nothing in it is expected to be the same twice."""
    run = {key: value for key, value in result["run"].items() if key not in _OF_A_QUESTION}
    if before:
        run["before"] = {"date": before.environment.date, "generation": before.environment.generation}
    return _headed("How it was run", figures("run", run))


class _Places:
    """Shows a place as a quotation, marked in the words around it, where the document still has it there."""

    def __init__(self, document: DocumentLookup | None) -> None:
        self._document = cache(document) if document else None

    def __call__(self, place: Place, *, cited: bool, verdict: str) -> str:
        """The quotation, what is to be said of it, and where it stands."""
        document = self._of(place)
        said = f'<b class="beleg-verdict">{inert(verdict)}</b> ' if verdict else ""
        where = f"characters {place.start} to {place.end}"
        facts = [*_byline(document), f"<bdi>{inert(place.doc_id)}</bdi>, {where}"]
        return f'{_quotation(place, document, cited=cited)}<p class="beleg-place">{said}{" · ".join(facts)}</p>'

    def _of(self, place: Place) -> Document | None:
        try:
            document = self._document(place.doc_id) if self._document else None
        except (KeyError, BelegError):
            return None
        return document if document and document.text[place.start : place.end] == place.quote else None


def _quotation(place: Place, document: Document | None, *, cited: bool) -> str:
    """`cited`: marked, not only quoted."""
    quote = f"<mark>{inert(place.quote)}</mark>" if cited else f'<span class="beleg-near">{inert(place.quote)}</span>'
    if document is None:
        return f'<blockquote dir="auto">{quote}</blockquote>'
    before, after = context.before(document.text[: place.start]), context.after(document.text[place.end :])
    return f'<blockquote dir="auto" lang="{inert(document.lang)}">{inert(before)}{quote}{inert(after)}</blockquote>'


def _byline(document: Document | None) -> list[str]:
    """Title, outlet and date, as far as they are known."""
    if document is None:
        return []
    title = f'<bdi lang="{inert(document.lang)}">{inert(document.title)}</bdi>' if document.title.strip() else ""
    facts = (document.source, document.published.value if document.published else None)
    return [*filter(None, [title]), *(f"<bdi>{inert(sound(fact))}</bdi>" for fact in facts if fact)]
