"""A limit to how long one document may take to load, so that an odd file never keeps a build from ending."""

from __future__ import annotations

import signal
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from types import FrameType
from typing import TypeVar

from index.errors import LoadError

T = TypeVar("T")

MAX_SECONDS = 60.0
_AGAIN = 1.0  # seconds, in case the first ring is lost in a destructor or to a bare `except:`


class _LateError(BaseException):
    """Not an Exception: the parsers of others catch those and would go on."""


def within(found: Iterator[T], seconds: float) -> Iterator[T]:
    """What `found` gives, as long as none takes more than `seconds`; after one that does, nothing more can be had.

    It works in the main thread, where builds run; in another there is no limit. Code in C that checks for no signals is
    only stopped when it returns.

    Raises:
        LoadError: one took longer.
    """
    if threading.current_thread() is not threading.main_thread():
        yield from found
        return
    for number in count(1):
        try:
            with _limit(seconds):
                one = next(found)
        except StopIteration:
            return
        except _LateError:
            after = f", after {number - 1} of its documents or records" if number > 1 else ""
            raise LoadError(f"given up{after}: reading on took more than {seconds:g} seconds") from None
        yield one


class _Alarm:
    """Raises when it rings, while it is on."""

    on = True

    def ring(self, _signal: int, _frame: FrameType | None) -> None:
        if self.on:
            raise _LateError


@contextmanager
def _limit(seconds: float) -> Iterator[None]:
    """An alarm for what is done within; the handler and the timer of whoever had set one are put back."""
    alarm, started = _Alarm(), time.monotonic()
    handler = signal.signal(signal.SIGALRM, alarm.ring)
    delay, interval = signal.setitimer(signal.ITIMER_REAL, seconds, _AGAIN)
    try:
        try:
            yield
        finally:
            alarm.on = False  # it may ring until the timer is stopped
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, signal.SIG_DFL if handler is None else handler)
        if delay:
            left = delay - (time.monotonic() - started)
            signal.setitimer(signal.ITIMER_REAL, max(left, 1e-6), interval)
