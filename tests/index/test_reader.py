"""Opening an index: what is damaged never answers, what is sound does, from any thread and during a rebuild."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import pytest

from index.build import build
from index.embed import Embedder
from index.errors import CorruptIndexError, MismatchError, NoIndexError
from index.generation import complete_generations, generation_path, serving
from index.reader import IndexReader, open_index, require_model
from index.settings import IndexSettings

QUESTION = "Wird die Ukraine der Nato beitreten?"


def answers(reader: IndexReader, embedder: Embedder) -> list[tuple[str, list[float]]]:
    """What both legs find in both languages, as texts with scores."""
    (vector,) = embedder.embed_queries([QUESTION])
    hits = [hit for lang in ("de", "en") for hit in reader.dense(lang, vector, 5)]
    hits += [hit for lang in ("de", "en") for hit in reader.lexical(lang, QUESTION, "de", 5)]
    return [(passage.text, round(score, 5)) for passage, (_, score) in zip(
        reader.passages([key for key, _ in hits]), hits, strict=True
    )]  # fmt: skip


def first(generation: Path, pattern: str) -> Path:
    return next(path for path in sorted(generation.glob(pattern)) if path.stat().st_size)


def cut(pattern: str, size: int | None = None) -> Callable[[Path], None]:
    def damage(generation: Path) -> None:
        path = first(generation, pattern)
        path.write_bytes(path.read_bytes()[: path.stat().st_size // 2 if size is None else size])

    return damage


def flip(pattern: str) -> Callable[[Path], None]:
    def damage(generation: Path) -> None:
        path = first(generation, pattern)
        content = bytearray(path.read_bytes())
        content[len(content) // 2] ^= 0xFF
        path.write_bytes(content)

    return damage


def garble(pattern: str) -> Callable[[Path], None]:
    def damage(generation: Path) -> None:
        path = first(generation, pattern)
        path.write_bytes(b"garbage!" * 20 + path.read_bytes()[160:])

    return damage


def delete(pattern: str) -> Callable[[Path], None]:
    def damage(generation: Path) -> None:
        path = first(generation, pattern)
        shutil.rmtree(path) if path.is_dir() else path.unlink()

    return damage


DAMAGES = {
    "documents of no bytes": cut("documents.sqlite", 0),
    "documents cut": cut("documents.sqlite"),
    "documents altered": flip("documents.sqlite"),
    "documents deleted": delete("documents.sqlite"),
    "vector database of no bytes": cut("chroma/chroma.sqlite3", 0),
    "vector database cut": cut("chroma/chroma.sqlite3"),
    "vector database garbled": garble("chroma/chroma.sqlite3"),
    "vector database deleted": delete("chroma/chroma.sqlite3"),
    "vector folder deleted": delete("chroma/*-*"),
    "vectors cut": cut("chroma/*/data_level0.bin"),
    "vectors altered": flip("chroma/*/data_level0.bin"),
    "vector graph cut": cut("chroma/*/link_lists.bin"),
    "vector names deleted": delete("chroma/*/index_metadata.pickle"),
    "vector header garbled": garble("chroma/*/header.bin"),
    "word index cut": cut("lexical/*.term"),
    "word index altered": flip("lexical/*.idx"),
    "word index of no bytes": cut("lexical/meta.json", 0),
    "word index deleted": delete("lexical"),
    "manifest cut": cut("manifest.json"),
    "manifest deleted": delete("manifest.json"),
    "everything deleted": shutil.rmtree,
}


@pytest.mark.parametrize("damage", DAMAGES.values(), ids=DAMAGES.keys())
def test_a_damaged_index_is_named_and_the_previous_one_answers(
    data_dir: Path, embedder: Embedder, damage: Callable[[Path], None]
) -> None:
    damaged, previous = complete_generations(data_dir)
    with open_index(data_dir) as reader:
        before = answers(reader, embedder)
        assert not reader.notices
    damage(generation_path(data_dir, damaged))
    with open_index(data_dir) as reader:
        assert answers(reader, embedder) == before
        assert reader.generation == previous
        (notice,) = reader.notices
    assert damaged in notice
    assert "beleg index" in notice


@pytest.mark.parametrize("damage", DAMAGES.values(), ids=DAMAGES.keys())
def test_a_damaged_index_without_a_previous_one_never_answers(data_dir: Path, damage: Callable[[Path], None]) -> None:
    damaged, previous = complete_generations(data_dir)
    shutil.rmtree(generation_path(data_dir, previous))
    damage(generation_path(data_dir, damaged))
    with pytest.raises(CorruptIndexError, match=rf"{damaged} is damaged.*beleg index"):
        open_index(data_dir)


def test_two_damaged_generations_do_not_answer(data_dir: Path) -> None:
    for name in complete_generations(data_dir):
        cut("documents.sqlite")(generation_path(data_dir, name))
    with pytest.raises(CorruptIndexError, match="no other generation"):
        open_index(data_dir)


def test_a_garbled_pointer_does_not_hide_a_sound_index(data_dir: Path) -> None:
    newest, *_ = complete_generations(data_dir)
    (data_dir / "CURRENT").write_text("nonsense")
    with open_index(data_dir) as reader:
        assert reader.generation == newest
        assert "nonsense" in reader.notices[0]


def test_no_index_tells_the_command(tmp_path: Path) -> None:
    with pytest.raises(NoIndexError, match="beleg index seeds/"):
        open_index(tmp_path)


def test_an_index_of_another_format_is_not_opened(data_dir: Path) -> None:
    manifest = generation_path(data_dir, serving(data_dir)) / "manifest.json"
    manifest.write_text(json.dumps({**json.loads(manifest.read_text()), "format": 1}))
    with pytest.raises(MismatchError, match=r"format 1.*format 4"):
        open_index(data_dir)


def test_a_reader_knows_its_documents(data_dir: Path) -> None:
    with open_index(data_dir) as reader:
        assert reader.languages == ("de", "en")
        listed = reader.documents()
        assert [(row.title, row.lang) for row in listed] == [
            ("Bridge reopens", "en"),
            ("Gute Ernte", "de"),
            ("A record harvest", "en"),
            ("Treffen in Brüssel", "de"),
        ]
        assert sum(row.chunks for row in listed) == sum(reader.manifest.chunks.values())
        assert "Bauernverband" in reader.document("ernte.md").text
        with pytest.raises(KeyError):
            reader.document("missing.md")


def test_the_encoder_must_be_the_one_of_the_index(data_dir: Path, embedder: Embedder) -> None:
    with open_index(data_dir) as reader:
        require_model(reader.manifest, embedder.name, embedder.sha256)
        with pytest.raises(MismatchError, match=r"hashing.*other-model.*beleg index.*BELEG_MODEL=hashing"):
            require_model(reader.manifest, "other-model", "0" * 64)
        require_model(replace(reader.manifest, encoder=None), "other-model", "0" * 64)


def test_a_reader_answers_from_its_generation_while_others_are_built(
    data_dir: Path, texts: Path, settings: IndexSettings, embedder: Embedder
) -> None:
    with open_index(data_dir) as reader:
        before, name = answers(reader, embedder), reader.generation
        for number in range(3):
            (texts / "new.md").write_text(f"Nato Nato Nato. Dies ist die Fassung {number} des Textes.")
            build([texts], settings, embedder=embedder)
            assert answers(reader, embedder) == before
        assert name in complete_generations(data_dir)
        with open_index(data_dir) as new:
            assert answers(new, embedder) != before
    build([texts], settings, embedder=embedder, force=True)
    assert name not in complete_generations(data_dir)


def test_eight_threads_search_a_warm_index_and_all_see_the_same(data_dir: Path, embedder: Embedder) -> None:
    with open_index(data_dir) as reader, ThreadPoolExecutor(8) as pool:
        expected = answers(reader, embedder)
        assert all(found == expected for found in pool.map(lambda _: answers(reader, embedder), range(80)))


def test_two_readers_share_a_generation(data_dir: Path, embedder: Embedder) -> None:
    with open_index(data_dir) as one:
        with open_index(data_dir) as other:
            expected = answers(other, embedder)
        assert answers(one, embedder) == expected
