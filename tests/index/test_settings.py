"""Settings come from flags, environment, beleg.toml and defaults, in that order."""

from __future__ import annotations

from pathlib import Path

import pytest

from index.errors import SettingsError
from index.settings import DEFAULT_MODEL, IndexSettings


@pytest.fixture
def toml(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path / "beleg.toml"


def test_defaults_need_nothing(toml: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("BELEG_DATA_DIR")
    settings = IndexSettings.load()
    assert settings.model == DEFAULT_MODEL
    assert settings.data_dir.is_absolute()
    assert not settings.data_dir.is_relative_to(toml.parent)


def test_flags_beat_environment_beats_file(toml: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    toml.write_text('model = "from-file"\nbatch_tokens = 7\n')
    assert IndexSettings.load().model == "from-file"
    monkeypatch.setenv("BELEG_MODEL", "from-environment")
    assert IndexSettings.load().model == "from-environment"
    assert IndexSettings.load(model="from-flag").model == "from-flag"
    assert IndexSettings.load(model=None).batch_tokens == 7


def test_an_unknown_key_is_named(toml: Path) -> None:
    toml.write_text("modell = 'x'\n")
    with pytest.raises(SettingsError, match="modell"):
        IndexSettings.load()


def test_an_impossible_value_is_named_with_its_key() -> None:
    with pytest.raises(SettingsError, match=r"batch_tokens.*got -3"):
        IndexSettings.load(batch_tokens=-3)


def test_a_broken_file_is_named(toml: Path) -> None:
    toml.write_text("model = \n")
    with pytest.raises(SettingsError, match=r"beleg\.toml"):
        IndexSettings.load()


@pytest.mark.parametrize("path", ["with \udcff", "with \0"])
def test_a_data_directory_that_the_engines_could_not_open_is_refused(path: str) -> None:
    with pytest.raises(SettingsError, match=r"data_dir: Chroma and tantivy take only .*got .*with "):
        IndexSettings.load(data_dir=path)
