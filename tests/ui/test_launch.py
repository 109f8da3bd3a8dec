from __future__ import annotations

import socket

import pytest
from gradio.analytics import analytics_enabled

from index.errors import BelegError, SettingsError
from qa.pipeline import Assistant
from qa.settings import Settings
from ui.launch import credentials, is_loopback, start


@pytest.mark.parametrize("host", ["127.0.0.1", "127.8.8.8", "::1", "localhost"])
def test_on_this_machine_the_page_needs_no_password(host: str) -> None:
    assert is_loopback(host)
    assert credentials(Settings.load(host=host)) is None


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.168.1.2", "example.org", ""])  # noqa: S104 - that is the point
def test_an_address_that_others_reach_is_refused_without_user_and_password(host: str) -> None:
    with pytest.raises(SettingsError, match=r"BELEG_USER and BELEG_PASSWORD"):
        credentials(Settings.load(host=host))


@pytest.mark.parametrize("given", [{"user": "ada"}, {"password": "secret"}, {"user": "ada", "password": ""}])
def test_half_a_credential_is_none(given: dict[str, str]) -> None:
    with pytest.raises(SettingsError, match="belong together"):
        credentials(Settings.load(**given))


def test_with_both_any_address_may_be_served() -> None:
    settings = Settings.load(host="0.0.0.0", user="ada", password="secret")  # noqa: S104, S106 - never bound
    assert credentials(settings) == ("ada", "secret")


def test_the_password_is_not_in_the_error() -> None:
    with pytest.raises(SettingsError) as caught:
        credentials(Settings.load(password="hunter2"))  # noqa: S106 - not one
    assert "hunter2" not in str(caught.value)


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
