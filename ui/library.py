"""The tab of sources: what is indexed, in pages that can be searched and sorted; files are added and removed here."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import unquote

import gradio as gr

from index.edits import BYTES_PER_MB, NO_EDIT, Edit
from index.errors import BelegError, UnusableIndexError
from index.generation import Manifest
from index.listing import Query
from qa.inert import inert
from qa.library import Library
from qa.pipeline import Assistant
from ui import library_view, render
from ui.events import AT_ONCE, PRIVATE, said
from ui.files import text
from ui.i18n import I18N
from ui.library_strings import library_words
from ui.library_view import problem
from ui.visitor import lang_of

MAX_FILES = 100
_MAX_SEARCH_CHARS = 200
_MAX_SAID_CHARS = 500
_CHANGING = "library"
_CHANGES_AT_ONCE = 8  # of these one builds, and the others are told so instead of being kept waiting
_KEEP = gr.skip()


class Update(NamedTuple):
    """New values of the tab's parts, in the order in which `tab` lists them as outputs."""

    about: Any = _KEEP
    status: Any = _KEEP
    table: Any = _KEEP
    aside: Any = _KEEP
    query: Any = _KEEP
    files: Any = _KEEP
    owner: Any = _KEEP
    hint: Any = _KEEP
    seen: Any = _KEEP


class Handlers:
    """What the tab does; `may_change` says who may add, remove and rebuild, and everybody may look."""

    def __init__(self, assistant: Assistant, may_change: Callable[[gr.Request], bool]) -> None:
        self._assistant = assistant
        self._library = Library(assistant)
        self._may_change = may_change

    def opened(self, query: Query, seen: str, request: gr.Request) -> Update:
        """The index as it is now; the list stays where the generation `seen` is in it already.

        Whoever opens the tab and at once searches would otherwise get the list of before, if this answer comes last.
        """
        limit = self._assistant.settings.max_upload_mb
        hint = library_words(lang_of(request)).library_add_hint.format(files=MAX_FILES, limit=limit)
        owner = gr.update(visible=self._may_change(request))
        hint = f'<p data-bytes="{limit * BYTES_PER_MB}">{inert(hint)}</p>'
        shown = self._shown(query, request)._replace(status="", owner=owner, hint=hint)
        return shown._replace(table=_KEEP, query=_KEEP) if shown.seen == seen else shown

    def too_large(self, event: gr.EventData, request: gr.Request) -> Update:
        """Files that the browser did not send; what it says of them may be anything."""
        lang, limit = lang_of(request), self._assistant.settings.max_upload_mb
        files = ", ".join(_large(event))[:_MAX_SAID_CHARS]
        return Update(status=problem(library_words(lang).library_too_large.format(files=files, limit=limit), lang))

    def searched(self, matching: str, query: Query, request: gr.Request) -> Update:
        """The first page of the documents that hold what was searched for."""
        return self._page(replace(query, matching=matching[:_MAX_SEARCH_CHARS], offset=0), request)

    def turned(self, event: gr.EventData, query: Query, request: gr.Request) -> Update:
        """Another page, or another order; what the browser asks for may be anything."""
        asked = said(event)
        with suppress(KeyError, TypeError, ValueError):
            offset, descending = int(asked["offset"]), asked["descending"] == "1"
            query = replace(query, order=asked["order"], descending=descending, offset=offset)
        return self._page(query, request)

    def added(self, files: list[str] | None, query: Query, request: gr.Request) -> Iterator[Update]:
        """Keep copies of uploaded files and index them."""
        speech, paths = library_words(lang_of(request)), tuple(map(Path, files or ()))
        if len(paths) > MAX_FILES:
            many = speech.library_too_many.format(count=len(paths), files=MAX_FILES)
            yield Update(status=problem(many, lang_of(request)), files=None)
        elif paths:
            yield Update(files=None)
            yield from self._changed(Edit(add=paths), speech.library_adding, query, request)

    def removed(self, event: gr.EventData, query: Query, request: gr.Request) -> Iterator[Update]:
        """Remove a document, or an added file that none is from."""
        doing = library_words(lang_of(request)).library_removing
        yield from self._changed(Edit(remove=_ids(event)), doing, query, request)

    def restored(self, event: gr.EventData, query: Query, request: gr.Request) -> Iterator[Update]:
        """Take a removed document back."""
        doing = library_words(lang_of(request)).library_restoring
        yield from self._changed(Edit(restore=_ids(event)), doing, query, request)

    def rebuilt(self, query: Query, request: gr.Request) -> Iterator[Update]:
        """Build from the same folders again."""
        yield from self._changed(NO_EDIT, library_words(lang_of(request)).library_rebuild, query, request)

    def _changed(self, edit: Edit, doing: str, query: Query, request: gr.Request) -> Iterator[Update]:
        """Carry an edit out: how far the build is, then what was done and what was not; beside it the new index."""
        lang = lang_of(request)
        if not self._may_change(request):
            yield Update(status=problem(library_words(lang).library_not_owner, lang))
            return
        yield Update(status=render.stage(doing))
        try:
            for step in self._library.change(edit):
                yield Update(status=library_view.step(step, lang))
        except BelegError as error:
            yield Update(status=problem(str(error), lang))
        yield self._shown(query, request)

    def _shown(self, query: Query, request: gr.Request) -> Update:
        """All that the tab tells of the index; why there is none."""
        lang = lang_of(request)
        try:
            contents = self._library.contents()
        except BelegError as error:
            kept = self._aside(None, request)
            return Update(about=problem(str(error), lang), table="", aside=kept, seen=None)
        told = library_view.about(contents, lang)
        page, kept = self._page(query, request), self._aside(contents.manifest, request)
        return page._replace(about=told, aside=kept, seen=contents.info.generation)

    def _page(self, query: Query, request: gr.Request) -> Update:
        lang, owner = lang_of(request), self._may_change(request)
        try:
            page = self._library.page(query)
            if not page.rows and query.offset:  # the page was the last one, and what was on it is gone
                query = replace(query, offset=0)
                page = self._library.page(query)
        except UnusableIndexError as error:
            return Update(table=problem(str(error), lang))
        return Update(table=library_view.listing(page, query, lang, changeable=owner), query=query)

    def _aside(self, manifest: Manifest | None, request: gr.Request) -> str:
        lang = lang_of(request)
        try:
            kept = self._library.aside(manifest)
        except BelegError as error:
            return problem(str(error), lang)
        return library_view.aside(kept, lang, changeable=self._may_change(request))


