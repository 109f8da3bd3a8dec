"""The page for everybody: axe finds nothing serious in any state, and what is read comes in the right order."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

pytestmark = pytest.mark.e2e

QUESTION = "What did Hegseth say about NATO?"
UNANSWERABLE = "Which recipe makes the best pizza dough?"
CHANGED = 'Did he say "Die Vereinigten Staaten glauben fest, dass eine Nato-Mitgliedschaft"?'
ASKED = {"id": "one", "question": UNANSWERABLE, "lang": "en", "answerable": False, "gold": []}

Visits = Callable[..., Any]


def wrong(reader: Any) -> dict[str, list[str]]:  # noqa: ANN401 - a `Visit`
    """What axe holds to be serious or critical in the looks of the page, and where one must scroll sideways."""
    found = {look: [*violations(reader.page), *sideways(reader.page)] for look in reader.looks()}
    return {look: those for look, those in found.items() if those}


def violations(page: Page) -> list[str]:
    return [
        f"{rule['id']}: {node['html'][:200]}"
        for rule in Axe().run(page).response["violations"]
        if rule["impact"] in {"serious", "critical"}
        for node in rule["nodes"]
    ]


def sideways(page: Page) -> list[str]:
    wide = page.evaluate("document.documentElement.scrollWidth > window.innerWidth")
    return ["the page scrolls sideways"] if wide else []


@pytest.mark.parametrize("locale", ["en-GB", "de-DE"])
def test_axe_finds_nothing_serious_in_any_look_of_any_state(
    visit: Visits, served: str, served_data: Path, locale: str
) -> None:
    (served_data / "questions").mkdir(exist_ok=True)
    (served_data / "questions" / "one.jsonl").write_text(json.dumps(ASKED), encoding="utf-8")
    reader = visit("desktop", locale)
    page = reader.open(f"{served}?since=2020")
    page.locator(".example").first.wait_for()
    states = {"examples": wrong(reader)}
    reader.ask(QUESTION)
    page.locator(".beleg-actions button").last.click()
    page.locator(".beleg-explained summary").click()
    states["answered, explained, an opinion being given"] = wrong(reader)
    page.locator(".beleg-chip").first.click()
    expect(page.locator("#beleg-source mark").first).to_be_focused()
    states["article"] = wrong(reader)
    page.keyboard.press("Escape")
    reader.ask("And what about Ukraine?")
    states["followed up"] = wrong(reader)
    page.locator("#beleg-topic").click()
    reader.ask(CHANGED, answered=".beleg-check-altered")
    states["new topic, quotation checked"] = wrong(reader)
    page.locator("#beleg-filters button").first.click()
    reader.ask(UNANSWERABLE)
    states["abstained, filters open"] = wrong(reader)
    page.get_by_role("tab").nth(1).click()
    page.locator("#beleg-library-table tbody tr").first.wait_for()
    states["sources"] = wrong(reader)
    page.get_by_role("tab").nth(2).click()
    page.locator("#beleg-evaluation-choice button").first.click()
    page.locator("#beleg-evaluation-result table").first.wait_for()
    states["evaluation"] = wrong(reader)
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
