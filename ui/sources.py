"""The tab that shows what is indexed and rebuilds it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import gradio as gr

from index.errors import BelegError
from index.progress import BuildReport
from qa.pipeline import Assistant, Info
from qa.types import Lang
from ui import render
from ui.owner import require_owner
from ui.strings import words
from ui.visitor import lang_of


class Sources:
    """Handlers of the source tab."""

    def __init__(self, assistant: Assistant) -> None:
        self._assistant = assistant

    def overview(self, request: gr.Request) -> str:
        """What the index holds, or why there is none."""
        return self._overview(lang_of(request))

    def rebuild(self, request: gr.Request) -> Iterator[tuple[str, str]]:
        """Rebuild from the folders of the last build: how far it is, then what was done; beside it the overview."""
        lang = lang_of(request)
        yield render.stage(words(lang).rebuilding), gr.skip()
        try:
            require_owner(request)
            for event in self._assistant.rebuild():
                shown = render.report(event, lang) if isinstance(event, BuildReport) else render.progress(event, lang)
                yield shown, gr.skip()
        except BelegError as error:
            yield render.problem(str(error), lang), gr.skip()
        else:
            yield gr.skip(), self._overview(lang)

    def choices(self) -> tuple[Any, Any]:
        """What the filters offer: outlets, and languages of articles; nothing while there is no index."""
        try:
            info = self._assistant.info()
        except BelegError:
            return gr.update(choices=[]), gr.update(choices=[])
        return gr.update(choices=list(info.sources)), gr.update(choices=list(info.languages))

    def _overview(self, lang: Lang) -> str:
        try:
            info = self._assistant.info()
        except BelegError as error:
            return render.problem(str(error), lang)
        return render.facts(_rows(info, lang)) + render.notices(info.notices)


def failed(request: gr.Request) -> str:
    """After an error nobody foresaw."""
    return render.note(words(lang_of(request)).failed)


def _rows(info: Info, lang: Lang) -> list[tuple[str, str]]:
    speech = words(lang)
    return [
        (speech.documents, f"{info.documents}"),
        (speech.passages, f"{info.chunks}"),
        (speech.languages, ", ".join(f"{code} ({count})" for code, count in info.languages.items())),
        (speech.model, info.model),
        (speech.generation, info.generation),
    ]
