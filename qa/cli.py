"""The command line: a thin table over the library. Heavy packages are imported inside the commands.

Results go to stdout, progress and notices to stderr. Exit codes: 0 done, 1 failure, 2 usage, 3 abstained
(`ask`) or not verified (`verify`).
"""

from __future__ import annotations

import contextlib
import logging
import os
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, NoReturn

import typer

from index.listing import Order
from qa import cli_eval
from qa.cli_options import (
    AnyTime,
    AsJson,
    DataDir,
    Documents,
    Exit,
    Langs,
    Model,
    Since,
    Sources,
    Until,
    UseReader,
    settings_of,
    show,
    stderr,
    working,
)

if TYPE_CHECKING:
    from index.progress import BuildReport

EXAMPLE = "What did Hegseth say about NATO?"

app = typer.Typer(
    name="beleg",
    help="Answers questions over news with exact, cited quotations: German and English, offline, no language model.",
    epilog=f'Start here:  beleg index seeds/  and then  beleg ask "{EXAMPLE}"',
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)
app.add_typer(cli_eval.app, name="eval")


@app.command(epilog="Example:  beleg index seeds/ ~/news")
def index(  # noqa: PLR0913 - one parameter is one option
    paths: Annotated[
        list[str] | None, typer.Argument(help="Files, folders and addresses.", show_default="those of last time")
    ] = None,
    *,
    rebuild: Annotated[bool, typer.Option("--rebuild", help="Build even if nothing has changed.")] = False,
    watch: Annotated[bool, typer.Option("--watch", help="Build again whenever files change, until Ctrl-C.")] = False,
    strict: Annotated[bool, typer.Option("--strict", help="Exit with 1 if anything was skipped or noticed.")] = False,
    allow_network: Annotated[
        bool, typer.Option("--allow-network", help="Fetch the addresses among PATHS; nothing else is asked for.")
    ] = False,
    data_dir: DataDir = None,
    model: Model = None,
    as_json: AsJson = False,
) -> None:
    """Build the index; the old one serves until the new one has been verified."""
    from index.build import build, last_roots
    from index.web import local_paths
    from qa.terminal import build_report, progress_bar

    settings = settings_of(data_dir=data_dir, model=model)
    roots = local_paths(paths or (), settings, network=allow_network) or last_roots(settings.data_dir)

    def built(force: bool) -> BuildReport:  # noqa: FBT001 - as the flag
        with progress_bar(stderr()) as on_progress:
            report = build(roots, settings, force=force, on_progress=on_progress)
        show(as_json, report.to_json, lambda: build_report(report))
        return report

    if watch:
        _follow(roots, settings.data_dir, built)
    report = built(rebuild)
    if strict and (report.skipped or report.notices):
        raise typer.Exit(Exit.FAILURE)


def _follow(roots: Sequence[Path], data_dir: Path, built: Callable[[bool], object]) -> NoReturn:
    """Build now and after each burst of changes; a build that fails is said, and the next one tries again."""
    from index.errors import BelegError
    from index.watch import bursts

    stderr().print(f"Following {', '.join(map(str, roots))}; Ctrl-C ends.", style="dim", markup=False)
    with contextlib.suppress(KeyboardInterrupt):
        for _ in bursts(roots, data_dir):
            try:
                built(False)
            except BelegError as error:
                stderr().print(f"error: {error}", style="red", markup=False)
    raise typer.Exit(Exit.DONE)


@app.command(epilog="Example:  beleg purge")
def purge(*, data_dir: DataDir = None, as_json: AsJson = False) -> None:
    """Remove what is no longer indexed from the disk at once: older generations, and vectors of texts that are gone."""
    from index.purge import purge as remove
    from qa.terminal import purged

    done = remove(settings_of(data_dir=data_dir).data_dir)
    show(as_json, done.to_json, lambda: purged(done))


