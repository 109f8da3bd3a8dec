from __future__ import annotations

import asyncio
import logging
from pathlib import Path

import pytest

from index.errors import SettingsError
from qa.passwords import account_line
from qa.settings import Settings
from ui.accounts import Accounts

ADA = account_line("ada", "ada's password", owner=True)
BOB = account_line("bob", "bob's password", owner=False)


def written(folder: Path, *lines: str, mode: int = 0o600) -> Path:
    file = folder / "accounts"
    fresh = folder / "accounts.new"
    fresh.write_text("\n".join(lines) + "\n", encoding="utf-8")
    fresh.chmod(mode)
    fresh.replace(file)
    return file


def opened(file: Path, **more: str) -> Accounts:
    accounts = Accounts.of(Settings.load(auth_file=file, **more))
    assert accounts is not None
    return accounts


def admitted(accounts: Accounts, name: str, password: str) -> bool:
    return asyncio.run(accounts.admit(name, password))


def test_who_knows_the_password_is_admitted_and_nobody_else(tmp_path: Path) -> None:
    accounts = opened(written(tmp_path, "# the team", "", ADA, BOB))
    assert admitted(accounts, "ada", "ada's password")
    assert admitted(accounts, "bob", "bob's password")
    assert not admitted(accounts, "ada", "bob's password")
    assert not admitted(accounts, "eve", "")
    assert not admitted(accounts, "", "")


def test_only_who_is_marked_as_one_is_an_owner(tmp_path: Path) -> None:
    accounts = opened(written(tmp_path, ADA, BOB))
    assert [accounts.find(name) is not None and accounts.find(name).owner for name in ("ada", "bob", "eve")] == [  # type: ignore[union-attr]
        True,
        False,
        False,
    ]


def test_who_is_removed_from_the_file_is_out_and_who_is_added_is_in(tmp_path: Path) -> None:
    accounts = opened(written(tmp_path, ADA))
    written(tmp_path, BOB)
    assert accounts.find("ada") is None
    assert admitted(accounts, "bob", "bob's password")


@pytest.mark.parametrize("broken", ["bob", ""])
def test_a_file_that_becomes_unreadable_leaves_the_accounts_as_they_were(
    tmp_path: Path, caplog: pytest.LogCaptureFixture, broken: str
) -> None:
    accounts = opened(written(tmp_path, ADA))
    file = written(tmp_path, broken)
    assert accounts.find("ada") is not None
    assert str(file) in caplog.text
    file.unlink()
    assert accounts.find("ada") is not None
    written(tmp_path, BOB)
    assert accounts.find("ada") is None


def test_user_and_password_of_the_settings_are_an_owner_beside_the_file(tmp_path: Path) -> None:
    accounts = opened(written(tmp_path, BOB), user="ada", password="secret")  # noqa: S106 - not one
    assert admitted(accounts, "ada", "secret")
    assert accounts.find("ada").owner  # type: ignore[union-attr]
    assert admitted(accounts, "bob", "bob's password")


@pytest.mark.parametrize(
    ("lines", "said"),
    [
        ([ADA, "bob"], r"accounts:2: not of the form scrypt"),
        ([ADA, "", "bob:secret"], r"accounts:3: not of the form scrypt"),
        ([ADA, ADA], r"accounts:2: there is a second account 'ada'"),
        ([f"{BOB}:admin"], r"accounts:1: behind a name and its password only :owner can stand"),
        ([f" {BOB}", BOB.removeprefix("bob")], r"accounts:2: '' cannot name an account"),
        (["# nobody"], r"has no account"),
    ],
)
def test_a_wrong_line_is_named_with_its_place(tmp_path: Path, lines: list[str], said: str) -> None:
    with pytest.raises(SettingsError, match=said):
        opened(written(tmp_path, *lines))


def test_a_name_of_the_settings_cannot_stand_in_the_file_too(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="second account 'ada'"):
        opened(written(tmp_path, ADA), user="ada", password="secret")  # noqa: S106 - not one


def test_a_file_that_is_not_there_or_no_text_is_named(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match=r"nowhere cannot be read"):
        opened(tmp_path / "nowhere")
    (tmp_path / "bytes").write_bytes(b"\xff\xfe")
    with pytest.raises(SettingsError, match=r"bytes cannot be read"):
        opened(tmp_path / "bytes")


def test_a_file_that_others_can_change_is_refused_and_one_that_they_can_read_is_said(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.WARNING)
    opened(written(tmp_path, ADA))
    assert not caplog.records
    opened(written(tmp_path, ADA, mode=0o644))
    assert "can be read by others" in caplog.text
    with pytest.raises(SettingsError, match="can be changed by others"):
        opened(written(tmp_path, ADA, mode=0o666))


def test_without_any_there_are_none() -> None:
    assert Accounts.of(Settings.load()) is None


@pytest.mark.parametrize("given", [{"user": "ada"}, {"password": "hunter2"}, {"user": "ada", "password": ""}])
def test_half_a_credential_is_none_and_is_not_shown(given: dict[str, str]) -> None:
    with pytest.raises(SettingsError, match="belong together") as caught:
        Accounts.of(Settings.load(**given))
    assert "hunter2" not in str(caught.value)
