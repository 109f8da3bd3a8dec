"""`beleg index` and `beleg purge` as a user types them: what they say, and their exit codes."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from qa.cli import app

STORY = "Der Hafen von Quellhaven ist seit Montag gesperrt, sagte Ministerin Berg."


@pytest.fixture
def news(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder of one article, and a data directory of its own."""
    monkeypatch.setenv("BELEG_DATA_DIR", str(tmp_path / "data"))
    folder = tmp_path / "news"
    folder.mkdir()
    (folder / "a.txt").write_text(STORY, encoding="utf-8")
    return folder


def run(*arguments: str) -> Result:
    return CliRunner().invoke(app, list(arguments))


def test_building_says_why_what_changed_and_what_has_no_date(news: Path) -> None:
    first = run("index", str(news))
    assert first.exit_code == 0
    assert "1 added, 0 changed, 0 removed, 0 unchanged" in first.stdout
    assert "without a date: 1" in first.stdout
    (news / "b.txt").write_text("Die Brücke über die Ampel ist offen.", encoding="utf-8")
    (news / "a.txt").unlink()
    second = json.loads(run("index", "--json").stdout)
    assert second["changes"] == {"added": 1, "changed": 0, "removed": 1, "unchanged": 0}
    assert "was added, changed or removed" in second["reason"]
    assert "Nothing has changed" in run("index").stdout


def test_strict_fails_where_something_was_skipped_and_only_there(news: Path) -> None:
    assert run("index", str(news), "--strict").exit_code == 0
    (news / "b.zip").write_bytes(b"PK\x03\x04")
    assert run("index", str(news)).exit_code == 0
    strict = run("index", str(news), "--strict")
    assert strict.exit_code == 1
    assert "b.zip" in strict.stdout


def test_purging_leaves_the_serving_index(news: Path) -> None:
    run("index", str(news))
    (news / "a.txt").write_text("Die Brücke über die Ampel ist offen.", encoding="utf-8")
    run("index")
    done = run("purge")
    assert done.exit_code == 0
    assert "older generations: 1" in done.stdout
    assert "Ampel" in run("search", "Ampel").stdout
    assert "Quellhaven" not in run("search", "Quellhaven").stdout


def test_an_address_is_not_fetched_unasked(news: Path) -> None:
    refused = run("index", str(news), "https://news.example/a")
    assert refused.exit_code != 0
    assert "beleg index --allow-network https://news.example/a" in str(refused.exception)


def test_documents_are_listed_in_order_and_as_the_page_lists_them(news: Path) -> None:
    for number in range(3):
        text = f"---\ntitle: Brücke {number}\ndate: 2025-02-0{number + 1}\n---\n{STORY} Das war Nummer {number}.\n"
        (news / f"b{number}.md").write_text(text, encoding="utf-8")
    run("index", str(news))
    shown = run("documents", "--matching", "BRÜCKE", "--limit", "2").stdout
    assert shown.index("b2.md") < shown.index("b1.md")
    assert "2 of 3" in shown
    page = json.loads(run("documents", "--sort", "title", "--json").stdout)
    assert page["total"] == 4
    assert [row["id"] for row in page["documents"]][-3:] == ["b0.md", "b1.md", "b2.md"]


def test_a_document_is_left_out_until_it_is_taken_back(news: Path) -> None:
    (news / "b.txt").write_text("Die Brücke über die Ampel ist offen.", encoding="utf-8")
    run("index", str(news))
    done = run("remove", "a.txt")
    assert done.exit_code == 0
    assert "skipped a.txt: removed by you; `beleg remove --undo ID` takes it back" in done.stdout.replace("\n", " ")
    run("index", "--force")
    assert "Quellhaven" not in run("search", "Quellhaven").stdout
    assert (news / "a.txt").exists()
    assert run("remove", "a.txt", "--undo").exit_code == 0
    assert "Quellhaven" in run("search", "Quellhaven").stdout
    unknown = run("remove", "c.txt")
    assert unknown.exit_code == 1
    assert "not done: c.txt: no document has this id" in unknown.stdout