@app.command(epilog="Example:  beleg documents --matching Nato --sort title")
def documents(
    *,
    matching: Annotated[str, typer.Option("--matching", help="Only with these words in title, outlet or id.")] = "",
    sort: Annotated[Order, typer.Option("--sort", help="By what; the newest or the largest first.")] = "published",
    limit: Annotated[int, typer.Option("--limit", "-n", min=1, max=1000, help="Documents to show.")] = 25,
    data_dir: DataDir = None,
    as_json: AsJson = False,
) -> None:
    """List what is indexed."""
    from index.listing import Query
    from index.reader import open_index
    from qa.terminal import document_list

    with open_index(settings_of(data_dir=data_dir).data_dir) as opened:
        page = opened.page(Query(matching, sort, sort in {"published", "chunks"}, limit=limit))
    show(as_json, page.to_json, lambda: document_list(page))


@app.command(epilog="Example:  beleg remove old/article.html")
def remove(
    ids: Annotated[list[str], typer.Argument(help="Ids of documents: beleg documents --json.")],
    *,
    undo: Annotated[bool, typer.Option("--undo", help="Take removed documents back.")] = False,
    data_dir: DataDir = None,
    model: Model = None,
    as_json: AsJson = False,
) -> None:
    """Leave documents out of the index, from now on; no file of yours is touched."""
    from index.build import build, last_roots
    from index.edits import Edit
    from qa.terminal import build_report, progress_bar

    settings = settings_of(data_dir=data_dir, model=model)
    edit = Edit(restore=tuple(ids)) if undo else Edit(remove=tuple(ids))
    with progress_bar(stderr()) as on_progress:
        report = build(last_roots(settings.data_dir), settings, edit=edit, on_progress=on_progress)
    show(as_json, report.to_json, lambda: build_report(report))
    if report.refused:
        raise typer.Exit(Exit.FAILURE)


@app.command(epilog=f'Example:  beleg ask "{EXAMPLE}" --since 2025-02')
def ask(  # noqa: PLR0913 - one parameter is one option
    question: Annotated[str, typer.Argument(help="In German or English.")],
    *,
    since: Since = None,
    until: Until = None,
    source: Sources = None,
    lang: Langs = None,
    document: Documents = None,
    any_time: AnyTime = False,
    explain: Annotated[bool, typer.Option("--explain", help="Show why sentences were quoted or not.")] = False,
    data_dir: DataDir = None,
    model: Model = None,
    reader: UseReader = None,
    as_json: AsJson = False,
) -> None:
    """Answer a question with exact quotations; exit code 3 if the sources do not answer it."""
    from qa.pipeline import Assistant
    from qa.scope import Wanted
    from qa.terminal import answer

    wanted = Wanted.of(since, until, source, lang, document, any_time=any_time)
    settings = settings_of(data_dir=data_dir, model=model, reader=reader)
    with working("Reading the sources"), contextlib.closing(Assistant(settings)) as assistant:
        found = assistant.ask(question, wanted=wanted)
    show(as_json, found.to_json, lambda: answer(found, explain=explain))
    if found.status == "abstained":
        raise typer.Exit(Exit.ABSTAINED)


@app.command(epilog='Example:  beleg search "Nato Ukraine" --limit 5')
def search(  # noqa: PLR0913 - one parameter is one option
    question: Annotated[str, typer.Argument(help="In German or English.")],
    *,
    limit: Annotated[int, typer.Option("--limit", "-n", min=1, max=1000, help="Passages to show.")] = 10,
    since: Since = None,
    until: Until = None,
    source: Sources = None,
    lang: Langs = None,
    document: Documents = None,
    any_time: AnyTime = False,
    data_dir: DataDir = None,
    model: Model = None,
    as_json: AsJson = False,
) -> None:
    """Show the passages that fit a question best, with their scores."""
    from qa.pipeline import Assistant
    from qa.scope import Wanted
    from qa.terminal import search_result

    wanted = Wanted.of(since, until, source, lang, document, any_time=any_time)
    settings = settings_of(data_dir=data_dir, model=model)
    with working("Searching"), contextlib.closing(Assistant(settings)) as assistant:
        found = assistant.search(question, limit, wanted=wanted)
    show(as_json, found.to_json, lambda: search_result(found))


