from __future__ import annotations

import pytest

from ui.hosts import hostname, is_loopback, is_same_site, network


@pytest.mark.parametrize("host", ["127.0.0.1", "127.8.8.8", "::1", "localhost"])
def test_these_are_this_machine(host: str) -> None:
    assert is_loopback(host)


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.168.1.2", "example.org", "localhost.example.org", ""])  # noqa: S104 - that is the point
def test_these_are_not(host: str) -> None:
    assert not is_loopback(host)


@pytest.mark.parametrize(
    ("authority", "name"),
    [
        ("beleg.example:8080", "beleg.example"),
        ("[::1]:7860", "::1"),
        ("https://Beleg.example", "beleg.example"),
        ("null", "null"),
        ("", ""),
        ("[", ""),
    ],
)
def test_the_name_is_found_in_what_browsers_send(authority: str, name: str) -> None:
    assert hostname(authority) == name


@pytest.mark.parametrize(
    ("origin", "host"),
    [
        ("https://beleg.example", "beleg.example"),
        ("http://127.0.0.1:3000", "localhost:7860"),
        ("http://[::1]:7860", "[::1]:7860"),
    ],
)
def test_a_page_may_speak_to_its_own_site(origin: str, host: str) -> None:
    assert is_same_site(origin, host)


@pytest.mark.parametrize(
    ("origin", "host"),
    [
        ("https://evil.example", "beleg.example"),
        ("https://evil.example", "127.0.0.1:7860"),
        ("https://beleg.example.evil.example", "beleg.example"),
        ("null", "beleg.example"),
        ("", "beleg.example"),
        ("", ""),
    ],
)
def test_another_sites_page_may_not(origin: str, host: str) -> None:
    assert not is_same_site(origin, host)


def test_one_customer_with_many_addresses_is_one_client() -> None:
    assert network("2001:db8:1:2::1") == network("2001:db8:1:2:ffff::9")
    assert network("2001:db8:1:2::1") != network("2001:db8:1:3::1")
    assert network("192.0.2.1") != network("192.0.2.2")
    assert network("testclient") == "testclient"
