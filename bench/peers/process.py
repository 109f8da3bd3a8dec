"""A system's process seen from outside: what it says, how long it takes, and the memory of it and of what it starts."""

from __future__ import annotations

import json
import os
import subprocess
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryFile
from threading import Event, Thread
from time import perf_counter
from typing import IO, Any, NamedTuple

from bench.child import Memory

_SAMPLED = 0.1  # seconds between two looks at the memory
_OFFLINE = {
    "HF_HUB_OFFLINE": "1",
    "ANONYMIZED_TELEMETRY": "False",  # Chroma's
    "HAYSTACK_TELEMETRY_ENABLED": "False",
}
_REASON_LINES = 40  # from the end of what a process said that failed: its error is among them


class Ran(NamedTuple):
    """What a process said on stdout, the seconds from its start to its end, and the memory that it took."""

    stdout: str
    seconds: float
    memory: Memory


class FailedError(RuntimeError):
    """A process ended with an error; the text is the last line of its own."""


class Answers(NamedTuple):
    """What a process that answers questions gives: `ask` a question for so many hits, with the seconds it took."""

    ask: Callable[[str, int], tuple[list[dict[str, Any]], float]]
    memory: Memory


def run(command: Sequence[str], folder: Path, *, accepted: Sequence[int] = (0,)) -> Ran:
    """Run to the end in `folder`.

    Raises:
        FailedError: its exit status is none of the `accepted`.
    """
    started = perf_counter()
    with TemporaryFile() as stderr:
        with _started(command, folder, stderr) as process, _watched(process.pid) as memory:
            stdout, _ = process.communicate()
            seconds = perf_counter() - started
        if process.returncode not in accepted:
            raise FailedError(reason(_text(stderr)))
    return Ran(stdout, seconds, memory)


@contextmanager
def serving(command: Sequence[str], folder: Path) -> Iterator[Answers]:
    """A driver that answers until the end of the block.

    Raises:
        FailedError: it ended before.
    """
    with TemporaryFile() as stderr, _started(command, folder, stderr) as process, _watched(process.pid) as memory:
        if process.stdin is None or process.stdout is None:
            raise FailedError("a process without pipes")
        asking, told = process.stdin, process.stdout

        def listen() -> dict[str, Any]:
            if not (line := told.readline()):
                raise FailedError(reason(_text(stderr)))
            return dict(json.loads(line))

        def ask(question: str, k: int) -> tuple[list[dict[str, Any]], float]:
            started = perf_counter()
            asking.write(json.dumps({"question": question, "k": k}) + "\n")
            asking.flush()
            found = listen()["hits"]
            return found, perf_counter() - started

        listen()  # that it is ready
        yield Answers(ask, memory)
        asking.close()
        process.wait()


def reason(stderr: str) -> str:
    """What a program that failed gives as its reason: the last line of its error that says something."""
    lines = [line.strip() for line in stderr.strip().splitlines()[-_REASON_LINES:] if line.strip()]
    errors = [line for line in lines if "Error" in line or line.startswith("error:")]
    return (errors or lines or ["no word of why"])[-1][:400]


def _text(stderr: IO[bytes]) -> str:
    stderr.seek(0)
    return stderr.read().decode("utf-8", "replace")


@contextmanager
def _started(command: Sequence[str], folder: Path, stderr: IO[bytes]) -> Iterator[subprocess.Popen[str]]:
    """The process, which is gone after the block."""
    with subprocess.Popen(  # noqa: S603 - our own commands
        command,
        cwd=folder,
        env={**os.environ, **_OFFLINE},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=stderr,
        text=True,
        encoding="utf-8",
    ) as process:
        try:
            yield process
        finally:
            if process.poll() is None:
                process.kill()


@contextmanager
def _watched(pid: int) -> Iterator[Memory]:
    memory, done = Memory(), Event()

    def watch() -> None:
        while not done.wait(_SAMPLED):
            memory.sample(pid)

    thread = Thread(target=watch, daemon=True)
    thread.start()
    try:
        yield memory
    finally:
        done.set()
        thread.join()
