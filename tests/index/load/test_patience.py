"""Nothing hangs: what takes too long is given up, whatever it does, and what came before it is kept."""

from __future__ import annotations

import gc
import json
import re
import signal
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from index.errors import LoadError
from index.load import document, patience
from index.load.content import Content, Unusable
from index.load.document import Loaded, load
from index.load.files import SourceFile
from index.load.patience import within
from index.load.records import Names, read_json_lines

TINY = 0.1
STORY = "Der Hafen von Quellhaven ist seit Montag für alle Schiffe gesperrt, sagte die Ministerin."


@pytest.fixture(autouse=True)
def _nothing_is_collected() -> Iterator[None]:
    """Hypothesis is told of garbage collections, and what is raised where it is told goes to stderr, and no further."""
    gc.disable()
    yield
    gc.enable()


def _spinning() -> Iterator[int]:
    yield 1
    while True:
        pass


def _catching() -> Iterator[int]:
    while True:
        try:
            time.sleep(60)
        except Exception:  # noqa: S112, BLE001 - as parsers of others do
            continue
    yield 1


def _catching_all_once() -> Iterator[int]:
    with suppress(BaseException):
        time.sleep(60)
    time.sleep(60)
    yield 1


def _in_c() -> Iterator[int]:
    re.fullmatch("(a+)+b", "a" * 60)
    yield 1


@pytest.mark.parametrize("endless", [_spinning, _catching, _catching_all_once, _in_c])
def test_what_does_not_end_is_given_up(endless: Callable[[], Iterator[int]], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(patience, "_AGAIN", TINY)
    with pytest.raises(LoadError, match=r"given up.*: reading on took more than 0.1 seconds"):
        list(within(endless(), TINY))


def test_what_came_before_is_given_and_counted() -> None:
    found = within(_spinning(), TINY)
    assert next(found) == 1
    with pytest.raises(LoadError, match="given up, after 1 of its documents or records"):
        next(found)
    assert list(found) == []


def test_each_has_all_the_time_and_those_who_wait_for_it_take_none_of_it() -> None:
    given = []
    for one in within(iter(range(3)), TINY):
        time.sleep(2 * TINY)
        given.append(one)
    assert given == [0, 1, 2]


def test_an_error_passes_through() -> None:
    def failing() -> Iterator[int]:
        yield 1
        raise KeyError("x")

    with pytest.raises(KeyError):
        list(within(failing(), 60))


@pytest.mark.parametrize("found", [iter([1, 2]), _spinning()])
def test_the_alarm_of_others_is_put_back(found: Iterator[int]) -> None:
    handler = signal.getsignal(signal.SIGALRM)
    timer = signal.setitimer(signal.ITIMER_REAL, 1000, 7)
    try:
        with suppress(LoadError):
            list(within(found, TINY))
        left, interval = signal.getitimer(signal.ITIMER_REAL)
        assert signal.getsignal(signal.SIGALRM) is handler
    finally:
        signal.setitimer(signal.ITIMER_REAL, *timer)
    assert 0 < left <= 1000
    assert interval == 7


def test_in_another_thread_there_is_no_limit() -> None:
    def slow() -> Iterator[int]:
        time.sleep(2 * TINY)
        yield 1

    given: list[int] = []
    thread = threading.Thread(target=lambda: given.extend(within(slow(), TINY)))
    thread.start()
    thread.join()
    assert given == [1]


def test_a_page_that_takes_too_long_is_refused_and_the_next_is_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(patience, "_AGAIN", TINY)
    (tmp_path / "a.html").write_text("".join(f"<p>{STORY} {n}</p>" for n in range(3000)))
    (tmp_path / "b.html").write_text(f"<html><body><p>{STORY}</p><p>{STORY}</p></body></html>")
    list(load(SourceFile(tmp_path / "b.html", "b.html")))  # the parser is imported: the alarm shall ring in its work
    with pytest.raises(LoadError, match="given up: reading on took more than"):
        list(load(SourceFile(tmp_path / "a.html", "a.html"), seconds=TINY))
    (loaded,) = load(SourceFile(tmp_path / "b.html", "b.html"))
    assert isinstance(loaded, Loaded)


def test_records_before_the_one_that_takes_too_long_are_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def stuck(path: Path, names: Names) -> Iterator[Content | Unusable]:
        yield from read_json_lines(path, names)
        while True:
            pass

    monkeypatch.setitem(document.READERS, ".jsonl", stuck)  # type: ignore[misc]
    (tmp_path / "a.jsonl").write_text("\n".join(json.dumps({"text": f"{STORY} {n}", "lang": "de"}) for n in range(3)))
    given: list[Loaded | Unusable] = []
    with pytest.raises(LoadError, match="given up, after 3 of its documents or records"):
        given.extend(load(SourceFile(tmp_path / "a.jsonl", "a.jsonl"), seconds=0.5))
    assert len(given) == 3
