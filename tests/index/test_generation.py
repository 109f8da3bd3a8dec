"""Generations on disk: what serves is whole, who builds is known, and what is read is never collected."""

from __future__ import annotations

import json
import os
from contextlib import suppress
from pathlib import Path

import pytest

from index.errors import BuildError, CorruptIndexError, LockedError, MismatchError, NoIndexError
from index.generation import (
    Encoder,
    FileDigest,
    Manifest,
    Recipe,
    Skipped,
    Source,
    builder_lock,
    collect,
    complete_generations,
    generation_path,
    held,
    new_generation,
    publish,
    read_manifest,
    remove_leftovers,
    serving,
    write_manifest,
)

MANIFEST = Manifest(
    created="2025-02-12T18:30:00+00:00",
    roots=("/home/erika/texts",),
    recipe=Recipe(
        "0.1.0",
        "ab" * 32,
        1,
        {"text": "Inhalt"},
        1,
        2,
        1,
        (Source("Ärger & Co.txt", "cd" * 32), Source("gone.txt", "")),
    ),
    encoder=Encoder("model", "ab" * 32, 384),
    documents=1,
    repeated=0,
    undated=1,
    chunks={"de": 3, "en": 4},
    skipped=(Skipped("<b>.txt", "empty: it holds no text"),),
    notices=("Grüße",),
    files=(FileDigest("documents.sqlite", 5, "ef" * 32),),
)


def publish_one(data_dir: Path) -> str:
    with new_generation(data_dir) as generation:
        write_manifest(generation, MANIFEST)
        return publish(data_dir, generation)


def names(data_dir: Path) -> list[str]:
    return sorted(path.name for path in (data_dir / "generations").iterdir())


def test_a_manifest_comes_back_as_it_was(tmp_path: Path) -> None:
    write_manifest(tmp_path, MANIFEST)
    assert read_manifest(tmp_path) == MANIFEST


def test_an_index_of_another_format_says_both_and_what_to_do(tmp_path: Path) -> None:
    write_manifest(tmp_path, MANIFEST)
    values = json.loads((tmp_path / "manifest.json").read_text())
    (tmp_path / "manifest.json").write_text(json.dumps({**values, "format": 99, "chunks": "new shape"}))
    with pytest.raises(MismatchError, match=r"format 99.*format 4.*beleg index"):
        read_manifest(tmp_path)


@pytest.mark.parametrize(
    "text", [None, "", "{", "[]", "null", "{}", '{"format": 4}', "\0", '{"format": 4, "created": 2}']
)
def test_a_damaged_manifest_is_named(tmp_path: Path, text: str | None) -> None:
    if text is not None:
        (tmp_path / "manifest.json").write_text(text)
    with pytest.raises(CorruptIndexError, match=r"manifest\.json"):
        read_manifest(tmp_path)


def test_nothing_built_yet_tells_the_command(tmp_path: Path) -> None:
    with pytest.raises(NoIndexError, match="beleg index seeds/"):
        serving(tmp_path)


def test_a_file_in_place_of_the_data_directory_is_no_index_and_nothing_is_built_into_it(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(NoIndexError, match=r"no index in .*file\. Build one"):
        serving(tmp_path / "file")
    assert complete_generations(tmp_path / "file") == []
    with pytest.raises(BuildError, match=r"into .*file: it is a file\. .*--data-dir"), builder_lock(tmp_path / "file"):
        pass


def test_a_data_directory_that_cannot_be_looked_into_is_named(tmp_path: Path) -> None:
    folder = tmp_path / ("n" * 300)  # longer than any file system takes
    with pytest.raises(CorruptIndexError, match=r"CURRENT cannot be read: File name too long\. .*--data-dir"):
        serving(folder)
    assert complete_generations(folder) == []
    with pytest.raises(BuildError, match=r"nothing can be written into .*File name too long"), builder_lock(folder):
        pass


@pytest.mark.parametrize("text", [b"", b"../../etc", b"\xff\xfe", b"20250212T183000000000/.."])
def test_a_current_file_that_names_no_generation_is_refused(tmp_path: Path, text: bytes) -> None:
    (tmp_path / "CURRENT").write_bytes(text)
    with pytest.raises(CorruptIndexError, match="beleg index"):
        serving(tmp_path)


def test_what_is_published_serves(tmp_path: Path) -> None:
    first, second = publish_one(tmp_path), publish_one(tmp_path)
    assert serving(tmp_path) == second
    assert complete_generations(tmp_path) == [second, first]
    assert names(tmp_path) == [first, second]


def test_a_build_that_stops_leaves_no_folder(tmp_path: Path) -> None:
    first = publish_one(tmp_path)
    with suppress(KeyboardInterrupt), new_generation(tmp_path) as generation:
        (generation / "half").write_text("half")
        raise KeyboardInterrupt
    assert names(tmp_path) == [first]
    assert serving(tmp_path) == first


def test_folders_of_dead_builders_never_serve_and_are_removed(tmp_path: Path) -> None:
    first = publish_one(tmp_path)
    dead = generation_path(tmp_path, "99990101T000000000000.partial")
    (dead / "chroma").mkdir(parents=True)
    assert complete_generations(tmp_path) == [first]
    remove_leftovers(tmp_path)
    assert names(tmp_path) == [first]


@pytest.mark.parametrize("keep", [1, 2, 3])
def test_old_generations_are_collected(tmp_path: Path, keep: int) -> None:
    published = [publish_one(tmp_path) for _ in range(4)]
    collect(tmp_path, keep)
    assert names(tmp_path) == published[-keep:]


def test_the_serving_generation_is_kept_whatever_its_age(tmp_path: Path) -> None:
    first, _, last = [publish_one(tmp_path) for _ in range(3)]
    (tmp_path / "CURRENT").write_text(first)
    collect(tmp_path, 1)
    assert names(tmp_path) == [first, last]


def test_a_generation_that_is_being_read_is_kept(tmp_path: Path) -> None:
    first, _, last = [publish_one(tmp_path) for _ in range(3)]
    with held(generation_path(tmp_path, first)), held(generation_path(tmp_path, first)):
        collect(tmp_path, 1)
    assert names(tmp_path) == [first, last]
    collect(tmp_path, 1)
    assert names(tmp_path) == [last]


def test_a_generation_without_manifest_is_collected_too(tmp_path: Path) -> None:
    first, last = publish_one(tmp_path), publish_one(tmp_path)
    (generation_path(tmp_path, first) / "manifest.json").unlink()
    with pytest.raises(CorruptIndexError), held(generation_path(tmp_path, first)):
        pass
    collect(tmp_path, 1)
    assert names(tmp_path) == [last]


def test_a_second_builder_is_told_who_is_building(tmp_path: Path) -> None:
    told = pytest.raises(LockedError, match=rf"process {os.getpid()} on .* is building in")
    with builder_lock(tmp_path), told, builder_lock(tmp_path):
        pass
    with builder_lock(tmp_path):
        pass
    assert (tmp_path / "lock").read_text() == ""
