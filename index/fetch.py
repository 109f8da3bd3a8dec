"""A page or feed from the web, fetched once and stored as a file, which is indexed like any saved page from then on.

A URL may come from anywhere, so nothing that it leads to is trusted: each step, redirects and ``robots.txt`` included,
is checked from the start (`index.addresses`), and its size and the time of all are limited. What ``robots.txt`` means
is by RFC 9309.
"""

from __future__ import annotations

import asyncio
import os
import re
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass
from functools import cache, partial
from hashlib import sha256
from http import HTTPStatus
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.robotparser import RobotFileParser

from index.addresses import (
    SAVE_IT,
    Answer,
    IPAddress,
    Resolve,
    checked,
    is_public,
    refusal,
    request,
    system_resolve,
    web_address,
)
from index.errors import LoadError
from index.generation import beleg_version
from index.load.decode import decoded_as

if TYPE_CHECKING:
    import httpx

MAX_REDIRECTS = 5
MAX_ROBOTS_BYTES = 500_000
TOTAL_SECONDS = 20.0

_AGENT = "Beleg"
_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_SUFFIXES = {"html": ".html", "rss": ".xml", "feed": ".xml", "rdf:rdf": ".xml"}
_KINDS = (("html", ".html"), ("xml", ".xml"), ("json", ".json"), ("text/plain", ".txt"))
_BEGINNINGS = {b"<": ".html", b"{": ".json", b"[": ".json"}
_ROOT = re.compile(rb"(?:\xef\xbb\xbf)?\s*(?:<[?!][^>]*>\s*)*<([\w:]+)")
_HEAD_BYTES = 4096

_Locate = Callable[["httpx.URL"], IPAddress]
"""Gives the checked network address to connect to."""


@dataclass(frozen=True, slots=True)
class Fetched:
    """What was fetched from `url`; `content_type` and `charset` as the server states them, lower case, or empty."""

    url: str
    final_url: str
    content_type: str
    charset: str
    body: bytes


def fetch(url: str, *, resolve: Resolve = system_resolve, allowed: Callable[[IPAddress], bool] = is_public) -> Fetched:
    """What is at `url`; not to be called where an event loop runs.

    Args:
        url: where it is; a fragment is left out.
        resolve: gives a host's addresses; it is asked once for each host.
        allowed: whether an address may be connected to.

    Raises:
        LoadError: it could not or must not be fetched; the text says which and why, in one line.
    """
    asked = web_address(url)
    # Asked once, a name server cannot give a public address to the check and another one later.
    answer = asyncio.run(_in_time(asked, partial(checked, resolve=cache(resolve), allowed=allowed)))
    content_type = answer.headers.get("content-type", "").partition(";")[0].strip().lower()
    return Fetched(str(asked), str(answer.url), content_type, answer.charset.lower(), answer.body)


def store(fetched: Fetched, folder: Path) -> Path:
    """Write what was fetched into `folder`, in place of what its URL gave before, as a file that `index.load` reads.

    Raises:
        LoadError: it is of a kind that Beleg does not read.
        OSError: it cannot be written; what was there before stays.
    """
    name = sha256(fetched.url.encode()).hexdigest()
    path = folder / f"{name}{_suffix(fetched)}"
    partial_file = folder / f".{path.name}"  # hidden, so that what a kill leaves behind is never indexed
    folder.mkdir(parents=True, exist_ok=True)
    with partial_file.open("wb") as file:
        file.write(_standing_alone(fetched))
        file.flush()
        os.fsync(file.fileno())
    partial_file.replace(path)
    for former in set(folder.glob(f"{name}.*")) - {path}:  # the URL gave something of another kind then
        former.unlink()
    return path


async def _in_time(url: httpx.URL, locate: _Locate) -> Answer:
    try:
        async with asyncio.timeout(TOTAL_SECONDS):  # also ends a server that sends a byte now and then
            return await _followed(url, partial(_page, locate=locate))
    except TimeoutError as error:
        raise refusal(url, f"not done after {TOTAL_SECONDS:g} s. Try later, or save the page and index it") from error


