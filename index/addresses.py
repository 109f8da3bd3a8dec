"""Web addresses that Beleg may fetch from, and one request to one, which cannot reach into the user's own network.

What a resolver answers is judged, not how a host is written: odd spellings of an address hide nothing. What was judged
is what is connected to. The table of networks is our own, since that of `ipaddress` differs between releases of Python.
"""

from __future__ import annotations

import gzip
import io
import socket
import zlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from http import HTTPStatus
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address
from typing import TYPE_CHECKING
from urllib.parse import urljoin

from index.errors import LoadError

if TYPE_CHECKING:
    import httpx  # where it runs, imported in functions: a quarter of a second, which only those who fetch wait for

IPAddress = IPv4Address | IPv6Address
Resolve = Callable[[str], Sequence[IPAddress]]
"""Gives all addresses of a host, the best first; raises `OSError` or `ValueError` where it has none."""

MAX_BYTES = 10_000_000
STEP_SECONDS = 10.0
SAVE_IT = "Save the page in your browser and index the file"

_MAX_SHOWN = 200
# Below 1024 are mail, files and the like, which a crafted address could make talk; above, a web server may be anywhere.
_WEB_PORTS = frozenset({None, 80, 443, *range(1024, 65_536)})

_NOT_PUBLIC_4 = (
    IPv4Network("0.0.0.0/8"),  # this network, and unspecified
    IPv4Network("10.0.0.0/8"),  # private
    IPv4Network("100.64.0.0/10"),  # carrier-grade NAT
    IPv4Network("127.0.0.0/8"),  # loopback
    IPv4Network("169.254.0.0/16"),  # link-local, where clouds keep their metadata
    IPv4Network("172.16.0.0/12"),  # private
    IPv4Network("192.0.0.0/24"),  # protocol assignments
    IPv4Network("192.0.2.0/24"),  # documentation
    IPv4Network("192.88.99.0/24"),  # 6to4 relays, deprecated
    IPv4Network("192.168.0.0/16"),  # private
    IPv4Network("198.18.0.0/15"),  # benchmarks
    IPv4Network("198.51.100.0/24"),  # documentation
    IPv4Network("203.0.113.0/24"),  # documentation
    IPv4Network("224.0.0.0/4"),  # multicast
    IPv4Network("240.0.0.0/4"),  # reserved, and broadcast
)
_GLOBAL_6 = IPv6Network("2000::/3")  # all outside it is local, multicast, reserved, or stands for an IPv4 address
_NOT_PUBLIC_6 = (
    IPv6Network("2001::/23"),  # protocol assignments, Teredo among them
    IPv6Network("2001:db8::/32"),  # documentation
    IPv6Network("2002::/16"),  # 6to4, deprecated: no news come from there
    IPv6Network("3fff::/20"),  # documentation
)
_IPV4_IN_6 = (IPv6Network("::ffff:0:0/96"), IPv6Network("64:ff9b::/96"))  # mapped; NAT64, all that some networks have


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back from `url`; `body`, decoded, is there only where the status is 200."""

    url: httpx.URL
    status: int
    headers: httpx.Headers
    charset: str
    body: bytes


def system_resolve(host: str) -> tuple[IPAddress, ...]:
    """All addresses that the system's resolver gives for `host`, in its order: reachable ones first.

    Raises:
        OSError: it has none.
        UnicodeError: it is no host name.
    """
    found = socket.getaddrinfo(host, None, type=socket.SOCK_STREAM)
    return tuple(dict.fromkeys(ip_address(str(socket_address[0])) for *_, socket_address in found))


def is_public(address: IPAddress) -> bool:
    """Whether `address`, or the IPv4 address that it stands for, is one of the public internet's hosts."""
    if any(address in network for network in _IPV4_IN_6):
        address = IPv4Address(int(address) & 0xFFFFFFFF)
    if isinstance(address, IPv4Address):
        return not any(address in network for network in _NOT_PUBLIC_4)
    return address in _GLOBAL_6 and not any(address in network for network in _NOT_PUBLIC_6)


def refusal(url: object, reason: str) -> LoadError:
    """The error that says why `url` was not fetched, in one printable line."""
    shown = str(url)
    line = f"{shown[:_MAX_SHOWN]}{'…' * (len(shown) > _MAX_SHOWN)}: {reason}"
    return LoadError("".join(char if char.isprintable() else "\N{REPLACEMENT CHARACTER}" for char in line))


