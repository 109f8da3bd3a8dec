"""The encoder's benchmark on four chunks, the whole road: every row is there, and what it says can be true."""

from __future__ import annotations

import gzip
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest

ROOT = Path(__file__).parent.parent.parent
ASKED = ("PyTorch bf16 layers", "PyTorch int8", "ONNX Runtime fp32")
TORCH_FLOATS = ("PyTorch fp32", "PyTorch bf16", "PyTorch bf16 layers")
ROWS = {
    "minilm-de-en": (*TORCH_FLOATS, "PyTorch int8", "ONNX Runtime fp32", "ONNX Runtime int8"),
    "all-MiniLM-L6-v2": TORCH_FLOATS,
    "multilingual-e5-small's shape": TORCH_FLOATS,
}
PARAGRAPHS = [
    ("The baker sells bread.", "Der Bäcker verkauft Brot.", "Who sells bread?", "Wer verkauft Brot?"),
    ("The moon moves the tides.", "Der Mond bewegt die Gezeiten.", "What moves the tides?", "Was bewegt die Gezeiten?"),
    (
        "A law needs a majority.",
        "Ein Gesetz braucht eine Mehrheit.",
        "What does a law need?",
        "Was braucht ein Gesetz?",
    ),
]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("bench")


@pytest.fixture(scope="module")
def result(folder: Path) -> dict[str, Any]:
    paragraphs, scratch = folder / "paragraphs.jsonl.gz", folder / "scratch"
    scratch.mkdir()
    with gzip.open(paragraphs, "wt", encoding="utf-8") as file:
        for en, de, asked_en, asked_de in PARAGRAPHS:
            qas = [{"question_en": asked_en, "question_de": asked_de}]
            file.write(json.dumps({"context_en": en, "context_de": de, "qas": qas}) + "\n")
    command = [sys.executable, "-W", "error", "-m", "bench.encoder", "--texts", "4", "--rounds", "1", "--json"]
    options = ["--paragraphs", str(paragraphs), "--out", str(folder / "out" / "encoder.json"), "--backends", *ASKED]
    environment = {**os.environ, "TMPDIR": str(scratch)}
    done = subprocess.run([*command, *options], capture_output=True, text=True, check=False, cwd=ROOT, env=environment)
    assert not done.returncode, done.stderr
    printed: dict[str, Any] = json.loads(done.stdout)
    return printed


def measured(result: dict[str, Any]) -> list[dict[str, Any]]:
    return [row for row in result["rows"] if "left_out" not in row]


def test_every_encoder_and_backend_has_a_row_that_is_measured_or_says_why_not(result: dict[str, Any]) -> None:
    rows = {(row["encoder"], row["backend"]): row for row in result["rows"]}
    assert rows.keys() == {(encoder, backend) for encoder, backends in ROWS.items() for backend in backends}
    assert len(rows) == len(result["rows"])
    for row in rows.values():
        assert row["left_out"] if "left_out" in row else len(row["seconds"]) == result["rounds"] == 1


def test_what_was_not_asked_for_is_left_out_and_float32_never_is(result: dict[str, Any]) -> None:
    reasons = {row["backend"]: row.get("left_out") for row in result["rows"] if row["encoder"] == "minilm-de-en"}
    assert reasons["PyTorch bf16"] == reasons["ONNX Runtime int8"] == "not asked for"
    assert reasons["PyTorch fp32"] is None


def test_speeds_and_ratios_are_positive_and_float32_is_as_fast_as_itself(result: dict[str, Any]) -> None:
    for row in measured(result):
        ratios = [value for name, value in row.items() if name.startswith("times_") and value is not None]
        assert min(row["chunks_per_s"], row["tokens_per_s"], *ratios) > 0
    (ours,) = (r for r in measured(result) if (r["encoder"], r["backend"]) == ("minilm-de-en", "PyTorch fp32"))
    assert ours["times_ours_fp32"] == 1


def test_float32_loses_nothing_against_itself_and_random_weights_are_not_judged(result: dict[str, Any]) -> None:
    for row in measured(result):
        if row["encoder"] == "multilingual-e5-small's shape":
            assert "quality" not in row
        else:
            assert set(row["quality"]["recall@1"]) == {"de-de", "de-en", "en-de", "en-en"}
        if row["backend"] == "PyTorch fp32" and "quality" in row:
            assert row["quality"]["loss_to_fp32"] == 0


def test_our_encoder_reads_german_in_fewer_tokens_than_its_teacher(result: dict[str, Any]) -> None:
    if "all-MiniLM-L6-v2" not in result["encoders"]:
        pytest.skip("the teacher is not installed")
    assert 0 < result["pieces_per_sentence_to_teacher"] < result["tokens_per_sentence_to_teacher"] < 1


def test_the_result_is_written_and_no_exported_network_stays_behind(folder: Path, result: dict[str, Any]) -> None:
    assert json.loads((folder / "out" / "encoder.json").read_text(encoding="utf-8")) == result
    assert [path.name for path in (folder / "out").iterdir()] == ["encoder.json"]
    assert not list((folder / "scratch").rglob("*.onnx"))


def test_onnx_runtime_starts_no_telemetry_session(folder: Path, result: dict[str, Any]) -> None:
    assert result["rows"]
    assert not (folder / "scratch" / ".ses").exists()


def test_a_missing_model_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(ROOT)
    from bench.backends import UnavailableError, load_encoder

    with pytest.raises(UnavailableError, match="none"):
        load_encoder(tmp_path / "none")


def test_a_gold_paragraph_that_ties_is_ranked_behind(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(ROOT)
    from bench.quality import ranks

    scores = np.array([[0.9, 0.5, 0.1], [0.5, 0.5, 0.5]], np.float32)
    assert ranks(scores, [1, 0]).tolist() == [2, 3]