async def _followed(
    url: httpx.URL, visit: Callable[[httpx.URL], Awaitable[Answer]], left: int = MAX_REDIRECTS
) -> Answer:
    """What `url` leads to in the end."""
    answer = await visit(url)
    if not _redirects(answer):
        return answer
    if not left:
        raise refusal(url, f"it redirects once more, after {MAX_REDIRECTS} times. {SAVE_IT}")
    try:
        return await _followed(_target(answer), visit, left - 1)
    except LoadError as error:
        raise refusal(url, f"it redirects to {error}") from error


def _redirects(answer: Answer) -> bool:
    return answer.status in _REDIRECTS and "location" in answer.headers


def _target(answer: Answer) -> httpx.URL:
    target = web_address(answer.headers["location"], base=str(answer.url))
    if (answer.url.scheme, target.scheme) == ("https", "http"):
        raise refusal(target, f"not encrypted, unlike what leads there. {SAVE_IT}")
    return target


async def _page(url: httpx.URL, locate: _Locate) -> Answer:
    locate(url)  # first, so that a refusal names the page and not its robots.txt
    await _heed_robots(url, locate)
    answer = await _got(url, locate)
    if answer.status != HTTPStatus.OK and not _redirects(answer):
        raise refusal(url, f"the server answered with status {answer.status}. Check the address, or try later")
    return answer


async def _got(url: httpx.URL, locate: _Locate) -> Answer:
    return await request(url, locate(url), f"{_AGENT}/{beleg_version()} (+one page for its reader; heeds robots.txt)")


async def _heed_robots(url: httpx.URL, locate: _Locate) -> None:
    try:
        robots = await _followed(web_address("/robots.txt", base=str(url)), partial(_got, locate=locate))
        permitted = _permits(robots, url)
    except LoadError as error:
        raise refusal(url, f"not fetched, since what its site allows is unknown: {error}") from error
    if not permitted:
        raise refusal(url, f"the robots.txt of its site forbids programs to fetch it. {SAVE_IT}")


def _permits(robots: Answer, url: httpx.URL) -> bool:
    if HTTPStatus.BAD_REQUEST <= robots.status < HTTPStatus.INTERNAL_SERVER_ERROR:
        return True
    if robots.status != HTTPStatus.OK:
        raise refusal(robots.url, f"the server answered with status {robots.status}. Try later")
    rules = RobotFileParser()
    try:
        rules.parse(robots.body[:MAX_ROBOTS_BYTES].decode("utf-8-sig", "replace").splitlines())
        return rules.can_fetch(_AGENT, str(url))
    except ValueError as error:  # what the parser takes for a number or a URL, and is none
        raise refusal(robots.url, f"it cannot be understood ({error}). {SAVE_IT}") from error


def _suffix(fetched: Fetched) -> str:
    """By its outermost element, since feeds are often called pages, else by what the server says, else by a guess."""
    root = _ROOT.match(fetched.body[:_HEAD_BYTES])
    own = _SUFFIXES.get(root[1].decode("latin-1").lower()) if root else None
    stated = (suffix for kind, suffix in _KINDS if kind in fetched.content_type)
    if suffix := own or next(stated, None):
        return suffix
    if fetched.content_type:
        raise refusal(fetched.url, f"it is {fetched.content_type}. Beleg fetches pages, feeds, JSON and plain text")
    return _BEGINNINGS.get(fetched.body.lstrip()[:1], ".txt")


def _standing_alone(fetched: Fetched) -> bytes:
    """The body, in UTF-8 with its mark where only the server's header says how it is written, which a file has not."""
    if fetched.body.startswith(b"<?xml"):  # it says so itself
        return fetched.body
    with suppress(UnicodeDecodeError):
        fetched.body.decode("utf-8")
        return fetched.body
    with suppress(LookupError, ValueError):
        return decoded_as(fetched.body, fetched.charset).encode("utf-8-sig")
    return fetched.body
