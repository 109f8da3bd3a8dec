from __future__ import annotations

import asyncio
import socket
from pathlib import Path

import pytest
from gradio.analytics import analytics_enabled
from starlette.types import Receive, Scope, Send

from index.errors import BelegError, SettingsError
from qa.passwords import account_line
from qa.pipeline import Assistant
from qa.settings import Settings
from ui.gate import questions_per_minute
from ui.launch import access_log, guard, proxies, start


@pytest.mark.parametrize("host", ["127.0.0.1", "::1", "localhost"])
def test_on_this_machine_the_page_needs_no_account(host: str) -> None:
    assert guard(Settings.load(host=host)) is None


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.168.1.2", "example.org", ""])  # noqa: S104 - that is the point
def test_an_address_that_others_reach_is_refused_without_accounts(host: str) -> None:
    with pytest.raises(SettingsError, match=r"--auth-file .* BELEG_USER and BELEG_PASSWORD"):
        guard(Settings.load(host=host))


def test_with_user_and_password_or_an_auth_file_any_address_may_be_served(tmp_path: Path) -> None:
    host = "0.0.0.0"  # noqa: S104 - never bound
    assert guard(Settings.load(host=host, user="ada", password="secret")) is not None  # noqa: S106 - not one
    file = tmp_path / "accounts"
    file.write_text(account_line("ada", "ada's password", owner=True), encoding="utf-8")
    file.chmod(0o600)
    assert guard(Settings.load(host=host, auth_file=file)) is not None


def test_where_others_may_ask_they_are_limited_and_noted_and_where_not_neither() -> None:
    alone = Settings.load()
    assert guard(alone) is None
    assert questions_per_minute(alone, None) == 0
    assert access_log(alone, None) is None
    shared = Settings.load(user="ada", password="secret")  # noqa: S106 - not one
    accounts = guard(shared)
    assert questions_per_minute(shared, accounts) == 30
    assert access_log(shared, accounts) is not None
    chosen = Settings.load(questions_per_minute=3, log_format="none")
    assert questions_per_minute(chosen, accounts) == 3
    assert access_log(chosen, accounts) is None


@pytest.mark.parametrize(("peer", "client"), [("172.18.0.5", "192.0.2.1"), ("192.0.2.9", "192.0.2.9")])
def test_a_proxy_is_believed_only_if_it_is_trusted(peer: str, client: str) -> None:
    seen: list[str] = []

    async def inside(scope: Scope, receive: Receive, send: Send) -> None:
        del receive, send
        seen.append(scope["client"][0])

    (proxy,) = proxies(Settings.load(trusted_proxies="172.16.0.0/12, 10.0.0.1"))
    scope = {"type": "http", "client": (peer, 1), "headers": [(b"x-forwarded-for", b"203.0.113.7, 192.0.2.1")]}
    asyncio.run(proxy.cls(inside, **proxy.kwargs)(scope, None, None))  # type: ignore[arg-type, call-arg]
    assert seen == [client]
    assert proxies(Settings.load()) == []


def test_a_proxy_that_is_no_address_is_refused() -> None:
    with pytest.raises(SettingsError, match=r"trusted_proxies.*proxy\.example"):
        Settings.load(trusted_proxies="10.0.0.1, proxy.example")


def test_a_taken_port_is_named_with_the_way_out() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        settings = Settings.load(port=port)
        with pytest.raises(BelegError, match=rf"port {port}.*--port"):
            start(settings, Assistant(settings))


def test_gradio_was_told_not_to_call_home_before_it_was_imported() -> None:
    assert analytics_enabled() is False


def test_every_setting_of_the_page_is_explained() -> None:
    explained = (Path(__file__).parents[2] / "docs" / "serving.md").read_text(encoding="utf-8")
    names = list(Settings.model_fields)
    assert all(f"`{name}`" in explained for name in names[names.index("host") :])
