"""Serves the page, on this machine alone unless accounts guard it.

Nothing is shared, reported or looked up; Gradio's own defaults and ``GRADIO_*`` variables do not get a say in that.
"""

from __future__ import annotations

import logging
import socket
from typing import Any, NamedTuple

import gradio as gr
from starlette.middleware import Middleware
from uvicorn.middleware.proxy_headers import ProxyHeadersMiddleware

from index.errors import BelegError, SettingsError
from qa.pipeline import Assistant
from qa.settings import Settings
from ui.access_log import AccessLog
from ui.accounts import Accounts
from ui.early import Early
from ui.files import text
from ui.gate import QUEUE_SIZE, WRONG_PASSWORDS, Door, Gate
from ui.hosts import is_loopback
from ui.i18n import I18N
from ui.page import build_page
from ui.serving_strings import sign_in
from ui.sessions import Sessions
from ui.stop import Stop, close
from ui.warmup import Warmup

logger = logging.getLogger(__name__)

_SANS = ["system-ui", "sans-serif"]
_STYLES = ("page.css", "thread.css", "check.css", "panel.css", "evaluation.css", "library.css")
_MONO = ["ui-monospace", "monospace"]


class Served(NamedTuple):
    """A page that is being served, at `url`, behind its door."""

    page: gr.Blocks
    url: str
    door: Door


def serve(settings: Settings) -> None:
    """Serve the page until Ctrl+C or SIGTERM, and let what is being answered then be answered.

    Raises:
        SettingsError: the address is open to others and no accounts guard it, or they cannot be read.
        BelegError: the port is taken.
    """
    stop, assistant = Stop(), Assistant(settings)
    served = start(settings, assistant)
    logger.info("Beleg answers at %s (stop with Ctrl+C)", served.url)
    stop.wait()
    close(served.page, served.door, settings.stop_seconds)
    assistant.close()


def start(settings: Settings, assistant: Assistant) -> Served:
    """Serve the page in the background.

    Raises:
        SettingsError: as `serve`.
        BelegError: as `serve`.
    """
    accounts = guard(settings)
    _require_free(settings.host, settings.port)
    warmup = Warmup(assistant)
    log = access_log(settings, accounts)
    page = build_page(assistant, settings, warmup).queue(max_size=QUEUE_SIZE)
    door = Door(settings, accounts, log, page, lambda: warmup.finished)
    if log:
        log.record(page)
    app, url, _ = page.launch(
        server_name=_bracketed(settings.host),
        server_port=settings.port,
        auth=accounts.admit if accounts else None,
        app_kwargs={"middleware": [*proxies(settings), Middleware(Gate, door), Middleware(Early, text("lang.js"))]},
        **_options(settings),
    )
    if accounts:
        app.tokens = Sessions(accounts, settings.session_hours * 3600)
    warmup.start()
    return Served(page, url, door)


def guard(settings: Settings) -> Accounts | None:
    """Those who may sign in, None where nobody needs to because only this machine reaches the page.

    Raises:
        SettingsError: there are none and the address is open to others, or they cannot be read.
    """
    accounts = Accounts.of(settings)
    if accounts is None and not is_loopback(settings.host):
        raise SettingsError(
            f"host {settings.host} can be reached by others: give it accounts with --auth-file "
            f"(docs/serving.md), or BELEG_USER and BELEG_PASSWORD, or leave the host at 127.0.0.1"
        )
    return accounts


def access_log(settings: Settings, accounts: Accounts | None) -> AccessLog | None:
    """Where what is asked is noted; where it is not said how, only if others may ask."""
    form = settings.log_format or ("json" if accounts else "none")
    return None if form == "none" else AccessLog(form, settings)


def proxies(settings: Settings) -> list[Middleware]:
    """What believes the proxies that are trusted; outside of the door, which must see whom they speak for."""
    trusted = settings.trusted_proxies
    return [Middleware(ProxyHeadersMiddleware, trusted_hosts=trusted)] if trusted else []


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


def _options(settings: Settings) -> dict[str, Any]:
    """Everything that Gradio would otherwise take from its own defaults or from ``GRADIO_*`` variables, stated."""
    return {
        "share": False,
        "enable_monitoring": False,
        "run_history": False,
        "mcp_server": False,
        "ssr_mode": False,
        "pwa": False,
        "footer_links": [],
        "max_file_size": f"{settings.max_upload_mb}mb",
        "strict_cors": True,
        "quiet": True,
        "auth_message": sign_in(WRONG_PASSWORDS),
        "inbrowser": False,
        "prevent_thread_lock": True,
        "show_error": False,
        "root_path": "",
        "i18n": I18N,
        "theme": gr.themes.Base(font=_SANS, font_mono=_MONO),
        "css": "\n".join(map(text, _STYLES)),
    }
