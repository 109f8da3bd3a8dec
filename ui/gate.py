"""The door of the program: every request passes here before Gradio sees it, and some are turned away with a sentence.

Gradio itself checks that somebody is signed in. Here it is checked where a request comes from, how large and how
frequent it is, and whether there is room; and here a stop waits until what has been let in is done.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from http import HTTPStatus
from typing import Any

import gradio as gr
from starlette.datastructures import MutableHeaders
from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from qa.settings import Settings
from ui.access_log import AccessLog
from ui.accounts import Accounts
from ui.calls import Call, called, is_call, is_from_page
from ui.health import Health, health, response
from ui.hosts import hostname, is_loopback, is_same_site, network
from ui.limits import Limiter
from ui.owner import Sender, remember
from ui.serving_strings import serving_words
from ui.visitor import lang_of

QUEUE_SIZE = 32
WRONG_PASSWORDS = 5  # a minute

_API = "/gradio_api/"
_START = "/gradio_api/startup-events"  # how Gradio starts its queue
_UPLOAD = "/gradio_api/upload"
_UNUSED = (
    "/gradio_api/process_recording",
    "/gradio_api/deep_link",
)  # they write to the disk, and no part of the page asks
_MOST_BYTES, _MOST_BYTES_FROM_PAGE = 1 << 20, 8 << 20  # the page sends the conversation along
_BUSY_SECONDS = 10
_HEADERS = {
    "x-content-type-options": "nosniff",
    "referrer-policy": "same-origin",
    "content-security-policy": "frame-ancestors 'self'",
}


class Refused(Exception):  # noqa: N818 - it is no error of the program
    """The request is turned away; `key` names the sentence in `ui.serving_strings`, `values` fill it."""

    def __init__(self, status: int, key: str, **values: object) -> None:
        super().__init__(key)
        self.status, self.key, self.values = status, key, values


class Door:
    """What all requests share: who may come in, what each may still ask, how many are inside."""

    def __init__(
        self,
        settings: Settings,
        accounts: Accounts | None,
        log: AccessLog | None,
        page: gr.Blocks,
        loaded: Callable[[], bool],
    ) -> None:
        self.settings = settings
        self.accounts = accounts
        self.log = log
        self.loaded = loaded
        self.page = page
        self.stopping = False
        self.inside = 0
        self.questions = Limiter(questions_per_minute(settings, accounts))
        self.guesses = Limiter(WRONG_PASSWORDS)
        self._groups = _Groups()
        self._waiting = 0  # for their turn
        self._entering = 0  # in Gradio's queue, but perhaps not there yet

    def sender(self, request: Request) -> Sender:
        """Who sends `request`: by their session, or else by their address."""
        name = user(request)
        client = f"user {name}" if name else network(request.client.host if request.client else "")
        account = self.accounts.find(name) if self.accounts and name else None
        owner = account.owner if account else self.accounts is None
        return Sender(name, client, owner)

    def state(self) -> Health:
        """What ``GET /health`` tells."""
        return Health("stopping") if self.stopping else health(self.settings, loaded=self.loaded())

    @contextmanager
    def counted(self) -> Iterator[None]:
        """A stop waits for what happens in the block."""
        self.inside += 1
        try:
            yield
        finally:
            self.inside -= 1

    def admit(self, call: Call | None, sender: Sender, *, from_page: bool) -> None:
        """Let a call in that has been made now.

        Raises:
            Refused: the program is being stopped, too many calls wait, the client has made too many, or a value lacks.
        """
        if call is not None and not call.works:
            return
        # Where the queue answers 503, Gradio's page has a sentence of its own, in English.
        unavailable = HTTPStatus.TOO_MANY_REQUESTS if from_page else HTTPStatus.SERVICE_UNAVAILABLE
        if self.stopping:
            raise Refused(unavailable, "serving_stopping", seconds=_BUSY_SECONDS)
        if call is not None and call.lacking:
            raise Refused(HTTPStatus.UNPROCESSABLE_ENTITY, "serving_lacking", name=call.name, lacking=call.lacking)
        queued = len(self.page._queue)  # noqa: SLF001 - there is no other way to its length
        if max(queued + self._entering, self._waiting) >= QUEUE_SIZE:
            raise Refused(unavailable, "serving_busy", seconds=_BUSY_SECONDS)
        if seconds := self.questions.take(sender.client):
            limit = self.questions.per_minute
            raise Refused(HTTPStatus.TOO_MANY_REQUESTS, "serving_too_often", limit=limit, seconds=seconds)

    @asynccontextmanager
    async def turn(self, call: Call | None) -> AsyncIterator[None]:
        """Wait for this call's turn, where Gradio would not make it wait."""
        if call is None or not call.works:
            yield
        elif call.direct:
            self._waiting += 1
            try:
                await self._groups[call.group, call.at_once].acquire()
            finally:
                self._waiting -= 1
            try:
                yield
            finally:
                self._groups[call.group, call.at_once].release()
        else:
            self._entering += 1
            try:
                yield
            finally:
                self._entering -= 1


