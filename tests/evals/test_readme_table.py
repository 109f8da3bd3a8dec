"""The README's results table: made from committed results, and known to be out of date when it is."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

SCRIPT = Path(__file__).parents[2] / "evals" / "readme_table.py"
README = "# Title\n\n<!-- results:start -->\nold\n<!-- results:end -->\n\nThe end.\n"
SEED: dict[str, Any] = {
    "question_set": "seed",
    "model": "some-encoder",
    "total": {"sentence_hit@3": {"value": 0.875, "n": 8}, "citation_exactness": {"value": 1.0, "n": 9}},
    "by_lang": {"de": {"sentence_hit@3": {"value": 1.0, "n": 4}}, "en": {"sentence_hit@3": {"value": 0.75, "n": 4}}},
    "questions": [{"answerable": True}, {"answerable": False}],
    "run": {"date": "2025-02-13T10:00:00+00:00", "cpus": 2, "latency_ms": {"p50": 41.2, "p95": 63.9, "first": 900.0}},
}
CELL = {"recall@1": 0.5, "RR@10": 0.625}
LEG = dict.fromkeys(("de-de", "en-en", "en-de", "de-en"), CELL)
XQUAD: dict[str, Any] = {
    "date": "2025-02-13",
    "machine": "a laptop",
    "legs": {"dense": LEG, "lexical": LEG, "fused": {**LEG, "en-de": {"recall@1": 0.75, "RR@10": 0.8}}},
}


@pytest.fixture
def project(tmp_path: Path) -> Path:
    (tmp_path / "README.md").write_text(README, encoding="utf-8")
    results = tmp_path / "results"
    results.mkdir()
    (results / "seed.json").write_text(json.dumps(SEED), encoding="utf-8")
    (results / "xquad.json").write_text(json.dumps(XQUAD), encoding="utf-8")
    return tmp_path


def run(project: Path, *flags: str) -> subprocess.CompletedProcess[str]:
    where = ("--readme", str(project / "README.md"), "--results", str(project / "results"))
    return subprocess.run(
        [sys.executable, str(SCRIPT), *where, *flags], capture_output=True, text=True, check=False, encoding="utf-8"
    )


def readme(project: Path) -> str:
    return (project / "README.md").read_text(encoding="utf-8")


def test_the_tables_stand_between_the_markers_and_nothing_else_changes(project: Path) -> None:
    assert run(project).returncode == 0
    text = readme(project)
    assert text.startswith("# Title\n\n<!-- results:start -->\n`evals/seed.jsonl`, 2 questions, 1 of them without")
    assert text.endswith("|\n<!-- results:end -->\n\nThe end.\n")
    assert "41 ms per question (p50), 64 ms (p95) on 2 CPUs (2025-02-13)" in text
    assert "| one of the three best answers (hit@3) | 0.88 | 1.00 | 0.75 |" in text
    assert "| citations equal to the source | 1.00 | - | - |" in text
    assert "| fused | 0.500 / 0.625 | 0.500 / 0.625 | 0.750 / 0.800 | 0.500 / 0.625 |" in text


def test_a_second_run_changes_nothing(project: Path) -> None:
    run(project)
    first = readme(project)
    run(project)
    assert readme(project) == first


def test_check_fails_on_an_old_table_without_touching_it_and_passes_on_a_fresh_one(project: Path) -> None:
    stale = run(project, "--check")
    assert stale.returncode == 1
    assert "out of date; run python evals/readme_table.py" in stale.stderr
    assert readme(project) == README
    run(project)
    assert run(project, "--check").returncode == 0


def test_one_result_alone_gives_one_table(project: Path) -> None:
    (project / "results" / "xquad.json").unlink()
    assert run(project).returncode == 0
    assert "XQuAD" not in readme(project)


@pytest.mark.parametrize("content", ["{", "{}", "[]", '{"legs": {}, "date": "2025", "machine": "x"}'])
def test_a_result_of_another_shape_is_named_and_the_readme_left_alone(project: Path, content: str) -> None:
    (project / "results" / "xquad.json").write_text(content, encoding="utf-8")
    failed = run(project)
    assert failed.returncode == 1
    assert failed.stderr.startswith("error: ")
    assert "xquad.json: not a result" in failed.stderr
    assert readme(project) == README


def test_no_results_at_all_say_what_writes_them(project: Path) -> None:
    for path in (project / "results").iterdir():
        path.unlink()
    failed = run(project)
    assert failed.returncode == 1
    assert "`make eval` and `make bench` write them" in failed.stderr


@pytest.mark.parametrize("text", ["no markers", README + README, "<!-- results:end --> <!-- results:start -->"])
def test_a_readme_without_the_markers_is_an_error(project: Path, text: str) -> None:
    (project / "README.md").write_text(text, encoding="utf-8")
    failed = run(project, "--check")
    assert failed.returncode == 1
    assert "once each and in this order" in failed.stderr


def test_benches_have_a_column_for_each_corpus_and_size(project: Path) -> None:
    benches = project / "benches"
    benches.mkdir()
    first = {}
    for name, rows in (("index.json", "corpora"), ("growth.json", "sizes")):
        committed = SCRIPT.parents[1] / "bench" / "results" / name
        (benches / name).write_bytes(committed.read_bytes())
        first[name] = json.loads(committed.read_text())[rows][0]
    assert run(project, "--results", str(project / "results"), str(benches)).returncode == 0
    text = readme(project)
    assert f"| chunks a second | {first['index.json']['chunks_per_s']:.1f} |" in text
    assert f"| building, s | {first['growth.json']['build_s']:,.0f} |" in text


def test_a_bench_of_another_shape_is_named(project: Path) -> None:
    (project / "results" / "index.json").write_text('{"corpora": [{}], "cpus": 2, "processor": "x"}')
    found = run(project)
    assert found.returncode == 1
    assert "index.json: not a result" in found.stderr


def test_answers_over_many_chunks_have_a_row_for_each_way_and_ratio(project: Path) -> None:
    warm = {
        "date": "2026-11-28T10:00:00", "machine": "a laptop", "questions": 200, "chunks": 105816,
        "milliseconds": {"search": {"p50 ms": 14.6, "p95 ms": 98.8}, "ask": {"p50 ms": 392.3, "p95 ms": 629.5}},
        "ratios": {"ask / search": {"p50 ms": 26.87, "p95 ms": 6.37}},
    }  # fmt: skip
    (project / "results" / "warm.json").write_text(json.dumps(warm), encoding="utf-8")
    assert run(project).returncode == 0
    text = readme(project)
    assert "200 questions over 105,816 chunks (2026-11-28, a laptop; `make bench-warm`):" in text
    assert "| `beleg ask` | 392 | 630 |" in text
    assert "| times, ask / search | 26.87 | 6.37 |" in text