def _ids(event: gr.EventData) -> tuple[str, ...]:
    """The id that a button of the list names; what a browser sends may be anything."""
    named = said(event).get("id")
    return (unquote(named),) if isinstance(named, str) else ()


def _large(event: gr.EventData) -> Iterator[str]:
    """Names and sizes of files."""
    with suppress(KeyError, TypeError, ValueError):
        yield from (f"{file['name']} ({int(file['bytes']) / BYTES_PER_MB:.1f} MB)" for file in said(event)["large"])


def failed(request: gr.Request) -> Update:
    """After an error nobody foresaw."""
    return Update(status=problem(library_words(lang_of(request)).library_failed, lang_of(request)), files=None)


def tab(tab: gr.Tab, assistant: Assistant, may_change: Callable[[gr.Request], bool]) -> None:
    """Build the tab; `may_change` says who may change the index."""
    handlers = Handlers(assistant, may_change)
    script = text("library.js")
    query, seen = gr.State(Query()), gr.State("")
    about = gr.HTML(elem_id="beleg-library-about")
    with gr.Column(visible=False, elem_id="beleg-library-owner") as owner:
        files = gr.File(label=I18N("library_add"), file_count="multiple", height=140, elem_id="beleg-library-files")
        hint = gr.HTML(elem_id="beleg-library-hint", js_on_load=text("library_files.js"))
        rebuild = gr.Button(I18N("library_rebuild"), elem_id="beleg-library-rebuild")
    status = gr.HTML(elem_id="beleg-library-status")
    aside = gr.HTML(elem_id="beleg-library-aside", js_on_load=script)
    search = gr.Textbox(
        label=I18N("library_search"),
        placeholder=I18N("library_search_hint"),
        max_lines=1,
        max_length=_MAX_SEARCH_CHARS,
        elem_id="beleg-library-search",
    )
    table = gr.HTML(elem_id="beleg-library-table", js_on_load=script)
    outputs = [about, status, table, aside, query, files, owner, hint, seen]

    changing: dict[str, Any] = {**PRIVATE, "concurrency_id": _CHANGING, "concurrency_limit": _CHANGES_AT_ONCE}
    events = (
        tab.select(handlers.opened, [query, seen], outputs, **AT_ONCE),
        search.change(handlers.searched, [search, query], outputs, **AT_ONCE, trigger_mode="always_last"),
        table.click(handlers.turned, query, outputs, **AT_ONCE),
        hint.apply(handlers.too_large, None, outputs, **AT_ONCE),
        files.upload(handlers.added, [files, query], outputs, **changing),
        table.delete(handlers.removed, query, outputs, **changing),
        aside.delete(handlers.removed, query, outputs, **changing),
        aside.undo(handlers.restored, query, outputs, **changing),
        rebuild.click(handlers.rebuilt, query, outputs, **changing),
    )
    for event in events:
        event.failure(failed, None, outputs, **AT_ONCE)
