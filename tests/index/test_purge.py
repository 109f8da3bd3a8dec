"""Purging: of what is no longer indexed nothing is left on disk, and what serves goes on serving."""

from __future__ import annotations

import hashlib
import sqlite3
from collections.abc import Iterable
from pathlib import Path
from types import ModuleType

import numpy as np
import pytest

from index.build import build
from index.embed import Embedder
from index.errors import CorruptIndexError, LockedError, NoIndexError
from index.fetch import Fetched
from index.generation import builder_lock, complete_generations, generation_path, serving
from index.purge import purge
from index.reader import open_index
from index.settings import IndexSettings
from index.types import text_sha256
from index.vectors import VectorCache, cache_path
from index.web import local_paths

SECRETS = ("Zwetschgenknödel", "Quastenflosser", "Brombeergelee")
SENTENCE = f"Über {SECRETS[1]} und {SECRETS[2]} schrieb nur die Lokalzeitung."
REMOVED = f"---\ntitle: {SECRETS[0]}\nlang: de\nsource: Kurier\n---\n{SENTENCE} Das Wetter blieb schlecht.\n"
KEPT = 4  # articles
SNAPSHOT_LEAVES_OUT = "lock"


@pytest.fixture
def rebuilt(texts: Path, settings: IndexSettings, embedder: Embedder) -> Path:
    """A data directory built with an article too many, and then again without it."""
    (texts / "geheim.md").write_text(REMOVED, encoding="utf-8")
    build([texts], settings, embedder=embedder)
    (texts / "geheim.md").unlink()
    build([texts], settings, embedder=embedder)
    return settings.data_dir


def holding(folder: Path, words: Iterable[bytes]) -> set[str]:
    """The files below `folder` that have any of these bytes, in whatever case."""
    wanted = [word.lower() for word in words]
    files = {path: path.read_bytes().lower() for path in folder.rglob("*") if path.is_file()}
    return {path.relative_to(folder).as_posix() for path, bytes_ in files.items() if any(w in bytes_ for w in wanted)}


def traces(embedder: Embedder) -> list[bytes]:
    """The removed words as a text, as terms and as text in JSON has them, and the digest and vector of a sentence."""
    folded = [word.replace("ö", "o").rstrip("n") for word in SECRETS]
    vector = np.ascontiguousarray(embedder.embed_queries([SENTENCE])[0], "<f4").tobytes()
    words = [*SECRETS, *folded, "geheim.md", text_sha256(SENTENCE)]
    return [*(word.encode() for word in words), SECRETS[0].encode("unicode_escape"), vector]


def snapshot(data_dir: Path) -> dict[str, bytes]:
    files = (path for path in data_dir.rglob("*") if path.is_file() and path.name != SNAPSHOT_LEAVES_OUT)
    return {path.relative_to(data_dir).as_posix(): path.read_bytes() for path in files}


def cached(data_dir: Path, embedder: Embedder) -> int:
    connection = sqlite3.connect(cache_path(data_dir, embedder.sha256))
    ((count,),) = connection.execute("SELECT count(*) FROM vectors")
    connection.close()
    return int(count)


def test_of_a_removed_article_no_byte_is_left(rebuilt: Path, embedder: Embedder) -> None:
    assert any("documents.sqlite" in name for name in holding(rebuilt, traces(embedder)))
    for trace in traces(embedder)[-1:]:
        assert any(name.startswith("vectors/") for name in holding(rebuilt, [trace]))
    purge(rebuilt)
    assert holding(rebuilt, traces(embedder)) == set()
    with open_index(rebuilt) as reader:
        for word in SECRETS:
            assert reader.lexical("de", word, "de", 5) == []


def test_its_vectors_and_the_older_generations_are_gone_and_no_others(
    rebuilt: Path, texts: Path, settings: IndexSettings, embedder: Embedder, encoded: list[str]
) -> None:
    older, before = min(complete_generations(rebuilt)), cached(rebuilt, embedder)
    done = purge(rebuilt)
    assert done.to_json() == {
        **done.to_json(),
        "serving": serving(rebuilt),
        "generations": (older,),
        "held": (),
        "vectors": 3,  # a chunk and two sentences
    }
    assert complete_generations(rebuilt) == [serving(rebuilt)]
    assert cached(rebuilt, embedder) == before - 3
    encoded.clear()
    assert build([texts], settings, embedder=embedder, force=True).embedded == 0
    assert encoded == []


def test_the_index_serves_on_and_is_not_stale(
    rebuilt: Path, texts: Path, settings: IndexSettings, embedder: Embedder
) -> None:
    name = serving(rebuilt)
    purge(rebuilt)
    report = build([texts], settings, embedder=embedder)
    assert (report.generation, report.unchanged, report.documents) == (name, True, KEPT)
    with open_index(rebuilt) as reader:
        assert reader.notices == ()
        (vector,) = embedder.embed_queries(["Weizenernte"])
        assert reader.dense("de", vector, 5)
        assert reader.lexical("de", "Weizenernte", "de", 5)
    assert purge(rebuilt).vectors == 0


def test_what_a_reader_has_open_is_kept_named_and_removed_the_next_time(rebuilt: Path, texts: Path) -> None:
    older = min(complete_generations(rebuilt))
    with open_index(rebuilt) as current:
        assert current.generation == serving(rebuilt)
        assert purge(rebuilt).held == ()  # the serving one is no older one
    (texts / "noch.txt").write_text("Noch ein Satz. Und noch einer.", encoding="utf-8")
    assert older not in complete_generations(rebuilt)


