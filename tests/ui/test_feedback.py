from __future__ import annotations

import json
from pathlib import Path

import pytest

from ui import feedback


def test_a_word_on_an_answer_is_kept_as_a_line_with_its_date(tmp_path: Path) -> None:
    said = {"verdict": "useless", "question": "Wer?", "comment": "Das war\nPutin.", "places": ["#cite/a/0/1/2"]}
    assert feedback.keep(tmp_path, said)
    assert feedback.keep(tmp_path, {"verdict": "useful", "question": "Wer?"})
    first, second = map(json.loads, (tmp_path / feedback.FILE).read_text(encoding="utf-8").splitlines())
    assert (first | said) == first
    assert first["date"].startswith("20")
    assert (second["verdict"], second["comment"]) == ("useful", "")


@pytest.mark.parametrize(
    "said",
    [
        None,
        [],
        {"verdict": "useful"},
        {"verdict": "good", "question": "Wer?"},
        {"verdict": "useful", "question": "x" * 2001},
        {"verdict": "useful", "question": "Wer?", "comment": "x" * 2001},
        {"verdict": "useful", "question": "Wer?", "path": "/etc/passwd"},
    ],
)
def test_anything_else_that_a_browser_sends_is_not_kept(tmp_path: Path, said: object) -> None:
    assert not feedback.keep(tmp_path, said)
    assert not (tmp_path / feedback.FILE).exists()


def test_nobody_fills_the_disk(tmp_path: Path) -> None:
    (tmp_path / feedback.FILE).write_bytes(b"x" * feedback.MAX_BYTES)
    assert not feedback.keep(tmp_path, {"verdict": "useful", "question": "Wer?"})


def test_a_folder_that_cannot_be_written_is_said(tmp_path: Path) -> None:
    assert not feedback.keep(tmp_path / "missing", {"verdict": "useful", "question": "Wer?"})
