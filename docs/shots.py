"""Makes the pictures of the page in docs/shots: ``make shots``. They show the real program over the seeds."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Literal, NamedTuple

from playwright.sync_api import Browser, Page, ViewportSize, sync_playwright

ROOT = Path(__file__).parent.parent
OUT = Path(__file__).parent / "shots"
PORT = 7899
URL = f"http://127.0.0.1:{PORT}/"
DESKTOP: ViewportSize = {"width": 1280, "height": 800}
PHONE: ViewportSize = {"width": 390, "height": 844}
PATIENCE_MS = 120_000
EXAMPLE = "What did Hegseth say about NATO?"
QUOTED = "Hat Hegseth gesagt „Die Vereinigten Staaten glauben, dass eine Nato-Mitgliedschaft realistisch ist“?"


class Shot(NamedTuple):
    """One picture: its name, what the reader does before, and in which browser."""

    name: str
    steps: Callable[[Page], None]
    size: ViewportSize = DESKTOP
    locale: str = "en-GB"
    scheme: Literal["light", "dark"] = "light"


def _ask(page: Page, question: str) -> None:
    answers = page.locator(".beleg-actions")
    before = answers.count()
    page.locator("#beleg-box textarea").fill(question)
    page.keyboard.press("Enter")
    answers.nth(before).wait_for()


def _start(page: Page) -> None:
    page.locator("#beleg-thread .example").first.wait_for()


def _answered(page: Page) -> None:
    _ask(page, EXAMPLE)


def _article(page: Page) -> None:
    _ask(page, EXAMPLE)
    page.locator(".beleg-chip").first.click()
    page.locator("#beleg-source mark").first.wait_for()


def _abstained(page: Page) -> None:
    _ask(page, "Was hat Merkel zu dem Telefonat gesagt?")


def _followed(page: Page) -> None:
    _ask(page, EXAMPLE)
    _ask(page, "And what about Ukraine?")


def _checked(page: Page) -> None:
    _ask(page, QUOTED)


def _sources(page: Page) -> None:
    page.get_by_role("tab").nth(1).click()
    page.locator("#beleg-library-table tbody tr").first.wait_for()


def _evaluation(page: Page) -> None:
    page.get_by_role("tab").nth(2).click()
    page.get_by_role("button", name="Run", exact=True).click()
    page.locator("#beleg-evaluation-result svg").first.wait_for()


SHOTS = (
    Shot("start", _start),
    Shot("answer", _article),
    Shot("answer-phone", _answered, PHONE, "de-DE", "dark"),
    Shot("abstained", _abstained, PHONE, "de-DE"),
    Shot("follow-up", _followed),
    Shot("quotation-checked", _checked, DESKTOP, "de-DE", "dark"),
    Shot("sources", _sources),
    Shot("evaluation", _evaluation),
)


def main() -> None:
    """Make all pictures, or those that are named on the command line."""
    wanted = sys.argv[1:]
    OUT.mkdir(exist_ok=True)
    with _program(), sync_playwright() as playwright:
        executable = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))))
        browser = playwright.chromium.launch(executable_path=executable, args=["--no-sandbox"])
        for shot in SHOTS:
            if not wanted or shot.name in wanted:
                _take(browser, shot)
        browser.close()


def _take(browser: Browser, shot: Shot) -> None:
    context = browser.new_context(
        viewport=shot.size, locale=shot.locale, color_scheme=shot.scheme, reduced_motion="reduce"
    )
    context.set_default_timeout(PATIENCE_MS)
    page = context.new_page()
    page.goto(URL)
    page.locator("#beleg-box textarea").wait_for()
    shot.steps(page)
    page.wait_for_timeout(1000)  # what slides and fades is at rest
    page.screenshot(path=OUT / f"{shot.name}.png")
    context.close()
    print(OUT / f"{shot.name}.png")


@contextmanager
def _program() -> Iterator[None]:
    """Serve an index of the seeds, from a folder that says nothing of this machine."""
    with tempfile.TemporaryDirectory(prefix="beleg-") as folder:
        seeds = shutil.copytree(ROOT / "seeds", Path(folder, "seeds"))
        environment = {**os.environ, "BELEG_DATA_DIR": str(Path(folder, "data")), "BELEG_PORT": str(PORT)}
        subprocess.run([sys.executable, "-m", "qa.cli", "index", str(seeds)], env=environment, check=True)  # noqa: S603 - our own program
        with subprocess.Popen(  # noqa: S603 - as above
            [sys.executable, str(ROOT / "app.py")], env=environment, stderr=subprocess.PIPE, text=True
        ) as program:
            assert program.stderr is not None  # noqa: S101 - it is piped
            try:
                next(line for line in program.stderr if "Beleg answers at" in line)
                yield
            finally:
                program.terminate()


if __name__ == "__main__":
    main()
