"""The tab that runs question sets: choose one, run it, read how well Beleg did and where it failed."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any, NamedTuple

import gradio as gr
from gradio.processing_utils import save_bytes_to_cache

from index.errors import BelegError
from qa.comparison import compare
from qa.evaluate import Asked, Evaluation
from qa.expectations import Expectation
from qa.pipeline import Assistant
from qa.runs import MAX_SET_BYTES, Runs
from qa.settings import Settings
from qa.types import Lang
from ui.endpoints import EVALUATING, EVALUATIONS_AT_ONCE
from ui.evaluation_cases import Texts
from ui.evaluation_strings import evaluation_words
from ui.evaluation_view import Seen, note, problem, progress, view
from ui.events import AT_ONCE, PRIVATE
from ui.i18n import I18N
from ui.visitor import lang_of

_KEEP = gr.skip()


class Update(NamedTuple):
    """New values of the tab's parts, in the order in which `tab` lists them as outputs."""

    sets: Any = _KEEP
    status: Any = _KEEP
    result: Any = _KEEP
    download: Any = _KEEP
    stop: Any = _KEEP


class Handlers:
    """What the tab does; `cache` is the folder from which Gradio serves files."""

    def __init__(
        self, assistant: Assistant, settings: Settings, may_change: Callable[[gr.Request], bool], cache: str
    ) -> None:
        self._assistant = assistant
        self._runs = Runs(assistant, settings)
        self._may_change = may_change
        self._cache = cache
        self._stopped: set[str | None] = set()  # visits that want their run to end

    def opened(self, chosen: str | None, request: gr.Request) -> Update:
        """The sets that there are now, and the last run of the one that is chosen, or else of the first."""
        names = self._runs.names()
        if not names:
            return Update(gr.update(choices=[], value=None), note(evaluation_words(lang_of(request)).evaluation_no_set))
        name = chosen if chosen in names else names[0]
        return self.chosen(name, request)._replace(sets=gr.update(choices=list(names), value=name))

    def chosen(self, name: str | None, request: gr.Request) -> Update:
        """The last run of a set."""
        lang = lang_of(request)
        try:
            last = self._runs.last(name) if name else None
            nothing = "" if name is None else note(evaluation_words(lang).evaluation_none_yet)
            return self._seen(last, lang) if last else Update(status="", result=nothing, download=_hidden())
        except BelegError as error:
            return Update(status=problem(str(error), lang), result="", download=_hidden())

    def run(self, name: str | None, request: gr.Request) -> Iterator[Update]:
        """Ask the questions of a set: how far it is, then how it went beside the run before.

        It ends by itself when it is to stop: what Gradio cancels counts as failed, and may go on for a while.
        """
        lang = lang_of(request)
        self._stopped.discard(request.session_hash)
        yield Update(status=progress(None, lang), stop=gr.update(visible=True))
        try:
            with closing(self._runs.run(name or "")) as steps:
                for step in steps:
                    if request.session_hash in self._stopped:
                        break
                    yield self._told(step, lang)
                else:
                    return
        except BelegError as error:
            yield Update(status=problem(str(error), lang), stop=_hidden())
        else:
            yield Update(status=note(evaluation_words(lang).evaluation_stopped), stop=_hidden())

    def stop(self, request: gr.Request) -> Update:
        """Let the run of this visit end after the question that is being asked."""
        self._stopped.add(request.session_hash)
        return Update(stop=_hidden())

    def add(self, file: str, request: gr.Request) -> Update:
        """Keep the set in an uploaded `file`, and choose it."""
        lang = lang_of(request)
        speech, path = evaluation_words(lang), Path(file)
        if not self._may_change(request):
            return Update(status=problem(speech.evaluation_not_owner, lang))
        if (size := path.stat().st_size) > MAX_SET_BYTES:
            return Update(status=problem(speech.evaluation_too_large.format(limit=MAX_SET_BYTES, size=size), lang))
        try:
            name = self._runs.add(path.name, path.read_bytes())
        except BelegError as error:
            return Update(status=problem(str(error), lang))
        return self.opened(name, request)._replace(status=note(speech.evaluation_added.format(name=name)))

    def _told(self, step: Asked | Evaluation, lang: Lang) -> Update:
        if isinstance(step, Asked):
            return Update(status=progress(step, lang))
        said = note(evaluation_words(lang).evaluation_done.format(total=len(step.outcomes)))
        seen = self._seen(step, lang)
        return seen._replace(status=said + seen.status, stop=_hidden())

    def _seen(self, now: Evaluation, lang: Lang) -> Update:
        before = self._runs.before(now.question_set)
        expected, status = self._expected(now.question_set, lang)
        seen = Seen(now, compare(now, before) if before else None, expected)
        shown = view(seen, Texts(self._assistant.document), lang)
        return Update(status=status, result=shown, download=gr.update(value=self._file(now), visible=True))

    def _expected(self, name: str, lang: Lang) -> tuple[tuple[Expectation, ...], str]:
        """What is expected of a set; or nothing, and why that cannot be said."""
        try:
            return self._runs.expectations(name), ""
        except BelegError as error:
            return (), problem(str(error), lang)

    def _file(self, now: Evaluation) -> str:
        """The run as the command line writes it, in a file that Gradio may serve."""
        day = now.environment.date[:19].replace(":", "")
        content = json.dumps(now.to_json(), ensure_ascii=False, indent=1) + "\n"
        return str(save_bytes_to_cache(content.encode("utf-8"), f"{now.question_set}-{day}.json", self._cache))