def web_address(text: str, base: str = "") -> httpx.URL:
    """`text`, which may be relative to `base`, without fragment.

    Raises:
        LoadError: it is not one that Beleg fetches from.
    """
    import httpx

    try:
        url = httpx.URL(urljoin(base, text)).copy_with(fragment=None)
    except (httpx.InvalidURL, ValueError) as error:
        raise refusal(text, f"not a web address ({error}). Correct it") from error
    if url.userinfo:
        raise refusal(url.copy_with(userinfo=b""), "it came with a user name or password, which Beleg never sends")
    if url.scheme not in {"http", "https"} or not url.raw_host:
        raise refusal(url, "not an address that begins with http:// or https:// and a host. Correct it")
    if url.port not in _WEB_PORTS:
        raise refusal(url, f"port {url.port} is not one of the web. Beleg uses 80, 443, and those from 1024 on")
    return url


def checked(url: httpx.URL, resolve: Resolve, allowed: Callable[[IPAddress], bool]) -> IPAddress:
    """The network address to connect to for `url`.

    Raises:
        LoadError: one of its host's addresses is forbidden, or it has none.
    """
    try:
        addresses = resolve(url.raw_host.decode("ascii"))
    except (OSError, ValueError) as error:
        raise refusal(url, f"its host was not found ({error}). Check the address and your connection") from error
    for address in addresses:
        if not allowed(address):
            raise refusal(url, f"its host is at {address}, which is not public: Beleg fetches from the internet alone")
    if not addresses:
        raise refusal(url, "its host has no network address. Check the address and your connection")
    return addresses[0]


async def request(url: httpx.URL, address: IPAddress, agent: str) -> Answer:
    """What the host of `url` answers at `address`, whatever its status.

    Raises:
        LoadError: no answer came, or it is too large or damaged.
    """
    import httpx

    headers = {"Host": url.netloc.decode("ascii"), "User-Agent": agent, "Accept-Encoding": "gzip"}
    own_name = {"sni_hostname": url.raw_host.decode("ascii")}  # which the certificate has to be for
    # Each request has a client of its own: no cookies are kept, and no connection whose certificate was checked for
    # one host serves another host at the same address. Proxies of the environment would resolve by themselves.
    client = httpx.AsyncClient(trust_env=False, timeout=STEP_SECONDS)
    pinned = client.stream("GET", url.copy_with(host=str(address)), headers=headers, extensions=own_name)
    try:
        async with client, pinned as got:
            body = await _body(url, got) if got.status_code == HTTPStatus.OK else b""
    except httpx.TimeoutException as error:
        raise refusal(url, f"nothing came for {STEP_SECONDS:g} s. Check your connection, or try later") from error
    except (httpx.HTTPError, ValueError) as error:  # the latter where a redirect names an impossible host
        raise refusal(url, f"no usable answer came ({error}). Check the address, or try later") from error
    return Answer(url, got.status_code, got.headers, got.charset_encoding or "", body)


async def _body(url: httpx.URL, response: httpx.Response) -> bytes:
    body = bytearray()
    async for piece in response.aiter_raw():  # not decoded, since a few bytes may stand for gigabytes
        body += piece
        _refuse_large(url, body)
    return _decoded(url, bytes(body), response.headers.get("content-encoding", "").strip().lower())


def _decoded(url: httpx.URL, body: bytes, coding: str) -> bytes:
    if coding in {"", "identity"}:
        return body
    if coding not in {"gzip", "x-gzip"}:
        raise refusal(url, f"compressed as {coding}, which Beleg did not ask for. {SAVE_IT}")
    try:
        plain = gzip.GzipFile(fileobj=io.BytesIO(body)).read(MAX_BYTES + 1)
    except (OSError, EOFError, zlib.error) as error:
        raise refusal(url, f"damaged on its way ({error}). Try later") from error
    _refuse_large(url, plain)
    return plain


def _refuse_large(url: httpx.URL, body: bytes | bytearray) -> None:
    if len(body) > MAX_BYTES:
        raise refusal(url, f"larger than {MAX_BYTES / 1e6:g} MB, the most that Beleg fetches. {SAVE_IT}")
