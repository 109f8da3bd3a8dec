"""Something done in a process of its own, and the memory that this took: for benches that must not see each other.

Memory is read from /proc while the process runs, that of the processes which it starts beside its own; where there is
no /proc, it is 0.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from dataclasses import asdict, dataclass
from multiprocessing import get_context
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple, TypeVar

if TYPE_CHECKING:
    from multiprocessing.connection import Connection

A = TypeVar("A")
R = TypeVar("R")
Note = Callable[[object], None]

_SAMPLED = 0.05  # seconds between two looks at the memory
_ENDING = 10.0  # seconds that a process may take to end by itself


@dataclass(slots=True)
class Memory:
    """Peak resident megabytes: of the process, of other programs that it started, and of all at one moment."""

    own: float = 0.0
    started: float = 0.0
    together: float = 0.0

    def sample(self, pid: int) -> None:
        """Look at process `pid` and at what it has started; nothing where there is no /proc."""
        with suppress(OSError, ValueError):
            children = Path(f"/proc/{pid}/task/{pid}/children").read_text(encoding="ascii").split()
            peak, now = _resident(pid)
            self.own = max(self.own, peak)
            # Until it runs its own program a new process still is this one, memory included.
            others = [child for child in children if _command(child) != _command(pid)]
            for peak_of_child, now_of_child in map(_resident, others):
                self.started = max(self.started, peak_of_child)
                now += now_of_child
            self.together = max(self.together, now)

    def to_json(self) -> dict[str, float]:
        """Rounded to a tenth."""
        return {name: round(value, 1) for name, value in asdict(self).items()}


def in_child(
    function: Callable[[A, Note], R], argument: A, on_note: Callable[[Any], None] = lambda _: None
) -> tuple[R, Memory]:
    """What `function` gives for `argument` in a new process, which ends with it, and the memory that this took.

    `function` may tell notes on the way, each of which `on_note` gets.

    Raises:
        RuntimeError: the process died.
    """
    context = get_context("spawn")
    ours, theirs = context.Pipe(duplex=False)
    process = context.Process(target=_run, args=(function, argument, theirs), daemon=True)
    process.start()
    theirs.close()
    memory = Memory()
    try:
        return _received(ours, on_note, lambda: memory.sample(process.pid or 0)), memory
    except EOFError as error:
        raise RuntimeError("the measured process died") from error
    finally:
        process.join(_ENDING)  # an interrupt reaches it too
        process.terminate()
        process.join()


class _Result(NamedTuple):
    """What ends a child: a value, or the error that it met."""

    value: Any
    error: Exception | None = None


def _received(pipe: Connection, on_note: Callable[[Any], None], look: Callable[[], None]) -> Any:  # noqa: ANN401 - a child's value
    while True:
        look()
        if not pipe.poll(_SAMPLED):
            continue
        note = pipe.recv()
        if not isinstance(note, _Result):
            on_note(note)
        elif note.error:
            raise note.error
        else:
            return note.value


def _run(function: Callable[[A, Note], R], argument: A, pipe: Connection) -> None:
    with suppress(KeyboardInterrupt, BrokenPipeError):
        try:
            pipe.send(_Result(function(argument, pipe.send)))
        except Exception as error:  # noqa: BLE001 - raised again by who asked
            pipe.send(_Result(None, error))


def _command(pid: int | str) -> bytes:
    return Path(f"/proc/{pid}/cmdline").read_bytes()


def _resident(pid: int | str) -> tuple[float, float]:
    """Peak and present resident megabytes of a process."""
    lines = Path(f"/proc/{pid}/status").read_text(encoding="utf-8").splitlines()
    kilobytes = {line.split(":")[0]: int(line.split()[1]) for line in lines if line.startswith(("VmHWM", "VmRSS"))}
    # A process that has ended and waits to be asked for its exit status has neither.
    return kilobytes.get("VmHWM", 0) * 1024 / 1e6, kilobytes.get("VmRSS", 0) * 1024 / 1e6
