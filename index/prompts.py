"""What an encoder wants put before a text: the prompts that its files declare, or else those of its family.

Nothing that is stored, quoted or searched by words ever has a prompt in it.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from index.errors import ModelError

_CONFIG = "config_sentence_transformers.json"
_DOCUMENT_NAMES = ("document", "passage", "corpus")


@dataclass(frozen=True, slots=True)
class Prompts:
    """What stands before a question and before a document; nothing for most encoders."""

    query: str = ""
    document: str = ""


# Families that need prompts and do not declare them. The "instruct" models of E5 want a task, not these.
_FAMILIES = ((re.compile(r"(?<![a-z0-9])e5-(small|base|large)(?!.*instruct)"), Prompts("query: ", "passage: ")),)


def prompts_of(model: str, folder: Path) -> Prompts:
    """The prompts that `folder` declares; where it declares none, those of the family that `model` is named after.

    Raises:
        ModelError: its configuration cannot be read.
    """
    declared = _declared(folder / _CONFIG)
    return declared if declared != Prompts() else _of_family(model)


def _declared(config: Path) -> Prompts:
    try:
        prompts = json.loads(config.read_text(encoding="utf-8")).get("prompts") or {}
        return Prompts(prompts.get("query") or "", _first(prompts))
    except FileNotFoundError:
        return Prompts()
    except (OSError, ValueError, AttributeError) as error:
        raise ModelError(f"{config} cannot be read as an encoder's configuration: {error}. Fetch it again") from error


def _first(prompts: Mapping[str, str | None]) -> str:
    return next(filter(None, map(prompts.get, _DOCUMENT_NAMES)), "")


def _of_family(model: str) -> Prompts:
    name = _name(model)
    return next((prompts for family, prompts in _FAMILIES if family.search(name)), Prompts())


def _name(model: str) -> str:
    """The last part of a hub name or a folder; of a snapshot in the hub's cache, ``models--intfloat--e5-small``."""
    parts = Path(model.lower()).parts
    return next((part for part in parts if part.startswith("models--")), parts[-1] if parts else "")
