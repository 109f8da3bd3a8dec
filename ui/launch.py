"""Serves the page, on this machine alone unless a user and a password guard it.

Nothing is shared, reported or looked up; Gradio's own defaults and ``GRADIO_*`` variables do not get a say in that.
"""

from __future__ import annotations

import ipaddress
import logging
import socket
from typing import Any

import gradio as gr

from index.errors import BelegError, SettingsError
from qa.pipeline import Assistant
from qa.settings import Settings
from ui.i18n import I18N
from ui.page import ASSETS, build_page
from ui.warmup import Warmup

logger = logging.getLogger(__name__)

_QUEUE_SIZE = 32
_MAX_UPLOAD = "64kb"  # nothing on the page uploads, but Gradio's route for it is always open
_SANS = ["system-ui", "sans-serif"]
_STYLES = ("page.css", "thread.css", "panel.css")
_MONO = ["ui-monospace", "monospace"]


def serve(settings: Settings) -> None:
    """Serve the page until interrupted.

    Raises:
        SettingsError: the address is open to others and no user and password guard it.
        BelegError: the port is taken.
    """
    page, url = start(settings, Assistant(settings))
    logger.info("Beleg answers at %s (stop with Ctrl+C)", url)
    page.block_thread()


def start(settings: Settings, assistant: Assistant) -> tuple[gr.Blocks, str]:
    """Serve the page in the background; the page and its address.

    Raises:
        SettingsError: as `serve`.
        BelegError: as `serve`.
    """
    auth = credentials(settings)
    _require_free(settings.host, settings.port)
    warmup = Warmup(assistant)
    page = build_page(assistant, settings, warmup).queue(max_size=_QUEUE_SIZE)
    _, url, _ = page.launch(server_name=_bracketed(settings.host), server_port=settings.port, auth=auth, **_options())
    warmup.start()
    return page, url


def credentials(settings: Settings) -> tuple[str, str] | None:
    """User and password of the page, None where it needs none because only this machine reaches it.

    Raises:
        SettingsError: only one of the two is set, or the address is open to others and they are not.
    """
    user, password = settings.user, settings.password.get_secret_value() if settings.password else None
    if user and password:
        return user, password
    if user or password:
        raise SettingsError("user and password belong together: set both BELEG_USER and BELEG_PASSWORD, or neither")
    if not is_loopback(settings.host):
        raise SettingsError(
            f"host {settings.host} can be reached by others: set BELEG_USER and BELEG_PASSWORD "
            f"(user and password in beleg.toml), or leave the host at 127.0.0.1"
        )
    return None


def is_loopback(host: str) -> bool:
    """Whether only this machine reaches `host`; a name other than ``localhost`` counts as open to others."""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _require_free(host: str, port: int) -> None:
    """Refuse a port that cannot be bound; Gradio would not say which, nor why."""
    try:
        socket.create_server((host, port), family=socket.AF_INET6 if ":" in host else socket.AF_INET).close()
    except OSError as error:
        raise BelegError(
            f"cannot serve on {host}, port {port}: {error.strerror or error}. "
            f"Stop what uses the port, or choose another: beleg serve --port {port % 65535 + 1}"
        ) from error


def _bracketed(host: str) -> str:
    return f"[{host}]" if ":" in host else host


def _options() -> dict[str, Any]:
    """Everything that Gradio would otherwise take from its own defaults or from ``GRADIO_*`` variables, stated."""
    return {
        "share": False,
        "enable_monitoring": False,
        "run_history": False,
        "mcp_server": False,
        "ssr_mode": False,
        "pwa": False,
        "footer_links": [],
        "max_file_size": _MAX_UPLOAD,
        "strict_cors": True,
        "quiet": True,
        "inbrowser": False,
        "prevent_thread_lock": True,
        "show_error": False,
        "root_path": "",
        "i18n": I18N,
        "theme": gr.themes.Base(font=_SANS, font_mono=_MONO),
        "css": "\n".join((ASSETS / name).read_text(encoding="utf-8") for name in _STYLES),
    }
