"""The report of an evaluation in a real browser, opened as the file that it is."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page

from qa.evaluate import evaluate
from qa.html_report import write_html
from qa.pipeline import Assistant
from qa.questions import GoldQuestion, QuestionSet
from qa.settings import Settings

pytestmark = pytest.mark.e2e

HOSTILE = 'Who sells <img src=x onerror="window.pwned=1"> tickets in Hostingen? </style><script>window.pwned=1</script>'


@pytest.fixture(scope="session")
def report(served_data: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A report of real answers over the seeds and a hostile article, beside itself as the run before."""
    assistant = Assistant(Settings.load(data_dir=served_data))
    asked = (HOSTILE, "What did Hegseth say about NATO?", "Was sagte die Direktorin des Zirkus?")
    questions = tuple(
        GoldQuestion(f"q{number} <b>", text, "de" if number == 2 else "en", answerable=False, gold=(), tags=("<i>",))
        for number, text in enumerate(asked)
    )
    evaluation = evaluate(assistant, QuestionSet("hostile <b>", "0", questions))
    path = tmp_path_factory.mktemp("report") / "report.html"
    write_html(evaluation, evaluation, path, assistant.document)
    assistant.close()
    return path


@pytest.fixture(params=[("desktop", "light"), ("phone", "dark")], ids="-".join)
def opened(request: pytest.FixtureRequest, chromium: Browser, report: Path) -> Iterator[tuple[Page, list[str]]]:
    """The report, unfolded, and every request that it made but for itself, every dialog and every error."""
    size, scheme = request.param
    width = 390 if size == "phone" else 1280
    context = chromium.new_context(viewport={"width": width, "height": 844}, color_scheme=scheme)
    page, mishaps = context.new_page(), []
    page.on("request", lambda one: mishaps.append(one.url) if one.url != report.as_uri() else None)
    page.on("console", lambda message: mishaps.append(message.text))
    page.on("pageerror", lambda error: mishaps.append(str(error)))
    page.goto(report.as_uri())
    page.evaluate("document.querySelectorAll('details').forEach((one) => { one.open = true; })")
    yield page, mishaps
    context.close()


def test_it_asks_for_nothing_and_runs_nothing(opened: tuple[Page, list[str]]) -> None:
    page, mishaps = opened
    assert page.locator("text=Hostingen?").count() > 0
    assert page.evaluate("window.pwned") is None
    assert mishaps == []


def test_axe_finds_nothing_serious_and_nothing_is_wider_than_the_window(opened: tuple[Page, list[str]]) -> None:
    page, _ = opened
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    found = Axe().run(page).response["violations"]
    assert [rule["id"] for rule in found if rule["impact"] in {"serious", "critical"}] == []


def test_colours_are_those_of_the_readers_system(opened: tuple[Page, list[str]]) -> None:
    page, _ = opened
    dark = page.evaluate("matchMedia('(prefers-color-scheme: dark)').matches")
    paper = page.evaluate("getComputedStyle(document.body).backgroundColor")
    assert paper == ("rgb(22, 21, 19)" if dark else "rgb(251, 249, 244)")
