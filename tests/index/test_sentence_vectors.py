"""Sentence vectors: each chunk has its own, and what is damaged is said."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.embed import Embedder
from index.errors import CorruptIndexError
from index.reader import RERANKED, open_index
from index.sentence_vectors import SentenceVectors, SentenceVectorsWriter


def unit_rows(count: int, seed: int = 1) -> np.ndarray:
    rows = np.random.default_rng(seed).normal(size=(count, 8)).astype(np.float32)
    return rows / np.linalg.norm(rows, axis=1, keepdims=True)


def write(folder: Path, counts: list[int], rows: np.ndarray) -> None:
    """In two blocks."""
    half = len(counts) // 2
    with SentenceVectorsWriter(folder, len(counts), len(rows), rows.shape[1]) as writer:
        writer.add(counts[:half], rows[: sum(counts[:half])])
        writer.add(counts[half:], rows[sum(counts[:half]) :])


@given(counts=st.lists(st.integers(1, 5), min_size=1, max_size=8), seed=st.integers(0, 99))
def test_a_chunk_scores_by_its_own_nearest_sentence(
    tmp_path_factory: pytest.TempPathFactory, counts: list[int], seed: int
) -> None:
    folder = tmp_path_factory.mktemp("sentences") / "sentences"
    rows, vector = unit_rows(sum(counts), seed), unit_rows(1, seed + 1)[0]
    write(folder, counts, rows)
    starts = np.cumsum([0, *counts])
    expected = [float((rows[a:b] @ vector).max()) for a, b in pairwise(starts)]
    opened = SentenceVectors(folder)
    assert opened.count() == len(counts)
    assert opened.best(range(len(counts)), vector) == pytest.approx(expected, abs=2e-3)


def test_damage_is_said(tmp_path: Path) -> None:
    folder = tmp_path / "sentences"
    write(folder, [2, 1], unit_rows(3))
    np.save(folder / "vectors.npy", unit_rows(2).astype(np.float16))
    with pytest.raises(CorruptIndexError, match="do not fit"):
        SentenceVectors(folder)
    (folder / "starts.npy").write_bytes(b"")
    with pytest.raises(CorruptIndexError, match="cannot be read"):
        SentenceVectors(folder)


def test_the_dense_leg_scores_by_chunk_and_best_sentence(data_dir: Path, embedder: Embedder) -> None:
    with open_index(data_dir) as reader:
        vector = embedder.embed_queries(["When was the bridge closed?"])[0]
        ranked = reader.dense("en", vector, RERANKED)
        passages = reader.passages([key for key, _ in ranked])
        whole = dict(reader._store.search("en", vector, RERANKED))
        for (key, score), passage in zip(ranked, passages, strict=True):
            said = [passage.document.text[s.start : s.end] for s in passage.chunk.sentences]
            best = float((embedder.embed_documents(said) @ vector).max())
            assert score == pytest.approx((whole[key] + best) / 2, abs=5e-3)
        assert [score for _, score in ranked] == sorted((score for _, score in ranked), reverse=True)
        assert reader.dense("en", vector, 1) == ranked[:1]
        assert reader.dense("en", vector, 0) == []
