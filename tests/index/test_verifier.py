"""The process that verifies: it says what is wrong, and never outlives the build that started it."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from index.errors import BuildError
from index.generation import generation_path, serving
from index.verifier import Verifier

ODD = "a folder\nthat is called Ödland "


@pytest.fixture
def generation(data_dir: Path, tmp_path: Path) -> Path:
    """A whole generation in a folder with an odd name."""
    data_dir.rename(tmp_path / ODD)
    return generation_path(tmp_path / ODD, serving(tmp_path / ODD))


def test_a_whole_generation_is_verified_whatever_its_folder_is_called(generation: Path) -> None:
    with Verifier() as verifier:
        verifier.verify(generation)


def test_what_is_wrong_with_a_generation_is_told(generation: Path) -> None:
    (generation / "documents.sqlite").unlink()
    with Verifier() as verifier, pytest.raises(BuildError, match=r"(?s)was discarded: .*documents\.sqlite is missing"):
        verifier.verify(generation)


def test_a_verification_that_dies_proves_nothing(generation: Path) -> None:
    with Verifier() as verifier:
        os.kill(verifier.pid, signal.SIGKILL)
        with pytest.raises(BuildError, match="exit status -9"):
            verifier.verify(generation)


def test_it_ends_with_a_build_that_fails() -> None:
    with pytest.raises(KeyboardInterrupt), Verifier() as verifier:
        raise KeyboardInterrupt
    with pytest.raises(ProcessLookupError):
        os.kill(verifier.pid, 0)


def test_it_ends_by_itself_where_nobody_names_a_generation_any_more() -> None:
    command = [sys.executable, "-P", "-m", "index.verify"]
    done = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, timeout=60, check=False)
    assert (done.returncode, done.stdout, done.stderr) == (0, b"", b"")
