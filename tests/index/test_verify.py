"""Verification before a generation serves: each way in which its parts can disagree is told."""

from __future__ import annotations

import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from index.documents import Documents
from index.embed import Embedder
from index.errors import CorruptIndexError
from index.generation import digests, generation_path, read_manifest, serving, write_manifest
from index.lexical import Row, build_lexical
from index.store import build_store
from index.types import embedded_text
from index.verify import check_files, main, verify


@pytest.fixture
def generation(data_dir: Path) -> Path:
    return generation_path(data_dir, serving(data_dir))


def sealed(generation: Path) -> None:
    """Record the files as they are now, as a builder that wrote them so would have."""
    write_manifest(generation, replace(read_manifest(generation), files=digests(generation)))


def rows(generation: Path, embedder: Embedder) -> list[tuple[int, str, str, Any]]:
    with closing(Documents(generation / "documents.sqlite")) as documents:
        found = [(key, p.document.lang, embedded_text(p)) for key, p in documents.passages()]
    vectors = embedder.embed_documents([text for *_, text in found])
    return [(*row, vector) for row, vector in zip(found, vectors, strict=True)]


def rebuild_lexical(generation: Path, wanted: list[tuple[int, str, str]]) -> None:
    shutil.rmtree(generation / "lexical")
    build_lexical(generation / "lexical", [Row(*row) for row in wanted])
    sealed(generation)


def rebuild_store(generation: Path, wanted: list[tuple[int, str, Any]]) -> None:
    shutil.rmtree(generation / "chroma")
    langs = {lang for _, lang, _ in wanted}
    by_lang = {lang: [(key, vector) for key, own, vector in wanted if own == lang] for lang in sorted(langs)}
    build_store(
        generation / "chroma",
        [(lang, [key for key, _ in own], np.stack([vector for _, vector in own])) for lang, own in by_lang.items()],
    )
    sealed(generation)


def test_a_sound_generation_passes(generation: Path) -> None:
    verify(generation)
    assert main([str(generation)]) == 0


def test_the_check_at_opening_has_no_false_alarms(generation: Path) -> None:
    for _ in range(3):
        verify(generation)
        check_files(generation, read_manifest(generation))


def test_a_lexical_index_that_lacks_a_chunk_fails(generation: Path, embedder: Embedder) -> None:
    rebuild_lexical(generation, [(key, lang, text) for key, lang, text, _ in rows(generation, embedder)][1:])
    with pytest.raises(CorruptIndexError, match="chunk keys in the lexical index"):
        verify(generation)


def test_a_store_that_lacks_a_chunk_fails(generation: Path, embedder: Embedder) -> None:
    rebuild_store(generation, [(key, lang, vector) for key, lang, _, vector in rows(generation, embedder)][1:])
    with pytest.raises(CorruptIndexError, match="vector keys of language"):
        verify(generation)


def test_a_store_that_puts_a_chunk_with_the_wrong_language_fails(generation: Path, embedder: Embedder) -> None:
    rebuild_store(generation, [(key, "en", vector) for key, _, _, vector in rows(generation, embedder)])
    with pytest.raises(CorruptIndexError, match="vector keys of language 'de'"):
        verify(generation)


def test_vectors_under_the_wrong_chunks_fail(
    generation: Path, embedder: Embedder, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = rows(generation, embedder)
    wrong = np.random.default_rng(0).normal(size=(len(found), embedder.dimension)).astype(np.float32)
    rebuild_store(generation, [(key, lang, wrong[key]) for key, lang, *_ in found])
    # A ranking as deep as the whole small index would hold every chunk.
    monkeypatch.setattr("index.verify._SELF_QUERY_DEPTH", 1)
    with pytest.raises(CorruptIndexError, match="not found by their own vectors"):
        verify(generation)


_ANOTHER_DOCUMENT = """
INSERT INTO documents
SELECT 99, 'new', text, sha256, title, lang, path, published, source, url, authors, boilerplate, first_day, last_day, 99
FROM documents LIMIT 1
"""


@pytest.mark.parametrize(
    ("statement", "reason"),
    [
        ("DELETE FROM chunks WHERE key = 0", "chunk keys"),
        ("UPDATE documents SET text = replace(text, 'e', 'x')", "sha256"),
        ("UPDATE chunks SET sentences = '[[5,99999]]' WHERE key = 1", "damaged chunk"),
        (_ANOTHER_DOCUMENT, "documents: 5 instead of 4"),
    ],
    ids=["a chunk gone", "altered text", "a span outside the text", "a document more"],
)  # fmt: skip
def test_documents_that_contradict_themselves_fail(generation: Path, statement: str, reason: str) -> None:
    with closing(sqlite3.connect(generation / "documents.sqlite")) as connection, connection:
        connection.execute(statement)
    sealed(generation)
    with pytest.raises(CorruptIndexError, match=reason):
        verify(generation)


def test_a_vector_cache_that_lacks_vectors_fails(generation: Path, data_dir: Path) -> None:
    shutil.rmtree(data_dir / "vectors")
    with pytest.raises(CorruptIndexError, match="vector cache lacks"):
        verify(generation)


def _run(generation: Path, cwd: Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-P", "-m", "index.verify", str(generation)]
    return subprocess.run(command, capture_output=True, text=True, check=False, cwd=cwd)


@pytest.mark.parametrize("damage", [None, lambda path: path.unlink()], ids=["sound", "damaged"])
def test_it_runs_in_a_process_of_its_own(
    generation: Path, tmp_path: Path, damage: Callable[[Path], None] | None
) -> None:
    (tmp_path / "index").mkdir()
    (tmp_path / "index" / "verify.py").write_text("raise SystemExit('a stranger named index')")
    if damage:
        damage(generation / "documents.sqlite")
    result = _run(generation, tmp_path)
    assert result.returncode == (1 if damage else 0), result.stderr
    assert ("documents.sqlite is missing" in result.stderr) == bool(damage)
