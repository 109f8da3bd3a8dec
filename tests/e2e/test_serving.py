"""The program as others use it: real processes, behind accounts on loopback, and stopped while they answer."""

from __future__ import annotations

import asyncio
import re
import signal
import socket
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import Any, TypeAlias

import httpx
import pytest
from gradio_client import Client
from playwright.sync_api import expect

from index.build import build
from index.settings import IndexSettings
from qa.passwords import account_line

ROOT = Path(__file__).parents[2]
READY = "Beleg answers at "
QUESTION = "What did Hegseth say about NATO?"
PER_MINUTE = 20
PASSWORD = "a password for tests"  # noqa: S105 - that is what it is
NAMES = ("ada", "bob", "carl", "dora", "emil", "fred", "gina", "hans", "ines", "jana", "kurt", "lena", "mark")
SENTENCE = "Der Hafen von Rostock {}, sagte Minister Kahl am Mittwoch in Schwerin."
ABOUT_THE_HARBOUR = "Was sagte Minister Kahl über den Hafen von Rostock?"


Serve = Callable[..., AbstractContextManager[Any]]
Program: TypeAlias = Any  # `Program` of the fixtures


def until(holds: Callable[[], bool], seconds: float = 120) -> None:
    end = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < end
        time.sleep(0.02)


@pytest.fixture(scope="module")
def accounts(tmp_path_factory: pytest.TempPathFactory) -> Path:
    file = tmp_path_factory.mktemp("auth") / "accounts"
    write(file, *(account_line(name, PASSWORD, owner=name == "ada") for name in NAMES))
    return file


def write(file: Path, *lines: str) -> None:
    fresh = file.with_suffix(".new")
    fresh.write_text("\n".join(lines) + "\n", encoding="utf-8")
    fresh.chmod(0o600)
    fresh.replace(file)


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory, accounts: Path, serve: Serve) -> Iterator[Program]:
    """A program that others may use, with an index of the seeds."""
    folder = tmp_path_factory.mktemp("shared")
    build([ROOT / "seeds"], IndexSettings.load(data_dir=folder / "data"))
    settings = {"auth_file": accounts, "questions_per_minute": PER_MINUTE}
    with serve(folder / "data", **settings) as started:
        until(lambda: httpx.get(f"{started.url}health").status_code == httpx.codes.OK)
        yield started


@contextmanager
def visitor(url: str, name: str | None = None, **headers: str) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=url, timeout=120, headers=headers) as client:
        if name:
            assert client.post("login", data={"username": name, "password": PASSWORD}).status_code == httpx.codes.OK
        yield client


def ask(client: httpx.Client, question: str = QUESTION) -> httpx.Response:
    return client.post("gradio_api/run/ask", json={"data": [question]})


def test_anybody_may_see_whether_it_is_well_and_nothing_else(shared: Program) -> None:
    with visitor(shared.url) as stranger:
        told = stranger.get("health").json()
        assert set(told) == {"status", "generation", "documents"}
        assert (told["status"], told["documents"]) == ("ok", 1)
        for path in ("run/ask", "run/rebuild", "call/ask", "call/v2/ask", "queue/join", "upload", "component_server"):
            refused = stranger.post(f"gradio_api/{path}", json={"data": [QUESTION], "session_hash": "x", "fn_index": 0})
            assert refused.status_code == httpx.codes.UNAUTHORIZED, path
            assert "not signed in" in refused.json()["detail"]
        for path in ("config", "gradio_api/info", "gradio_api/openapi.json", "gradio_api/heartbeat/x"):
            assert stranger.get(path).status_code == httpx.codes.UNAUTHORIZED, path
        # The name by which it is called leads nobody past the door.
        led_astray = {"Host": f"127.0.0.1/health?{shared.url}"}
        assert stranger.post("gradio_api/run/ask", json={"data": [QUESTION]}, headers=led_astray).status_code in {
            400,
            401,
        }


