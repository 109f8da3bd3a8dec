"""What goes wrong while a reader asks: the page says so, stays usable, and loses nothing."""

from __future__ import annotations

import signal
import subprocess
import threading
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from itertools import islice, permutations
from pathlib import Path
from typing import Any, TypeAlias

import pytest
from playwright.sync_api import Page, expect

from index.build import build
from index.settings import IndexSettings
from ui.speech import Words
from ui.strings import words

pytestmark = pytest.mark.e2e

QUESTION = "What did Hegseth say about NATO?"
FERRY = "What did Orban say about the ferry to Larnaby?"
SAILS, IDLE = "The ferry to Larnaby must sail again by May, Orban said.", "The ferry to Larnaby is idle, Orban said."
BREAD = "The bakers of Hostingen raised the price of bread to {} crowns on Monday."
DESKTOP, PHONE = ("desktop", "en-GB", "light"), ("phone", "de-DE", "dark")
OPPOSITE_LOOKS = pytest.mark.parametrize("look", [DESKTOP, PHONE])
SPOKEN_OF = ("harbour", "budget", "bridge", "council", "winter", "school", "election", "border", "treaty", "summit")
SEEDS = Path(__file__).parents[2] / "seeds"
ODD = {
    "as long as may be": ("Was sagte Hegseth zur Nato? " * 72)[:2000],
    "emoji": "🇺🇦🤷‍♀️🔥",
    "SQL": "'; DROP TABLE documents; -- \" OR 1=1 NEAR(a b) *:*",
    "a script": "<script>window.pwned=1</script><img src=x onerror=window.pwned=1>",
    "right to left": "\u202eماذا قال هيغسيث عن الناتو؟\u202c",
    "zero width": "W\u200bas sag\u200dte Heg\ufeffseth?",
}