class _Groups(dict[tuple[str, int], asyncio.Semaphore]):
    """Those who take turns: the name of a group and how many of it run at the same time."""

    def __missing__(self, group: tuple[str, int]) -> asyncio.Semaphore:
        return self.setdefault(group, asyncio.Semaphore(group[1]))


class Gate:
    """The door as ASGI middleware."""

    def __init__(self, app: ASGIApp, door: Door) -> None:
        self._app = app
        self._door = door

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on, or answer it here."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        request, guarded = Request(scope, receive), _guarded(send)
        sender = self._door.sender(request)
        remember(scope, sender)
        try:
            await self._enter(request, sender, guarded)
        except Refused as refused:
            await self._refuse(refused, request, sender, guarded)
        except ClientDisconnect:
            return  # nobody is there to be answered

    async def _enter(self, request: Request, sender: Sender, send: Send) -> None:
        path = _path(request)
        self._check(request, sender)
        if path == "/health":
            await response(await asyncio.to_thread(self._door.state))(request.scope, request.receive, send)
        elif path.startswith("/gradio_api/heartbeat/"):
            await self._app(request.scope, request.receive, send)
        elif request.method == "POST" and path.rstrip("/") == "/login":
            await self._login(request, sender, send)
        elif request.method == "POST" and path.rstrip("/") != _UPLOAD:  # whose body Gradio limits itself
            await self._post(request, sender, send)
        else:
            with self._door.counted():
                await self._app(request.scope, request.receive, send)

    def _check(self, request: Request, sender: Sender) -> None:
        """Raises `Refused` where the request comes from elsewhere, from nobody, or too late."""
        path, host, origin = _path(request), request.headers.get("host", ""), request.headers.get("origin")
        if origin is not None and not is_same_site(origin, host):
            raise Refused(HTTPStatus.FORBIDDEN, "serving_elsewhere", origin=origin)
        if self._door.accounts is None and host and not is_loopback(hostname(host)):
            raise Refused(HTTPStatus.FORBIDDEN, "serving_host", host=hostname(host))
        if self._door.stopping and not path.startswith((_API, "/health")):
            raise Refused(HTTPStatus.SERVICE_UNAVAILABLE, "serving_stopping", seconds=_BUSY_SECONDS)
        if self._door.accounts and not sender.name and path.startswith(_API) and path != _START:
            raise Refused(HTTPStatus.UNAUTHORIZED, "serving_signed_out")
        if path.startswith(_UPLOAD) and not sender.owner:
            raise Refused(HTTPStatus.FORBIDDEN, "serving_not_owner")
        if path.startswith(_UNUSED):
            raise Refused(HTTPStatus.NOT_FOUND, "serving_unused")

    async def _login(self, request: Request, sender: Sender, send: Send) -> None:
        """Count a wrong password; a right one is not counted."""
        if seconds := self._door.guesses.take(sender.client):
            raise Refused(HTTPStatus.TOO_MANY_REQUESTS, "serving_guesses", seconds=seconds)
        replayed = _replay(await _body(request, _MOST_BYTES), request.receive)
        status = _Status(send)
        await self._app(request.scope, replayed, status)
        if status.code == HTTPStatus.OK:
            self._door.guesses.give_back(sender.client)
        if self._door.log:
            self._door.log.write("login", "admitted" if status.code == HTTPStatus.OK else "wrong", sender.client)

    async def _post(self, request: Request, sender: Sender, send: Send) -> None:
        path = _path(request)
        body = await _body(request, _MOST_BYTES_FROM_PAGE if is_from_page(path) else _MOST_BYTES)
        call = None
        if is_call(path):
            call = called(self._door.page, path, body)
            self._door.admit(call, sender, from_page=is_from_page(path))
            body = call.body if call else body
        with self._door.counted():
            async with self._door.turn(call):
                await self._app(request.scope, _replay(body, request.receive), send)

    async def _refuse(self, refused: Refused, request: Request, sender: Sender, send: Send) -> None:
        sentence = str(getattr(serving_words(lang_of(gr.Request(request))), refused.key)).format(**refused.values)
        if self._door.log:
            self._door.log.write("door", refused.key.removeprefix("serving_"), sender.client, http=refused.status)
        wait = refused.values.get("seconds")
        headers = {"retry-after": str(wait)} if wait else {}
        content = {"error": sentence, "detail": sentence}  # Gradio's page and its clients read one or the other
        await JSONResponse(content, refused.status, headers)(request.scope, request.receive, send)


