"""The lexicon's training on a dozen sentence pairs, the whole road."""

from __future__ import annotations

import gzip
import json
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent.parent
PAIRS = [
    ("The war is over.", "Der Krieg ist vorbei."),
    ("The war began.", "Der Krieg begann."),
    ("War is terrible.", "Krieg ist schrecklich."),
    ("The house is old.", "Das Haus ist alt."),
    ("A house began to burn.", "Ein Haus begann zu brennen."),
    ("The old house is over there.", "Das alte Haus ist dort."),
]


def train(folder: Path) -> Path:
    parallel, out = folder / "pairs.jsonl.gz", folder / "lexicon"
    folder.mkdir(exist_ok=True)
    with gzip.open(parallel, "wt", encoding="utf-8") as file:
        file.writelines(json.dumps({"en": english, "de": german}) + "\n" for english, german in PAIRS)
    command = [sys.executable, "-m", "train.lexicon", parallel, "--out", out]
    subprocess.run(command, check=True, capture_output=True, cwd=ROOT)
    return out


@pytest.fixture(scope="module")
def lexicon(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return train(tmp_path_factory.mktemp("lexicon"))


@pytest.mark.parametrize(("direction", "term", "translation"), [("en-de", "war", "krieg"), ("de-en", "haus", "hous")])
def test_words_that_occur_together_are_each_others_best_translation(
    lexicon: Path, direction: str, term: str, translation: str
) -> None:
    with gzip.open(lexicon / f"{direction}.tsv.gz", "rt", encoding="utf-8") as lines:
        rows = [line.split("\t") for line in lines]
    assert next(target for source, target, _ in rows if source == term) == translation


def test_where_it_comes_from_is_recorded(lexicon: Path) -> None:
    provenance = json.loads((lexicon / "provenance.json").read_text())
    assert provenance["sentence_pairs"] == len(PAIRS)
    assert len(provenance["data_sha256"]) == 64


def test_training_twice_gives_the_same_bytes(lexicon: Path, tmp_path: Path) -> None:
    again = train(tmp_path)
    for name in ("en-de.tsv.gz", "de-en.tsv.gz"):
        assert (again / name).read_bytes() == (lexicon / name).read_bytes()
