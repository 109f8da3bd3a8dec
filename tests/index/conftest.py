"""A small index in two languages, built once, and copied for each test that wants to use or damage it."""

from __future__ import annotations

import importlib.util
import shutil
from pathlib import Path
from types import ModuleType

import pytest

from index.build import build
from index.embed import Embedder, NetworkEmbedder
from index.model_files import find_model
from index.settings import DEFAULT_MODEL, IndexSettings

BUILDER = Path(__file__).with_name("builder.py")

TEXTS = {
    "nato.md": (
        "---\ntitle: Treffen in Brüssel\nlang: de\nsource: WELT\ndate: 2025-02-12\n---\n"
        "Die Ukraine wird der Nato vorerst nicht beitreten. Das sagte der Verteidigungsminister am Mittwoch. "
        "Europa müsse künftig mehr Verantwortung für seine Sicherheit übernehmen. "
        "Die Verbündeten reagierten zurückhaltend.\n"
    ),
    "ernte.md": (
        "---\ntitle: Gute Ernte\nlang: de\nsource: Der Bote\n---\n"
        "Die Weizenernte fällt in diesem Jahr besser aus als erwartet. Der Bauernverband spricht von einem Rekord. "
        "In Brandenburg blieb der Regen dagegen aus.\n"
    ),
    "bridge.md": (
        "---\ntitle: Bridge reopens\nlang: en\nsource: The Courier\nauthors: [Jane Doe]\n---\n"
        "The old bridge over the river reopened on Monday after three years of repairs. "
        "The mayor said that the work had cost nine million pounds. Cyclists welcomed the wider lanes.\n"
    ),
    "harvest.md": (
        "---\ntitle: A record harvest\nlang: en\nsource: The Courier\n---\n"
        "Farmers report the best wheat harvest in ten years. Prices fell by four per cent. "
        "The minister called the result encouraging.\n"
    ),
}


@pytest.fixture(scope="session")
def builder() -> ModuleType:
    """The module of the builder process."""
    spec = importlib.util.spec_from_file_location("builder", BUILDER)
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="session")
def packaged() -> NetworkEmbedder:
    """The encoder that ships, as the product computes it."""
    return NetworkEmbedder(DEFAULT_MODEL)


@pytest.fixture(scope="session")
def library(tmp_path_factory: pytest.TempPathFactory) -> NetworkEmbedder:
    """The same under another name, for which sentence-transformers computes it."""
    folder = tmp_path_factory.mktemp("models") / "own"
    folder.symlink_to(find_model(DEFAULT_MODEL))
    return NetworkEmbedder(str(folder))


@pytest.fixture
def encoded() -> list[str]:
    """Every text that `embedder` has encoded."""
    return []


@pytest.fixture
def embedder(builder: ModuleType, encoded: list[str]) -> Embedder:
    """An encoder that needs no model."""
    made: Embedder = builder.HashingEmbedder(encoded)
    return made


@pytest.fixture
def texts(tmp_path: Path) -> Path:
    """A folder with two German and two English articles."""
    return _write_texts(tmp_path / "texts")


@pytest.fixture
def settings(tmp_path: Path) -> IndexSettings:
    return IndexSettings(data_dir=tmp_path / "data")


@pytest.fixture(scope="session")
def _template(tmp_path_factory: pytest.TempPathFactory, builder: ModuleType) -> Path:
    """Two generations of the articles, the newer one serving."""
    root = tmp_path_factory.mktemp("template")
    settings = IndexSettings(data_dir=root / "data")
    for _ in range(2):
        build([_write_texts(root / "texts")], settings, embedder=builder.HashingEmbedder([]), force=True)
    return root


@pytest.fixture
def data_dir(_template: Path, settings: IndexSettings) -> Path:
    """A data directory of its own with two generations of `texts`, the newer one serving."""
    shutil.copytree(_template / "data", settings.data_dir)
    return settings.data_dir


def _write_texts(folder: Path) -> Path:
    folder.mkdir(exist_ok=True)
    for name, text in TEXTS.items():
        (folder / name).write_text(text, encoding="utf-8")
    return folder