def failed(request: gr.Request) -> Update:
    """After an error nobody foresaw, or a file that Gradio did not take."""
    lang = lang_of(request)
    return Update(status=problem(evaluation_words(lang).evaluation_failed, lang), stop=_hidden())


def tab(tab: gr.Tab, assistant: Assistant, settings: Settings, may_change: Callable[[gr.Request], bool]) -> None:
    """Build the tab; `may_change` says who may add a question set, and everybody may run one."""
    with gr.Row(elem_id="beleg-evaluation-choice"):
        sets = gr.Dropdown([], label=I18N("evaluation_set"), elem_id="beleg-evaluation-sets")
        run = gr.Button(I18N("evaluation_run"), variant="primary", scale=0, min_width=96)
        stop = gr.Button(I18N("evaluation_stop"), visible=False, scale=0, min_width=96)
    with gr.Row(elem_id="beleg-evaluation-files"):
        add_label, download_label = I18N("evaluation_add"), I18N("evaluation_download")
        add = gr.UploadButton(add_label, scale=0, min_width=96)  # type: ignore[arg-type]
        download = gr.DownloadButton(download_label, visible=False, scale=0, min_width=96)  # type: ignore[arg-type]
    status = gr.HTML(elem_id="beleg-evaluation-status")
    result = gr.HTML(elem_id="beleg-evaluation-result")
    outputs = [sets, status, result, download, stop]

    handlers = Handlers(assistant, settings, may_change, download.GRADIO_CACHE)
    evaluating: dict[str, Any] = {"concurrency_id": EVALUATING, "concurrency_limit": EVALUATIONS_AT_ONCE}
    events = (
        tab.select(handlers.opened, sets, outputs, **AT_ONCE),
        sets.input(handlers.chosen, sets, outputs, **AT_ONCE),
        add.upload(handlers.add, add, outputs, **PRIVATE),
        stop.click(handlers.stop, None, outputs, **AT_ONCE),
        run.click(handlers.run, sets, outputs, **PRIVATE, **evaluating),
    )
    for event in events:
        event.failure(failed, None, outputs, **AT_ONCE)


def _hidden() -> Any:  # noqa: ANN401 - Gradio's updates have no type
    return gr.update(visible=False)
