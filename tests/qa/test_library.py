"""The documents of an index as their owner keeps them; tests/index/test_edits.py has how each change is carried out."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from index.build import build
from index.edits import Edit
from index.errors import LoadError, NoIndexError
from index.listing import Query
from index.progress import BuildReport
from qa.library import Library
from qa.pipeline import Assistant
from qa.settings import Settings

TEXTS = {
    "hafen.md": "---\ntitle: Der Hafen\nlang: de\ndate: 2025-02-01\n---\nDer Hafen von Quellhaven ist gesperrt.\n",
    "bridge.md": "---\ntitle: The bridge\nlang: en\ndate: 2025-03-01\n---\nThe old bridge at Larnaby is open again.\n",
    "harvest.md": "---\ntitle: The harvest\nlang: en\n---\nThe harvest at Larnaby was better than last year.\n",
}
FERRY = "The ferry to Larnaby must sail again by May, Orban said.\n"


@pytest.fixture
def assistant(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Assistant]:
    """Over `TEXTS`, searched by words only; nothing is built."""
    monkeypatch.setenv("BELEG_MODEL", "no-such-model")
    (tmp_path / "texts").mkdir()
    for name, text in TEXTS.items():
        (tmp_path / "texts" / name).write_text(text, encoding="utf-8")
    with closing(Assistant(Settings.load(data_dir=tmp_path / "data", reader=False))) as made:
        yield made


@pytest.fixture
def library(assistant: Assistant, tmp_path: Path) -> Library:
    """Over an index of `TEXTS`."""
    build([tmp_path / "texts"], assistant.settings)
    return Library(assistant)


def changed(library: Library, edit: Edit) -> BuildReport:
    *_, report = library.change(edit)
    assert isinstance(report, BuildReport)
    return report


def ids(library: Library) -> list[str]:
    return [row.id for row in library.page(Query()).rows]


def given(folder: Path, name: str, text: str = FERRY) -> Path:
    (folder / name).write_text(text, encoding="utf-8")
    return folder / name


def test_it_tells_what_the_index_holds(library: Library, tmp_path: Path) -> None:
    contents = library.contents()
    assert list(contents.documents.items()) == [("en", 2), ("de", 1)]
    assert contents.manifest.roots == (str(tmp_path / "texts"),)
    assert ids(library) == ["bridge.md", "hafen.md", "harvest.md"]
    aside = library.aside(contents.manifest)
    assert (aside.files, aside.removed, aside.waiting) == ((), {}, False)


def test_what_is_added_is_found_and_cited_until_it_is_removed(
    library: Library, assistant: Assistant, tmp_path: Path
) -> None:
    question = "When must the ferry to Larnaby sail, Orban?"
    changed(library, Edit(add=(given(tmp_path, "ferry.md"),)))
    (added,) = library.page(Query("ferry")).rows
    assert added.id == added.path
    assert added.id in {one.doc_id for one in assistant.search(question).excerpts}
    assert len(changed(library, Edit(remove=(added.id,))).skipped) == 0
    assert added.id not in {one.doc_id for one in assistant.search(question).excerpts}
    assert ids(library) == ["bridge.md", "hafen.md", "harvest.md"]


def test_what_was_removed_stands_aside_and_comes_back(library: Library, tmp_path: Path) -> None:
    report = changed(library, Edit(remove=("hafen.md",)))
    assert [skipped.path for skipped in report.skipped] == ["hafen.md"]
    assert library.aside(library.contents().manifest).removed == {"hafen.md": "Der Hafen"}
    assert (tmp_path / "texts" / "hafen.md").exists()
    changed(library, Edit(restore=("hafen.md",)))
    assert ids(library) == ["bridge.md", "hafen.md", "harvest.md"]
    assert library.aside(library.contents().manifest).removed == {}


def test_a_build_that_stops_keeps_the_old_index_and_what_was_added_waits(library: Library, tmp_path: Path) -> None:
    for name in TEXTS:
        (tmp_path / "texts" / name).unlink()
    (tmp_path / "texts").rmdir()
    with pytest.raises(LoadError, match="texts does not exist"):
        changed(library, Edit(add=(given(tmp_path, "ferry.md"),)))
    assert ids(library) == ["bridge.md", "hafen.md", "harvest.md"]
    aside = library.aside(library.contents().manifest)
    assert aside.waiting
    assert [name.rsplit("/", 1)[1] for name, _ in aside.files] == ["ferry.md"]


def test_before_any_build_files_may_be_added_and_nothing_else(assistant: Assistant, tmp_path: Path) -> None:
    library = Library(assistant)
    with pytest.raises(NoIndexError, match="beleg index"):
        library.page(Query())
    with pytest.raises(NoIndexError, match="beleg index"):
        changed(library, Edit(remove=("hafen.md",)))
    assert changed(library, Edit(add=(given(tmp_path, "ferry.md"),))).documents == 1
    assert library.contents().manifest.roots == ()
    (tmp_path / "texts" / "bridge.md").rename(tmp_path / "bridge.md")
    assert changed(library, Edit(add=(tmp_path / "bridge.md",))).documents == 2
