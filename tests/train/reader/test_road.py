"""The whole road to a reader, on the sample in the repository: from the data to a folder that loads."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
import torch
from transformers import AutoModelForTokenClassification, AutoTokenizer

ROOT = Path(__file__).parent.parent.parent.parent
SAMPLE = ROOT / "train/encoder/sample"


@pytest.fixture(scope="module")
def walked(tmp_path_factory: pytest.TempPathFactory) -> Path:
    work = tmp_path_factory.mktemp("reader")
    command = [sys.executable, "-m", "train.reader", "train/reader/smoke.toml", "--data", SAMPLE, "--work", work]
    command += ["--out", work / "out", "--log", work / "log.md"]
    environment = os.environ | {"HF_HUB_OFFLINE": "1", "COLUMNS": "200"}
    done = subprocess.run(map(str, command), capture_output=True, text=True, cwd=ROOT, env=environment, check=False)
    assert done.returncode == 0, done.stderr + done.stdout
    return work


@pytest.fixture(scope="module")
def record(walked: Path) -> dict[str, object]:
    loaded: dict[str, object] = json.loads((walked / "out/training.json").read_text())
    return loaded


def test_what_comes_out_loads_as_any_token_classifier(walked: Path) -> None:
    folder = str(walked / "out")
    network = AutoModelForTokenClassification.from_pretrained(folder, local_files_only=True)
    pair = AutoTokenizer.from_pretrained(folder)("Wer kam?", "Anna kam. Es regnete.", return_tensors="pt")
    with torch.inference_mode():
        logits = network(**pair).logits
    assert logits.shape == (1, pair["input_ids"].shape[1], 1)
    assert torch.isfinite(logits).all()
    assert network.config.id2label == {0: "evidence"}
    assert (walked / "out/model.safetensors").stat().st_size < 60e6


def test_the_reader_learns_from_the_sample(record: dict[str, object]) -> None:
    curve = record["curve"]
    assert isinstance(curve, list)
    assert curve[-1]["step"] > 0
    assert 0 <= record["figures"]["xquad en-de"] <= 1  # type: ignore[index]


def test_the_run_is_entered_in_the_log_and_the_card_names_encoder_and_digest(
    walked: Path, record: dict[str, object]
) -> None:
    assert "| smoke |" in (walked / "log.md").read_text()
    card = (walked / "out/README.md").read_text()
    assert str(record["weights_sha256"]) in card
    assert str(record["encoder_sha256"]) in card
