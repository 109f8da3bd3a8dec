from __future__ import annotations

import threading

import pytest

from index.errors import NoIndexError
from ui.warmup import Warmup


class Engine:
    """Loads once it is let, and then fails if it was told to."""

    def __init__(self, error: Exception | None = None) -> None:
        self.let = threading.Event()
        self._error = error

    def warm(self) -> None:
        assert self.let.wait(10)
        if self._error:
            raise self._error


def test_the_page_need_not_wait_for_the_models() -> None:
    engine = Engine()
    warmup = Warmup(engine)
    warmup.start()
    assert not warmup.finished
    engine.let.set()
    assert warmup.wait(10)
    assert warmup.finished


def test_what_is_missing_is_logged_and_a_question_then_says_it(caplog: pytest.LogCaptureFixture) -> None:
    engine = Engine(NoIndexError("there is no index"))
    warmup = Warmup(engine)
    warmup.start()
    engine.let.set()
    assert warmup.wait(10)
    assert warmup.finished
    assert "there is no index" in caplog.text