@app.command(epilog='Example:  beleg verify "Trump und Putin haben telefoniert" --speaker Peskow')
def verify(  # noqa: PLR0913 - one parameter is one option
    quote: Annotated[str, typer.Argument(help="What is said to have been said; … stands for what was left out.")],
    *,
    speaker: Annotated[str | None, typer.Option("--speaker", help="Who is said to have said so.")] = None,
    document: Annotated[str | None, typer.Option("--document", help="Only the document with this id.")] = None,
    data_dir: DataDir = None,
    model: Model = None,
    as_json: AsJson = False,
) -> None:
    """Say whether a quotation stands in the sources word for word; exit code 3 if it does not."""
    from qa.pipeline import Assistant
    from qa.terminal import quote_check

    settings = settings_of(data_dir=data_dir, model=model)
    with working("Looking for the words"), contextlib.closing(Assistant(settings)) as assistant:
        found = assistant.verify(quote, speaker, document)
    show(as_json, found.to_json, lambda: quote_check(found))
    if found.status != "verified":
        raise typer.Exit(Exit.ABSTAINED)


@app.command(epilog="Example:  beleg serve --port 8080")
def serve(  # noqa: PLR0913 - one parameter is one option
    *,
    host: Annotated[
        str | None, typer.Option(help="Address; other than loopback needs accounts.", show_default="127.0.0.1")
    ] = None,
    port: Annotated[int | None, typer.Option(min=1, max=65535, help="Port.", show_default="7860")] = None,
    auth_file: Annotated[
        Path | None, typer.Option("--auth-file", help="Accounts of those who may sign in; see: beleg password --help.")
    ] = None,
    data_dir: DataDir = None,
    model: Model = None,
    reader: UseReader = None,
) -> None:
    """Serve the chat page on this machine."""
    from importlib.metadata import entry_points

    # The page lies above this layer: it is found by its entry point, not imported.
    (page,) = entry_points(group="beleg.page", name="gradio")
    page.load()(settings_of(host=host, port=port, auth_file=auth_file, data_dir=data_dir, model=model, reader=reader))


@app.command(epilog="Example:  beleg password ada --owner >> accounts")
def password(
    name: Annotated[str, typer.Argument(help="Name of the account.")],
    *,
    owner: Annotated[bool, typer.Option("--owner", help="The account may also change the index.")] = False,
) -> None:
    """Ask for a password and print the line that an auth file needs; the password itself is nowhere kept."""
    from qa.passwords import account_line, parse_name, parse_password

    parse_name(name)
    given = typer.prompt("Password", hide_input=True, confirmation_prompt=True, err=True) if sys.stdin.isatty() else ""
    sys.stdout.write(f"{account_line(name, parse_password(given or sys.stdin.readline().rstrip()), owner=owner)}\n")


@app.command(epilog="Example:  beleg info --json")
def info(*, data_dir: DataDir = None, model: Model = None, as_json: AsJson = False) -> None:
    """Say what is indexed, from where, and with which encoder."""
    from qa.pipeline import Assistant
    from qa.terminal import index_info

    settings = settings_of(data_dir=data_dir, model=model)
    with working("Opening the index"), contextlib.closing(Assistant(settings)) as assistant:
        found = assistant.info()
    show(as_json, found.to_json, lambda: index_info(found))


def main() -> None:
    """Run the command line; every error of ours becomes one line and an exit code."""
    from index.errors import BelegError, SettingsError
    from qa.errors import QuestionError

    logging.basicConfig(level=logging.WARNING, stream=sys.stderr, format="%(message)s")
    try:
        app()
    except (QuestionError, SettingsError) as error:
        _fail(error, Exit.USAGE)
    except BelegError as error:
        _fail(error, Exit.FAILURE)
    except BrokenPipeError:
        # The reader of our output has gone, as with `| head`: nothing is left to say.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(Exit.FAILURE)


def _fail(error: Exception, code: Exit) -> None:
    sys.stderr.write(f"error: {error}\n")
    sys.exit(code)


if __name__ == "__main__":
    main()
