"""The real encoder: what it gives, and what happens when it is missing or not the expected one."""

from __future__ import annotations

import shutil
from pathlib import Path

import numpy as np
import pytest

from index import embed
from index.embed import (
    DEFAULT_MODEL_SHA256,
    Embedder,
    SentenceTransformerEmbedder,
    embedder_sha256,
    find_model,
    open_embedder,
    unit,
    weights_sha256,
)
from index.errors import ModelError
from index.settings import DEFAULT_MODEL, IndexSettings


@pytest.fixture(scope="module")
def embedder() -> SentenceTransformerEmbedder:
    return SentenceTransformerEmbedder(DEFAULT_MODEL)


def test_vectors_are_unit_length_and_float32(embedder: SentenceTransformerEmbedder) -> None:
    vectors = embedder.embed_documents(["Die Nato tagt.", "NATO meets.", ""])
    assert vectors.shape == (3, embedder.dimension) == (3, 384)
    assert vectors.dtype == np.float32
    np.testing.assert_allclose(np.linalg.norm(vectors, axis=1), 1, rtol=1e-5)


def test_nothing_in_gives_nothing_out(embedder: SentenceTransformerEmbedder) -> None:
    assert embedder.embed_queries([]).shape == (0, 384)
    assert embedder.count_tokens([]) == []


def test_a_paraphrase_is_nearer_than_another_subject(embedder: SentenceTransformerEmbedder) -> None:
    query = embedder.embed_queries(["Who was invited to Moscow?"])[0]
    near, far = embedder.embed_documents(["Putin asked Trump to visit Moscow.", "The bakery sells rye bread."]) @ query
    assert near > far


def test_tokens_are_counted_beyond_the_window(embedder: SentenceTransformerEmbedder) -> None:
    assert embedder.window == 256
    assert embedder.count_tokens(["word " * 1000])[0] > 1000


def test_the_default_model_is_the_pinned_one(embedder: SentenceTransformerEmbedder) -> None:
    assert embedder.sha256 == DEFAULT_MODEL_SHA256


@pytest.fixture(scope="module")
def default(tmp_path_factory: pytest.TempPathFactory) -> Embedder:
    return open_embedder(IndexSettings(data_dir=tmp_path_factory.mktemp("data")))


def test_the_default_encoder_reads_german_by_its_gloss(
    default: Embedder, embedder: SentenceTransformerEmbedder
) -> None:
    question, german = "Who was invited to Moscow?", ["Putin lud Trump nach Moskau ein.", "Der Bäcker verkauft Brot."]
    read, plain = (e.embed_documents(german) @ e.embed_queries([question])[0] for e in (default, embedder))
    assert read[0] > plain[0]
    assert read[0] > read[1]


def test_the_default_encoder_reads_english_as_it_is(default: Embedder, embedder: SentenceTransformerEmbedder) -> None:
    texts = ["Putin invited Trump to Moscow."]
    np.testing.assert_array_equal(default.embed_documents(texts), embedder.embed_documents(texts))


def test_the_digest_covers_the_glosses_and_needs_no_loading(default: Embedder, tmp_path: Path) -> None:
    assert default.sha256 == embedder_sha256(IndexSettings(data_dir=tmp_path)) != DEFAULT_MODEL_SHA256


def test_other_weights_under_the_default_name_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = tmp_path / "model"
    shutil.copytree(find_model(DEFAULT_MODEL), folder)
    with (folder / "model.safetensors").open("ab") as file:
        file.write(b"x")
    monkeypatch.setattr(embed, "_packaged_default", lambda: folder)
    with pytest.raises(ModelError, match=r"sha256 .* expected 53aa5117"):
        SentenceTransformerEmbedder(DEFAULT_MODEL)


def test_a_missing_model_names_the_setting() -> None:
    with pytest.raises(ModelError, match=r"no-such/model.*BELEG_MODEL"):
        SentenceTransformerEmbedder("no-such/model")


def test_a_folder_without_weights_is_named(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="no weights"):
        weights_sha256(tmp_path)


def test_a_folder_with_broken_weights_is_named(tmp_path: Path) -> None:
    (tmp_path / "model.safetensors").write_bytes(b"not weights")
    with pytest.raises(ModelError, match="cannot be loaded"):
        SentenceTransformerEmbedder(str(tmp_path))


@pytest.mark.parametrize("row", [[0.0, 0.0], [float("nan"), 1.0], [float("inf"), 1.0]])
def test_a_vector_that_cosine_cannot_rank_is_refused(row: list[float]) -> None:
    with pytest.raises(ModelError, match="not finite"):
        unit([row])


def test_tokens_are_unit_vectors_one_row_each(default: Embedder) -> None:
    (query,), (german, empty) = default.query_tokens(["Who called?"]), default.document_tokens(["Der Kreml.", ""])
    assert query.shape == (3, 384)
    assert german.shape[1] == empty.shape[1] == 384
    np.testing.assert_allclose(np.linalg.norm(query, axis=1), 1, rtol=1e-5)
    assert default.document_tokens([]) == []
