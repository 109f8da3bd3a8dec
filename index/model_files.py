"""Where an encoder's files lie, whether they are whole, and the digest that identifies what they compute.

Loads no model: whether an index still fits its encoder can be told without.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from pathlib import Path

from index.errors import ModelError
from index.prompts import prompts_of
from index.settings import DEFAULT_MODEL
from index.types import file_sha256

MODELS = Path(__file__).parent.parent / "models"  # what ships with Beleg
MENDS = "Set BELEG_MODEL (or --model, or model in beleg.toml) to a sentence-transformers folder"

_WEIGHTS = ("*.safetensors", "pytorch_model*.bin")
# Cards and results lie beside them and decide nothing: another table must not make an index stale.
_READING = ("*config*.json", "modules.json", "tokenizer.json", "special_tokens_map.json", "added_tokens.json",
            "vocab.*", "merges.txt", "*.model")  # fmt: skip
_DIGEST = ".sha256"


def find_model(model: str) -> Path:
    """The folder that holds `model`: the packaged default, a local folder, or a snapshot in the local hub cache.

    Raises:
        ModelError: none of these exists.
    """
    if model == DEFAULT_MODEL:
        return _packaged()
    folder = Path(model).expanduser()
    if folder.is_dir():
        return folder
    cached = _hub_cache(model)
    if cached is None:
        raise ModelError(f"no encoder {model!r}: it is neither a folder nor in the local hub cache. {MENDS}")
    return cached


def encoder_sha256(model: str, folder: Path) -> str:
    """Hex SHA-256 of all that decides the vectors of `model` in `folder`: weights, tokenizer, configuration, prompts.

    A file with its digest beside it, ``<file>.sha256`` as sha256sum writes it, must have that digest; the packaged
    model's weights must have such a file.

    Raises:
        ModelError: there are no weights, or a file is damaged or cannot be read.
    """
    if not any(_files(folder, _WEIGHTS)):
        raise ModelError(f"no weights (*.safetensors) in {folder}. {mend(folder)}")
    paths = sorted({*_files(folder, _WEIGHTS), *_files(folder, _READING)})
    lines = [f"{_whole_sha256(path)}  {path.relative_to(folder).as_posix()}" for path in paths]
    prompts = prompts_of(model, folder)
    return hashlib.sha256("\n".join([*lines, prompts.query, prompts.document]).encode()).hexdigest()


def weights_sha256(folder: Path) -> str:
    """Hex SHA-256 of the one file of weights in `folder`, held against its digest as `encoder_sha256` does.

    Raises:
        ModelError: there is none, or it is damaged or cannot be read.
    """
    weights = folder / "model.safetensors"
    if not weights.is_file():
        raise ModelError(f"{weights} is missing. {mend(weights)}")
    return _whole_sha256(weights)


def _packaged() -> Path:
    folder = MODELS / DEFAULT_MODEL
    if not folder.is_dir():
        raise ModelError(f"no encoder {DEFAULT_MODEL!r}: {folder} is missing. {mend(folder)}")
    return folder


def _hub_cache(model: str) -> Path | None:
    from huggingface_hub import snapshot_download
    from huggingface_hub.errors import HFValidationError, LocalEntryNotFoundError

    try:
        return Path(snapshot_download(model, local_files_only=True))
    except (HFValidationError, LocalEntryNotFoundError):
        return None


def _files(folder: Path, patterns: tuple[str, ...]) -> Iterator[Path]:
    return (path for pattern in patterns for path in folder.rglob(pattern) if path.is_file())


def _whole_sha256(path: Path) -> str:
    """The digest of `path`, held against the one beside it.

    Raises:
        ModelError: they differ, or the one beside it is needed and missing, or is none.
    """
    try:
        found = file_sha256(path)
    except OSError as error:
        raise ModelError(f"{path} cannot be read: {error.strerror}. {mend(path)}") from error
    beside = path.with_name(path.name + _DIGEST)
    if not beside.exists() and not _is_packaged_weights(path):
        return found
    expected = _expected_sha256(path, beside)
    if found != expected:
        raise ModelError(f"{path} is damaged: its sha256 is {found}, expected {expected}. {mend(path)}")
    return found


def _expected_sha256(path: Path, beside: Path) -> str:
    try:
        text = beside.read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError) as error:
        raise ModelError(
            f"{path} cannot be checked, its digest {beside.name} is unreadable: {error}. {mend(path)}"
        ) from error
    line = re.fullmatch(rf"([0-9a-f]{{64}}) [ *]{re.escape(path.name)}", text)
    if line is None:
        raise ModelError(f"{path} cannot be checked, {beside.name} holds no sha256 of it: {text[:100]!r}. {mend(path)}")
    return line[1]


def _is_packaged_weights(path: Path) -> bool:
    return path.parent.parent == MODELS and any(path.match(pattern) for pattern in _WEIGHTS)


def mend(path: Path) -> str:
    """The command that brings `path` back."""
    if not path.is_relative_to(MODELS):
        return "Fetch it again, or set BELEG_MODEL to another encoder"
    root = MODELS.parent
    if (root / ".git").exists():
        packaged = MODELS / path.relative_to(MODELS).parts[0]
        return f"Bring it back: git -C {root} checkout -- {packaged.relative_to(root)}"
    return "Install Beleg again: pip install --force-reinstall --no-deps beleg"
