"""The vector cache: what is computed once is never computed again, and damage costs time, not a build."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from index.embed import Embedder, Vectors, unit
from index.types import text_sha256
from index.vectors import Encoding, VectorCache, embed

WEIGHTS = "ab" * 32


def vectors(count: int, dimension: int = 8) -> Vectors:
    return unit(np.random.default_rng(count).normal(size=(count, dimension)))


def open_cache(path: Path, dimension: int = 8) -> VectorCache:
    return VectorCache.open(path, WEIGHTS, dimension)


def embed_all(embedder: Embedder, texts: Sequence[str], path: Path) -> tuple[Vectors, list[int]]:
    with open_cache(path, embedder.dimension) as cache:
        return embed(texts, embedder.count_tokens(texts), Encoding(embedder, cache, 6))


@given(names=st.lists(st.text(max_size=20), unique=True, min_size=1, max_size=30))
@hypothesis_settings(max_examples=20, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_vectors_come_back_bit_for_bit_after_reopening(tmp_path: Path, names: list[str]) -> None:
    stored = {text_sha256(name): vector for name, vector in zip(names, vectors(len(names)), strict=True)}
    with open_cache(tmp_path) as cache:
        cache.put(stored)
    with open_cache(tmp_path) as cache:
        found = cache.get(stored)
    assert {sha: vector.tobytes() for sha, vector in found.items()} == {sha: v.tobytes() for sha, v in stored.items()}


def test_another_encoder_shares_nothing(tmp_path: Path) -> None:
    with open_cache(tmp_path) as cache:
        cache.put({"a": vectors(1)[0]})
    with VectorCache.open(tmp_path, "cd" * 32, 8) as other:
        assert other.get(["a"]) == {}


@pytest.mark.parametrize("damage", [b"", b"this is not a database, not at all" * 100])
def test_a_damaged_cache_is_begun_anew_and_said_so(tmp_path: Path, damage: bytes) -> None:
    with open_cache(tmp_path) as cache:
        cache.put({"a": vectors(1)[0]})
    (file,) = (tmp_path / "vectors").iterdir()
    file.write_bytes(damage)
    with open_cache(tmp_path) as cache:
        assert cache.get(["a"]) == {}
        cache.put({"a": vectors(1)[0]})
        assert bool(cache.notices) == bool(damage)
    assert file.with_suffix(".damaged").exists() == bool(damage)
    with open_cache(tmp_path) as cache:
        assert len(cache.get(["a"])) == 1


def test_a_cache_damaged_in_the_middle_is_noticed(tmp_path: Path) -> None:
    with open_cache(tmp_path, 384) as cache:
        cache.put({str(row): vector for row, vector in enumerate(vectors(200, 384))})
    (file,) = (tmp_path / "vectors").iterdir()
    content = bytearray(file.read_bytes())
    content[len(content) // 2 : len(content) // 2 + 9000] = bytes(9000)
    file.write_bytes(content)
    with open_cache(tmp_path, 384) as cache:
        assert "damaged" in cache.notices[0]


@pytest.mark.parametrize("vector", [np.zeros(8), np.full(8, np.nan), np.ones(8), vectors(1, 4)[0]])
def test_what_is_not_a_unit_vector_of_the_encoder_is_computed_again(tmp_path: Path, vector: Vectors) -> None:
    with open_cache(tmp_path) as cache:
        cache.put({"a": vector.astype(np.float32)})
        assert cache.get(["a"]) == {}


def test_a_text_that_occurs_twice_or_is_known_is_encoded_once(
    tmp_path: Path, embedder: Embedder, encoded: list[str]
) -> None:
    first, ran = embed_all(embedder, ["eins", "zwei", "eins"], tmp_path)
    assert (ran, encoded) == ([0, 1], ["eins", "zwei"])
    assert (first[0] == first[2]).all()
    again, ran = embed_all(embedder, ["zwei", "eins"], tmp_path)
    assert (ran, encoded) == ([], ["eins", "zwei"])
    assert (again == first[[1, 0]]).all()


def test_an_interrupted_embedding_goes_on_where_it_stopped(
    tmp_path: Path, embedder: Embedder, encoded: list[str]
) -> None:
    texts = [f"Text {number}" for number in range(10)]

    class Interrupted:
        """The encoder, until it has run on six texts."""

        def embed_documents(self, texts: Sequence[str]) -> Vectors:
            if len(encoded) == 6:
                raise KeyboardInterrupt
            return embedder.embed_documents(texts)

    with open_cache(tmp_path, embedder.dimension) as cache, pytest.raises(KeyboardInterrupt):
        embed(texts, [3] * 10, Encoding(Interrupted(), cache, 6))  # type: ignore[arg-type]
    _, ran = embed_all(embedder, texts, tmp_path)
    assert ran == [6, 7, 8, 9]
    assert sorted(encoded) == sorted(texts)


def test_what_ended_the_encoding_is_told_even_where_nothing_can_be_saved(
    tmp_path: Path, embedder: Embedder, monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupted(_: Sequence[str]) -> Vectors:
        raise KeyboardInterrupt

    def full(_: object) -> None:
        raise sqlite3.OperationalError("database or disk is full")

    with open_cache(tmp_path, embedder.dimension) as cache:
        monkeypatch.setattr(embedder, "embed_documents", interrupted)
        monkeypatch.setattr(cache, "put", full)
        with pytest.raises(KeyboardInterrupt):
            embed(["eins"], [3], Encoding(embedder, cache, 6))


def test_what_is_done_is_told_by_its_share_of_the_tokens(tmp_path: Path, embedder: Embedder) -> None:
    told: list[float] = []
    with open_cache(tmp_path, embedder.dimension) as cache:
        embed(["kurz", "lang", "kurz", "länger"], [2, 6, 2, 4], Encoding(embedder, cache, 6), told.append)
    assert told == pytest.approx([6 / 12, 10 / 12, 1])
