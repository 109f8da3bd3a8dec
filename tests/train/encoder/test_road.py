"""The whole road to an encoder, on the sample in the repository: from the data to a folder that loads."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from sentence_transformers import SentenceTransformer

ROOT = Path(__file__).parent.parent.parent.parent
SAMPLE = ROOT / "train/encoder/sample"


def walk(work: Path, *, data: Path = SAMPLE) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "train.encoder", "train/encoder/smoke.toml", "--data", data, "--work", work]
    command += ["--out", work / "out", "--log", work / "log.md"]
    environment = os.environ | {"HF_HUB_OFFLINE": "1", "COLUMNS": "200"}
    return subprocess.run(map(str, command), capture_output=True, text=True, cwd=ROOT, env=environment, check=False)


@pytest.fixture(scope="module")
def walked(tmp_path_factory: pytest.TempPathFactory) -> Path:
    work = tmp_path_factory.mktemp("encoder")
    done = walk(work)
    assert done.returncode == 0, done.stderr + done.stdout
    return work


def test_what_comes_out_loads_as_any_sentence_transformer(walked: Path) -> None:
    encoder = SentenceTransformer(str(walked / "out"), local_files_only=True)
    vectors = encoder.encode(["Die Brücke ist gesperrt.", "The bridge is closed.", "", "🙂", "مرحبا"])
    assert vectors.shape == (5, 384)
    assert np.allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-5)


def test_weights_are_half_precision_on_disk_and_full_when_loaded(walked: Path) -> None:
    assert (walked / "out/model.safetensors").stat().st_size < 60e6
    encoder = SentenceTransformer(str(walked / "out"), local_files_only=True)
    assert str(next(encoder.parameters()).dtype) == "torch.float32"


def test_training_brings_german_nearer_to_its_english(walked: Path) -> None:
    record = json.loads((walked / "out/training.json").read_text())
    first, last = record["curve"][0], record["curve"][-1]
    assert last["mean mrr@10"] >= first["mean mrr@10"]
    assert record["figures"]["student"]["mean mrr@10"] > record["figures"]["teacher"]["mean mrr@10"]


def test_german_takes_fewer_tokens(walked: Path) -> None:
    tokens = json.loads((walked / "out/training.json").read_text())["tokens_per_sentence"]
    assert tokens["student"] < tokens["teacher"]


def test_the_run_is_entered_in_the_log_and_the_card_names_data_and_digest(walked: Path) -> None:
    record = json.loads((walked / "out/training.json").read_text())
    assert "| smoke | 1 |" in (walked / "log.md").read_text()
    card = (walked / "out/README.md").read_text()
    assert record["weights_sha256"] in card
    assert "parallel_open_en_de" in card
    assert "$" not in card


def test_a_finished_run_is_not_trained_again(walked: Path) -> None:
    before = (walked / "out/model.safetensors").read_bytes()
    again = walk(walked)
    assert again.returncode == 0
    assert "distillation, step" not in again.stdout
    assert "retrieval, step" not in again.stdout
    assert (walked / "out/model.safetensors").read_bytes() == before


def test_data_that_is_not_there_is_named(tmp_path: Path) -> None:
    done = walk(tmp_path, data=tmp_path / "nowhere")
    assert done.returncode == 1
    assert done.stderr.startswith("error: no ")
    assert "--data" in done.stderr