def test_an_older_generation_that_answers_is_held(
    rebuilt: Path, texts: Path, settings: IndexSettings, embedder: Embedder
) -> None:
    with open_index(rebuilt) as reader:
        build([texts], settings, embedder=embedder, force=True)
        done = purge(rebuilt)
        assert done.held == (reader.generation,)
        assert reader.generation not in done.generations
        assert len(reader.lexical("de", "Weizenernte", "de", 5)) == 1
        assert reader.document("ernte.md").title == "Gute Ernte"
    done = purge(rebuilt)
    assert (done.generations, done.held) == ((reader.generation,), ())


def test_the_vectors_of_another_encoder_are_removed(
    texts: Path, settings: IndexSettings, embedder: Embedder, builder: ModuleType
) -> None:
    other = builder.HashingEmbedder([])
    other.sha256 = hashlib.sha256(b"another one").hexdigest()
    build([texts], settings, embedder=other)
    build([texts], settings, embedder=embedder)
    damaged = cache_path(settings.data_dir, embedder.sha256).with_suffix(".damaged")
    damaged.write_bytes(b"set aside")
    purge(settings.data_dir)
    assert [path.name for path in (settings.data_dir / "vectors").iterdir()] == [f"{embedder.sha256}.sqlite"]


def test_an_index_without_an_encoder_keeps_no_vector(texts: Path, rebuilt: Path, settings: IndexSettings) -> None:
    without = settings.model_copy(update={"model": "no-such-model"})
    build([texts], without, force=True)
    assert purge(rebuilt).vectors == 0
    assert list((rebuilt / "vectors").iterdir()) == []
    with open_index(rebuilt) as reader:
        assert reader.lexical("de", "Weizenernte", "de", 5)
    assert build([texts], without).unchanged


def test_without_an_index_nothing_is_removed(rebuilt: Path) -> None:
    (rebuilt / "CURRENT").unlink()
    before = snapshot(rebuilt)
    with pytest.raises(NoIndexError, match="beleg index"):
        purge(rebuilt)
    assert snapshot(rebuilt) == before
    assert len(complete_generations(rebuilt)) == 2


@pytest.mark.parametrize("damaged", ["documents.sqlite", "chunks.npy", "manifest.json"])
def test_where_the_serving_index_is_damaged_its_stand_in_is_kept(rebuilt: Path, damaged: str) -> None:
    (generation_path(rebuilt, serving(rebuilt)) / damaged).write_bytes(b"")
    before = snapshot(rebuilt)
    with pytest.raises(CorruptIndexError, match=damaged):
        purge(rebuilt)
    assert snapshot(rebuilt) == before
    with open_index(rebuilt) as reader:
        assert "damaged" in reader.notices[0]


def test_while_somebody_builds_nothing_is_purged(rebuilt: Path) -> None:
    before = snapshot(rebuilt)
    with builder_lock(rebuilt), pytest.raises(LockedError, match="is building in"):
        purge(rebuilt)
    assert snapshot(rebuilt) == before


def test_what_a_killed_builder_left_is_removed(rebuilt: Path) -> None:
    partial = rebuilt / "generations" / "20250212T000000000000.partial"
    partial.mkdir()
    (partial / "documents.sqlite").write_text(SENTENCE, encoding="utf-8")
    purge(rebuilt)
    assert not partial.exists()


def fetched(url: str, said: str) -> Fetched:
    return Fetched(url, url, "text/plain", "utf-8", said.encode())


def test_a_fetched_page_is_removed_once_it_is_not_indexed_any_more(
    texts: Path, settings: IndexSettings, embedder: Embedder
) -> None:
    said = {"https://bote.example/a": SENTENCE, "https://bote.example/b": "Der Hafen bleibt offen, sagte sie."}
    first, second = local_paths(list(said), settings, network=True, fetch=lambda url: fetched(url, said[url]))
    build([texts, first, second], settings, embedder=embedder)
    assert purge(settings.data_dir).pages == 0
    build([texts, second], settings, embedder=embedder)
    assert purge(settings.data_dir).pages == 1
    assert (first.parent.exists(), second.exists()) == (False, True)
    assert holding(settings.data_dir, [SECRETS[1].encode()]) == set()
    assert build([texts, second], settings, embedder=embedder).unchanged


def test_pages_below_a_folder_that_is_indexed_are_kept(settings: IndexSettings, embedder: Embedder) -> None:
    (page,) = local_paths(["https://bote.example/a"], settings, network=True, fetch=lambda url: fetched(url, SENTENCE))
    build([page.parent.parent], settings, embedder=embedder)
    assert purge(settings.data_dir).pages == 0
    assert page.exists()


def test_only_the_vectors_of_the_given_texts_are_kept(tmp_path: Path) -> None:
    vectors = np.eye(3, 8, dtype=np.float32)
    with VectorCache.open(tmp_path, "ab" * 32, 8) as cache:
        cache.put(dict(zip("abc", vectors, strict=True)))
        assert cache.keep_only(iter(["b", "b", "unknown"])) == 2
        assert list(cache.get("abc")) == ["b"]
        assert cache.keep_only([]) == 1
