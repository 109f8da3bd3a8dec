"""Loads the models in the background: the page is there at once, they are soon after."""

from __future__ import annotations

import logging
import threading
from typing import Protocol

from index.errors import BelegError

logger = logging.getLogger(__name__)


class Warmable(Protocol):
    """What takes its time to load."""

    def warm(self) -> None:
        """Load it; returns when that is done."""


class Warmup:
    """One loading of `subject`, in a thread of its own that does not keep the program alive."""

    def __init__(self, subject: Warmable) -> None:
        self._subject = subject
        self._finished = threading.Event()

    def start(self) -> None:
        """Begin; returns at once."""
        threading.Thread(target=self._run, name="beleg-warmup", daemon=True).start()

    @property
    def finished(self) -> bool:
        """Nothing is being loaded any more, whether or not that went well: a question then says what is missing."""
        return self._finished.is_set()

    def wait(self, timeout: float | None = None) -> bool:
        """Wait up to `timeout` seconds; whether it has finished."""
        return self._finished.wait(timeout)

    def _run(self) -> None:
        try:
            self._subject.warm()
        except BelegError as error:
            logger.warning("%s", error)
        finally:
            self._finished.set()
