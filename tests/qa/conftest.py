"""The real assistant over the real seed, built once for all tests of this folder."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from qa.pipeline import Assistant

SEEDS = Path(__file__).parents[2] / "seeds"


@pytest.fixture(scope="session")
def assistant(tmp_path_factory: pytest.TempPathFactory) -> Assistant:
    """Default settings, whatever this machine's are, but for the data directory."""
    from index.build import build
    from qa.pipeline import Assistant
    from qa.settings import Settings

    with pytest.MonkeyPatch.context() as patch:
        for name in [name for name in os.environ if name.startswith("BELEG_")]:
            patch.delenv(name)
        settings = Settings.load(data_dir=tmp_path_factory.mktemp("seed") / "data")
    build((SEEDS,), settings)
    return Assistant(settings)
