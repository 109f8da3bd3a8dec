"""Names and addresses of machines, as requests give them."""

from __future__ import annotations

import ipaddress
from urllib.parse import urlsplit

_CUSTOMER = 64  # bits of an IPv6 address that a provider gives one customer


def is_loopback(host: str) -> bool:
    """Whether only this machine reaches `host`; a name other than ``localhost`` counts as open to others."""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def hostname(authority: str) -> str:
    """The host of a ``Host`` header or an origin, without port and brackets; empty where there is none."""
    try:
        return urlsplit(authority if "://" in authority else f"//{authority}").hostname or ""
    except ValueError:
        return ""


def is_same_site(origin: str, host: str) -> bool:
    """Whether a page of `origin` may speak to `host`: they are one name, or both this machine."""
    theirs, ours = hostname(origin), hostname(host)
    return bool(theirs) and (theirs == ours or (is_loopback(theirs) and is_loopback(ours)))


def network(host: str) -> str:
    """What of an address stands for one client: all of IPv4, the customer's network of IPv6."""
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        return host
    if isinstance(address, ipaddress.IPv4Address):
        return host
    return str(ipaddress.ip_network((address, _CUSTOMER), strict=False))
