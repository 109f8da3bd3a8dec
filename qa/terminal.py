"""What the command line shows: answers, search results, build and evaluation reports, as rich renderables.

Document text is shown as it is but for control characters, which become visible signs: a document must not be able
to steer the terminal. Nothing is parsed as markup.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING

from rich.console import Console, Group, RenderableType
from rich.padding import Padding
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn, TimeRemainingColumn
from rich.table import Table
from rich.text import Text

from qa import context
from qa.controls import visible
from qa.difference import Op, Run
from qa.quotecheck import Check
from qa.types import Answer, Candidate, Citation, Excerpt, Lang, SearchResult
from qa.verdicts import more_text, read_text, verdict
from qa.wording import also_text, byline, confidence_text

if TYPE_CHECKING:
    from index.listing import Page
    from index.progress import BuildReport
    from index.progress import Progress as BuildProgress
    from index.purge import Purged
    from qa.pipeline import Info

_INDENT = (0, 0, 0, 2)
_MARKS: dict[Op, tuple[str, str]] = {"only-in-source": ("{+", "+}"), "missing-in-source": ("[-", "-]")}
_STYLES: dict[Op, str] = {"equal": "", "only-in-source": "bold green", "missing-in-source": "bold red"}


def answer(found: Answer, *, explain: bool = False) -> RenderableType:
    """The quotations in their context with their sources; or that there is no answer, and the nearest passages.

    With `explain` also the sentences that came into question, with what spoke for each.
    """
    parts: list[RenderableType] = []
    if found.status == "abstained":
        parts.append(Text(found.text, style="bold yellow"))
    for citation in found.citations:
        parts += _citation(citation, found.lang)
    if found.citations:
        parts += [Text(confidence_text(found.confidence, found.lang), style="dim"), Text()]
    for near in found.near_misses:
        parts += _excerpt(near, "not an answer: ", quote_style="")
    if explain:
        parts.append(_candidates(found.candidates))
    return Group(*parts, *_footer(found))


def search_result(found: SearchResult) -> RenderableType:
    """Ranked passages with the scores of both legs."""
    parts: list[RenderableType] = []
    for rank, (hit, excerpt) in enumerate(zip(found.hits, found.excerpts, strict=True), start=1):
        legs = {"dense": hit.dense, "lexical": hit.lexical}
        ranks = ", ".join(f"{name} {leg.rank} ({leg.score:.3f})" for name, leg in legs.items() if leg)
        parts.append(Text(f"{rank}. score {hit.score:.3f}  {ranks}", style="bold"))
        parts.append(Padding(Text(visible(excerpt.quote)), _INDENT, expand=False))
        parts.append(_place(excerpt, ""))
    if not parts:
        parts.append(Text("Nothing was found.", style="bold yellow"))
    return Group(*parts, *_footer(found))


def quote_check(found: Check) -> RenderableType:
    """Whether the quotation stands in the sources, and every place; or what differs in the nearest sentence.

    [-words-] are in the quotation alone, {+words+} in the source alone, as `git diff --word-diff` has them.
    """
    style = "bold" if found.status == "verified" else "bold yellow"
    parts: list[RenderableType] = [Text(visible(verdict(found, found.lang)), style=style)]
    for citation in (piece for place in found.places for piece in place.pieces):
        parts += _citation(citation, found.lang)
    if found.difference:
        parts += [Padding(Text.assemble(*map(_run, found.difference)), _INDENT, expand=False), Text()]
    for near in found.nearest:
        parts += _excerpt(near, "the nearest: " if found.difference else "not a match: ", quote_style="")
    facts = [Text(text, style="dim") for text in (more_text(found, found.lang), read_text(found, found.lang)) if text]
    return Group(*parts, *facts, *_footer(found))


def _run(run: Run) -> tuple[str, str]:
    """Marked by signs too: what is piped on has no colours."""
    opening, closing = _MARKS.get(run.op, ("", ""))
    words = run.text.rstrip()
    return f"{opening}{visible(words)}{closing}{run.text[len(words) :]}", _STYLES[run.op]


def build_report(report: BuildReport) -> RenderableType:
    """What was built, and what was left out and why."""
    head = "Nothing has changed" if report.unchanged else f"Built in {report.seconds:.1f} s"
    documents = f"{report.documents} documents ({_changes(report)})"
    counts = f"{documents}, {report.chunks} passages, {report.embedded} newly embedded"
    skipped = [Text(f"skipped {visible(path)}: {visible(reason)}", style="yellow") for path, reason in report.skipped]
    refused = [
        Text(f"not done: {visible(path)}: {visible(reason)}", style="bold red") for path, reason in report.refused
    ]
    notices = [Text(f"notice: {visible(notice)}", style="yellow") for notice in report.notices]
    facts = {"the same report as another document": report.repeated, "without a date": report.undated}
    known = [Text(f"{fact}: {count}", style="dim") for fact, count in facts.items() if count]
    return Group(Text(f"{head}: {counts} (generation {report.generation})"), *known, *skipped, *notices, *refused)


def _changes(report: BuildReport) -> str:
    added, changed, removed, unchanged = report.changes
    return f"{added} added, {changed} changed, {removed} removed, {unchanged} unchanged"


def purged(done: Purged) -> RenderableType:
    """What was removed, and what could not be."""
    what = f"older generations: {len(done.generations)}, vectors: {done.vectors}, fetched pages: {done.pages}"
    removed = f"Removed {what}. {done.serving} serves"
    held = [f"kept {name}: a reader has it open; end that program and purge again" for name in done.held]
    return Group(Text(removed), *_notices(held))


def index_info(info: Info) -> RenderableType:
    """The manifest in plain words."""
    table = Table(show_header=False, box=None)
    languages = ", ".join(f"{lang}: {count}" for lang, count in info.languages.items())
    rows = {
        "documents": f"{info.documents} ({info.undated} without a date)" if info.undated else info.documents,
        "passages": f"{info.chunks} ({languages})",
        "outlets": ", ".join(info.sources) or "none named",
        "encoder": info.model,
        "built from": "\n".join(info.roots),
        "built at": info.created,
        "generation": info.generation,
        "data directory": info.data_dir,
    }
    for name, value in rows.items():
        table.add_row(Text(name, style="dim"), Text(visible(str(value))))
    return Group(table, *_notices(info.notices))


def document_list(page: Page) -> RenderableType:
    """A page of the list of documents, and how many there are in all."""
    table = Table(box=None)
    for name in ("id", "title", "outlet", "date", "language", "passages"):
        table.add_column(name, header_style="dim", overflow="fold")
    for row in page.rows:
        values = (row.id, row.title, row.source or "", row.published or "", row.lang, f"{row.chunks}")
        table.add_row(*(Text(visible(value)) for value in values))
    return Group(table, Text(f"{len(page.rows)} of {page.total}", style="dim"))


@contextmanager
def progress_bar(console: Console) -> Iterator[Callable[[BuildProgress], None]]:
    """A bar per stage on `console`, with rate and time left; gives the function that moves it."""
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TextColumn("{task.fields[rate]}"),
        TimeElapsedColumn(),
        TextColumn("left:"),
        TimeRemainingColumn(),
    )
    with Progress(*columns, console=console, transient=True) as bar:
        tasks = {}

        def show(event: BuildProgress) -> None:
            if event.reason:
                bar.console.print(Text(f"Building: {visible(event.reason)}", style="dim"))
            if event.stage not in tasks:
                tasks[event.stage] = bar.add_task(event.stage, total=event.total, rate="")
            task = tasks[event.stage]
            bar.update(task, completed=event.done, total=event.total)
            if speed := bar.tasks[task].speed:
                bar.update(task, rate=f"{speed:.0f}/s")

        yield show


@contextmanager
def counting(console: Console, description: str) -> Iterator[Callable[[int, int], None]]:
    """A bar on `console` for something countable; gives the function that takes (done, total)."""
    with Progress(
        TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), console=console, transient=True
    ) as bar:
        task = bar.add_task(description, total=None)
        yield lambda done, total: bar.update(task, completed=done, total=total)


def _candidates(candidates: Sequence[Candidate]) -> RenderableType:
    """One row a sentence: verdict, probability, signals, the passage's rank in all and in each leg."""
    if not candidates:
        return Text("Nothing was read.", style="dim")
    names = list(candidates[0].signals)
    table = Table("verdict", "P", *names, "rank", "dense", "lexical", "sentence", box=None, padding=(0, 1, 0, 0))
    for one in candidates:
        legs = [str(leg.rank) if leg else "–" for leg in (one.dense, one.lexical)]
        signals = [f"{one.signals[name]:.2f}" for name in names]
        row = [one.verdict, f"{one.score:.3f}", *signals, str(one.rank), *legs, visible(one.sentence)]
        table.add_row(*map(Text, row), style="" if one.verdict == "quoted" else "dim")
    return Group(table, Text())


