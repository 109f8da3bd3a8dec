"""The tab of sources as HTML: pure functions, in which every text from outside is made inert.

Its buttons say in ``data-`` attributes what they ask for; assets/library.js sends that to `ui.library`.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime
from urllib.parse import quote

from index.generation import Skipped
from index.listing import Order, Page, Query, Row
from index.progress import BuildReport, Progress
from index.uploads import is_upload
from qa.inert import inert
from qa.library import Aside, Contents
from qa.types import Lang
from ui import render
from ui.library_strings import LibraryWords, count, library_words
from ui.reference import SHA_CHARS, Reference
from ui.strings import dateline, language_name

MAX_SHOWN = 100  # of what was left out, or removed; the command line shows all of it
_COLUMNS: tuple[tuple[Order, str], ...] = (
    ("title", "library_title"),
    ("source", "library_outlet"),
    ("published", "library_date"),
    ("lang", "library_language"),
    ("chunks", "library_chunks"),
)


def problem(message: str, lang: Lang) -> str:
    """Why something was not done, and what mends it."""
    lead = f'<p class="beleg-lead">{inert(library_words(lang).library_problem)}</p>'
    return f'<div class="beleg-problem" role="alert">{lead}<p>{inert(message)}</p></div>'


def step(told: Progress | BuildReport, lang: Lang) -> str:
    """How far a build is; last, what of a change was refused and why, and what the build after it did."""
    if isinstance(told, Progress):
        return render.progress(told, lang)
    refused = _listed(library_words(lang).library_refused, told.refused)
    alert = f'<div class="beleg-problem" role="alert">{refused}</div>' if refused else ""
    return f'<div role="status">{alert}{render.report(told, lang)}</div>'


def about(contents: Contents, lang: Lang) -> str:
    """What the index holds and how it came to be, in sentences."""
    speech, manifest, info = library_words(lang), contents.manifest, contents.info
    encoder = manifest.encoder
    sentences = [
        _built(contents, lang),
        count(speech.library_outlets, len(info.sources)) if info.sources else "",
        count(speech.library_repeated, manifest.repeated) if manifest.repeated else "",
        count(speech.library_undated, manifest.undated) if manifest.undated else "",
        speech.library_encoder.format(name=encoder.name, sha=encoder.sha256[:12])
        if encoder
        else speech.library_no_encoder,
        "" if manifest.skipped else speech.library_none_left_out,
    ]
    said = " ".join(filter(None, sentences))
    skipped = _folded(count(speech.library_left_out, len(manifest.skipped)), _reasons(manifest.skipped, speech))
    details = speech.library_details.format(data_dir=info.data_dir, generation=info.generation)
    small = f'<p class="beleg-small"><bdi>{inert(details)}</bdi></p>'
    return f"<p>{inert(said)}</p>{skipped if manifest.skipped else ''}{render.notices(info.notices)}{small}"


def _built(contents: Contents, lang: Lang) -> str:
    speech, manifest = library_words(lang), contents.manifest
    created = datetime.fromisoformat(manifest.created).astimezone()
    day = dateline(created.date().isoformat(), lang)
    uploads = sum(is_upload(source.path) for source in manifest.recipe.sources)
    roots = count(speech.library_folders, len(manifest.roots))
    named = speech.library_from.format(what=roots, which=", ".join(manifest.roots)) if manifest.roots else ""
    parts = [part for part in (named, count(speech.library_uploads, uploads) if uploads else "") if part]
    by_language = [
        speech.library_in_language.format(n=n, language=language_name(code, lang) or code)
        for code, n in contents.documents.items()
    ]
    documents = count(speech.library_documents, manifest.documents)
    return speech.library_built.format(
        moment=speech.library_moment.format(day=day, time=f"{created:%H:%M}"),
        roots=speech.library_and.format(first=parts[0], last=parts[1]) if len(parts) > 1 else "".join(parts),
        documents=speech.library_from.format(what=documents, which=", ".join(by_language)),
        passages=count(speech.library_passages, sum(manifest.chunks.values())),
    )


def listing(page: Page, query: Query, lang: Lang, *, changeable: bool) -> str:
    """The documents in a table whose heads sort it, and the way to the other pages."""
    speech = library_words(lang)
    forms = speech.library_found if query.words else speech.library_all
    found = count(forms, page.total) if page.total else speech.library_none_found
    status = f'<p class="beleg-library-count" role="status">{inert(found)}</p>'
    if not page.total:
        return status
    heads = "".join(_head(order, getattr(speech, name), query, speech) for order, name in _COLUMNS)
    others = [speech.library_state, *([speech.library_action] if changeable else [])]
    fixed = "".join(f'<th scope="col" role="columnheader">{inert(name)}</th>' for name in others)
    rows = "".join(_row(row, lang, changeable=changeable) for row in page.rows)
    return (
        f'{status}<table role="table" aria-label="{inert(speech.library_table)}"><thead role="rowgroup">'
        f'<tr role="row">{heads}{fixed}</tr></thead><tbody role="rowgroup">{rows}</tbody></table>'
        f"{_pages(page, query, speech)}"
    )


def _head(order: Order, name: str, query: Query, speech: LibraryWords) -> str:
    chosen = order == query.order
    descending = not query.descending if chosen else order == "published"
    direction = ("descending" if query.descending else "ascending") if chosen else "none"
    sign = {"descending": " ↓", "ascending": " ↑", "none": ""}[direction]
    asks = _asks("click", f"sort-{order}", order=order, descending=int(descending), offset=0)
    title = inert(speech.library_sort.format(column=name))
    button = (
        f'<button type="button" {asks} title="{title}">{inert(name)}<span aria-hidden="true">{sign}</span></button>'
    )
    return f'<th scope="col" role="columnheader" aria-sort="{direction}">{button}</th>'


def _row(row: Row, lang: Lang, *, changeable: bool) -> str:
    speech = library_words(lang)
    link = Reference("near", row.id, row.sha256[:SHA_CHARS], 0, 0).href
    title = f'<a href="{link}" dir="auto" lang="{inert(row.lang)}">{inert(row.title or row.id)}</a>'
    cells = (
        (speech.library_outlet, f"<bdi>{inert(row.source or '–')}</bdi>"),
        (speech.library_date, inert(dateline(row.published, lang))),
        (speech.library_language, inert(language_name(row.lang, lang) or row.lang)),
        (speech.library_chunks, f"{row.chunks}"),
        (speech.library_state, inert(_state(row, speech))),
        *(((speech.library_action, _remove(row.id, row.title, speech)),) if changeable else ()),
    )
    shown = "".join(f'<td role="cell" data-label="{inert(label)}">{cell}</td>' for label, cell in cells)
    return f'<tr role="row"><th scope="row" role="rowheader">{title}</th>{shown}</tr>'


def _state(row: Row, speech: LibraryWords) -> str:
    states = [speech.library_uploaded] if is_upload(row.path) else []
    return ", ".join([*states, *([speech.library_repeats] if row.repeats else [])]) or speech.library_original


def _pages(page: Page, query: Query, speech: LibraryWords) -> str:
    last = min(query.offset + query.limit, page.total)
    span = speech.library_span.format(first=query.offset + 1, last=last, total=page.total)
    before, after = max(query.offset - query.limit, 0), query.offset + query.limit
    back = _turn("previous", speech.library_previous, replace(query, offset=before)) if query.offset else ""
    on = _turn("next", speech.library_next, replace(query, offset=after)) if after < page.total else ""
    return f'<nav aria-label="{inert(speech.library_pages)}">{back}<span>{inert(span)}</span>{on}</nav>'


def _turn(key: str, label: str, query: Query) -> str:
    asks = _asks("click", key, order=query.order, descending=int(query.descending), offset=query.offset)
    return f'<button type="button" {asks}>{inert(label)}</button>'


def aside(kept: Aside, lang: Lang, *, changeable: bool) -> str:
    """What is kept beside the index: added files that are not in it, and what was removed; nothing where there is none.

    Whoever may not change anything sees neither.
    """
    speech = library_words(lang)
    if not changeable:
        return ""
    waiting = f'<p class="beleg-note">{inert(speech.library_waiting)}</p>' if kept.waiting else ""
    files = [
        f"<li><bdi>{inert(name.rsplit('/', 1)[-1])}</bdi>{f': <bdi>{inert(reason)}</bdi>' if reason else ''} "
        f"{_remove(name, name.rsplit('/', 1)[-1], speech)}</li>"
        for name, reason in kept.files
    ]
    removed = [
        f"<li><bdi>{inert(title or doc_id)}</bdi> {_restore(doc_id, title or doc_id, speech)}</li>"
        for doc_id, title in kept.removed.items()
    ]
    unread = _section(speech.library_unread, files, speech)
    return f"{waiting}{unread}{_section(speech.library_removed, removed, speech)}"


def _section(heading: str, items: Sequence[str], speech: LibraryWords) -> str:
    more = inert(speech.library_more.format(n=len(items) - MAX_SHOWN)) if len(items) > MAX_SHOWN else ""
    body = f"<ul>{''.join(items[:MAX_SHOWN])}</ul>{more}"
    return _folded(f"{heading} ({len(items)})", body) if items else ""


def _remove(doc_id: str, title: str, speech: LibraryWords) -> str:
    label = inert(speech.library_remove_this.format(title=title or doc_id))
    asks = f'{_asks("delete", f"remove-{doc_id}", id=_sent(doc_id))} data-confirm="{inert(speech.library_confirm)}"'
    return f'<button type="button" {asks} aria-label="{label}">{inert(speech.library_remove)}</button>'


def _restore(doc_id: str, title: str, speech: LibraryWords) -> str:
    label = inert(speech.library_restore_this.format(title=title))
    asks = _asks("undo", f"restore-{doc_id}", id=_sent(doc_id))
    return f'<button type="button" {asks} aria-label="{label}">{inert(speech.library_restore)}</button>'


def _sent(doc_id: str) -> str:
    """An id as a browser sends it back unchanged, whatever characters are in it; `urllib.parse.unquote` reads it."""
    return quote(doc_id, safe="")


def _asks(event: str, key: str, **values: object) -> str:
    """The attributes of a button that triggers `event` with `values`; by its `key` it is found when it was redrawn."""
    given = {"event": event, "key": key, **values}
    return " ".join(f'data-{name}="{inert(str(value))}"' for name, value in given.items())


def _folded(summary: str, body: str) -> str:
    return f"<details><summary>{inert(summary)}</summary>{body}</details>"


def _listed(heading: str, skipped: Sequence[Skipped]) -> str:
    return f'<p class="beleg-lead">{inert(heading)}</p>{_items(skipped)}' if skipped else ""


def _reasons(skipped: Sequence[Skipped], speech: LibraryWords) -> str:
    more = inert(speech.library_more.format(n=len(skipped) - MAX_SHOWN)) if len(skipped) > MAX_SHOWN else ""
    return f"{_items(skipped[:MAX_SHOWN])}{more}"


def _items(skipped: Iterable[Skipped]) -> str:
    items = "".join(f"<li><bdi>{inert(path)}</bdi>: <bdi>{inert(reason)}</bdi></li>" for path, reason in skipped)
    return f"<ul>{items}</ul>"