class _Status:
    """Passes a response on and remembers its status."""

    def __init__(self, send: Send) -> None:
        self._send = send
        self.code = 0

    async def __call__(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self.code = message["status"]
        await self._send(message)


def questions_per_minute(settings: Settings, accounts: Accounts | None) -> int:
    """The limit for each client; where it is not set there is one only if others reach the page."""
    if settings.questions_per_minute is not None:
        return settings.questions_per_minute
    return 30 if accounts else 0


def user(request: Request) -> str | None:
    """Who is signed in, by the cookies that Gradio set."""
    app = request.app
    cookies = (request.cookies.get(f"access-token-{kind}{app.cookie_id}") for kind in ("", "unsecure-"))
    token = next((cookie for cookie in cookies if cookie), None)
    return app.tokens.get(token) if token else None


def _path(request: Request) -> str:
    """What Starlette chooses the route by; the path of ``request.url`` can be led astray by the ``Host`` header."""
    return str(request.scope["path"])


def _guarded(send: Send) -> Send:
    """`send` with headers that keep browsers from doing more with the page than showing it."""

    async def sending(message: Message) -> None:
        if message["type"] == "http.response.start":
            headers = MutableHeaders(scope=message)
            for name, value in _HEADERS.items():
                headers.setdefault(name, value)
        await send(message)

    return sending


async def _body(request: Request, most: int) -> bytes:
    """The whole body, read no further than is allowed."""
    parts, size = [], 0
    declared = request.headers.get("content-length", "")
    if declared.isdigit() and int(declared) > most:
        raise Refused(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, "serving_too_large", limit=most)
    async for part in request.stream():
        size += len(part)
        if size > most:
            raise Refused(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, "serving_too_large", limit=most)
        parts.append(part)
    return b"".join(parts)


def _replay(body: bytes, receive: Receive) -> Receive:
    """A `receive` that gives what was read before, then what comes."""
    messages: list[dict[str, Any]] = [{"type": "http.request", "body": body, "more_body": False}]

    async def receiving() -> Message:
        return messages.pop() if messages else await receive()

    return receiving
