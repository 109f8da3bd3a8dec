"""Who may sign in: the accounts of an auth file, read again whenever it changes, and the one of the settings.

A line is ``name:scrypt$n$r$p$salt$key`` or the same with ``:owner`` behind it; ``beleg password NAME`` makes one.
Blank lines and lines that begin with ``#`` are left out.
"""

from __future__ import annotations

import asyncio
import logging
import stat
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from index.errors import SettingsError
from qa.passwords import Secret, parse_name
from qa.settings import Settings

logger = logging.getLogger(__name__)

_OWNER = "owner"
_TRIED_AT_ONCE = 1  # a password takes 32 MiB and a quarter of a second to try
_OTHERS = stat.S_IRGRP | stat.S_IROTH
_OTHERS_WRITE = stat.S_IWGRP | stat.S_IWOTH
_MAKE_ONE = "Make a line with: beleg password NAME"


@dataclass(frozen=True, slots=True)
class Account:
    """Somebody who may ask, and as an owner also change the index."""

    secret: Secret
    owner: bool


class Accounts:
    """The accounts as they are now; safe to use from several threads."""

    def __init__(self, file: Path | None, fixed: Mapping[str, Account]) -> None:
        self._file = file
        self._fixed = dict(fixed)
        self._state = _state(file)
        self._read = self._fixed | (read_accounts(file, self._fixed) if file else {})
        self._nobody = Secret.of("")  # what an unknown name is tried against, so that it takes as long as a known one
        self._trying = asyncio.Semaphore(_TRIED_AT_ONCE)

    @classmethod
    def of(cls, settings: Settings) -> Accounts | None:
        """Those of the settings, None where there are none.

        Raises:
            SettingsError: user without password or the reverse, or the auth file cannot be used.
        """
        user, password = settings.user, settings.password.get_secret_value() if settings.password else None
        if bool(user) != bool(password):
            raise SettingsError("user and password belong together: set both BELEG_USER and BELEG_PASSWORD, or neither")
        if not (user or settings.auth_file):
            return None
        fixed = {user: Account(Secret.of(password), owner=True)} if user and password else {}
        return cls(settings.auth_file, fixed)

    def find(self, name: str) -> Account | None:
        """The account of this name."""
        self._follow()
        return self._read.get(name)

    async def admit(self, name: str, password: str) -> bool:
        """Whether they may come in; a wrong name takes as long as a wrong password, and no two are tried at once."""
        account = self.find(name)
        async with self._trying:
            right = await asyncio.to_thread((account.secret if account else self._nobody).matches, password)
        return right and account is not None

    def _follow(self) -> None:
        """Read the file again if it has changed; what cannot be read leaves the accounts as they were."""
        state = _state(self._file)
        if self._file is None or state is None or state == self._state:
            return
        self._state = state
        try:
            self._read = self._fixed | read_accounts(self._file, self._fixed)
        except SettingsError as error:
            logger.warning("%s. Until then the accounts stay as they were", error)


def read_accounts(file: Path, taken: Mapping[str, object]) -> dict[str, Account]:
    """The accounts in `file`; none may be called as one that is `taken`.

    Raises:
        SettingsError: it cannot be read, others can write to it, or a line is wrong; the text says where.
    """
    try:
        mode = file.stat().st_mode
        lines = file.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise SettingsError(f"auth file {file} cannot be read: {error}. {_MAKE_ONE} > {file}") from error
    if mode & _OTHERS_WRITE:
        raise SettingsError(f"auth file {file} can be changed by others on this machine. Run: chmod 600 {file}")
    if mode & _OTHERS:
        logger.warning("notice: auth file %s can be read by others on this machine; chmod 600 keeps it private", file)
    accounts: dict[str, Account] = {}
    for where, name, account in _parsed(file, lines):
        if name in accounts or name in taken:
            raise SettingsError(f"{where}: there is a second account {name!r}. Keep one of them")
        accounts[name] = account
    if not accounts:
        raise SettingsError(f"auth file {file} has no account. {_MAKE_ONE} >> {file}")
    return accounts


def _parsed(file: Path, lines: list[str]) -> Iterator[tuple[str, str, Account]]:
    """Place, name and account of each line that has one."""
    for number, line in enumerate(lines, 1):
        if not line.strip() or line.startswith("#"):
            continue
        where = f"{file}:{number}"
        name, _, rest = line.strip().partition(":")
        secret, _, role = rest.partition(":")
        if role not in {"", _OWNER}:
            raise SettingsError(f"{where}: behind a name and its password only :owner can stand. {_MAKE_ONE}")
        try:
            yield where, parse_name(name), Account(Secret.parse(secret), role == _OWNER)
        except (SettingsError, ValueError) as error:
            raise SettingsError(f"{where}: {error}. {_MAKE_ONE}") from error


def _state(file: Path | None) -> tuple[int, int, int] | None:
    """Changes whenever the file does; None while it is not there, as while an editor replaces it."""
    try:
        found = file.stat() if file else None
    except OSError:
        return None
    return (found.st_mtime_ns, found.st_size, found.st_ino) if found else None
