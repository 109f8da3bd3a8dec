"""How the program ends: it takes nothing new, lets what it is doing end, then goes. A second signal ends it at once."""

from __future__ import annotations

import logging
import os
import signal
import time
from types import FrameType

import gradio as gr

from ui.gate import Door

logger = logging.getLogger(__name__)

SIGNALS = (signal.SIGINT, signal.SIGTERM)
_STEP_SECONDS = 0.1
_CLOSING_SECONDS = 1  # for connections on which nothing is left to say


class Stop:
    """Listens for Ctrl+C and for SIGTERM from when it is made."""

    def __init__(self) -> None:
        self._asked = False
        for number in SIGNALS:
            signal.signal(number, self._ask)

    def wait(self) -> None:
        """Return once somebody has asked for the end."""
        while not self._asked:
            time.sleep(_STEP_SECONDS)

    def _ask(self, number: int, frame: FrameType | None) -> None:
        del frame
        if self._asked:
            os._exit(128 + number)  # as a shell names it; nothing that still runs is waited for
        self._asked = True


def close(page: gr.Blocks, door: Door, seconds: float) -> None:
    """Take nothing new, wait up to `seconds` for what is being answered, and close the page."""
    door.stopping = True
    if door.inside:
        logger.info("Beleg stops when what it is doing is done, in %g s at the latest (Ctrl+C: at once)", seconds)
    end = time.monotonic() + seconds
    while door.inside and time.monotonic() < end:
        time.sleep(_STEP_SECONDS)
    if door.inside:
        logger.warning("notice: %d requests were not answered to their end", door.inside)
    logging.getLogger("uvicorn.error").disabled = True  # it would report each open page as a task that it cancels
    page.server.config.timeout_graceful_shutdown = _CLOSING_SECONDS
    page.close(verbose=False)
