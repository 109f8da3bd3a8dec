"""Build the index in a child process, so that a serving process is neither slowed nor endangered by it."""

from __future__ import annotations

import multiprocessing
import signal
from collections.abc import Iterator, Sequence
from multiprocessing.connection import Connection
from pathlib import Path

from index.build import build
from index.edits import NO_EDIT, Edit
from index.errors import BelegError, BuildError
from index.progress import BuildReport, Progress
from index.settings import IndexSettings

_STOP_SECONDS = 10.0


def rebuild(paths: Sequence[Path], settings: IndexSettings, edit: Edit = NO_EDIT) -> Iterator[Progress | BuildReport]:
    """Progress as it happens, and last the report. Leaving the iteration early stops the build and keeps the old index.

    Raises:
        BelegError: what stopped the build, as the child saw it.
        BuildError: the child died without a word.
    """
    context = multiprocessing.get_context("spawn")
    receiver, sender = context.Pipe(duplex=False)
    child = context.Process(target=_build, args=(sender, tuple(paths), settings, edit), daemon=True)
    child.start()
    sender.close()
    try:
        yield from _received(receiver)
    except EOFError as error:
        child.join(_STOP_SECONDS)
        raise BuildError(f"the build process ended without a report (exit code {child.exitcode}); try again") from error
    finally:
        if child.is_alive():
            child.terminate()
        child.join(_STOP_SECONDS)
        receiver.close()


def _received(receiver: Connection) -> Iterator[Progress | BuildReport]:
    while True:
        message = receiver.recv()
        if isinstance(message, BelegError):
            raise message
        yield message
        if isinstance(message, BuildReport):
            return


def _build(sender: Connection, paths: tuple[Path, ...], settings: IndexSettings, edit: Edit) -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl+C reaches the child too; its parent says whether it ends
    try:
        sender.send(build(paths, settings, edit=edit, on_progress=sender.send))
    except BelegError as error:
        sender.send(error)
    finally:
        sender.close()
