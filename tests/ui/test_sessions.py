from __future__ import annotations

from pathlib import Path

import pytest

from qa.passwords import account_line
from qa.settings import Settings
from ui.accounts import Accounts
from ui.sessions import Sessions


class Clock:
    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "accounts"
    write(path, account_line("ada", "ada's password", owner=True), account_line("bob", "bob's password", owner=False))
    return path


def write(path: Path, *lines: str) -> None:
    fresh = path.with_suffix(".new")
    fresh.write_text("\n".join(lines), encoding="utf-8")
    fresh.chmod(0o600)
    fresh.replace(path)


def opened(file: Path, clock: Clock) -> Sessions:
    accounts = Accounts.of(Settings.load(auth_file=file))
    assert accounts is not None
    return Sessions(accounts, 3600, clock)


def test_a_session_ends_when_its_time_is_over(file: Path) -> None:
    clock = Clock()
    sessions = opened(file, clock)
    sessions["one"] = "ada"
    clock.now += 3599
    assert sessions.get("one") == "ada"
    clock.now += 1
    assert sessions.get("one") is None
    assert "one" not in sessions


def test_a_session_ends_when_the_account_goes_or_gets_another_password(file: Path) -> None:
    sessions = opened(file, Clock())
    sessions["a"], sessions["b"] = "ada", "bob"
    ada, _ = file.read_text().splitlines()
    write(file, ada)
    assert dict(sessions) == {"a": "ada"}
    write(file, account_line("ada", "another password", owner=True))
    assert sessions.get("a") is None


def test_signing_out_ends_only_that_session(file: Path) -> None:
    sessions = opened(file, Clock())
    sessions["a"], sessions["b"] = "ada", "bob"
    del sessions["a"]
    assert dict(sessions) == {"b": "bob"}


def test_what_is_over_is_not_kept(file: Path) -> None:
    clock = Clock()
    sessions = opened(file, clock)
    for number in range(50):
        sessions[str(number)] = "ada"
        clock.now += 3600
    assert len(sessions._sessions) == 1


def test_nobody_without_an_account_gets_a_session(file: Path) -> None:
    sessions = opened(file, Clock())
    sessions["one"] = "eve"
    assert sessions.get("one") is None