def _citation(citation: Citation, lang: Lang) -> list[RenderableType]:
    """Byline, quote and place, and where else it stands."""
    shown = [Text(visible(byline(citation, lang)), style="bold"), *_excerpt(citation, f"[{citation.number}] ")]
    also = Padding(Text(visible(also_text(citation, lang)), style="dim"), _INDENT, expand=False)
    return [*shown, also, Text()] if citation.also else shown


def _excerpt(excerpt: Excerpt, label: str, quote_style: str = "bold") -> list[RenderableType]:
    lead_in = visible(excerpt.lead_in) if isinstance(excerpt, Citation) else ""
    before = max(visible(context.before(excerpt.before)), lead_in, key=len)
    after = visible(context.after(excerpt.after))
    text = Text.assemble((before, "dim"), (visible(excerpt.quote), quote_style), (after, "dim"))
    return [Padding(text, _INDENT, expand=False), _place(excerpt, label)]


def _place(excerpt: Excerpt, label: str) -> Group:
    address = None if excerpt.url == excerpt.doc_id else excerpt.url  # once is enough
    speaker = excerpt.speaker if isinstance(excerpt, Citation) else ""
    facts = (speaker, excerpt.title, excerpt.source, excerpt.published, address)
    place = f"{excerpt.doc_id}, characters {excerpt.start} to {excerpt.end}"
    line = Text(visible(f"{label}{' · '.join([*filter(None, facts), place])}"), style="cyan")
    return Group(Padding(line, _INDENT, expand=False), Text())


def _footer(found: Answer | SearchResult | Check) -> list[RenderableType]:
    seconds = sum(found.timings.values())
    named = not isinstance(found, Check) and found.scope is not None and found.scope.words
    hint = ["to search all days, ask again with --any-time"] if named else []
    return [*_notices([*found.notices, *hint]), Text(f"{seconds:.2f} s · generation {found.generation}", style="dim")]


def _notices(notices: Sequence[str]) -> list[Text]:
    return [Text(f"notice: {visible(notice)}", style="yellow") for notice in notices]
