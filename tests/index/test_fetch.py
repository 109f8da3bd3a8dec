"""Fetching from the web: servers on loopback do what hostile ones could, and nothing is reached that must not be."""

from __future__ import annotations

import gzip
import socket
import ssl
import threading
import time
import tracemalloc
from collections.abc import Callable, Iterable, Iterator
from email.message import Message
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from ipaddress import IPv4Address, ip_address
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index import addresses
from index import fetch as fetching
from index.addresses import IPAddress, Resolve, web_address
from index.errors import LoadError
from index.fetch import Fetched, fetch
from index.generation import beleg_version

Reply = Callable[[], Iterable[bytes]]
LOOPBACK = IPv4Address("127.0.0.1")
STORY = "Die Brücke über die Elbe wird gesperrt, sagte die Ministerin am Montag in Dresden."
PAGE = f"<!DOCTYPE html><html><head><title>Brücke</title></head><body><article><p>{STORY}</p></article></body></html>"


class Handler(BaseHTTPRequestHandler):
    server: Site
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        self.server.asked.append((self.path, self.headers))
        try:
            for piece in self.server.pages.get(self.path, answer(b"", 404))():
                self.wfile.write(piece)
        except OSError:
            self.server.hung_up.set()
        self.close_connection = not self.server.keeps_connections

    def log_message(self, *_: object) -> None:
        """Not to standard error."""


class Site(ThreadingHTTPServer):
    """Gives what `pages` say, byte for byte, and keeps what it was asked."""

    keeps_connections = False

    def __init__(self, address: str = "127.0.0.1", port: int = 0) -> None:
        self.pages: dict[str, Reply] = {}
        self.asked: list[tuple[str, Message]] = []
        self.hung_up = threading.Event()
        super().__init__((address, port), Handler)
        threading.Thread(target=self.serve_forever, args=(0.01,), daemon=True).start()

    @property
    def paths(self) -> list[str]:
        return [path for path, _ in self.asked]

    def url(self, path: str = "/story", host: str = "news.example", scheme: str = "http") -> str:
        return f"{scheme}://{host}:{self.server_port}{path}"

    def close(self) -> None:
        self.shutdown()
        self.server_close()


def answer(body: bytes | str = PAGE, status: int = 200, **headers: str) -> Reply:
    data = body.encode() if isinstance(body, str) else body
    stated = {"Content-Type": "text/html; charset=UTF-8", "Content-Length": str(len(data)), **headers}
    lines = [f"HTTP/1.1 {status} So", *(f"{name.replace('_', '-')}: {value}" for name, value in stated.items()), "", ""]
    return lambda: ["\r\n".join(lines).encode("latin-1"), data]


def packed(data: bytes) -> Reply:
    return answer(data, Content_Encoding="gzip")


def redirect(location: str, status: int = 302, **headers: str) -> Reply:
    return answer(b"", status, Location=location, **headers)


def without_end(start: bytes, piece: bytes, pause: float = 0.0) -> Reply:
    def pieces() -> Iterator[bytes]:
        yield start
        while True:  # until the other side hangs up
            time.sleep(pause)
            yield piece

    return pieces


def robots(*lines: str) -> Reply:
    return answer("\n".join(lines), Content_Type="text/plain")


@pytest.fixture(autouse=True)
def patience(monkeypatch: pytest.MonkeyPatch) -> None:
    """A machine that runs many tests at once may let a server wait; tests of the limits set them themselves."""
    monkeypatch.setattr(addresses, "STEP_SECONDS", 60.0)
    monkeypatch.setattr(fetching, "TOTAL_SECONDS", 120.0)


def local(host: str) -> list[IPAddress]:
    if host.endswith(".example"):
        return [LOOPBACK]
    try:
        return [ip_address(host)]
    except ValueError as error:
        raise socket.gaierror("Name or service not known") from error


def is_local(address: IPAddress) -> bool:
    return address == LOOPBACK


