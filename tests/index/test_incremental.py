"""Building again: what is other is told, only that is embedded, and a rebuild says why it is one."""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from types import ModuleType

import pytest

from index import staleness
from index.build import build
from index.embed import Embedder
from index.generation import generation_path, serving
from index.progress import Changes, Progress
from index.reader import open_index
from index.settings import IndexSettings
from index.types import embedded_text

ROOT = Path(__file__).parents[2]
RECORDS, EDITED = 200, 117
NOTHING_NEW = Changes(added=0, changed=0, removed=0, unchanged=4)
ALL_NEW = Changes(added=4, changed=0, removed=0, unchanged=0)


def in_text(texts: Path, name: str, old: str, new: str) -> None:
    before = (texts / name).read_text(encoding="utf-8")
    assert old in before
    (texts / name).write_text(before.replace(old, new), encoding="utf-8")


def a_new_file(texts: Path) -> None:
    (texts / "neu.txt").write_text("Der Bahnhof wird umgebaut. Das dauert zwei Jahre.", encoding="utf-8")


def a_changed_text(texts: Path) -> None:
    in_text(texts, "ernte.md", "Rekord", "Tiefpunkt")


def a_changed_title(texts: Path) -> None:
    in_text(texts, "ernte.md", "Gute Ernte", "Viel Weizen")


def a_changed_date(texts: Path) -> None:
    in_text(texts, "nato.md", "2025-02-12", "2025-02-13")


def a_removed_file(texts: Path) -> None:
    (texts / "ernte.md").unlink()


def a_renamed_file(texts: Path) -> None:
    (texts / "ernte.md").rename(texts / "weizen.md")


def a_touched_file(texts: Path) -> None:
    os.utime(texts / "ernte.md", (1, 1))


def all_at_once(texts: Path) -> None:
    a_new_file(texts)
    a_removed_file(texts)
    a_changed_date(texts)


def test_in_a_first_build_everything_is_new(texts: Path, settings: IndexSettings, embedder: Embedder) -> None:
    report = build([texts], settings, embedder=embedder)
    assert report.changes == ALL_NEW
    assert report.reason == "there is no index yet"
    assert report.to_json()["changes"] == {"added": 4, "changed": 0, "removed": 0, "unchanged": 0}


@pytest.mark.usefixtures("data_dir")
@pytest.mark.parametrize(
    ("happens", "expected", "embedded"),
    [
        (a_new_file, (1, 0, 0, 4), 1),
        (a_changed_text, (0, 1, 0, 3), 1),
        (a_changed_title, (0, 1, 0, 3), 1),
        (a_changed_date, (0, 1, 0, 3), 1),
        (a_removed_file, (0, 0, 1, 3), 0),
        (a_renamed_file, (1, 0, 1, 3), 0),
        (all_at_once, (1, 1, 1, 2), 2),
    ],
    ids=lambda case: getattr(case, "__name__", None),
)
def test_what_is_new_other_and_gone_is_counted(
    texts: Path,
    settings: IndexSettings,
    embedder: Embedder,
    *,
    happens: Callable[[Path], None],
    expected: tuple[int, int, int, int],
    embedded: int,
) -> None:
    happens(texts)
    report = build([texts], settings, embedder=embedder)
    assert (report.changes, report.embedded, report.unchanged) == (expected, embedded, False)
    assert "was added, changed or removed since the index was built" in report.reason
    again = build([texts], settings, embedder=embedder)
    assert (again.changes, again.unchanged) == ((0, 0, 0, report.documents), True)


@pytest.mark.usefixtures("data_dir")
@pytest.mark.parametrize("happens", [lambda _: None, a_touched_file])
def test_where_nothing_is_other_no_encoder_is_called(
    texts: Path, settings: IndexSettings, embedder: Embedder, encoded: list[str], happens: Callable[[Path], None]
) -> None:
    happens(texts)
    told: list[Progress] = []
    report = build([texts], settings, embedder=embedder, on_progress=told.append)
    assert (report.changes, report.unchanged, report.reason) == (NOTHING_NEW, True, "")
    assert (encoded, told) == ([], [])


def test_an_article_keeps_its_identity_by_its_address_wherever_its_file_goes(
    texts: Path, settings: IndexSettings, embedder: Embedder
) -> None:
    in_text(texts, "ernte.md", "title:", "url: https://bote.example/ernte\ntitle:")
    build([texts], settings, embedder=embedder)
    a_renamed_file(texts)
    assert build([texts], settings, embedder=embedder).changes == (0, 1, 0, 3)


