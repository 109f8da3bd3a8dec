"""An article as it was when it was quoted is found as long as a generation has it."""

from __future__ import annotations

from pathlib import Path

import pytest

from index.build import build
from index.embed import Embedder
from index.generation import complete_generations, generation_path
from index.reader import open_index
from index.settings import IndexSettings
from index.types import Document
from index.versions import version


@pytest.fixture
def before(texts: Path, settings: IndexSettings, embedder: Embedder) -> Document:
    """An article that was changed since, and another that was removed."""
    build([texts], settings, embedder=embedder)
    with open_index(settings.data_dir) as index:
        listed = [index.document(row.id) for row in index.documents()]
    changed = next(one for one in listed if one.path.endswith((".txt", ".md")))
    path = next(path for path in texts.rglob("*") if path.name == Path(changed.path).name)
    path.write_text(
        path.read_text(encoding="utf-8") + "\nDazu kam ein weiterer Satz über das Wetter.\n", encoding="utf-8"
    )
    build([texts], settings, embedder=embedder)
    return changed


def test_the_version_that_was_quoted_and_the_one_that_serves(before: Document, settings: IndexSettings) -> None:
    assert version(settings.data_dir, before.id, before.sha256[:16]) == before
    now = version(settings.data_dir, before.id, "")
    assert now.text != before.text


def test_a_version_that_is_nowhere_is_not_made_up(before: Document, settings: IndexSettings) -> None:
    for doc_id, sha in ((before.id, "0" * 16), ("none.txt", "")):
        with pytest.raises(KeyError):
            version(settings.data_dir, doc_id, sha)


def test_a_damaged_generation_is_passed_over(before: Document, settings: IndexSettings) -> None:
    newest, *_ = complete_generations(settings.data_dir)
    (generation_path(settings.data_dir, newest) / "documents.sqlite").write_bytes(b"damaged")
    assert version(settings.data_dir, before.id, before.sha256[:16]) == before
    assert version(settings.data_dir, before.id, "") == before
