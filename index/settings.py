"""Settings of the index: defaults < ``beleg.toml`` < ``BELEG_*`` environment < flags."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Self

import platformdirs
from pydantic import Field, ValidationError, field_validator
from pydantic_settings import (
    BaseSettings,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
    TomlConfigSettingsSource,
)

from index.errors import SettingsError, problems

DEFAULT_MODEL = "minilm-de-en"  # the folder in models/ that ships with Beleg


def default_data_dir() -> Path:
    """The user's data directory, never a place inside the package."""
    return Path(platformdirs.user_data_dir("beleg", appauthor=False))


class IndexSettings(BaseSettings):
    """What the index needs to know; every field is also ``BELEG_<FIELD>`` and a key of ``beleg.toml``."""

    model_config = SettingsConfigDict(
        env_prefix="BELEG_", toml_file="beleg.toml", frozen=True, extra="forbid", validate_default=True
    )

    data_dir: Path = Field(default_factory=default_data_dir, description="where index generations live")
    model: str = Field(DEFAULT_MODEL, min_length=1, description="encoder: a local folder or a hub name")
    batch_tokens: int = Field(
        8192, ge=1, le=1_000_000, description="tokens that go to the encoder at once while indexing"
    )
    fields: dict[str, str] = Field({}, description="what exports call title, text, date, url, ...")
    max_upload_mb: int = Field(50, ge=1, le=10_000, description="largest file that the page takes, in megabytes")
    keep_generations: int = Field(2, ge=1, le=100, description="generations kept, the serving one included")

    @field_validator("data_dir")
    @classmethod
    def _can_be_a_path(cls, data_dir: Path) -> Path:
        path = str(data_dir.absolute())
        if "\0" in path or path != path.encode("utf-8", "replace").decode("utf-8"):
            raise ValueError("Chroma and tantivy take only a path in UTF-8; name another folder")
        return data_dir

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Flags over environment over ``beleg.toml``; no ``.env`` files and no secrets directory."""
        del dotenv_settings, file_secret_settings
        return init_settings, env_settings, TomlConfigSettingsSource(settings_cls)

    @classmethod
    def load(cls, **flags: object) -> Self:
        """Settings with `flags` over the rest; a flag that is None was not given.

        Raises:
            SettingsError: a key is unknown or a value impossible; the text names each.
        """
        try:
            return cls(**{key: value for key, value in flags.items() if value is not None})  # type: ignore[arg-type]
        except ValidationError as error:
            raise SettingsError(
                f"settings: {problems(error)}. Flags, BELEG_* variables and beleg.toml set them"
            ) from error
        except (tomllib.TOMLDecodeError, UnicodeDecodeError, OSError) as error:
            raise SettingsError(f"beleg.toml cannot be read: {error}. Correct it or move it away") from error
