"""`beleg eval` as a user meets it: a real process, a real index, real exit codes."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from qa.pipeline import Assistant

ROOT = Path(__file__).parents[2]
LINES = (ROOT / "evals" / "seed.jsonl").read_text(encoding="utf-8").splitlines(keepends=True)
FEW = "".join([*LINES[:3], LINES[-1]])


def beleg(*arguments: str | Path, data_dir: Path | None = None) -> subprocess.CompletedProcess[str]:
    extra = {"BELEG_DATA_DIR": str(data_dir)} if data_dir else {}
    return subprocess.run(
        [sys.executable, "-m", "qa.cli", "eval", *map(str, arguments)],
        capture_output=True, text=True, check=False, cwd=ROOT, env={**os.environ, "BELEG_READER": "false", **extra},
    )  # fmt: skip


@pytest.fixture
def few(tmp_path: Path) -> Path:
    path = tmp_path / "few.jsonl"
    path.write_text(FEW, encoding="utf-8")
    return path


@pytest.fixture
def data_dir(assistant: Assistant) -> Path:
    return assistant.settings.data_dir


def test_help_is_that_of_the_run_whose_name_nobody_types() -> None:
    shown = " ".join(beleg("--help").stdout.replace("│", " ").split())
    assert "eval run" not in shown
    assert all(word in shown for word in ("FILE|FOLDER", "--check", "--accept", "--compare", "--split", "Example:"))


def test_a_run_is_accepted_checked_and_compared(few: Path, data_dir: Path) -> None:
    accepted = beleg(few, "--accept", "--json", data_dir=data_dir)
    assert accepted.returncode == 0, accepted.stderr
    told = json.loads(accepted.stdout)
    result = few.parent / "results" / "few.json"
    assert told == json.loads(result.read_bytes())
    assert (told["question_set"], len(told["questions"])) == ("few", 4)
    assert (few.parent / "baselines" / "few.json").exists()

    other = few.parent / "other.json"
    checked = beleg(few, "--check", "--out", other, data_dir=data_dir)
    assert checked.returncode == 0, checked.stderr
    assert "Ranking, leg by leg" in checked.stdout

    compared = beleg("--compare", result, other, "--json")
    assert compared.returncode == 0, compared.stderr
    assert json.loads(compared.stdout)["shared"] == 4
    assert "newly wrong: 0" in beleg("--compare", result, other).stdout


def test_what_is_not_met_is_said_with_exit_code_1(few: Path, data_dir: Path) -> None:
    (few.parent / "expectations.yaml").write_text("few:\n  recall@1: 1.1\n", encoding="utf-8")
    done = beleg(few, "--check", data_dir=data_dir)
    assert done.returncode == 1
    assert "not met: few: recall@1 is" in done.stderr


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
