from __future__ import annotations

import json
from pathlib import Path

import pytest

from index.build import build
from qa.settings import Settings
from ui.health import Health, health, response


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings.load(data_dir=tmp_path / "data")


def test_without_an_index_it_says_so(settings: Settings) -> None:
    assert health(settings, loaded=True) == Health("no index")


def test_with_an_index_it_names_the_generation_and_counts_its_documents(settings: Settings, tmp_path: Path) -> None:
    (tmp_path / "texts").mkdir()
    (tmp_path / "texts" / "one.txt").write_text("Der Hafen wird geschlossen, sagte Kahl.", encoding="utf-8")
    generation = build([tmp_path / "texts"], settings).generation
    assert health(settings, loaded=True) == Health("ok", generation, 1)
    assert health(settings, loaded=False) == Health("loading", generation, 1)
    (settings.data_dir / "generations" / generation / "manifest.json").write_text("{", encoding="utf-8")
    assert health(settings, loaded=True) == Health("unusable index")


@pytest.mark.parametrize(
    ("found", "status"),
    [
        (Health("ok", "20261127T184002752390", 1), 200),
        (Health("loading", "20261127T184002752390", 1), 503),
        (Health("no index"), 503),
        (Health("unusable index"), 503),
        (Health("stopping"), 503),
    ],
)
def test_only_what_answers_is_healthy_and_nothing_else_is_told(found: Health, status: int) -> None:
    answer = response(found)
    assert answer.status_code == status
    assert json.loads(bytes(answer.body)) == {
        "status": found.status,
        "generation": found.generation,
        "documents": found.documents,
    }
