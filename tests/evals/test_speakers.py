"""The evaluation of speakers counts what is right, wrong and left out, on data made here."""

from __future__ import annotations

import gzip
import json
import sys
from pathlib import Path

import pytest
import speakers

TEXT = (
    "Minister Quirin Zettel kam. „Das geht nicht“, sagte Zettel. „Das geht gut“, sagte er. "
    "„Das geht so“, sagte Minister Alwin Brenner."
)
SAID = {"„Das geht nicht“": "Minister Quirin Zettel", "„Das geht gut“": "er", "„Das geht so“": "Karla Ott"}


def quote(number: int, text: str, by: str) -> dict[str, object]:
    start = TEXT.index(text)
    return {
        "id": f"w:{number}", "question_de": "Was?", "speaker": by, "doc_id": "w",
        "quotes": [{"spans": [[start, start + len(text)]]}],
    }  # fmt: skip


@pytest.fixture
def data(tmp_path: Path) -> Path:
    news = [{"id": "w", "title": "T", "text": TEXT, "date": "2020-01-01"}]
    said = [quote(number, text, by) for number, (text, by) in enumerate(SAID.items())]
    for name, lines in (("corpus/wikinews_de_998", news), ("dev/quotes_dev_de", said)):
        path = tmp_path / f"{name}.jsonl.gz"
        path.parent.mkdir()
        path.write_bytes(gzip.compress("\n".join(json.dumps(line) for line in lines).encode()))
    return tmp_path


def test_a_name_is_right_or_wrong_and_a_pronoun_is_no_name_to_find(data: Path) -> None:
    judged = list(speakers.judge(data))
    assert [(one.found, one.nameable, one.right) for one in judged] == [
        ("Zettel", True, True),
        ("", False, False),
        ("Alwin Brenner", True, False),
    ]
    found = speakers.figures(judged, resamples=10)
    assert (found["named"], found["nameable"], found["right"]) == (2, 2, 1)
    assert (found["precision"]["value"], found["recall"]["value"]) == (0.5, 0.5)


def test_precision_of_few_is_no_certainty_although_all_are_right() -> None:
    assert speakers.at_least(0, 0) == 0
    assert speakers.at_least(44, 44) == pytest.approx(0.9197, abs=1e-4)
    assert speakers.at_least(1, 2) == pytest.approx(0.0945, abs=1e-4)
    assert speakers.at_least(44, 44) < speakers.at_least(440, 440) < 1


def test_the_result_is_written_and_what_is_wrong_is_shown(
    data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "speakers.json"
    monkeypatch.setattr(sys, "argv", ["speakers.py", str(data), "--out", str(out), "--show", "--resamples", "10"])
    assert speakers.main() == 0
    assert json.loads(out.read_text(encoding="utf-8"))["sentences"] == 3
    shown = capsys.readouterr().out
    assert "'Alwin Brenner' for Karla Ott" in shown
    assert "'Zettel'" not in shown


def test_missing_data_is_said(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys, "argv", ["speakers.py", str(tmp_path)])
    assert speakers.main() == 1
    assert "wikinews_de_998" in capsys.readouterr().err