def test_who_is_signed_in_is_answered_until_they_sign_out(shared: Program) -> None:
    with visitor(shared.url, "bob") as bob:
        assert ask(bob).json()["data"][0]["status"] == "answered"
        copied = dict(bob.cookies)
        bob.get("logout")
        assert ask(bob).status_code == httpx.codes.UNAUTHORIZED
        bob.cookies.update(copied)
        assert ask(bob).status_code == httpx.codes.UNAUTHORIZED


def test_guessing_passwords_is_slowed_down_for_the_one_who_guesses(shared: Program) -> None:
    guesses = [{"username": name, "password": "guess"} for name in ("ada", "bob", "eve", "ada", "ada")]
    with visitor(shared.url, **{"X-Forwarded-For": "192.0.2.1"}) as guesser:
        with ThreadPoolExecutor(10) as pool:  # all at once, which must not help
            found = list(pool.map(lambda data: guesser.post("login", data=data).status_code, guesses * 2))
        assert sorted(found) == [400] * 5 + [429] * 5
        refused = guesser.post("login", data={"username": "ada", "password": PASSWORD})
        assert refused.status_code == httpx.codes.TOO_MANY_REQUESTS
        assert 0 < int(refused.headers["retry-after"]) <= 12
    with visitor(shared.url, "ada", **{"X-Forwarded-For": "192.0.2.2"}) as ada:
        assert ada.get("gradio_api/info").status_code == httpx.codes.OK


def test_only_an_owner_may_change_the_index_by_whatever_address(shared: Program) -> None:
    with visitor(shared.url, "bob") as bob:
        refused = bob.post("gradio_api/run/rebuild", json={"data": []})
        assert "Only an owner may change the index" in refused.json()["error"]
        upload = bob.post("gradio_api/upload", files={"files": ("a.txt", b"text")})
        assert upload.status_code == httpx.codes.FORBIDDEN
        event = bob.post("gradio_api/call/rebuild", json={"data": []}).json()["event_id"]
        assert "Only an owner may change the index" in bob.get(f"gradio_api/call/rebuild/{event}").text
    client = Client(shared.url, auth=("ada", PASSWORD), verbose=False, analytics_enabled=False)
    try:
        assert client.predict(api_name="/rebuild")["unchanged"] is True
    finally:
        client.close()


@pytest.mark.parametrize(("name", "language", "said"), [("carl", "en", "Please wait"), ("dora", "de-DE", "Bitte")])
def test_who_asks_too_often_is_told_how_long_to_wait(shared: Program, name: str, language: str, said: str) -> None:
    with visitor(shared.url, name, **{"Accept-Language": language}) as often, visitor(shared.url, "emil") as other:
        for _ in range(PER_MINUTE):
            ask(often, "")
        refused = ask(often)
        assert refused.status_code == httpx.codes.TOO_MANY_REQUESTS
        seconds = refused.headers["retry-after"]
        assert 0 < int(seconds) <= 60 / PER_MINUTE
        assert said in refused.json()["detail"]
        assert f"{seconds} s" in refused.json()["detail"]
        assert often.post("gradio_api/call/ask", json={"data": [QUESTION]}).status_code == refused.status_code
        assert ask(other).status_code == httpx.codes.OK
        time.sleep(int(seconds))
        assert ask(often).status_code == httpx.codes.OK


