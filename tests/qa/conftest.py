"""The real assistant over the real seed, built once for all tests of this folder."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator

    from index.reader import IndexReader
    from qa.pipeline import Assistant

SEEDS = Path(__file__).parents[2] / "seeds"
# Everybody and everything in it is invented. The second story of Marlow is the first one at another outlet.
_HARBOUR = (
    "„Chile wird seine Kupferminen im nächsten Jahr öffnen“, sagte Verkehrsminister Quirin Seebald. Am 3. Mai 2024 "
    "wurde der Hafen von Brakenhude eröffnet. Er ist tief.\n39 Menschen starben beim Brand einer Halle in Brakenhude."
)
_BRIDGE = "„Norwegen hat uns nie gefragt“, erklärte Ministerin Thora Lindqvist. Außenminister Bero Haldane schwieg."
_MARLOW = (
    "“Peru must pay its debt to the bank of Marlow,” said Minister Jane Zettel on Friday. The Marlow Bridge was opened "
    "in 1987 by Agatha Brandt. Nineteen people were killed by a storm near Marlow. Nobody else was hurt, and the "
    "ferries go twice a day again, as they did before the storm. The mayor was away."
)
_NEWS = {
    "hafen.md": ("2024-05-06", "Kurier", "de", _HARBOUR),
    "bruecke.md": ("2020-01-02", "Anzeiger", "de", _BRIDGE),
    "marlow.md": ("2023-01-05", "Herald", "en", _MARLOW),
    "again.md": ("2023-01-06", "Courier", "en", _MARLOW),
    "match.md": ("2021-07-01", "Herald", "en", "Nothing was said, and no one scored. It rained."),
    "foire.md": ("2021-07-02", "Gazette", "fr", "La foire de Villemont a été ouverte par Jeanne Morel."),
}


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


@pytest.fixture(scope="session")
def news_data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data directory with an index of invented news in three languages, searched by words alone."""
    from index.build import build
    from qa.settings import Settings

    folder = tmp_path_factory.mktemp("news")
    (folder / "texts").mkdir()
    for name, (date, source, lang, text) in _NEWS.items():
        head = f"---\ntitle: {name}\ndate: {date}\nsource: {source}\nlang: {lang}\n---\n"
        (folder / "texts" / name).write_text(head + text + "\n", encoding="utf-8")
    build([folder / "texts"], Settings.load(data_dir=folder / "data", model=str(folder / "no encoder")))
    return folder / "data"


@pytest.fixture
def news(news_data: Path) -> Iterator[IndexReader]:
    """That index, opened."""
    from index.reader import open_index

    with open_index(news_data) as index:
        yield index
