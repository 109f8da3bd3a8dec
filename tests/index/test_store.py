"""The dense leg against exact search, and against what Chroma does when one is not careful."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from pathlib import Path

import numpy as np
import pytest

from index.embed import Vectors, unit
from index.errors import MismatchError, ModelError, UnusableIndexError
from index.store import VectorStore, build_store

DIMENSION = 32


def vectors(count: int, seed: int = 0, dimension: int = DIMENSION) -> Vectors:
    return unit(np.random.default_rng(seed).normal(size=(count, dimension)))


@contextmanager
def store_of(path: Path, **by_lang: Vectors) -> Iterator[VectorStore]:
    build_store(path, [(lang, range(len(own)), own) for lang, own in by_lang.items()])
    with closing(VectorStore(path)) as store:
        yield store


def exact(all_vectors: Vectors, query: Vectors, k: int) -> list[int]:
    return sorted(range(len(all_vectors)), key=lambda row: (-float(all_vectors[row] @ query), row))[:k]


def hashes(path: Path) -> dict[str, str]:
    files = (file for file in path.rglob("*") if file.is_file())
    return {str(file.relative_to(path)): hashlib.sha256(file.read_bytes()).hexdigest() for file in files}


def test_it_ranks_as_exact_search_does(tmp_path: Path) -> None:
    own = vectors(400)
    with store_of(tmp_path / "chroma", de=own) as store:
        for query in vectors(20, seed=1):
            hits = store.search("de", query, 10)
            assert [key for key, _ in hits] == exact(own, query, 10)
            assert [score for _, score in hits] == pytest.approx([float(own[key] @ query) for key, _ in hits], abs=1e-5)


def test_each_language_is_ranked_by_itself(tmp_path: Path) -> None:
    build_store(
        tmp_path / "chroma", [("de", [0, 2], vectors(2)), ("en", [1], vectors(1, 5)), ("und", [9], vectors(1, 6))]
    )
    with closing(VectorStore(tmp_path / "chroma")) as store:
        assert {lang: store.keys(lang) for lang in ("de", "en", "und", "fr")} == {
            "de": {0, 2},
            "en": {1},
            "und": {9},
            "fr": set(),
        }
        assert [key for key, _ in store.search("en", vectors(1)[0], 10)] == [1]
        assert store.search("fr", vectors(1)[0], 10) == []


@pytest.mark.parametrize("k", [-1, 0, 1, 3, 4, 1000])
def test_k_may_be_more_than_there_is(tmp_path: Path, k: int) -> None:
    with store_of(tmp_path / "chroma", de=vectors(3)) as store:
        assert len(store.search("de", vectors(1)[0], k)) == max(0, min(k, 3))


def test_chunks_with_equal_vectors_are_all_found(tmp_path: Path) -> None:
    own = np.concatenate([np.repeat(vectors(1), 300, axis=0), vectors(100, seed=3)])
    with store_of(tmp_path / "chroma", de=own) as store:
        assert store.count("de") == 400
        assert [key for key, _ in store.search("de", own[0], 10)] == list(range(10))
        assert {key for key, _ in store.search("de", own[0], 400)} == set(range(400))


def test_no_chunk_of_a_dense_cluster_is_lost(tmp_path: Path) -> None:
    """HNSW alone loses dozens to hundreds of these: all are linked to the centre only, which has few links to give.

    Its layers are drawn at random, and now and then it loses none; such a draw shows nothing and is drawn again.
    """
    centre = vectors(1, 99, 384)
    own = np.concatenate([centre, unit(centre + 0.05 * vectors(800, 0, 384)), vectors(4000, 3, 384)])
    parts = 1
    for draw in range(8):
        with store_of(tmp_path / f"chroma-{draw}", de=own) as store:
            for query in (own[0], own[400], own[-1], -own[0]):  # searches begin at different places of the graph
                assert {key for key, _ in store.search("de", query, len(own))} == set(range(len(own)))
            assert store.keys("de") == set(range(len(own)))
            parts = len(store._collections["de"])
        if parts > 1:
            break
    assert parts > 1


@pytest.mark.parametrize("bad", [np.nan, np.inf, 0.0])
def test_vectors_that_cannot_be_ranked_are_refused(tmp_path: Path, bad: float) -> None:
    broken = np.full(DIMENSION, bad, np.float32)
    with store_of(tmp_path / "chroma", de=vectors(3)) as store, pytest.raises(ModelError, match="not finite"):
        store.search("de", broken, 1)
    with pytest.raises(ModelError, match="not finite"):
        build_store(tmp_path / "other", [("de", [0], broken[None])])


def test_a_query_of_another_dimension_is_named(tmp_path: Path) -> None:
    with store_of(tmp_path / "chroma", de=vectors(3)) as store, pytest.raises(MismatchError, match=r"32.*beleg index"):
        store.search("de", vectors(1)[0][:16], 1)


@pytest.mark.parametrize("count", [1, 2, 3, 999, 5001])
def test_reading_changes_no_file_and_leaves_none_behind(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, count: int
) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path / "scratch"))
    (tmp_path / "scratch").mkdir()
    path = tmp_path / "chroma"
    build_store(path, [("de", range(count), vectors(count)), ("en", range(count, count + 2), vectors(2))])
    before = hashes(path)
    assert len(before) == (6 if count == 1 else 11)  # a collection of one vector lives in the database
    for _ in range(2):
        with closing(VectorStore(path)) as store:
            assert len(store.search("de", vectors(1)[0], count)) == count
            assert list((tmp_path / "scratch").iterdir())
    assert hashes(path) == before
    assert not list((tmp_path / "scratch").iterdir())


def test_a_full_temporary_folder_does_not_keep_the_index_shut(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    build_store(tmp_path / "chroma", [("de", range(5), vectors(5))])
    (tmp_path / "memory").mkdir()
    monkeypatch.setattr("index.scratch._MEMORY", tmp_path / "memory")
    monkeypatch.setattr("index.scratch.gettempdir", _full)
    with closing(VectorStore(tmp_path / "chroma")) as store:
        assert store.count("de") == 5
        assert list((tmp_path / "memory").iterdir())


def _full() -> str:
    raise FileNotFoundError("No usable temporary directory found")


def test_no_room_for_scratch_says_what_to_do(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    build_store(tmp_path / "chroma", [("de", range(5), vectors(5))])
    monkeypatch.setattr("index.scratch._MARGIN", 10**18)
    with pytest.raises(UnusableIndexError, match="TMPDIR"):
        VectorStore(tmp_path / "chroma")


def test_eight_threads_search_one_store_at_once(tmp_path: Path) -> None:
    own = vectors(500)
    with store_of(tmp_path / "chroma", de=own) as store, ThreadPoolExecutor(8) as pool:
        found = pool.map(lambda row: store.search("de", own[row], 1)[0][0], [row % 500 for row in range(1000)])
        assert list(found) == [row % 500 for row in range(1000)]


def test_one_folder_is_opened_by_many_threads_at_once(tmp_path: Path) -> None:
    build_store(tmp_path / "chroma", [("de", range(5), vectors(5))])

    def count(_: int) -> int:
        with closing(VectorStore(tmp_path / "chroma")) as store:
            return store.count("de")

    with ThreadPoolExecutor(8) as pool:
        assert list(pool.map(count, range(16))) == [5] * 16


def test_settings_lying_about_are_not_chromas(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / ".env").write_text("CHROMA_API_IMPL=chromadb.api.fastapi.FastAPI\nCHROMA_SERVER_HOST=203.0.113.1\n")
    monkeypatch.chdir(tmp_path)
    with store_of(tmp_path / "chroma", de=vectors(3)) as store:
        assert store.count("de") == 3


def test_no_text_and_no_embedding_function_is_stored(tmp_path: Path) -> None:
    with store_of(tmp_path / "chroma", de=vectors(3)) as store:
        (collection,) = store._collections["de"]
        assert collection._embedding_function is None
        assert collection.get(include=["documents"])["documents"] == [None] * 3
        hnsw = collection._model.configuration_json["hnsw"]
        assert (hnsw["space"], hnsw["ef_search"]) == ("cosine", 200)
