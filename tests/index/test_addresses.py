"""Which addresses are public, however a private one is hidden in another."""

from __future__ import annotations

from collections.abc import Callable
from ipaddress import IPv4Address, IPv4Network, IPv6Address, ip_address

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.addresses import IPAddress, is_public


@pytest.mark.parametrize(
    "address",
    [
        *("0.1.2.3", "10.255.255.255", "100.64.0.1", "100.127.255.255", "127.0.0.1", "127.255.255.254"),
        *("169.254.169.254", "172.16.0.1", "172.31.255.255", "192.0.0.8", "192.0.2.1", "192.88.99.1", "192.168.0.1"),
        *("198.18.0.1", "198.19.255.255", "198.51.100.1", "203.0.113.1", "224.0.0.1", "239.255.255.255", "240.0.0.1"),
        "0.0.0.0",  # noqa: S104 - nothing binds to it
        *("255.255.255.255", "::", "::1", "::7f00:1", "::ffff:10.0.0.1", "::ffff:0:10.0.0.1", "64:ff9b::a00:1"),
        *("64:ff9b:1::1", "64:ff9b:1:a00:0:100::", "100::1", "2001::1", "2001:2::1", "2001:10::1", "2001:db8::1"),
        *("2002:a00:1::", "2002:808:808::", "3fff::1", "5f00::1", "fc00::1", "fd00:ec2::254", "fe80::1", "fe80::1%1"),
        *("fec0::1", "ff02::1", "ff0e::1"),
    ],
)
def test_addresses_that_are_not_public(address: str) -> None:
    assert not is_public(ip_address(address))


@pytest.mark.parametrize(
    "address",
    [
        *("1.1.1.1", "8.8.8.8", "100.63.255.255", "100.128.0.1", "172.15.255.255", "172.32.0.1", "192.0.1.1"),
        *("198.17.255.255", "223.255.255.255", "2001:4860:4860::8888", "2606:4700::1111", "2a00:1450::1", "2003::1"),
        *("::ffff:8.8.8.8", "64:ff9b::808:808"),
    ],
)
def test_addresses_that_are(address: str) -> None:
    assert is_public(ip_address(address))


PRIVATE = [
    IPv4Network(net) for net in ("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "127.0.0.0/8", "169.254.0.0/16")
]
EMBEDDINGS: list[Callable[[int], IPAddress]] = [
    IPv4Address,
    IPv6Address,  # ::a.b.c.d
    lambda value: IPv6Address(0xFFFF << 32 | value),  # ::ffff:a.b.c.d
    lambda value: IPv6Address(0xFFFF << 48 | value),  # ::ffff:0:a.b.c.d
    lambda value: IPv6Address(0x64FF9B << 96 | value),  # 64:ff9b::a.b.c.d
    lambda value: IPv6Address(0x64FF9B0001 << 80 | value),  # 64:ff9b:1::a.b.c.d
    lambda value: IPv6Address(0x2002 << 112 | value << 80),  # 6to4
    lambda value: IPv6Address(0x20010000 << 96 | value ^ 0xFFFFFFFF),  # Teredo, the client
    lambda value: IPv6Address(0x20010000 << 96 | value << 64),  # Teredo, the server
]


@given(st.sampled_from(PRIVATE).flatmap(lambda net: st.ip_addresses(network=net)), st.sampled_from(EMBEDDINGS))
def test_no_embedding_makes_a_private_address_public(
    address: IPv4Address, embedded: Callable[[int], IPAddress]
) -> None:
    assert not is_public(embedded(int(address)))
