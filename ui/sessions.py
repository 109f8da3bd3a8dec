"""Who is signed in: the table of tokens that Gradio keeps for ever, kept here for so long and no longer."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, MutableMapping
from typing import NamedTuple

from qa.passwords import Secret
from ui.accounts import Accounts


class _Session(NamedTuple):
    name: str
    secret: Secret
    ends: float


class Sessions(MutableMapping[str, str]):
    """Token -> name, while the session lasts; it also ends when the account goes or gets another password."""

    def __init__(self, accounts: Accounts, seconds: float, clock: Callable[[], float] = time.monotonic) -> None:
        self._accounts = accounts
        self._seconds = seconds
        self._clock = clock
        self._sessions: dict[str, _Session] = {}

    def __getitem__(self, token: str) -> str:
        session = self._sessions[token]
        if not self._lasts(session):
            self._sessions.pop(token, None)
            raise KeyError(token)
        return session.name

    def __setitem__(self, token: str, name: str) -> None:
        for old in [old for old, session in self._sessions.items() if not self._lasts(session)]:
            self._sessions.pop(old, None)
        account = self._accounts.find(name)
        if account is not None:
            self._sessions[token] = _Session(name, account.secret, self._clock() + self._seconds)

    def __delitem__(self, token: str) -> None:
        del self._sessions[token]

    def __iter__(self) -> Iterator[str]:
        return iter([token for token, session in self._sessions.items() if self._lasts(session)])

    def __len__(self) -> int:
        return sum(1 for _ in self)

    def _lasts(self, session: _Session) -> bool:
        account = self._accounts.find(session.name)
        return session.ends > self._clock() and account is not None and account.secret == session.secret
