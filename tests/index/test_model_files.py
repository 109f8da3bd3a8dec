"""An encoder's files: found, whole, and identified by all that decides its vectors."""

from __future__ import annotations

import hashlib
import shutil
from pathlib import Path

import pytest

from index import model_files
from index.embed import NetworkEmbedder
from index.errors import ModelError
from index.model_files import encoder_sha256, find_model
from index.settings import DEFAULT_MODEL

WEIGHTS, DIGEST = "model.safetensors", "model.safetensors.sha256"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """An encoder of a few bytes, which is enough to be identified."""
    made = tmp_path / "encoder"
    (made / "1_Pooling").mkdir(parents=True)
    for name in (WEIGHTS, "config.json", "modules.json", "tokenizer.json", "1_Pooling/config.json", "README.md"):
        (made / name).write_text("{}")
    return made


def _packaged(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of the packaged encoder that stands for it, in a checkout of its own."""
    copied = tmp_path / "checkout" / "models" / DEFAULT_MODEL
    shutil.copytree(find_model(DEFAULT_MODEL), copied)
    monkeypatch.setattr(model_files, "MODELS", copied.parent)
    return copied


def test_the_packaged_encoder_is_whole() -> None:
    assert len(encoder_sha256(DEFAULT_MODEL, find_model(DEFAULT_MODEL))) == 64


def test_damaged_weights_are_named_with_both_digests_and_the_remedy(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    packaged = _packaged(tmp_path, monkeypatch)
    expected = (packaged / DIGEST).read_text().split()[0]
    with (packaged / WEIGHTS).open("ab") as file:
        file.write(b"x")
    found = hashlib.sha256((packaged / WEIGHTS).read_bytes()).hexdigest()
    with pytest.raises(ModelError) as caught:
        NetworkEmbedder(DEFAULT_MODEL)
    message = str(caught.value)
    assert all(part in message for part in (str(packaged / WEIGHTS), found, expected, "pip install --force-reinstall"))
    assert "\n" not in message


def test_in_a_checkout_the_remedy_is_gits(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    packaged = _packaged(tmp_path, monkeypatch)
    (tmp_path / "checkout" / ".git").mkdir()
    (packaged / WEIGHTS).write_bytes(b"cut")
    with pytest.raises(ModelError, match=rf"git -C {tmp_path / 'checkout'} checkout -- models/{DEFAULT_MODEL}"):
        encoder_sha256(DEFAULT_MODEL, packaged)


@pytest.mark.parametrize("text", ["", "abc", "0" * 64, f"{'0' * 64}  other.safetensors", f"{'g' * 64}  {WEIGHTS}"])
def test_a_digest_that_is_none_is_named(folder: Path, text: str) -> None:
    (folder / DIGEST).write_text(text)
    with pytest.raises(ModelError, match=r"cannot be checked, model\.safetensors\.sha256 holds no sha256"):
        encoder_sha256("encoder", folder)


def test_a_digest_that_is_not_text_is_named(folder: Path) -> None:
    (folder / DIGEST).write_bytes(b"\xff\xfe")
    with pytest.raises(ModelError, match="unreadable"):
        encoder_sha256("encoder", folder)


def test_the_packaged_encoder_needs_its_digest(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    packaged = _packaged(tmp_path, monkeypatch)
    (packaged / DIGEST).unlink()
    with pytest.raises(ModelError, match=r"cannot be checked, its digest model\.safetensors\.sha256"):
        encoder_sha256(DEFAULT_MODEL, packaged)


def test_packaged_weights_that_are_gone_are_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    packaged = _packaged(tmp_path, monkeypatch)
    (packaged / WEIGHTS).unlink()
    with pytest.raises(ModelError, match=r"no weights.*pip install --force-reinstall"):
        encoder_sha256(DEFAULT_MODEL, packaged)


def test_a_packaged_encoder_that_is_gone_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    shutil.rmtree(_packaged(tmp_path, monkeypatch))
    with pytest.raises(ModelError, match=rf"{DEFAULT_MODEL}.*is missing.*pip install"):
        find_model(DEFAULT_MODEL)


def test_any_folder_with_a_digest_is_checked_and_one_without_is_taken(folder: Path) -> None:
    before = encoder_sha256("encoder", folder)
    digest = hashlib.sha256((folder / WEIGHTS).read_bytes()).hexdigest()
    (folder / DIGEST).write_text(f"{digest}  {WEIGHTS}\n")
    assert encoder_sha256("encoder", folder) == before
    (folder / WEIGHTS).write_text("other")
    with pytest.raises(ModelError, match=rf"is damaged.*expected {digest}"):
        encoder_sha256("encoder", folder)


@pytest.mark.parametrize("name", [WEIGHTS, "config.json", "tokenizer.json", "1_Pooling/config.json", "vocab.txt"])
def test_whatever_decides_the_vectors_is_in_the_digest(folder: Path, name: str) -> None:
    before = encoder_sha256("encoder", folder)
    (folder / name).write_text('{"a": 1}')
    assert encoder_sha256("encoder", folder) != before


@pytest.mark.parametrize("name", ["README.md", "provenance.json", "results.json"])
def test_what_decides_nothing_is_not(folder: Path, name: str) -> None:
    before = encoder_sha256("encoder", folder)
    (folder / name).write_text("another card")
    assert encoder_sha256("encoder", folder) == before


def test_one_encoder_in_two_places_is_one(folder: Path, tmp_path: Path) -> None:
    shutil.copytree(folder, tmp_path / "elsewhere")
    assert encoder_sha256("encoder", folder) == encoder_sha256("elsewhere", tmp_path / "elsewhere")


def test_prompts_are_in_the_digest(folder: Path) -> None:
    assert encoder_sha256("intfloat/multilingual-e5-small", folder) != encoder_sha256("encoder", folder)


def test_a_folder_without_weights_is_named(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="no weights"):
        encoder_sha256("encoder", tmp_path)


def test_a_file_that_cannot_be_read_is_named(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(path: Path) -> str:
        raise PermissionError(13, "Permission denied", str(path))

    monkeypatch.setattr(model_files, "file_sha256", refuse)
    with pytest.raises(ModelError, match=r"cannot be read: Permission denied"):
        encoder_sha256("encoder", folder)
