"""`beleg eval make`: a question set of one's own, from what is indexed, with a person to accept each question."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from qa.cli_options import AsJson, DataDir, settings_of, stderr

if TYPE_CHECKING:
    from qa.types import Lang

_LANGS: dict[str, tuple[Lang, ...]] = {"de": ("de",), "en": ("en",), "both": ("de", "en")}


def make(  # noqa: PLR0913 - one parameter is one option
    *,
    count: Annotated[int, typer.Option("--count", "-n", min=1, max=10_000, help="Questions the file shall have.")] = 40,
    lang: Annotated[Literal["de", "en", "both"], typer.Option("--lang", help="Languages to ask in.")] = "both",
    seed: Annotated[int, typer.Option("--seed", help="Another number samples other documents.")] = 0,
    out: Annotated[
        Path | None, typer.Option("--out", help="JSONL file; is continued.", show_default="own.jsonl, for the page too")
    ] = None,
    accept_all: Annotated[bool, typer.Option("--accept-all", help="Accept every proposal unread.")] = False,
    data_dir: DataDir = None,
    as_json: AsJson = False,
) -> None:
    """Make a question set from what is indexed: accept, edit or skip each proposal; Ctrl-C keeps what was accepted."""
    from index.reader import open_index
    from qa.errors import EvaluationError
    from qa.proposals import drafts
    from qa.question_file import QuestionFile, counts
    from qa.review import accept_unread, asker, collect, searching

    if not (accept_all or sys.stdin.isatty()):
        raise EvaluationError(
            "a person decides on each question, and stdin is no terminal; run this in one, or give --accept-all"
        )
    settings = settings_of(data_dir=data_dir)
    path = out or settings.data_dir / "questions" / "own.jsonl"
    with open_index(settings.data_dir) as index:
        kept = QuestionFile(path, index.document)
        console = stderr()
        asked = asker(console, kept, count, typer.getchar, _reword)
        proposed = searching(console, drafts(index, _LANGS[lang], seed))
        try:
            collect(proposed, kept, count, accept_unread if accept_all else asked)
        except (KeyboardInterrupt, EOFError):
            sys.stderr.write("\nStopped; what was accepted is kept.\n")
    if not len(kept):
        raise EvaluationError(
            f"{path}: no question was accepted, or none can be made: that takes German or English documents which name "
            "persons and what they say. Try another --seed"
        )
    if as_json:
        sys.stdout.write(json.dumps({"file": str(path), **counts(kept)}, ensure_ascii=False, indent=2) + "\n")
    else:
        facts = ", ".join(f"{name}: {number}" for name, number in counts(kept).items())
        sys.stdout.write(f"{path} ({facts}). Measure with: beleg eval {path}\n")


def _reword(question: str) -> str:
    """Another text from the terminal, where it can be edited in the line; Enter alone leaves it as it is."""
    try:
        import readline
    except ImportError:  # Windows
        return input("New wording, or Enter to keep it: ")
    readline.set_startup_hook(lambda: readline.insert_text(question))
    try:
        return input("New wording: ")
    finally:
        readline.set_startup_hook()
