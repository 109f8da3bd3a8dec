"""Accounts from the command line: a line for an auth file, and what `beleg serve` says of a file that it cannot use."""

from __future__ import annotations

import os
import pty
import subprocess
import sys
from pathlib import Path

import pytest

from qa.passwords import Secret

ROOT = Path(__file__).parent.parent.parent


def beleg(*arguments: str, piped: str = "") -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "qa.cli", *arguments],
        input=piped, capture_output=True, text=True, check=False, cwd=ROOT,
    )  # fmt: skip


@pytest.mark.parametrize(("flags", "role"), [([], []), (["--owner"], ["owner"])])
def test_a_password_becomes_the_line_of_an_account(flags: list[str], role: list[str]) -> None:
    done = beleg("password", "ada", *flags, piped="correct horse\n")
    name, secret, *rest = done.stdout.strip().split(":")
    assert (done.returncode, name, rest) == (0, "ada", role)
    assert Secret.parse(secret).matches("correct horse")
    assert "correct horse" not in done.stdout + done.stderr


@pytest.mark.parametrize(
    ("name", "piped", "said"),
    [("ada", "short\n", "5 characters"), ("ada", "", "0 characters"), ("a:b", "correct horse\n", "cannot name")],
)
def test_what_cannot_be_an_account_is_refused(name: str, piped: str, said: str) -> None:
    done = beleg("password", name, piped=piped)
    assert done.returncode == 2
    assert said in done.stderr
    assert done.stdout == ""


def test_at_a_terminal_the_password_is_asked_for_twice_and_never_shown() -> None:
    ours, theirs = pty.openpty()
    with subprocess.Popen(
        [sys.executable, "-m", "qa.cli", "password", "ada"],
        stdin=theirs, stdout=subprocess.PIPE, stderr=theirs, cwd=ROOT, start_new_session=True,
    ) as asking:  # fmt: skip
        os.close(theirs)
        shown = b""
        for prompt in (b"Password: ", b"confirmation: "):
            while not shown.endswith(prompt):
                shown += os.read(ours, 1000)
            os.write(ours, b"correct horse\n")
        assert asking.stdout is not None
        line = asking.stdout.read().decode().strip()
        assert asking.wait(60) == 0
    os.close(ours)
    assert Secret.parse(line.removeprefix("ada:")).matches("correct horse")
    assert b"correct" not in shown


def test_serving_says_which_line_of_an_auth_file_is_wrong(tmp_path: Path) -> None:
    file = tmp_path / "accounts"
    file.write_text("# the team\nada:secret\n", encoding="utf-8")
    file.chmod(0o600)
    done = beleg("serve", "--host", "0.0.0.0", "--auth-file", str(file))  # noqa: S104 - never bound
    assert done.returncode == 2
    assert f"{file}:2: not of the form scrypt" in done.stderr
    assert "secret" not in done.stderr
