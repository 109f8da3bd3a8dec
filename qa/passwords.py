"""Passwords as an auth file keeps them: ``scrypt$n$r$p$salt$key``, salt and key in URL-safe base64.

The cost stands in each line, so that a later version can raise it and old lines still work.
"""

from __future__ import annotations

import hashlib
import hmac
import re
import secrets
from base64 import urlsafe_b64decode, urlsafe_b64encode
from dataclasses import dataclass

from index.errors import SettingsError

_SCHEME = "scrypt"
_SALT_BYTES = 16
_KEY_BYTES = 32
_WEAKEST, _DEAREST = 2**14, 2**17  # n; below it guessing is cheap, above it one attempt takes 128 MiB
_MAX_P = 16
_R = 8
_FEWEST_CHARS = 10
_NAME = re.compile(r"[^\s:#][^:\n\r]{0,62}[^\s:]|[^\s:#]")


@dataclass(frozen=True, slots=True)
class Secret:
    """What is kept of a password, and what it costs to try one: see RFC 7914 for `n`, `r` and `p`."""

    n: int
    r: int
    p: int
    salt: bytes
    key: bytes

    @classmethod
    def of(cls, password: str) -> Secret:
        """A new secret at today's cost (OWASP, 2025: 32 MiB and about a quarter of a second)."""
        salt = secrets.token_bytes(_SALT_BYTES)
        unkeyed = cls(2**15, _R, 3, salt, b"")
        return cls(unkeyed.n, unkeyed.r, unkeyed.p, salt, unkeyed.derived(password))

    @classmethod
    def parse(cls, text: str) -> Secret:
        """What `str` wrote.

        Raises:
            ValueError: it is something else, or its cost is too low to protect or too high to pay.
        """
        scheme, *fields = text.split("$")
        if scheme != _SCHEME or len(fields) != len(cls.__slots__):
            raise ValueError("not of the form scrypt$n$r$p$salt$key")
        n, r, p = map(int, fields[:3])
        secret = cls(n, r, p, urlsafe_b64decode(fields[3]), urlsafe_b64decode(fields[4]))
        if not (_WEAKEST <= n <= _DEAREST and n.bit_count() == 1 and r == _R and 1 <= p <= _MAX_P):
            raise ValueError(f"cost n={n} r={r} p={p}: n is a power of two from {_WEAKEST} to {_DEAREST}, r {_R}")
        if len(secret.salt) < _SALT_BYTES or len(secret.key) != _KEY_BYTES:
            raise ValueError("salt or key was cut off")
        return secret

    def matches(self, password: str) -> bool:
        """Whether it is this password; takes the same time whatever differs."""
        return hmac.compare_digest(self.derived(password), self.key)

    def derived(self, password: str) -> bytes:
        """The key of any password under this salt and cost."""
        data = password.encode("utf-8", "surrogatepass")
        memory = 128 * self.r * (self.n + self.p + 2)
        return hashlib.scrypt(data, salt=self.salt, n=self.n, r=self.r, p=self.p, maxmem=memory, dklen=_KEY_BYTES)

    def __str__(self) -> str:
        salt, key = (urlsafe_b64encode(part).decode("ascii") for part in (self.salt, self.key))
        return f"{_SCHEME}${self.n}${self.r}${self.p}${salt}${key}"


def parse_name(text: str) -> str:
    """The name of an account.

    Raises:
        SettingsError: it cannot be one.
    """
    if not (_NAME.fullmatch(text) and text.isprintable()):
        raise SettingsError(
            f"{text!r} cannot name an account: 1 to 64 characters, no colon, no space at either end, no # in front"
        )
    return text


def parse_password(text: str) -> str:
    """A password that may be set.

    Raises:
        SettingsError: it is too short to protect anything.
    """
    if len(text) < _FEWEST_CHARS:
        raise SettingsError(f"a password of {len(text)} characters is too easily guessed; take {_FEWEST_CHARS} or more")
    return text


def account_line(name: str, password: str, *, owner: bool) -> str:
    """The line of an auth file for this account."""
    return f"{name}:{Secret.of(password)}{':owner' if owner else ''}"
