"""`beleg eval` as a user meets it, over a real index."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from qa.cli import app

if TYPE_CHECKING:
    from qa.pipeline import Assistant

ROOT = Path(__file__).parents[2]
LINES = (ROOT / "evals" / "seed.jsonl").read_text(encoding="utf-8").splitlines(keepends=True)
FEW = "".join([*LINES[:3], LINES[-1]])


def beleg(*arguments: str | Path) -> subprocess.CompletedProcess[str]:
    """In a process of its own."""
    command = [sys.executable, "-m", "qa.cli", "eval", *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, check=False, cwd=ROOT)


@pytest.fixture
def few(tmp_path: Path) -> Path:
    path = tmp_path / "few.jsonl"
    path.write_text(FEW, encoding="utf-8")
    return path


@pytest.fixture
def here(assistant: Assistant, monkeypatch: pytest.MonkeyPatch) -> Callable[..., object]:
    """The exit code, in this process, over the seed's index, with what is quick."""
    monkeypatch.setenv("BELEG_DATA_DIR", str(assistant.settings.data_dir))
    monkeypatch.setenv("BELEG_READER", "false")

    def evaluate(*arguments: str | Path) -> object:
        return app(["eval", *map(str, arguments)], standalone_mode=False)

    return evaluate


def test_help_is_that_of_the_run_whose_name_nobody_types() -> None:
    shown = " ".join(beleg("--help").stdout.replace("│", " ").split())
    assert "eval run" not in shown
    assert all(word in shown for word in ("FILE|FOLDER", "--check", "--accept", "--compare", "--split", "Example:"))


def test_a_run_is_accepted_checked_and_compared(
    few: Path, here: Callable[..., object], capsys: pytest.CaptureFixture[str]
) -> None:
    here(few, "--accept", "--json")
    told, result = json.loads(capsys.readouterr().out), few.parent / "results" / "few.json"
    assert told == json.loads(result.read_bytes())
    assert (told["question_set"], len(told["questions"])) == ("few", 4)
    assert (few.parent / "baselines" / "few.json").exists()

    other = few.parent / "other.json"
    here(few, "--check", "--out", other)
    assert "Ranking, leg by leg" in capsys.readouterr().out

    here("--compare", result, other, "--json")
    assert json.loads(capsys.readouterr().out)["shared"] == 4
    here("--compare", result, other)
    assert "newly wrong: 0" in capsys.readouterr().out


def test_what_is_not_met_is_said_with_exit_code_1(
    few: Path, here: Callable[..., object], capsys: pytest.CaptureFixture[str]
) -> None:
    (few.parent / "expectations.yaml").write_text("few:\n  recall@1: 1.1\n", encoding="utf-8")
    assert here(few, "--check") == 1
    assert "not met: few: recall@1 is" in capsys.readouterr().err


def test_files_that_are_no_results_are_named(few: Path, tmp_path: Path) -> None:
    done = beleg("--compare", few, tmp_path / "gone.json")
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.startswith(f"error: {few}: no result of this version of Beleg")
    (tmp_path / "list.json").write_text("[]", encoding="utf-8")
    assert "list.json: no result" in beleg("--compare", tmp_path / "list.json", few).stderr


def test_a_set_that_cannot_be_used_is_one_line(tmp_path: Path) -> None:
    done = beleg(tmp_path)
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.startswith(f"error: {tmp_path}: no question set.")


def test_a_file_named_as_a_command_is_given_with_its_folder() -> None:
    done = beleg("./make")
    assert done.returncode == 1
    assert "make: cannot be read" in done.stderr
