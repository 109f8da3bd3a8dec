"""Addresses in place of files: each is fetched once, kept below the data directory, and read there from then on."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import yaml

from index.errors import SettingsError
from index.load.files import DESCRIPTIONS
from index.settings import IndexSettings
from index.types import text_sha256

if TYPE_CHECKING:
    from index.fetch import Fetched

FETCHED = "fetched"
"""The folder in the data directory with a folder for each address."""
_SINGLE = {".html", ".txt"}  # one document, which a description can be of


def local_paths(
    wanted: Sequence[str], settings: IndexSettings, *, network: bool, fetch: Callable[[str], Fetched] | None = None
) -> list[Path]:
    """The paths in `wanted`, and for each address in it the file that it was fetched into, over what it gave before.

    Raises:
        SettingsError: there is an address, and `network` is not allowed.
        LoadError: an address cannot be fetched; the text says why.
    """
    return [_kept(one, settings, network, fetch) if is_address(one) else Path(one) for one in wanted]


def is_address(text: str) -> bool:
    """Whether `text` is meant as an address and not as a path."""
    return text.lower().startswith(("http://", "https://"))


def _kept(address: str, settings: IndexSettings, network: bool, fetch: Callable[[str], Fetched] | None) -> Path:  # noqa: FBT001 - private
    if not network:
        raise SettingsError(f"{address} needs the network, which is off: beleg index --allow-network {address}")
    from index import fetch as web  # imports asyncio and an HTTP client, which nobody else needs

    fetched = (fetch or web.fetch)(address)
    path = web.store(fetched, settings.data_dir / FETCHED / text_sha256(fetched.url)[:16])
    description = path.with_name(DESCRIPTIONS)
    description.unlink(missing_ok=True)
    if path.suffix in _SINGLE:
        entry = yaml.safe_dump({path.name: {"url": fetched.final_url}}, allow_unicode=True)
        description.write_text(f"---\n{entry}---\n", encoding="utf-8")
    return path