@pytest.mark.parametrize(
    ("path", "names"), [("run/ask", ("fred", "gina", "hans")), ("call/ask", ("ines", "jana", "kurt"))]
)
def test_when_too_many_wait_more_are_turned_away_politely_and_the_rest_are_answered(
    shared: Program, path: str, names: tuple[str, ...]
) -> None:
    async def crowd(cookies: list[str]) -> list[httpx.Response]:
        async with httpx.AsyncClient(base_url=shared.url, timeout=120, limits=httpx.Limits()) as client:
            data = {"data": [QUESTION]}
            asked = [
                client.post(f"gradio_api/{path}", json=data, headers={"cookie": cookie})
                for cookie in cookies
                for _ in range(PER_MINUTE - 1)
            ]
            return await asyncio.gather(*asked)

    cookies = []
    for name in names:
        with visitor(shared.url, name) as client:
            cookies.append("; ".join(f"{key}={value}" for key, value in client.cookies.items()))
    found = asyncio.run(crowd(cookies))
    refused = [reply for reply in found if reply.status_code == httpx.codes.SERVICE_UNAVAILABLE]
    taken = [reply.json() for reply in found if reply.status_code == httpx.codes.OK]
    assert len(refused) + len(taken) == len(found)
    assert len(taken) >= 32
    assert refused
    assert all(reply.headers["retry-after"] and "Please wait" in reply.json()["detail"] for reply in refused)
    with visitor(shared.url, names[0]) as client:
        for one in taken:
            if path == "run/ask":
                assert one["data"][0]["status"] == "answered"
            else:
                assert '"answered"' in client.get(f"gradio_api/call/ask/{one['event_id']}").text


def test_what_is_far_too_large_is_not_even_read(shared: Program) -> None:
    with visitor(shared.url, "emil") as emil:
        for path in ("run/ask", "call/ask", "queue/join"):
            refused = emil.post(f"gradio_api/{path}", json={"data": ["x" * 10_000_000], "fn_index": 0})
            assert refused.status_code == httpx.codes.REQUEST_ENTITY_TOO_LARGE, path
            assert "larger than" in refused.json()["detail"]
        chunks = (b"x" * 100_000 for _ in range(100))  # without a length in the header
        assert emil.post("gradio_api/run/ask", content=chunks).status_code == httpx.codes.REQUEST_ENTITY_TOO_LARGE
    host, port = "127.0.0.1", int(shared.url.rsplit(":", 1)[1].strip("/"))
    with socket.create_connection((host, port)) as gone:  # and who leaves in the middle is not missed
        gone.sendall(f"POST /login HTTP/1.1\r\nHost: {host}\r\nContent-Length: 9\r\n\r\nuser".encode())
    assert httpx.get(f"{shared.url}health").json()["status"] == "ok"
    assert "Disconnect" not in shared.said()


def test_pages_of_other_sites_may_neither_ask_nor_frame_it(shared: Program) -> None:
    with visitor(shared.url, "emil") as emil:
        refused = emil.get("gradio_api/info", headers={"Origin": "https://evil.example"})
        assert refused.status_code == httpx.codes.FORBIDDEN
        assert emil.get("gradio_api/info", headers={"Origin": shared.url.rstrip("/")}).status_code == httpx.codes.OK
        headers = emil.get("").headers
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["content-security-policy"] == "frame-ancestors 'self'"
        assert headers["referrer-policy"] == "same-origin"


def test_the_log_has_a_line_for_each_question_and_none_has_the_question(shared: Program) -> None:
    before = len(shared.lines())
    with visitor(shared.url, "emil") as emil:
        emil.get("", params={"q": QUESTION})
        generation = ask(emil).json()["data"][0]["generation"]
        ask(emil, "")
        # Too few and wrong values: Gradio's own report of them would show them.
        emil.post("gradio_api/call/ask", json={"data": []})
        emil.post("gradio_api/run/search", json={"data": [QUESTION, "many"]})
    until(lambda: len(shared.lines()) >= before + 4)
    login, asked, empty, *_ = shared.lines()[before:]
    assert (login["what"], login["status"]) == ("login", "admitted")
    assert (asked["what"], asked["status"], asked["generation"]) == ("ask", "answered", generation)
    assert asked["ms"] > 0
    assert (empty["what"], empty["status"], empty["client"]) == ("ask", "refused", asked["client"])
    assert "Hegseth" not in shared.said()
    assert PASSWORD not in shared.said()


def test_who_is_struck_from_the_file_is_out_at_once(shared: Program, accounts: Path) -> None:
    whole = accounts.read_text(encoding="utf-8").splitlines()
    with visitor(shared.url, "emil") as emil:
        try:
            write(accounts, *(line for line in whole if not line.startswith("emil:")))
            assert ask(emil).status_code == httpx.codes.UNAUTHORIZED
        finally:
            write(accounts, *whole)