def test_a_second_beleg_index_loads_neither_the_encoder_nor_the_store(texts: Path, settings: IndexSettings) -> None:
    build([texts], settings)
    script = (
        "import atexit, sys\n"
        "heavy = {'torch', 'chromadb', 'sentence_transformers', 'tantivy'}\n"
        "atexit.register(lambda: print(sorted(heavy & set(sys.modules)), file=sys.stderr))\n"
        "from qa.cli import main\n"
        "main()\n"
    )
    command = [sys.executable, "-c", script, "index", str(texts), "--json", "--data-dir", str(settings.data_dir)]
    done = subprocess.run(command, capture_output=True, text=True, check=True, cwd=ROOT, timeout=120)
    report = json.loads(done.stdout)
    assert (report["unchanged"], report["changes"]["unchanged"], report["notices"]) == (True, 4, [])
    loaded = set(json.loads(done.stderr.splitlines()[-1].replace("'", '"')))
    assert not loaded & {"torch", "chromadb", "sentence_transformers"}


def test_an_index_among_the_files_is_not_indexed_itself(texts: Path, embedder: Embedder) -> None:
    settings = IndexSettings(data_dir=texts / "index")
    page = settings.data_dir / "fetched" / "a" / "page.txt"
    page.parent.mkdir(parents=True)
    page.write_text("Der Bahnhof wird umgebaut. Das dauert zwei Jahre.", encoding="utf-8")
    first = build([texts], settings, embedder=embedder)
    assert (first.changes, first.skipped) == (ALL_NEW, ())
    assert build([texts], settings, embedder=embedder).unchanged
    assert build([texts, page], settings, embedder=embedder).changes == (1, 0, 0, 4)
    assert build([texts, page], settings, embedder=embedder).unchanged


def export(path: Path, own: dict[int, str]) -> Path:
    said = {number: f"Zug {number} fährt. Gleis {number} ruht." for number in range(1, RECORDS + 1)} | own
    records = [{"title": f"Meldung {number}", "lang": "de", "text": text} for number, text in said.items()]
    path.write_text("".join(json.dumps(record) + "\n" for record in records), encoding="utf-8")
    return path


def passages_of(data_dir: Path, doc_id: str) -> tuple[list[str], list[str]]:
    """What of a document is embedded: its chunks and its sentences."""
    with open_index(data_dir) as reader:
        every = reader.passages(range(sum(reader.manifest.chunks.values())))
    own = [passage for passage in every if passage.document.id == doc_id]
    said = [passage.document.text[start:end] for passage in own for start, end in passage.chunk.sentences]
    return [embedded_text(passage) for passage in own], said


def test_of_an_export_only_the_record_that_was_edited_is_embedded_again(
    tmp_path: Path, settings: IndexSettings, embedder: Embedder, encoded: list[str]
) -> None:
    path = export(tmp_path / "wire.jsonl", {})
    assert build([path], settings, embedder=embedder).documents == RECORDS
    encoded.clear()
    export(path, {EDITED: " ".join(f"Der Satz {number} ist neu und noch nie gelesen worden." for number in range(20))})
    report = build([path], settings, embedder=embedder)
    chunks, sentences = passages_of(settings.data_dir, f"wire.jsonl#{EDITED}")
    assert len(chunks) > 1
    assert (report.changes, report.embedded) == ((0, 1, 0, RECORDS - 1), len(chunks))
    assert sorted(encoded) == sorted({*chunks, *sentences})


def test_a_sentence_that_an_edited_record_keeps_is_not_embedded_again(
    tmp_path: Path, settings: IndexSettings, embedder: Embedder, encoded: list[str]
) -> None:
    path = export(tmp_path / "wire.jsonl", {})
    build([path], settings, embedder=embedder)
    encoded.clear()
    export(path, {EDITED: f"Zug {EDITED} fährt. Gleis {EDITED} ist gesperrt."})
    assert build([path], settings, embedder=embedder).embedded == 1
    assert encoded == [*passages_of(settings.data_dir, f"wire.jsonl#{EDITED}")[0], f"Gleis {EDITED} ist gesperrt."]


def reasons(
    texts: Path, settings: IndexSettings, embedder: Embedder, *, force: bool = False
) -> tuple[str, list[str], Changes]:
    """Why there was a build: by its report and by its progress, where only the first step says so; and the changes."""
    told: list[Progress] = []
    report = build([texts], settings, embedder=embedder, force=force, on_progress=told.append)
    assert not report.unchanged
    assert not any(step.reason for step in told[1:])
    assert build([texts], settings, embedder=embedder).unchanged
    return report.reason, told[0].reason, report.changes


