"""Which documents are asked: the folded controls, the chips that show what is active, and the link that shares it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import astuple, dataclass, field, replace
from types import MappingProxyType
from typing import Any, Self
from urllib.parse import urlencode

import gradio as gr

from index.errors import BelegError
from index.listing import Query
from qa.inert import inert
from qa.pipeline import Assistant
from qa.scope import Wanted
from qa.types import Lang
from ui.events import AT_ONCE, said
from ui.i18n import I18N
from ui.strings import dateline, language_name, words
from ui.visitor import lang_of

MAX_CHOICES = 200  # the newest documents, which the list offers; any other is chosen by its id, or from its article
MAX_CHOSEN = 50
MAX_CHARS = 500  # of a value that comes in a link


@dataclass(frozen=True, slots=True)
class Filters:
    """What the controls hold, in their order; the names are also those in a link."""

    since: str = ""
    until: str = ""
    source: Sequence[str] = ()
    lang: Sequence[str] = ()
    document: Sequence[str] = ()
    any_time: bool = False

    @classmethod
    def of(cls, values: Sequence[Any]) -> Self:
        """What the controls hold; Gradio gives None for an empty one."""
        return cls(*(empty if value is None else value for value, empty in zip(values, astuple(cls()), strict=True)))

    @classmethod
    def of_link(cls, query: Mapping[str, Sequence[str]]) -> Self:
        """What a link asks for; it may come from anybody."""
        taken = {name: [value[:MAX_CHARS] for value in values][:MAX_CHOSEN] for name, values in query.items()}
        days = {name: taken[name][0] for name in ("since", "until") if taken.get(name)}
        lists = {name: taken.get(name, []) for name in ("source", "lang", "document")}
        return cls(**days, **lists, any_time="any_time" in taken)  # type: ignore[arg-type]

    @property
    def active(self) -> list[tuple[str, str]]:
        """Name and value of each part that asks for something."""
        days = [(name, day) for name in ("since", "until") if (day := getattr(self, name).strip())]
        lists = (("source", self.source), ("lang", self.lang), ("document", self.document))
        chosen = [(name, value) for name, values in lists for value in values]
        return [*days, *chosen, *([("any_time", "1")] if self.any_time else [])]

    def without(self, name: str, value: str) -> Self:
        """Without one part."""
        query: dict[str, list[str]] = {}
        for held, one in self.active:
            query.setdefault(held, []).extend([one] if (held, one) != (name, value) else [])
        return self.of_link({held: values for held, values in query.items() if values})

    def values(self) -> tuple[Any, ...]:
        """The values of the controls."""
        return astuple(self)


def wanted_of(*values: Any) -> Wanted:  # noqa: ANN401 - what Gradio's controls hold
    """The documents that the controls ask for; raises what `Wanted.of` does."""
    held = Filters.of(values)
    return Wanted.of(held.since, held.until, held.source, held.lang, held.document, any_time=held.any_time)


@dataclass(frozen=True, slots=True)
class Choices:
    """What the controls offer: nothing while there is no index."""

    outlets: Sequence[str] = ()
    languages: Sequence[str] = ()
    documents: Sequence[tuple[str, str]] = field(default=())  # label and id

    @classmethod
    def of(cls, assistant: Assistant, lang: Lang) -> Self:
        """What the index has."""
        try:
            info = assistant.info()
            with assistant.index() as index:
                newest = index.page(Query(limit=MAX_CHOICES)).rows
        except BelegError:
            return cls()
        labels = [(f"{row.title or row.id} ({dateline(row.published, lang)})", row.id) for row in newest]
        return cls(list(info.sources), list(info.languages), labels)


def controls(page: gr.Blocks, assistant: Assistant) -> Sequence[gr.components.Component]:
    """Build the folded controls and the chips; the controls in the order of `Filters`."""

    def choices(request: gr.Request) -> tuple[Any, ...]:
        there = Choices.of(assistant, lang_of(request))
        linked = Filters.of_link(_query(request))
        offered = (there.outlets, there.languages, there.documents)
        chosen = (linked.source, linked.lang, linked.document)
        # What the link says nothing of stays: it may have been chosen by now.
        lists = [
            gr.update(choices=list(some), value=list(held)) if held else gr.update(choices=list(some))
            for some, held in zip(offered, chosen, strict=True)
        ]
        days = (day or gr.skip() for day in (linked.since, linked.until))
        return *days, *lists, linked.any_time or gr.skip()

    def shown(request: gr.Request, *values: Any) -> str:  # noqa: ANN401 - what Gradio's controls hold
        held = Filters.of(values)
        return chips(held, lang_of(request), _titles(assistant, held.document))

    with gr.Accordion(I18N("filters"), open=False, elem_id="beleg-filters"):
        with gr.Row():
            since = gr.Textbox(label=I18N("since"), placeholder=I18N("day_example"), max_lines=1)
            until = gr.Textbox(label=I18N("until"), placeholder=I18N("day_example"), max_lines=1)
        with gr.Row():
            outlets = gr.Dropdown([], multiselect=True, label=I18N("outlets"), allow_custom_value=True)
            langs = gr.Dropdown([], multiselect=True, label=I18N("document_languages"), allow_custom_value=True)
        documents = gr.Dropdown([], multiselect=True, label=I18N("documents_asked"), allow_custom_value=True)
        any_time = gr.Checkbox(label=I18N("any_time"))
    active = gr.HTML(elem_id="beleg-chips", js_on_load=_CHIPS)
    held: list[Any] = [since, until, outlets, langs, documents, any_time]
    page.load(choices, None, held, **AT_ONCE)
    # Gradio takes the values when an event begins, and several change at once: so it waits until none does, and then
    # draws what all of them hold. Answers that overtake each other would be stale.
    changed = gr.on([control.change for control in held], js=_SETTLED, **AT_ONCE, trigger_mode="always_last")
    changed.then(shown, held, active, **AT_ONCE, trigger_mode="always_last")
    active.click(_changed, held, held, **AT_ONCE)
    return held


_SETTLED = "async () => { await new Promise((resolve) => setTimeout(resolve, 50)); return []; }"

_CHIPS = """
element.addEventListener("click", (event) => {
  const button = event.target.closest("button[data-name]");
  if (button) trigger("click", { name: button.dataset.name, value: button.dataset.value });
});
document.addEventListener("beleg-only", (event) => trigger("click", { only: event.detail }));
"""


def _query(request: gr.Request) -> dict[str, list[str]]:
    asked = request.query_params
    return {name: asked.getlist(name) for name in asked}


def _changed(event: gr.EventData, *values: Any) -> tuple[Any, ...]:  # noqa: ANN401 - what Gradio's controls hold
    """The controls after a chip was removed, or after an article was chosen."""
    held = Filters.of(values)
    asked = said(event)
    only = asked.get("only")
    if isinstance(only, str):
        return replace(held, document=[only]).values()
    return held.without(str(asked.get("name")), str(asked.get("value"))).values()


def _titles(assistant: Assistant, ids: Sequence[str]) -> dict[str, str]:
    """The titles of documents, as far as there are any."""
    titles: dict[str, str] = {}
    for doc_id in ids:
        with suppress(KeyError, BelegError):
            titles[doc_id] = assistant.document(doc_id).title
    return titles


def chips(held: Filters, lang: Lang, titles: Mapping[str, str] = MappingProxyType({})) -> str:
    """A button for each active part, which removes it, with the query of the link that asks for all of them."""
    query = inert(urlencode(held.active))
    buttons = "".join(_chip(name, value, titles.get(value) or value, lang) for name, value in held.active)
    return f'<div class="beleg-chips" data-query="{query}">{buttons}</div>'


def _chip(name: str, value: str, shown: str, lang: Lang) -> str:
    speech = words(lang)
    label: Callable[[str], str] = {
        "since": lambda day: f"{speech.since} {day}",
        "until": lambda day: f"{speech.until} {day}",
        "lang": lambda code: language_name(code, lang) or code,
        "any_time": lambda _: speech.any_time,
    }.get(name, str)
    data = f'data-name="{inert(name)}" data-value="{inert(value)}"'
    return (
        f'<button type="button" class="beleg-filter" {data} title="{inert(speech.remove_filter)}">'
        f'<bdi>{inert(label(shown))}</bdi> <span aria-hidden="true">×</span>'
        f'<span class="beleg-spoken">{inert(speech.remove_filter)}</span></button>'
    )
