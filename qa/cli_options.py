"""What the commands of the command line share: options, exit codes, and how results are shown.

Results go to stdout, progress and notices to stderr.
"""

from __future__ import annotations

import contextlib
import json
import sys
from collections.abc import Callable, Iterator
from enum import IntEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

if TYPE_CHECKING:
    from rich.console import Console, RenderableType

    from qa.settings import Settings

_UNBROKEN = 100_000  # characters in a line


class Exit(IntEnum):
    """Process exit codes."""

    DONE = 0
    FAILURE = 1
    USAGE = 2
    ABSTAINED = 3


DataDir = Annotated[
    Path | None, typer.Option("--data-dir", help="Where the index lives.", show_default="your user data directory")
]
Model = Annotated[
    str | None, typer.Option("--model", help="Encoder: a folder or a hub name.", show_default="minilm-de-en")
]
UseReader = Annotated[
    bool | None,
    typer.Option(
        "--reader/--no-reader", help="Choose sentences with the trained reader, or faster.", show_default="with it"
    ),
]
Since = Annotated[str | None, typer.Option("--since", help="Only documents published then or later, e.g. 2025-02.")]
Until = Annotated[str | None, typer.Option("--until", help="Only documents published then or earlier.")]
Sources = Annotated[list[str] | None, typer.Option("--source", help="Only this outlet; may be given again.")]
Langs = Annotated[list[str] | None, typer.Option("--lang", help="Only documents in this language; may be given again.")]
Documents = Annotated[
    list[str] | None, typer.Option("--document", help="Only the document with this id; may be given again.")
]
AnyTime = Annotated[bool, typer.Option("--any-time", help='Search all days, also where the question says "last week".')]
AsJson = Annotated[bool, typer.Option("--json", help="Print one JSON document on stdout and nothing else there.")]


def settings_of(**flags: object) -> Settings:
    """All settings, flags over the rest; raises `SettingsError`."""
    from qa.settings import Settings

    return Settings.load(**flags)


def show(
    as_json: bool,  # noqa: FBT001 - the flag itself
    data: Callable[[], dict[str, Any]],
    shown: Callable[[], RenderableType],
) -> None:
    """Print a result on stdout, as JSON or as it is shown to people; what is not printed is not made."""
    if as_json:
        sys.stdout.write(json.dumps(data(), ensure_ascii=False, indent=2) + "\n")
        sys.stdout.flush()  # `index --watch` goes on
    else:
        from rich.console import Console

        # What is piped on is not broken into lines: a quotation stays one string.
        Console(width=None if sys.stdout.isatty() else _UNBROKEN).print(shown())


def stderr() -> Console:
    """Where progress, notices and errors go."""
    from rich.console import Console

    return Console(stderr=True)


@contextlib.contextmanager
def working(text: str) -> Iterator[None]:
    """A spinner on stderr while the models load and work; nothing where stderr is no terminal."""
    with stderr().status(text):
        yield