def get(url: str, resolve: Resolve = local) -> Fetched:
    return fetch(url, resolve=resolve, allowed=is_local)


def refused(url: str, resolve: Resolve = local) -> str:
    with pytest.raises(LoadError) as caught:
        get(url, resolve)
    assert str(caught.value).isprintable()
    return str(caught.value)


@pytest.fixture
def site() -> Iterator[Site]:
    site = Site()
    site.pages["/story"] = answer()
    yield site
    site.close()


@pytest.fixture
def other() -> Iterator[Site]:
    site = Site()
    site.pages["/story"] = answer()
    yield site
    site.close()


def test_a_page_is_fetched_with_what_the_server_states(site: Site) -> None:
    found = get(site.url("/story#comments"))
    assert found == Fetched(site.url(), site.url(), "text/html", "utf-8", PAGE.encode())


def test_what_the_server_does_not_state_is_empty(site: Site) -> None:
    site.pages["/story"] = lambda: [b"HTTP/1.1 200 OK\r\n\r\nWords."]
    assert get(site.url()) == Fetched(site.url(), site.url(), "", "", b"Words.")


def test_the_server_is_told_the_hosts_name_and_who_asks(site: Site) -> None:
    get(site.url())
    for _, headers in site.asked:
        assert headers["Host"] == f"news.example:{site.server_port}"
        assert headers["User-Agent"].startswith(f"Beleg/{beleg_version()} (+")


@pytest.mark.parametrize("status", [204, 206, 304, 401, 404, 429, 500, 503])
def test_a_status_other_than_200_is_named(site: Site, status: int) -> None:
    site.pages["/story"] = answer(b"", status)
    assert f"{site.url()}: the server answered with status {status}." in refused(site.url())


