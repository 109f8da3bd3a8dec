"""The page for everybody: axe finds nothing serious in any state, and what is read comes in the right order."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

pytestmark = pytest.mark.e2e

QUESTION = "What did Hegseth say about NATO?"
UNANSWERABLE = "Which recipe makes the best pizza dough?"
LOOKS = pytest.mark.parametrize(
    ("viewport", "locale", "scheme"),
    [
        ("desktop", "en-GB", "light"),
        ("desktop", "de-DE", "dark"),
        ("phone", "de-DE", "light"),
        ("phone", "en-GB", "dark"),
    ],
)

Visits = Callable[..., Any]


def violations(page: Page) -> list[str]:
    """What axe holds to be serious or critical, with the element that it is about."""
    found = Axe().run(page).response["violations"]
    return [
        f"{rule['id']}: {node['html'][:200]}"
        for rule in found
        if rule["impact"] in {"serious", "critical"}
        for node in rule["nodes"]
    ]


@LOOKS
def test_axe_finds_nothing_serious(visit: Visits, served: str, viewport: str, locale: str, scheme: str) -> None:
    reader = visit(viewport, locale, scheme)
    page = reader.open(f"{served}?since=2020")
    page.locator(".example").first.wait_for()
    states = {"examples": violations(page)}
    reader.ask(QUESTION)
    page.locator(".beleg-actions button").last.click()
    page.locator(".beleg-explained summary").click()
    states["answered"] = violations(page)
    page.locator(".beleg-chip").first.click()
    expect(page.locator("#beleg-source mark").first).to_be_focused()
    states["article"] = violations(page)
    page.keyboard.press("Escape")
    reader.ask(UNANSWERABLE)
    page.locator("#beleg-filters button").first.click()
    states["abstained, filters open"] = violations(page)
    for tab in page.get_by_role("tab").all()[1:]:
        tab.click()
        page.wait_for_timeout(1000)  # what the tab shows comes from the program
        states[str(tab.text_content())] = violations(page)
    assert {name: found for name, found in states.items() if found} == {}


def test_answer_then_citations_then_sources(visit: Visits, served: str) -> None:
    """The order in which a screen reader meets them is that of the document."""
    reader = visit()
    page = reader.open(served)
    reader.ask(QUESTION)
    page.locator(".beleg-chip").first.click()
    expect(page.locator("#beleg-source mark").first).to_be_focused()
    in_order = page.evaluate(
        """() => {
            const parts = [".beleg-question", ".beleg-answer .beleg-lead", ".beleg-quote blockquote", ".beleg-chip",
                           "#beleg-source mark"].map((selector) => document.querySelector(selector));
            return parts.slice(1).every((part, i) =>
                parts[i].compareDocumentPosition(part) & Node.DOCUMENT_POSITION_FOLLOWING);
        }"""
    )
    assert in_order
    expect(page.get_by_role("log", name="Conversation")).to_be_visible()
    expect(page.get_by_role("complementary", name="Source")).to_be_visible()
    assert page.locator('[role="log"]').first.get_attribute("aria-live") == "polite"


def test_everything_is_reached_by_keyboard_and_seen_to_be(visit: Visits, served: str) -> None:
    reader = visit()
    page = reader.open(served)
    reader.ask(QUESTION)
    reached: set[str] = set()
    page.locator("#beleg-box textarea").focus()
    for _ in range(60):
        page.keyboard.press("Shift+Tab")
        reached.add(str(page.evaluate("document.activeElement.className + ' ' + document.activeElement.innerText")))
        outlined = page.evaluate(
            """() => document.activeElement === document.body
                || getComputedStyle(document.activeElement).outlineStyle !== "none" """
        )
        assert outlined
    together = "\n".join(reached)
    for control in ("beleg-chip", "beleg-permalink", "Copy", "Ask again", "Helpful", "Deutsch", "Questions", "Filter"):
        assert control in together