Look = tuple[str, str, str]
Visits = Callable[..., Any]
Serve = Callable[..., AbstractContextManager[Any]]
Program: TypeAlias = Any  # `Program` of the fixtures


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data directory with an index of articles that tests change."""
    data = tmp_path_factory.mktemp("port") / "data"
    replaced(data, bread=BREAD.format(3))
    return data


@pytest.fixture(scope="module")
def port(data: Path, serve: Serve) -> Iterator[Program]:
    """A program over `data`."""
    with serve(data) as program:
        yield program


@pytest.fixture(scope="module")
def much_to_read(tmp_path_factory: pytest.TempPathFactory, serve: Serve) -> Iterator[Program]:
    """A program that reads a hundred passages for an answer: to stop it takes about as long as a short answer does."""
    folder = tmp_path_factory.mktemp("much")
    for number, of in enumerate(islice(permutations(SPOKEN_OF, 4), 0, None, 60)):
        said = " ".join(f"They spoke of the {' and the '.join(these)} all day." for these in permutations(of))
        (folder / f"{number}.md").write_text(f"---\ntitle: Report {number}\n---\n{said}\n", encoding="utf-8")
    data = folder.with_name("much-data")
    build([SEEDS, folder], IndexSettings.load(data_dir=data))
    with serve(data, passages=100) as program:
        yield program


def replaced(data: Path, **said: str) -> str:
    """Replace what articles say, index them, and give the generation."""
    folder = data.with_name("texts")
    folder.mkdir(exist_ok=True)
    for name, what in said.items():
        path = folder / f"{name}.md"
        path.unlink(missing_ok=True)
        if what:
            path.write_text(f"---\ntitle: {name}\ndate: 2025-03-01\n---\n{what}\n", encoding="utf-8")
    return build([folder], IndexSettings.load(data_dir=data, keep_generations=2)).generation


def speech(look: Look) -> Words:
    return words("de" if look[1] == "de-DE" else "en")


@contextmanager
def slowed(process: subprocess.Popen[bytes]) -> Iterator[None]:
    """Let a program run only a twentieth of the time, so that there is time to do something while it answers."""
    over = threading.Event()

    def slow() -> None:
        while not over.wait(0.005):
            process.send_signal(signal.SIGSTOP)
            over.wait(0.1)
            process.send_signal(signal.SIGCONT)

    slowing = threading.Thread(target=slow)
    slowing.start()
    try:
        yield
    finally:
        over.set()
        slowing.join()


def opened(reader: Any, program: Program) -> Page:  # noqa: ANN401 - a `Visit`
    """The page, once nothing is being loaded any more."""
    page: Page = reader.open(program.url)
    page.locator(".example").first.wait_for()
    return page


def begin(page: Page, question: str) -> None:
    """Ask, and wait until the program is at it."""
    page.locator("#beleg-box textarea").fill(question)
    page.keyboard.press("Enter")
    page.locator("#beleg-stop").wait_for()


def scrolls_sideways(page: Page) -> bool:
    return bool(page.evaluate("document.documentElement.scrollWidth > window.innerWidth"))


@OPPOSITE_LOOKS
def test_odd_questions_are_shown_as_they_are_and_the_next_one_is_answered(
    visit: Visits, served: str, look: Look
) -> None:
    reader = visit(*look)
    page = reader.open(served)
    for number, question in enumerate(ODD.values()):
        reader.ask(question)
        assert page.locator(".beleg-question").nth(number).text_content() == question.strip()
        assert not scrolls_sideways(page)
    reader.ask(QUESTION)
    expect(page.locator(".beleg-answer").last.locator(".beleg-quote")).to_have_count(1)
    assert page.locator("#beleg-thread .message-wrap").locator("img, script").count() == 0


@OPPOSITE_LOOKS
def test_an_answer_is_stopped_and_the_next_question_is_answered(
    visit: Visits, much_to_read: Program, look: Look
) -> None:
    reader = visit(*look)
    page = opened(reader, much_to_read)
    with slowed(much_to_read.process):
        begin(page, QUESTION)
        page.locator("#beleg-stop").click()
    expect(page.locator("#beleg-stop")).to_have_count(0)
    expect(page.locator(".beleg-note")).to_contain_text(speech(look).interrupted)
    expect(page.locator(".beleg-question")).to_have_text(QUESTION)
    reader.put(QUESTION)
    expect(page.locator(".beleg-quote")).to_have_count(1)


def test_what_is_asked_while_an_answer_is_given_waits_in_the_box(visit: Visits, much_to_read: Program) -> None:
    reader = visit()
    page = opened(reader, much_to_read)
    with slowed(much_to_read.process):
        page.locator("#beleg-box textarea").fill(QUESTION)
        page.locator("#beleg-ask").click()
        page.locator("#beleg-stop").wait_for()
        page.locator("#beleg-box textarea").fill(FERRY)
        page.keyboard.press("Enter")
    expect(page.locator(".beleg-quote")).to_have_count(1)
    expect(page.locator(".beleg-question")).to_have_text(QUESTION)
    expect(page.locator("#beleg-box textarea")).to_have_value(FERRY)
    reader.put(FERRY)
    expect(page.locator(".beleg-question")).to_have_text([QUESTION, FERRY])
    expect(page.locator(".beleg-answer")).to_have_count(2)


def test_what_is_cleared_while_it_is_answered_does_not_come_back(visit: Visits, much_to_read: Program) -> None:
    reader = visit()
    page = opened(reader, much_to_read)
    with slowed(much_to_read.process):
        begin(page, FERRY)
        page.get_by_role("button", name="Clear conversation").click()
    reader.put(QUESTION)
    expect(page.locator(".beleg-quote")).to_have_count(1)
    expect(page.locator(".beleg-question")).to_have_text(QUESTION)
    page.reload()
    expect(page.locator(".beleg-question")).to_have_text(QUESTION)


def test_a_program_that_dies_in_the_middle_of_an_answer_loses_no_conversation(
    visit: Visits, serve: Serve, served_data: Path
) -> None:
    reader = visit(*PHONE)
    with serve(served_data) as program:
        page = reader.open(program.url)
        reader.ask(QUESTION)
        with slowed(program.process):
            begin(page, "And what about Ukraine?")
            program.process.kill()
        program.process.wait()
    # Gradio reloads a page whose program is back, in the middle of whatever else is done with it: even of closing it.
    reader.page, lost = page.context.new_page(), page
    lost.close()
    with serve(served_data, port=program.port):
        reader.watch()
        page = reader.open(program.url)
        expect(page.locator(".beleg-question")).to_have_text([QUESTION, "And what about Ukraine?"])
        expect(page.locator(".beleg-quote")).to_have_count(1)
        expect(page.locator(".beleg-note")).to_contain_text(speech(PHONE).interrupted)
        page.locator(".beleg-chip").click()
        expect(page.locator("#beleg-source mark")).to_be_visible()
        page.keyboard.press("Escape")
        reader.ask(QUESTION)
        expect(page.locator(".beleg-quote")).to_have_count(2)
    reader.mishaps.clear()  # of the program that died


@OPPOSITE_LOOKS
def test_an_article_is_read_as_it_was_quoted_until_that_version_is_gone(
    visit: Visits, port: Program, data: Path, look: Look
) -> None:
    reader = visit(*look)
    page = reader.open(port.url)
    replaced(data, ferry=SAILS)
    reader.ask(FERRY)
    panel, mark = page.locator("#beleg-source"), page.locator("#beleg-source mark")
    expect(page.locator(".beleg-quote blockquote")).to_have_text(SAILS)
    page.locator(".beleg-chip").click()
    expect(mark).to_have_text(SAILS)
    expect(panel).not_to_contain_text(speech(look).older)

    replaced(data, ferry=IDLE)
    page.reload()  # the address names the place: the panel opens by itself
    expect(mark).to_have_text(SAILS)
    expect(panel).to_contain_text(speech(look).older)

    replaced(data, ferry="")
    replaced(data, bread=BREAD.format(4))
    page.keyboard.press("Escape")
    expect(panel).not_to_be_in_viewport()
    page.locator(".beleg-chip").click()
    expect(panel).to_contain_text(speech(look).missing)
    expect(mark).to_have_count(0)
    page.keyboard.press("Escape")
    reader.ask(FERRY)
    expect(page.locator(".beleg-answer").last).not_to_contain_text(SAILS)


def test_while_one_reader_rebuilds_another_is_answered(visit: Visits, port: Program, data: Path) -> None:
    owner, reader, name = visit(), visit(*PHONE), "harbour"
    page = reader.open(port.url)
    replaced(data, ferry=SAILS)
    reader.ask(FERRY)
    owner.open(port.url).get_by_role("tab", name="Sources").click()
    text = "\n\n".join(f"Line {n} of {name} tells of ship number {n}." for n in range(200))
    added = {"name": f"{name}.txt", "mimeType": "text/plain", "buffer": text.encode()}
    owner.page.locator("#beleg-library-files input[type=file]").set_input_files(added)
    owner.page.locator("#beleg-library-status progress").wait_for()
    for asked in range(1, 4):
        reader.ask(FERRY)
        expect(page.locator(".beleg-answer").nth(asked)).to_contain_text(SAILS)
    expect(owner.page.locator("#beleg-library-status .beleg-report")).to_be_visible()
    reader.ask(f"Of which ship does line 17 of {name} tell?")
    expect(page.locator(".beleg-answer").last).to_contain_text(f"Line 17 of {name}")
    page.locator(".beleg-chip").first.click()
    expect(page.locator("#beleg-source mark").first).to_contain_text(SAILS)


@OPPOSITE_LOOKS
def test_an_opinion_that_cannot_be_kept_is_not_said_to_be(
    visit: Visits, served: str, served_data: Path, look: Look
) -> None:
    kept, aside = served_data / "feedback.jsonl", served_data / "feedback.aside"
    reader = visit(*look)
    page = reader.open(served)
    reader.ask(QUESTION)
    kept.touch()
    kept.rename(aside)
    kept.mkdir()  # as a full disk, which a test cannot have
    try:
        page.get_by_role("button", name=speech(look).useful, exact=True).click()
        page.get_by_role("button", name=speech(look).send, exact=True).click()
        expect(page.locator(".beleg-actions [role=status]")).to_have_text(speech(look).feedback_failed)
    finally:
        kept.rmdir()
        aside.rename(kept)
    reader.ask(QUESTION)
