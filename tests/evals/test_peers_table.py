"""The race as Markdown: every figure of the result, what a system does not give, and where Beleg is not ahead."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from peers_table import PARTS, peers_report, peers_table

SCRIPT = Path(__file__).parents[2] / "evals" / "readme_table.py"


def score(value: float) -> dict[str, float]:
    return {"value": value, "low": value - 0.1, "high": value + 0.1}


def contestant(key: str, name: str, recall: float, **more: float) -> dict[str, Any]:
    quality = {"R@1": recall, "R@5": 0.9, "nDCG@10": 0.8, "answer_in_first_hit": 0.25, **more}
    return {
        "key": key,
        "name": name,
        "system": key,
        "encoder": "some-encoder",
        "setup_mb": {"total": 1500.0, "torch": 800.0, "models": 100.0 if key == "beleg" else 0.0},
        "chunks": 7202,
        "index_s": 80.4,
        "index_mb": 1400.0,
        "p50_ms": 16.2,
        "p95_ms": 33.3,
        "serve_mb": 900.0,
        "cold_s": 5.25,
        "disk_mb": {"all": 87.0, "vector cache": 20.0 if key == "beleg" else 0.0},
        "quality": {part: {name: score(value) for name, value in quality.items()} for part in PARTS},
        "first_hit_characters": dict.fromkeys(PARTS, 123.4),
    }


def quality(word: str) -> dict[str, Any]:
    gain = {"value": 0.05, "low": 0.01, "high": 0.09}
    return {
        part: {name: {"best": "txtai", "gain": gain, "word": word} for name in ("R@1", "nDCG@10")} for part in PARTS
    }


@pytest.fixture
def result() -> dict[str, Any]:
    return {
        "corpora": {"quotes": {"texts": 998, "questions": 270}, "xquad-de": {"texts": 120, "questions": 1224}},
        "limit": None,
        "rounds": 3,
        "encoder": "some-encoder",
        "contestants": [
            contestant("beleg", "Beleg, ask", 0.875, **{"sentence_hit@1": 0.75}),
            contestant("txtai", "txtai", 0.5),
            {"key": "txtai-default", "name": "txtai, defaults", "left_out": "OSError: no hub"},
        ],
        "verdicts": {
            "index": {"fastest": "txtai", "times": 1.625, "aim": 1.5, "met": True},
            "query": {"fastest": "txtai", "times": 0.5, "aim": 1.0, "met": False},
            "query at equal recall": {"fastest": None, "times": None, "met": True, "recall": 0.8, "best_peer": 0.5},
            "cold ask": {"fastest": "txtai", "share": 0.39, "aim": 0.4, "met": True},
            "quality": {"ask": quality("ahead"), "search": quality("level")},
        },
        "notes": {"all": ["One machine."], "txtai": ["Paragraphs are chunks."]},
        "packages": {"txtai": {"txtai": "9.14.0", "torch": "2.13.0"}},
        "load": {"before": [0.1, 0.2, 0.3], "after": [2.0, 1.5, 1.0]},
        "cpus": 2,
        "date": "2026-11-27T23:00:00+00:00",
        "machine": "a laptop",
    }


def test_everybody_has_a_column_and_what_is_not_given_is_a_dash(result: dict[str, Any]) -> None:
    report = peers_report(result)
    assert "|  | Beleg, ask | txtai |" in report
    assert "| set-up on disk, MB: all / without PyTorch | 1,500 / 700 (models 100) | 1,500 / 700 |" in report
    assert "| index on disk, MB | 67 (cache 20) | 87 |" in report
    assert "| indexing, s | 80 | 80 |" in report
    assert "| XQuAD en-de, R@1 / nDCG@10 | 0.875 / 0.800 | 0.500 / 0.800 |" in report
    assert "| who said what, de-de, first sentence answers (hit@1) | 0.750 | - |" in report
    assert "| XQuAD de-en, whole answer in the first hit | 0.250 (123 characters) | 0.250 (123 characters) |" in report


def test_what_is_not_met_is_said_in_the_table_and_in_the_readme(result: dict[str, Any]) -> None:
    report, table = peers_report(result), peers_table(result)
    assert "| indexing | 1.62 times the speed of txtai (aim 1.5) | met |" in report
    assert "| a question, search | 0.50 times the speed of txtai (aim 1) | **not met** |" in report
    assert "| cold start, ask | 39% of txtai (aim below 40%) | met |" in report
    assert "nobody has it (mean R@1 0.800, best of the others 0.500)" in report
    assert "| XQuAD de-de, R@1, ask | +0.050 [+0.010, +0.090] to txtai | ahead |" in report
    assert "| XQuAD de-de, R@1, search | +0.050 [+0.010, +0.090] to txtai | **level** |" in report
    assert "Where Beleg is not ahead: a question, search: 0.50 times the speed of txtai" in table
    assert "XQuAD de-de, R@1, search" in table
    assert "XQuAD de-de, R@1, ask" not in table


def test_nothing_is_said_to_be_behind_where_nothing_is(result: dict[str, Any]) -> None:
    result["verdicts"]["query"]["met"] = True
    result["verdicts"]["quality"]["search"] = quality("ahead")
    assert "not ahead" not in peers_table(result)
    assert "docs/performance.md" in peers_table(result)


def test_who_did_not_run_is_listed_with_the_reason_and_all_notes(result: dict[str, Any]) -> None:
    report = peers_report(result)
    assert "- txtai, defaults: OSError: no hub" in report
    assert "- One machine.\n- txtai: Paragraphs are chunks.\n- Load averages" in report
    assert "before: 0.10 0.20 0.30" in report
    assert "Versions: txtai: txtai 9.14.0, torch 2.13.0." in report


def test_without_a_verdict_there_is_no_table_of_them(result: dict[str, Any]) -> None:
    result["verdicts"] = {}
    assert "verdict" not in peers_report(result)
    assert "not ahead" not in peers_table(result)


def test_both_pages_are_written_and_checked(tmp_path: Path, result: dict[str, Any]) -> None:
    (tmp_path / "docs").mkdir()
    (tmp_path / "results").mkdir()
    pages = {"README.md": "results", "docs/performance.md": "peers"}
    for page, name in pages.items():
        (tmp_path / page).write_text(f"<!-- {name}:start --><!-- {name}:end -->\n", encoding="utf-8")
    (tmp_path / "results" / "peers.json").write_text(json.dumps(result), encoding="utf-8")
    where = ("--readme", str(tmp_path / "README.md"), "--results", str(tmp_path / "results"))

    def run(*flags: str) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, str(SCRIPT), *where, *flags]
        return subprocess.run(command, capture_output=True, text=True, check=False, encoding="utf-8")

    stale = run("--check")
    assert stale.returncode == 1
    assert all(f"{tmp_path / page}: the results table is out of date" in stale.stderr for page in pages)
    assert run().returncode == 0
    assert run("--check").returncode == 0
    assert peers_table(result) in (tmp_path / "README.md").read_text(encoding="utf-8")
    assert peers_report(result) in (tmp_path / "docs" / "performance.md").read_text(encoding="utf-8")
    (tmp_path / "docs" / "performance.md").write_text("no markers", encoding="utf-8")
    assert "<!-- peers:start -->" in run("--check").stderr
