"""Folders in which engines write what they must not write into an index; that there is room is for test_store.py."""

from __future__ import annotations

from pathlib import Path

import pytest

from index.scratch import scratch


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """A folder of an engine: what it reads, what it changes, and the lock of who wrote it."""
    folder = tmp_path / "engine"
    (folder / "vectors").mkdir(parents=True)
    for name in ("database", "segment", ".writer.lock", "vectors/1"):
        (folder / name).write_text(name)
    return folder


def test_what_is_read_is_linked_what_is_changed_is_copied_and_locks_are_left_out(path: Path) -> None:
    with scratch(path, copied="database") as folder:
        assert sorted(entry.name for entry in folder.iterdir()) == ["database", "segment", "vectors"]
        assert (folder / "vectors" / "1").read_text() == "vectors/1"
        assert (folder / "segment").is_symlink()
        (folder / "database").write_text("changed")
        (folder / "own.lock").touch()
    assert not folder.exists()
    assert sorted(entry.name for entry in path.iterdir()) == [".writer.lock", "database", "segment", "vectors"]
    assert (path / "database").read_text() == "database"
