"""What every test gets: a data directory of its own, no settings from outside, and no network but loopback."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, settings

# The gate runs the same examples each time; `pytest --hypothesis-profile=search` looks for new ones.
settings.register_profile("search", deadline=None, max_examples=1000, suppress_health_check=[HealthCheck.too_slow])
settings.register_profile("repeatable", settings.get_profile("search"), max_examples=100, derandomize=True)
settings.load_profile("repeatable")

ROOT = Path(__file__).parent.parent
SEEDS = ROOT / "seeds"
SEED_ID = "000_bee6702c0391c86e.txt"


@pytest.fixture(autouse=True)
def _isolated(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """No test reads this machine's settings or writes to its user's data directory."""
    for name in [name for name in os.environ if name.startswith("BELEG_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("BELEG_DATA_DIR", str(tmp_path / "data"))


@pytest.fixture(scope="session")
def untrained_reader(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of an evidence reader that has learnt nothing yet."""
    from index.model_files import MODELS
    from train.encoder.export import export_network
    from train.reader.model import started

    folder, reader = tmp_path_factory.mktemp("reader"), started(MODELS / "minilm-de-en")
    export_network(reader.network, reader.tokenizer, 512, folder)
    return folder


@pytest.fixture(scope="session", autouse=True)
def _loops_beside_the_browser() -> Iterator[None]:
    """Playwright keeps an event loop running in the thread of the tests, in which no other one may run."""
    run = asyncio.run

    def beside(main: Any, **options: Any) -> Any:  # noqa: ANN401 - as asyncio.run
        with ThreadPoolExecutor(1) as pool:
            return pool.submit(run, main, **options).result()

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(asyncio, "run", beside)
        yield