@pytest.mark.usefixtures("data_dir")
@pytest.mark.parametrize(
    ("constant", "other", "name"),
    [
        ("LOADER_VERSION", 99, "version 99"),
        ("CHUNKER_VERSION", 99, "the chunker, this is version 99"),
        ("LEXICAL_VERSION", 99, "search by words, this is version 99"),
        ("DUPLICATES_VERSION", 99, "what makes two articles one report, this is version 99"),
        ("beleg_version", lambda: "99.0", "of Beleg, this is version 99.0"),
    ],
)
def test_another_version_of_a_part_is_a_reason_to_build(
    texts: Path,
    settings: IndexSettings,
    embedder: Embedder,
    encoded: list[str],
    monkeypatch: pytest.MonkeyPatch,
    *,
    constant: str,
    other: object,
    name: str,
) -> None:
    monkeypatch.setattr(staleness, constant, other)
    reported, told, changes = reasons(texts, settings, embedder)
    assert reported == told
    assert "the index was built with version" in told
    assert name in told
    assert (changes, encoded) == (NOTHING_NEW, [])


@pytest.mark.usefixtures("data_dir")
def test_other_names_of_fields_are_a_reason_to_build(texts: Path, settings: IndexSettings, embedder: Embedder) -> None:
    renamed = settings.model_copy(update={"fields": {"text": "Inhalt"}})
    reason = "the setting 'fields' has changed since the index was built"
    assert reasons(texts, renamed, embedder) == (reason, reason, NOTHING_NEW)


@pytest.mark.usefixtures("data_dir")
def test_another_encoder_is_a_reason_to_build_and_to_embed_everything(
    texts: Path, settings: IndexSettings, builder: ModuleType, encoded: list[str]
) -> None:
    other = builder.HashingEmbedder(encoded)
    other.sha256 = hashlib.sha256(b"another one").hexdigest()
    reason = "the index was built with another encoder, or without one"
    assert reasons(texts, settings, other) == (reason, reason, NOTHING_NEW)
    with open_index(settings.data_dir) as reader:
        assert reader.manifest.encoder
        assert reader.manifest.encoder.sha256 == other.sha256
        assert sum("\n" in text or len(text) > 200 for text in encoded) >= 4


@pytest.mark.usefixtures("data_dir")
def test_a_build_that_is_wanted_says_so(texts: Path, settings: IndexSettings, embedder: Embedder) -> None:
    assert reasons(texts, settings, embedder, force=True) == ("it is wanted", "it is wanted", NOTHING_NEW)


@pytest.mark.usefixtures("data_dir")
def test_a_build_that_is_wanted_and_needed_says_why_it_is_needed(
    texts: Path, settings: IndexSettings, embedder: Embedder
) -> None:
    a_new_file(texts)
    reported, told, _ = reasons(texts, settings, embedder, force=True)
    assert reported == told
    assert told.startswith("neu.txt was added")


def of_another_format(generation: Path) -> None:
    manifest = json.loads((generation / "manifest.json").read_text(encoding="utf-8"))
    (generation / "manifest.json").write_text(json.dumps({**manifest, "format": 1}), encoding="utf-8")


def without_documents(generation: Path) -> None:
    (generation / "documents.sqlite").unlink()


def with_a_cut_database(generation: Path) -> None:
    path = generation / "documents.sqlite"
    path.write_bytes(path.read_bytes()[:5000])


def without_manifest(generation: Path) -> None:
    (generation / "manifest.json").unlink()


def unnamed(generation: Path) -> None:
    (generation.parent.parent / "CURRENT").write_bytes(b"\xff\x00")


def with_damaged_vectors(generation: Path) -> None:
    (generation / "chunks.npy").write_bytes(b"")


@pytest.mark.parametrize(
    ("damage", "expected", "reason"),
    [
        (of_another_format, ALL_NEW, "has format 1, this Beleg reads format"),
        (without_documents, ALL_NEW, "documents.sqlite is missing"),
        (with_a_cut_database, ALL_NEW, "documents.sqlite is damaged"),
        (without_manifest, ALL_NEW, "manifest.json is damaged"),
        (unnamed, ALL_NEW, "is not the name of a generation"),
        (with_damaged_vectors, NOTHING_NEW, "chunks.npy is damaged"),
    ],
    ids=lambda case: getattr(case, "__name__", None),
)
def test_after_damage_everything_counts_as_new_unless_the_documents_can_still_be_read(
    texts: Path,
    data_dir: Path,
    settings: IndexSettings,
    embedder: Embedder,
    *,
    damage: Callable[[Path], None],
    expected: Changes,
    reason: str,
) -> None:
    damage(generation_path(data_dir, serving(data_dir)))
    reported, told, changes = reasons(texts, settings, embedder)
    assert (changes, reported) == (expected, told)
    assert reason in told
    with open_index(data_dir) as reader:
        assert reader.notices == ()