def test_an_answer_that_breaks_off_is_no_page(site: Site) -> None:
    site.pages["/story"] = lambda: [b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf a st"]
    assert "no usable answer came" in refused(site.url())


def test_where_nobody_listens_the_error_says_so(site: Site) -> None:
    site.close()
    assert "no usable answer came" in refused(site.url())


@pytest.mark.parametrize(
    "url",
    ["", "story", "//news.example/", "ftp://news.example/", "file:///etc/passwd", "javascript:alert(1)", "http://"],
)
def test_only_addresses_of_the_web_are_fetched(url: str) -> None:
    assert "http:// or https://" in refused(url)


@pytest.mark.parametrize("url", ["http://[::1/", "http://1.2.3.999/", "http://a:x/", "http://a\n/"])
def test_what_is_no_address_is_refused(url: str) -> None:
    assert "not a web address" in refused(url)


@pytest.mark.parametrize("port", [0, 22, 25, 79, 445, 1023, 65536])
def test_ports_of_other_services_are_refused(port: int) -> None:
    assert f"port {port} is not one of the web" in refused(f"http://news.example:{port}/")


@pytest.mark.parametrize(
    "url", ["http://a:80/", "http://a:443/", "https://a:8080/", "https://a:8443/", "http://a:1024"]
)
def test_ports_of_the_web_are_not(url: str) -> None:
    assert web_address(url).host == "a"


def test_a_password_is_neither_sent_nor_shown(site: Site) -> None:
    error = refused(site.url().replace("news.example", "erika:geheim@news.example"))
    assert error.startswith(f"{site.url()}: it came with a user name or password")
    assert "geheim" not in error
    assert not site.asked


@given(st.sampled_from(["", "http://", "http://xn--", "http://news.example/"]), st.text())
def test_whatever_is_asked_for_the_error_is_one_printable_line(start: str, text: str) -> None:
    def nowhere(_: str) -> list[IPAddress]:
        return []

    refused(start + text, nowhere)


# Redirects


def test_redirects_are_followed_to_the_page(site: Site) -> None:
    site.pages |= {"/old": redirect("middle?x=ü", 301), "/middle?x=%C3%BC": redirect(site.url("/story#top"), 308)}
    found = get(site.url("/old"))
    assert (found.url, found.final_url, found.body) == (site.url("/old"), site.url(), PAGE.encode())


def test_five_redirects_are_followed_and_no_sixth(site: Site) -> None:
    site.pages |= {f"/{number}": redirect(f"/{number - 1}") for number in range(1, 7)}
    site.pages["/0"] = answer()
    assert get(site.url("/5")).final_url == site.url("/0")
    assert "it redirects once more, after 5 times" in refused(site.url("/6"))


def test_a_redirect_to_nowhere_is_a_status(site: Site) -> None:
    site.pages["/old"] = answer(b"", 302)
    assert "status 302" in refused(site.url("/old"))


@pytest.mark.parametrize(
    ("location", "reason"),
    [
        ("http://10.0.0.7/admin", "http://10.0.0.7/admin: its host is at 10.0.0.7, which is not public"),
        ("http://169.254.169.254/latest/meta-data/", "its host is at 169.254.169.254, which is not public"),
        ("//[::ffff:10.0.0.7]/", "which is not public"),
        ("http://unknown.test/", "its host was not found"),
        ("http://erika:geheim@news.example/", "user name or password"),
        ("http://news.example:25/", "port 25"),
        ("file:///etc/passwd", "http:// or https://"),
        ("http://[/", "not a web address"),
    ],
)
def test_where_a_redirect_leads_is_checked_like_what_was_asked_for(site: Site, location: str, reason: str) -> None:
    site.pages["/old"] = redirect(location)
    error = refused(site.url("/old"))
    assert error.startswith(f"{site.url('/old')}: it redirects to ")
    assert reason in error


@pytest.mark.parametrize(
    "location",
    [
        "http://xn--/",
        "http://xn--ü/",
        "http://[",
        "\xff://\xff",
        "http://a:x/",
        "http:",
        "///",
        "\\\\a",
        "/" + "x" * 70_000,
    ],
)
def test_a_redirect_that_makes_no_sense_is_an_error_like_any_other(site: Site, location: str) -> None:
    site.pages["/old"] = redirect(location)
    assert refused(site.url("/old")).startswith(f"{site.url('/old')}: ")


def test_cookies_are_not_kept(site: Site) -> None:
    site.pages["/old"] = redirect("/story", Set_Cookie="reader=1; Path=/")
    get(site.url("/old"))
    assert site.paths[-1] == "/story"
    assert not any("Cookie" in headers for _, headers in site.asked)


# Network addresses


def test_a_host_is_resolved_once_and_what_it_answers_later_is_never_reached(site: Site) -> None:
    inside = Site("127.0.0.2", site.server_port)
    answers = iter([[LOOPBACK], [IPv4Address("127.0.0.2")]])
    site.pages["/old"] = redirect("/story")
    assert get(site.url("/old"), lambda _: next(answers)).body == PAGE.encode()
    assert list(answers) == [[IPv4Address("127.0.0.2")]]
    assert not inside.asked
    inside.close()


def test_the_system_is_not_asked_for_a_host_again(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    def again(*_: object, **__: object) -> None:
        raise AssertionError("resolved behind the check's back")

    monkeypatch.setattr(socket, "getaddrinfo", again)
    assert get(site.url()).body == PAGE.encode()


def test_one_forbidden_address_among_good_ones_is_enough_to_refuse(site: Site) -> None:
    assert "is at 10.0.0.7" in refused(site.url(), lambda _: [LOOPBACK, IPv4Address("10.0.0.7")])
    assert not site.asked


@pytest.mark.parametrize("url", ["http://unknown.test/", "http://1.2.3/", "http://xn--/", "http://a b/"])
def test_a_host_that_is_not_found_is_said_to_be(url: str) -> None:
    assert "its host was not found" in refused(url)


def test_of_several_good_addresses_the_first_is_used(site: Site) -> None:
    found = fetch(site.url(), resolve=lambda _: [LOOPBACK, IPv4Address("127.0.0.2")], allowed=lambda _: True)
    assert found.body == PAGE.encode()


def test_a_host_without_addresses_is_refused() -> None:
    assert "no network address" in refused("http://news.example/", lambda _: [])


def test_a_host_that_the_resolver_chokes_on_is_not_found() -> None:
    with pytest.raises(LoadError, match="its host was not found"):
        fetch(f"http://{'a' * 70}.example/")


@pytest.mark.parametrize(
    "host",
    [
        *("127.0.0.1", "127.1", "2130706433", "0x7f.1", "0x7f000001", "017700000001", "0177.0.0.1", "0", "localhost"),
        *("10.0.0.1", "167772161", "0xa9.0xfe.0xa9.0xfe", "169.254.169.254", "１２７.0.0.1", "127。0。0。1"),
        *("255.255.255.255", "::", "::1", "::7f00:1", "::ffff:10.0.0.1", "::ffff:0:10.0.0.1", "64:ff9b::a00:1"),
    ],
)
def test_however_a_private_address_is_written_it_is_refused(host: str) -> None:
    with pytest.raises(LoadError, match=r"which is not public|its host was not found|not a web address"):
        fetch(f"http://{host}/")


def test_proxies_of_the_environment_are_not_used(site: Site, other: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY", "https_proxy", "HTTPS_PROXY"):
        monkeypatch.setenv(name, f"http://127.0.0.1:{other.server_port}")
    assert get(site.url()).body == PAGE.encode()
    assert not other.asked


# Size and time


def test_a_compressed_page_is_decompressed(site: Site) -> None:
    data = PAGE.encode()
    site.pages["/story"] = packed(gzip.compress(data[:50]) + gzip.compress(data[50:]))
    assert get(site.url()).body == data
    assert site.asked[-1][1]["Accept-Encoding"] == "gzip"


def test_a_page_of_just_the_limit_is_fetched_and_no_byte_more(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(addresses, "MAX_BYTES", 1000)
    whole, more = b"x" * 1000, b"x" * 1001
    for reply in answer(whole), packed(gzip.compress(whole)):
        site.pages["/story"] = reply
        assert get(site.url()).body == whole
    for reply in answer(more), packed(gzip.compress(more)):
        site.pages["/story"] = reply
        assert "larger than 0.001 MB" in refused(site.url())


def test_a_small_page_that_unpacks_to_a_large_one_is_stopped(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(addresses, "MAX_BYTES", 100_000)
    bomb = gzip.compress(bytes(1_000_000)) * 90
    assert len(bomb) < 100_000
    site.pages["/story"] = packed(bomb)
    tracemalloc.start()
    assert "larger than" in refused(site.url())
    assert tracemalloc.get_traced_memory()[1] < 30_000_000, "it was unpacked whole"
    tracemalloc.stop()


@pytest.mark.parametrize("coding", ["gzip, gzip", "br", "deflate", "zstd", "nonsense"])
def test_what_was_not_asked_for_is_not_unpacked(site: Site, coding: str) -> None:
    site.pages["/story"] = answer(gzip.compress(gzip.compress(b"story")), Content_Encoding=coding)
    assert f"compressed as {coding}" in refused(site.url())


# Named, for gzip writes the time into what it packs, and every process must collect the same tests.
@pytest.mark.parametrize(
    "damaged",
    [b"not packed", gzip.compress(PAGE.encode())[:-20], gzip.compress(b"a") + b"tail"],
    ids=["not packed", "cut off", "with a tail"],
)
def test_a_damaged_page_is_refused(site: Site, damaged: bytes) -> None:
    site.pages["/story"] = packed(damaged)
    assert "damaged on its way" in refused(site.url())


def test_an_endless_body_is_stopped_by_its_size(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(addresses, "MAX_BYTES", 100_000)
    site.pages["/story"] = without_end(b"HTTP/1.1 200 OK\r\n\r\n", b"x" * 10_000)
    assert "larger than 0.1 MB" in refused(site.url())
    assert site.hung_up.wait(30)


@pytest.mark.parametrize(
    "start",
    [
        b"HTTP/1.1 200 OK\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nX-Slow: ",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1;slow=",
        b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\n\r\n",
        b"",
    ],
    ids=["body", "header", "chunk", "gzip", "status"],
)
@pytest.mark.parametrize("path", ["/story", "/robots.txt"])
def test_a_server_that_sends_a_byte_now_and_then_is_stopped_by_the_total_time(
    site: Site, monkeypatch: pytest.MonkeyPatch, start: bytes, path: str
) -> None:
    monkeypatch.setattr(fetching, "TOTAL_SECONDS", 0.3)
    site.pages[path] = without_end(start, b"x", 0.01)
    assert refused(site.url()).startswith(f"{site.url()}: not done after 0.3 s.")
    assert site.hung_up.wait(30)


def test_a_server_that_says_nothing_is_left_after_the_time_of_a_step(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(addresses, "STEP_SECONDS", 0.3)
    monkeypatch.setattr(fetching, "TOTAL_SECONDS", 10.0)
    site.pages["/story"] = without_end(b"", b"", 0.01)
    assert f"{site.url()}: nothing came for 0.3 s." in refused(site.url())


# robots.txt


@pytest.mark.parametrize(
    "lines",
    [
        ("User-agent: *", "Disallow: /"),
        ("User-agent: beleg", "Disallow: /story"),
        ("\ufeffUser-agent: Beleg", "Disallow: /st"),
        ("User-agent: *", "Allow: /", "", "User-agent: Beleg", "Disallow: /"),
    ],
)
def test_what_robots_txt_forbids_is_not_fetched(site: Site, lines: tuple[str, ...]) -> None:
    site.pages["/robots.txt"] = robots(*lines)
    assert "the robots.txt of its site forbids programs to fetch it" in refused(site.url())
    assert site.paths == ["/robots.txt"]


@pytest.mark.parametrize(
    "lines",
    [
        (),
        ("<html>Not found</html>",),
        ("User-agent: *", "Disallow:"),
        ("User-agent: *", "Disallow: /admin"),
        ("User-agent: other", "Disallow: /"),
        ("User-agent: *", "Disallow: /", "", "User-agent: Beleg", "Allow: /"),
    ],
)
def test_what_it_does_not_forbid_is(site: Site, lines: tuple[str, ...]) -> None:
    site.pages["/robots.txt"] = robots(*lines)
    assert get(site.url()).body == PAGE.encode()


@pytest.mark.parametrize("status", [400, 401, 403, 404, 410, 429])
def test_a_site_without_robots_txt_forbids_nothing(site: Site, status: int) -> None:
    site.pages["/robots.txt"] = answer(b"User-agent: *\nDisallow: /", status)
    assert get(site.url()).body == PAGE.encode()


@pytest.mark.parametrize(
    ("reply", "reason"),
    [
        (answer(b"", 500), "status 500"),
        (answer(b"", 503), "status 503"),
        (answer(b"", 304), "status 304"),
        (list, "no usable answer came"),
        (redirect("http://10.0.0.7/robots.txt"), "which is not public"),
        (redirect("/robots.txt"), "it redirects once more"),
        (robots("User-agent: *", "Disallow: //["), "it cannot be understood"),
        (robots("User-agent: *", "Crawl-delay: ²"), "it cannot be understood"),
        (without_end(b"HTTP/1.1 200 OK\r\n\r\n", b"#" * 65_536), "larger than"),
    ],
)
def test_where_robots_txt_is_not_known_nothing_is_fetched(site: Site, reply: Reply, reason: str) -> None:
    site.pages["/robots.txt"] = reply
    error = refused(site.url())
    assert error.startswith(f"{site.url()}: not fetched, since what its site allows is unknown: ")
    assert reason in error
    assert "/story" not in site.paths


def test_robots_txt_may_redirect(site: Site, other: Site) -> None:
    site.pages["/robots.txt"] = redirect(other.url("/rules"))
    other.pages["/rules"] = robots("User-agent: *", "Disallow: /story")
    assert "forbids" in refused(site.url())
    assert other.paths == ["/rules"]


def test_the_site_that_a_redirect_leads_to_is_asked_as_well(site: Site, other: Site) -> None:
    site.pages["/old"] = redirect(other.url())
    other.pages["/robots.txt"] = robots("User-agent: *", "Disallow: /")
    assert f"it redirects to {other.url()}: the robots.txt of its site forbids" in refused(site.url("/old"))
    assert other.paths == ["/robots.txt"]


def test_only_the_beginning_of_a_long_robots_txt_is_read(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    site.pages["/robots.txt"] = robots("User-agent: *", "#" * 100, "Disallow: /")
    assert "forbids" in refused(site.url())
    monkeypatch.setattr(fetching, "MAX_ROBOTS_BYTES", 100)
    assert get(site.url()).body == PAGE.encode()


# Encryption


class SecureSite(Site):
    """Has a certificate for news.example alone, and keeps the names that its visitors asked for."""

    keeps_connections = True

    def __init__(self, context: ssl.SSLContext) -> None:
        self.names: list[str | None] = []
        context.sni_callback = lambda _, name, __: self.names.append(name)
        super().__init__()
        self.socket = context.wrap_socket(self.socket, server_side=True)

    def url(self, path: str = "/story", host: str = "news.example", scheme: str = "https") -> str:
        return super().url(path, host, scheme)


@pytest.fixture
def stranger() -> Iterator[SecureSite]:
    """A site whose certificate nobody vouches for."""
    import trustme

    yield from _secure(trustme.CA())


@pytest.fixture
def secure(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[SecureSite]:
    import trustme

    authority = trustme.CA()
    authority.cert_pem.write_to_path(str(tmp_path / "authority.pem"))
    monkeypatch.setattr("certifi.where", lambda: str(tmp_path / "authority.pem"))
    yield from _secure(authority)


def _secure(authority: object) -> Iterator[SecureSite]:
    import trustme

    assert isinstance(authority, trustme.CA)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("news.example").configure_cert(context)
    site = SecureSite(context)
    site.pages["/story"] = answer()
    yield site
    site.close()


def test_the_certificate_has_to_be_for_the_hosts_name_though_its_address_is_connected_to(secure: SecureSite) -> None:
    assert get(secure.url()).body == PAGE.encode()
    assert set(secure.names) == {"news.example"}


@pytest.mark.parametrize("host", ["other.example", "127.0.0.1"])
def test_a_certificate_for_another_host_is_refused(secure: SecureSite, host: str) -> None:
    assert "certificate is not valid for" in refused(secure.url(host=host))
    assert not secure.asked


def test_a_certificate_that_nobody_vouches_for_is_refused(stranger: SecureSite) -> None:
    assert "certificate verify failed" in refused(stranger.url())
    assert not stranger.asked


def test_a_connection_made_for_one_host_does_not_serve_another_at_its_address(secure: SecureSite) -> None:
    secure.pages["/old"] = redirect(secure.url(host="other.example"))
    assert "certificate is not valid for 'other.example'" in refused(secure.url("/old"))


def test_a_redirect_may_add_encryption_but_not_drop_it(site: Site, secure: SecureSite) -> None:
    site.pages["/old"] = redirect(secure.url())
    assert get(site.url("/old")).final_url == secure.url()
    secure.pages["/old"] = redirect(site.url())
    site.asked.clear()
    assert "not encrypted" in refused(secure.url("/old"))
    assert not site.asked
