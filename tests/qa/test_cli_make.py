"""`beleg eval make` as a person meets it: a real process at a real pseudo terminal."""

from __future__ import annotations

import json
import os
import pty
import select
import subprocess
import sys
import termios
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from index.reader import open_index
from qa.questions import read_questions

ROOT = Path(__file__).parents[2]
COMMAND = (sys.executable, "-m", "qa.cli", "eval", "make")
KEYS = b"[q]uit"
PATIENCE = 60  # seconds


class Terminal:
    """The other end of a pseudo terminal, where a person sits."""

    def __init__(self, end: int) -> None:
        self._end = end
        self.seen = b""

    def until(self, shown: bytes) -> None:
        """Read until something new has been shown."""
        start, deadline = len(self.seen), time.monotonic() + PATIENCE
        while shown not in self.seen[start:]:
            assert time.monotonic() < deadline, self.seen
            if select.select([self._end], [], [], 1)[0]:
                self.seen += os.read(self._end, 65536)

    def type(self, keys: bytes) -> None:
        """Press keys, once the program takes them one by one: what comes earlier is dropped."""
        deadline = time.monotonic() + PATIENCE
        while termios.tcgetattr(self._end)[3] & termios.ICANON:
            assert time.monotonic() < deadline, self.seen
            time.sleep(0.01)
        os.write(self._end, keys)


@contextmanager
def at_a_terminal(*arguments: str | Path) -> Iterator[tuple[Terminal, subprocess.Popen[bytes]]]:
    end, theirs = pty.openpty()
    environment = {**os.environ, "TERM": "xterm", "COLUMNS": "120", "NO_COLOR": "1"}
    with subprocess.Popen(
        [*COMMAND, *map(str, arguments)], stdin=theirs, stdout=theirs, stderr=theirs, cwd=ROOT, env=environment,
        start_new_session=True,
    ) as program:  # fmt: skip
        os.close(theirs)
        try:
            yield Terminal(end), program
        finally:
            program.kill()
            os.close(end)


def lines(path: Path) -> list[dict[str, object]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def test_a_person_accepts_edits_skips_and_quits_and_goes_on_later(news_data: Path, tmp_path: Path) -> None:
    path = tmp_path / "own.jsonl"
    with at_a_terminal("--data-dir", news_data, "--out", path) as (terminal, program):
        terminal.until(KEYS)
        terminal.type(b"a")
        terminal.until(KEYS)
        terminal.type(b"s")
        terminal.until(KEYS)
        terminal.type(b"e")
        terminal.until(b"New wording: ")
        terminal.type(b" Really\r")
        terminal.until(KEYS)
        terminal.type(b"q")
        terminal.until(b"Measure with: beleg eval")
        assert program.wait(PATIENCE) == 0
    accepted = lines(path)
    assert len(accepted) == 2
    assert str(accepted[1]["question"]).endswith("? Really")  # the wording stood there to be edited
    with at_a_terminal("--data-dir", news_data, "--out", path) as (terminal, program):
        terminal.until(KEYS)
        assert str(accepted[0]["question"]).encode() not in terminal.seen
        terminal.type(b"a")
        terminal.until(KEYS)
        terminal.type(b"\x03")
        terminal.until(b"what was accepted is kept")
        assert program.wait(PATIENCE) == 0
    assert lines(path)[:2] == accepted
    assert len(lines(path)) == 3


def make(data: Path, *arguments: str | Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [*COMMAND, "--data-dir", str(data), *map(str, arguments)],
        capture_output=True, text=True, check=False, cwd=ROOT, stdin=subprocess.DEVNULL,
    )  # fmt: skip


def test_without_a_terminal_somebody_has_to_say_that_nobody_reads(news_data: Path, tmp_path: Path) -> None:
    done = make(news_data, "--out", tmp_path / "own.jsonl")
    assert done.returncode == 1
    assert "stdin is no terminal" in done.stderr
    assert "--accept-all" in done.stderr
    assert not (tmp_path / "own.jsonl").exists()


def test_all_are_accepted_the_same_each_time_and_continued(news_data: Path, tmp_path: Path) -> None:
    one, other = tmp_path / "one.jsonl", tmp_path / "other.jsonl"
    assert make(news_data, "--accept-all", "--count", "8", "--out", one).returncode == 0
    for count in ("3", "8"):
        done = make(news_data, "--accept-all", "--count", count, "--out", other, "--json")
        assert json.loads(done.stdout)["questions"] == int(count)
    assert one.read_bytes() == other.read_bytes()
    with open_index(news_data) as index:
        questions = read_questions(one, index.document).questions
    assert {question.lang for question in questions} == {"de", "en"}
    assert {question.answerable for question in questions} == {True, False}


@pytest.mark.parametrize("lang", ["de", "en"])
def test_one_language_alone(news_data: Path, tmp_path: Path, lang: str) -> None:
    make(news_data, "--accept-all", "--lang", lang, "--out", tmp_path / "own.jsonl")
    assert {line["lang"] for line in lines(tmp_path / "own.jsonl")} == {lang}


def test_without_out_it_is_where_the_page_looks_for_question_sets(news_data: Path) -> None:
    done = make(news_data, "--accept-all", "--count", "1", "--json")
    path = Path(json.loads(done.stdout)["file"])
    assert path == news_data / "questions" / "own.jsonl"
    path.unlink()


def test_without_an_index_there_is_one_line_and_a_way_out(tmp_path: Path) -> None:
    done = make(tmp_path / "none", "--accept-all")
    assert done.returncode == 1
    assert "beleg index" in done.stderr
    assert "Traceback" not in done.stderr
