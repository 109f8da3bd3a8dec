"""Everything that can go wrong below the questions, as one tree.

BelegError                  one sentence for the user: what happened, with which value, what mends it
├── SettingsError           a setting is unknown or has an impossible value
├── LoadError               one file could not be read; the build lists it and goes on
├── ModelError              the encoder is missing or is not the one that was expected
├── BuildError              the build stopped; the previous index still serves
│   ├── LockedError         another process is building
│   └── DiskFullError       no space left while writing
└── UnusableIndexError      there is no index that can answer
    ├── NoIndexError        nothing has been built yet
    ├── CorruptIndexError   files of a generation are missing, cut or altered
    └── MismatchError       the index was built with another model or format
"""

from __future__ import annotations

from reprlib import Repr
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pydantic import ValidationError
    from pydantic_core import ErrorDetails

_SHORT = Repr()
_SHORT.maxstring = _SHORT.maxother = 100  # characters
_SHOWN = 3  # problems


class BelegError(Exception):
    """Base of every error that Beleg raises on purpose; its text is what the user sees."""


class SettingsError(BelegError):
    """A setting is unknown or has an impossible value."""


class LoadError(BelegError):
    """One file could not be read as a document; the text is the reason alone, without the path."""


class ModelError(BelegError):
    """The encoder is missing or is not the one that was expected."""


class BuildError(BelegError):
    """The build stopped; the previous index still serves."""


class LockedError(BuildError):
    """Another process is building in the same data directory."""


class DiskFullError(BuildError):
    """No space was left while the new generation was written."""


class UnusableIndexError(BelegError):
    """There is no index that can answer."""


class NoIndexError(UnusableIndexError):
    """Nothing has been built yet in this data directory."""


class CorruptIndexError(UnusableIndexError):
    """Files of a generation are missing, cut or altered."""


class MismatchError(UnusableIndexError):
    """The index was built with another model or another format."""


def problems(error: ValidationError) -> str:
    """What is wrong with the first few values: where each is, what it should be, and what it is, cut if it is long."""
    told = [_problem(one) for one in error.errors()]
    more = f" and {len(told) - _SHOWN} more" if len(told) > _SHOWN else ""
    return "; ".join(told[:_SHOWN]) + more


def _problem(one: ErrorDetails) -> str:
    """As ``data[0].id: Input should be a valid string (got 5)``; an object of which a part is wrong is not shown."""
    place = "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in one["loc"]).lstrip(".")
    within = isinstance(one["input"], dict) and one["type"] in {"missing", "value_error"}
    wrong = one["msg"].removeprefix("Value error, ")
    said = wrong if within else f"{wrong} (got {_SHORT.repr(one['input'])})"
    return f"{place}: {said}" if place else said
