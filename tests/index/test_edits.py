"""What is added, removed and taken back by hand, and that every build from then on goes by it."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from index.build import build, is_stale, last_roots
from index.edits import REMOVED_BY_YOU, Edit, removed
from index.embed import Embedder
from index.errors import BuildError, LockedError, NoIndexError
from index.generation import builder_lock, serving
from index.listing import Query
from index.progress import BuildReport
from index.reader import open_index
from index.settings import IndexSettings
from index.uploads import stored

TEXT = "Die Fähre nach Norddorf fährt wieder. Das teilte der Kapitän mit."


class Bench:
    """A folder of texts with an index, and what is done to it."""

    def __init__(self, texts: Path, settings: IndexSettings, embedder: Embedder) -> None:
        self.texts, self.settings, self.embedder = texts, settings, embedder

    def build(self, **edit: tuple[object, ...]) -> BuildReport:
        return build([self.texts], self.settings, embedder=self.embedder, edit=Edit(**edit))  # type: ignore[arg-type]

    def ids(self) -> set[str]:
        with open_index(self.settings.data_dir) as reader:
            return {row.id for row in reader.page(Query()).rows}

    def given(self, name: str, content: str = TEXT) -> Path:
        path = self.settings.data_dir.parent / name
        path.write_text(content, encoding="utf-8")
        return path


@pytest.fixture
def bench(texts: Path, data_dir: Path, settings: IndexSettings, embedder: Embedder) -> Bench:
    assert data_dir == settings.data_dir
    return Bench(texts, settings, embedder)


def test_an_added_file_is_indexed_by_every_build_from_then_on(bench: Bench) -> None:
    report = bench.build(add=(bench.given("fähre.txt"),))
    assert (report.changes.added, report.refused) == (1, ())
    (name,) = stored(bench.settings.data_dir)
    assert name in bench.ids()
    (bench.texts / "new.txt").write_text("Der Bahnhof wird umgebaut. Das dauert zwei Jahre.")
    assert bench.build().changes == (1, 0, 0, 5)
    assert name in bench.ids()
    assert [Path(root) for root in last_roots(bench.settings.data_dir)] == [bench.texts]


def test_what_is_refused_is_told_and_the_rest_is_added(bench: Bench) -> None:
    files = [
        bench.given("fähre.txt"),
        bench.given("fähre2.txt"),
        bench.given("a.exe", "MZ"),
        bench.given("leer.txt", ""),
    ]
    report = bench.build(add=tuple(files))
    assert report.changes.added == 1
    assert [(path, reason.split(":")[0]) for path, reason in report.refused] == [
        ("fähre2.txt", "the same content is there already, as fähre.txt"),
        ("a.exe", "unsupported kind .exe"),
        ("leer.txt", "empty"),
    ]
    assert json.loads(json.dumps(report.to_json()))["refused"][1]["path"] == "a.exe"


def test_the_first_files_need_no_folder(bench: Bench, tmp_path: Path) -> None:
    settings = IndexSettings(data_dir=tmp_path / "first")
    with pytest.raises(BuildError, match=r"nothing to index: a\.exe: unsupported kind"):
        build([], settings, embedder=bench.embedder, edit=Edit(add=(bench.given("a.exe"),)))
    with pytest.raises(NoIndexError):
        last_roots(settings.data_dir)
    report = build([], settings, embedder=bench.embedder, edit=Edit(add=(bench.given("fähre.txt"),)))
    assert report.documents == 1
    assert last_roots(settings.data_dir) == []
    assert build([], settings, embedder=bench.embedder).unchanged


def test_a_document_of_the_users_own_is_left_out_until_it_is_taken_back(bench: Bench) -> None:
    before = bench.ids()
    report = bench.build(remove=("nato.md",))
    assert (report.documents, report.changes.removed, report.skipped) == (3, 1, (("nato.md", REMOVED_BY_YOU),))
    assert bench.ids() == before - {"nato.md"}
    assert (bench.texts / "nato.md").exists()
    assert removed(bench.settings.data_dir) == {"nato.md": "Treffen in Brüssel"}
    assert bench.build().unchanged
    (bench.texts / "nato.md").write_text("---\ntitle: Neu\n---\nAuch wenn sie sich ändert. Das gilt.\n", "utf-8")
    assert bench.build().documents == 3

    report = bench.build(restore=("nato.md",))
    assert (report.documents, report.skipped) == (4, ())
    assert removed(bench.settings.data_dir) == {}
    assert bench.ids() == before


def test_an_added_document_is_deleted(bench: Bench) -> None:
    bench.build(add=(bench.given("fähre.txt"),))
    (name,) = stored(bench.settings.data_dir)
    report = bench.build(remove=(name,))
    assert (report.documents, report.changes.removed, report.skipped) == (4, 1, ())
    assert stored(bench.settings.data_dir) == removed(bench.settings.data_dir) == {}


def test_of_an_added_file_with_several_documents_one_is_left_out(bench: Bench) -> None:
    lines = [json.dumps({"title": f"T{i}", "text": f"{TEXT} Nummer {i} von allen."}) for i in range(2)]
    bench.build(add=(bench.given("zwei.jsonl", "\n".join(lines)),))
    (name,) = stored(bench.settings.data_dir)
    first, second = sorted(doc_id for doc_id in bench.ids() if doc_id.startswith(name))
    bench.build(remove=(first,))
    assert list(removed(bench.settings.data_dir)) == [first]
    assert second in bench.ids()
    bench.build(remove=(second,))
    assert stored(bench.settings.data_dir) == {}


def test_an_added_file_that_no_document_is_from_can_be_removed(bench: Bench) -> None:
    same = "---\nurl: https://example.org/a\n---\n"
    for name in ("a.md", "b.md"):
        bench.build(add=(bench.given(name, f"{same}{TEXT} Aus {name} also."),))
    with open_index(bench.settings.data_dir) as reader:
        ((unread, reason),) = reader.manifest.skipped
    assert "has the same id as" in reason
    report = bench.build(remove=(unread,))
    assert (report.refused, report.skipped, len(stored(bench.settings.data_dir))) == ((), (), 1)


def test_ids_that_are_not_there_are_told(bench: Bench) -> None:
    report = bench.build(remove=("no.md", "uploads/../../x"), restore=("nato.md",))
    assert report.unchanged
    assert [path for path, _ in report.refused] == ["no.md", "uploads/../../x", "nato.md"]


def test_the_last_document_stays(bench: Bench) -> None:
    before = serving(bench.settings.data_dir)
    with pytest.raises(BuildError, match="no document would be left"):
        bench.build(remove=tuple(bench.ids()))
    assert (serving(bench.settings.data_dir), removed(bench.settings.data_dir)) == (before, {})


def test_a_list_that_is_damaged_stops_the_build_and_brings_nothing_back(bench: Bench) -> None:
    bench.build(remove=("nato.md",))
    (bench.settings.data_dir / "removed.json").write_text('{"nato.md": ')
    with pytest.raises(BuildError, match=r"removed\.json, the list of documents that you removed, cannot be read"):
        bench.build()
    assert "nato.md" not in bench.ids()


def test_nothing_is_kept_or_removed_while_another_build_runs(bench: Bench) -> None:
    with builder_lock(bench.settings.data_dir), pytest.raises(LockedError):
        bench.build(add=(bench.given("fähre.txt"),), remove=("nato.md",))
    assert stored(bench.settings.data_dir) == removed(bench.settings.data_dir) == {}


def test_a_removal_alone_makes_the_index_stale(bench: Bench) -> None:
    settings = bench.settings.model_copy(update={"model": "no-such-model"})
    assert is_stale([bench.texts], settings) == ""
    (settings.data_dir / "removed.json").write_text('{"nato.md": "x"}')
    assert is_stale([bench.texts], settings) == "documents were removed or taken back since the index was built"


FULL = """
import resource, sys
from pathlib import Path
from index.build import build
from index.edits import Edit
from index.settings import IndexSettings

resource.setrlimit(resource.RLIMIT_FSIZE, (20_000, resource.RLIM_INFINITY))
build([Path(sys.argv[1])], IndexSettings(data_dir=Path(sys.argv[2])), edit=Edit(add=(Path(sys.argv[3]),)))
"""


def test_a_full_disk_is_named_and_nothing_is_half_kept(bench: Bench) -> None:
    large = bench.given("groß.txt", TEXT * 1000)
    done = subprocess.run(
        [sys.executable, "-c", FULL, bench.texts, bench.settings.data_dir, large],
        capture_output=True, text=True, check=False, timeout=120,
    )  # fmt: skip
    assert "DiskFullError: no space left" in done.stderr
    assert stored(bench.settings.data_dir) == {}
    assert len(bench.ids()) == 4