@pytest.mark.e2e
@pytest.mark.parametrize(
    ("locale", "labels", "said"),
    [
        ("en-GB", ("username", "password", "Login"), "Please wait"),
        ("de-DE", ("Benutzername", "Passwort", "Anmelden"), "Bitte"),
    ],
)
def test_the_page_asks_who_is_there_and_says_when_it_was_too_much(
    visit: Callable[..., Any], shared: Program, locale: str, labels: tuple[str, str, str], said: str
) -> None:
    name = "lena" if locale == "en-GB" else "mark"  # whom no other test needs
    reader = visit("phone", locale=locale)
    page = reader.page
    page.goto(shared.url)
    page.get_by_label(labels[0]).fill(name)
    page.get_by_label(labels[1]).fill(PASSWORD)
    page.get_by_role("button", name=labels[2]).click()
    box = page.locator("#beleg-box textarea")
    with visitor(shared.url, name) as same:
        while page.locator(".toast-body").count() == 0:  # what is allowed anew before the key is pressed is answered
            while ask(same, "").status_code != httpx.codes.TOO_MANY_REQUESTS:
                pass
            box.fill(QUESTION)
            page.keyboard.press("Enter")
            page.wait_for_timeout(200)
        expect(page.locator(".toast-body")).to_contain_text(said)
    expect(box).to_have_value(QUESTION)
    expect(box).to_be_editable()
    time.sleep(60 / PER_MINUTE)
    reader.ask(QUESTION)
    expect(page.locator(".beleg-quote").first).to_be_visible()
    reader.mishaps[:] = [mishap for mishap in reader.mishaps if "429" not in mishap]


def replaced(folder: Path, said: str) -> str:
    folder.mkdir(exist_ok=True)
    (folder / "hafen.txt").write_text(SENTENCE.format(said), encoding="utf-8")
    return build([folder], IndexSettings.load(data_dir=folder.parent / "data")).generation


def test_on_loopback_it_is_quiet_follows_the_index_and_ends_when_what_it_was_asked_is_answered(
    serve: Serve, tmp_path: Path
) -> None:
    before = replaced(tmp_path / "texts", "wird im Sommer geschlossen")
    with serve(tmp_path / "data") as alone, visitor(alone.url) as client:
        assert ask(client, ABOUT_THE_HARBOUR).json()["data"][0]["generation"] == before
        after = replaced(tmp_path / "texts", "bleibt im Sommer nun doch offen")
        answer = ask(client, ABOUT_THE_HARBOUR).json()["data"][0]
        assert answer["generation"] == after == client.get("health").json()["generation"]
        assert "nun doch offen" in answer["citations"][0]["quote"]

        rebound = client.get("gradio_api/info", headers={"Host": "evil.example:7860"})
        assert rebound.status_code == httpx.codes.FORBIDDEN

        other = Client(alone.url, verbose=False, analytics_enabled=False)
        with ThreadPoolExecutor(16) as pool:
            direct = [pool.submit(ask, client, ABOUT_THE_HARBOUR) for _ in range(16)]
            jobs = [other.submit(ABOUT_THE_HARBOUR, api_name="/ask") for _ in range(6)]
            until(lambda: any(job.done() for job in jobs))  # of a queue that the other calls stand in as well
            alone.process.send_signal(signal.SIGTERM)
            until(lambda: client.get("health").json()["status"] == "stopping", 5)
            assert "is being stopped" in ask(client).json()["detail"]
            assert {reply.result().json()["data"][0]["generation"] for reply in direct} == {after}
        assert {job.result(60)["generation"] for job in jobs} == {after}
        assert alone.process.wait(30) == 0
        other.close()
        assert re.fullmatch(rf"{READY}\S+ .*\n(Beleg stops when .*\n)?", alone.said())
