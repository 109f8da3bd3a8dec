"""Dates as pages, feeds and exports write them, brought into the one form that `index.load.metadata` checks.

Only what a machine wrote is read: ISO 8601 in its variants, RFC 2822 (feeds, mail), seconds since 1970. Nothing is
completed: a date without a time stays one, a time without a zone has none.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

_ISO = re.compile(
    r"(?P<day>\d{4}-\d{2}-\d{2})[T ](?P<time>\d{2}:\d{2}(?::\d{2})?)(?:[.,]\d+)?"
    r" ?(?P<zone>Z|UTC|GMT|[+-]\d{2}:?\d{2})?",
    re.IGNORECASE,
)
_SECONDS = re.compile(r"\d{9,10}(?:\d{3})?")  # with three more digits, milliseconds
_SECONDS_DIGITS = 10


def iso(written: str) -> str:
    """`written` as an ISO 8601 prefix, as precise as it was; unchanged where it is of no known form."""
    text = " ".join(written.split())
    if match := _ISO.fullmatch(text):
        return f"{match['day']}T{match['time']}{_zone(match['zone'] or '')}"
    if _SECONDS.fullmatch(text):
        return f"{datetime.fromtimestamp(int(text[:_SECONDS_DIGITS]), UTC):%Y-%m-%dT%H:%M:%SZ}"
    try:
        moment = parsedate_to_datetime(text)
    except (ValueError, TypeError, IndexError, OverflowError):
        return written
    return moment.isoformat(timespec="seconds").replace("+00:00", "Z")


def _zone(written: str) -> str:
    if written.upper() in {"Z", "UTC", "GMT"}:
        return "Z"
    return f"{written[:3]}:{written[-2:]}" if written else ""
