"""What a build lists of what it could not use: enough to mend it, never more than a person reads."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from index.build import build
from index.embed import Embedder
from index.settings import IndexSettings


def test_an_export_of_records_without_text_is_listed_up_to_a_limit_and_then_counted(
    tmp_path: Path, settings: IndexSettings, embedder: Embedder, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("index.corpus.MAX_LISTED", 5)
    records = [{"text": "Der Hafen ist offen."}, *({"title": f"Nummer {number}"} for number in range(12))]
    (tmp_path / "a.jsonl").write_text("\n".join(map(json.dumps, records)), encoding="utf-8")
    report = build([tmp_path / "a.jsonl"], settings, embedder=embedder)
    assert report.documents == 1
    assert len(report.skipped) == 5
    assert report.notices == ("7 more files and records were skipped than are listed here",)
