from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

pytestmark = pytest.mark.e2e

QUESTION = "What did Hegseth say about NATO?"
QUOTE = (
    "«Die Vereinigten Staaten glauben nicht, dass eine Nato-Mitgliedschaft der Ukraine ein realistisches Ergebnis "
    "einer Verhandlungslösung ist», sagte Hegseth."
)
UNANSWERABLE = "Which recipe makes the best pizza dough?"
BOTH_SIZES = pytest.mark.parametrize("viewport", ["desktop", "phone"])

Visits = Callable[..., Any]


def marked(page: Page) -> str:
    return "\n".join(page.locator("#beleg-source mark").all_inner_texts())


def quotation(page: Page, number: int) -> Locator:
    return page.get_by_role("link", name=f"Quotation {number}")


def scrolls_sideways(page: Page) -> bool:
    return bool(page.evaluate("document.documentElement.scrollWidth > window.innerWidth"))


@BOTH_SIZES
def test_the_example_question_is_answered_and_its_citation_opens_the_article_at_the_quotation(
    visit: Visits, served: str, viewport: str
) -> None:
    reader = visit(viewport)
    page = reader.open(served)
    expect(page.get_by_label("Question")).to_be_in_viewport()
    assert not scrolls_sideways(page)

    reader.ask(QUESTION)
    expect(page.locator(".beleg-quote blockquote").first).to_have_text(QUOTE)
    expect(page.locator(".beleg-source").first).to_contain_text("2025")
    expect(page.get_by_label("Question")).to_be_in_viewport()
    assert not scrolls_sideways(page)

    quotation(page, 1).click()
    mark = page.locator("#beleg-source mark")
    expect(mark).to_have_text(QUOTE)
    expect(mark).to_be_in_viewport(ratio=1)
    expect(mark).to_be_focused()
    expect(page.locator("#beleg-source")).to_contain_text("Derzeit kontrolliert Russland knapp ein Fünftel")
    assert not scrolls_sideways(page)

    page.keyboard.press("Escape")
    expect(page.locator("#beleg-source")).not_to_be_in_viewport()
    expect(quotation(page, 1)).to_be_focused()


def test_the_source_panel_is_reached_and_left_by_keyboard(visit: Visits, served: str) -> None:
    reader = visit()
    page = reader.open(served)
    reader.ask(QUESTION)
    for _ in range(20):
        page.keyboard.press("Shift+Tab")
        if page.evaluate("document.activeElement.matches('.beleg-chip')"):
            break
    page.keyboard.press("Enter")
    expect(page.locator("#beleg-source mark").first).to_be_focused()
    page.get_by_role("button", name="Close the source").press("Enter")
    expect(page.locator("#beleg-source")).not_to_be_in_viewport()
    assert page.evaluate("document.activeElement.matches('.beleg-chip')")


def test_after_a_reload_the_conversation_is_there_and_old_citations_still_open(visit: Visits, served: str) -> None:
    reader = visit()
    page = reader.open(served)
    reader.ask(QUESTION)
    reader.ask("Was hat Hegseth zur Nato gesagt?")
    page.reload()
    expect(page.locator(".beleg-question")).to_have_text([QUESTION, "Was hat Hegseth zur Nato gesagt?"])
    quotation(page, 1).first.click()
    expect(page.locator("#beleg-source mark")).to_have_text(QUOTE)

    page.reload()  # the address now names the place, so the article is open again
    expect(page.locator("#beleg-source mark")).to_have_text(QUOTE)
    page.keyboard.press("Escape")
    kept = page.evaluate("JSON.stringify(localStorage)")
    page.get_by_role("button", name="Clear conversation").click()
    expect(page.locator(".beleg-question")).to_have_count(0)
    # Gradio empties the conversation at once; what the browser keeps is emptied when the program has been asked. It is
    # scrambled anew whenever it is written, so that only its length says what is in it.
    page.wait_for_function("kept => JSON.stringify(localStorage).length < kept.length / 2", arg=kept)
    page.reload()
    expect(page.locator(".example").first).to_be_visible()
    expect(page.locator(".beleg-question")).to_have_count(0)


@pytest.mark.parametrize("locale", ["en-GB", "de-DE"])
def test_the_examples_are_of_the_sources_and_are_answered(visit: Visits, served: str, locale: str) -> None:
    page = visit("phone", locale).open(served)
    example = page.locator(".example").first
    text = example.inner_text()
    example.click()
    expect(page.locator(".beleg-question")).to_have_text(text)
    expect(page.locator(".beleg-quote").first).to_be_visible()


def test_a_question_that_cannot_be_asked_leaves_the_page_usable(visit: Visits, served: str) -> None:
    reader = visit()
    page = reader.open(served)
    box = page.get_by_label("Question")
    page.get_by_role("button", name="Ask").click()
    expect(page.get_by_text("Write a question first.")).to_be_visible()
    box.fill("x" * 2001)
    while page.get_by_text("The question has 2001 characters").count() == 0:  # the one before may not have ended yet
        expect(box).to_have_value("x" * 2001)
        page.get_by_role("button", name="Ask").click()
        page.wait_for_timeout(200)
    expect(box).to_have_value("x" * 2001)
    reader.ask(QUESTION)
    expect(box).to_be_editable()
    expect(page.get_by_role("button", name="Stop")).to_have_count(0)


def test_without_an_index_the_page_says_how_to_build_one_and_stays_usable(visit: Visits, unindexed: str) -> None:
    reader = visit()
    page = reader.open(unindexed)
    for _ in range(2):
        reader.ask(QUESTION, answered=".beleg-problem")
    expect(page.locator(".beleg-problem").last).to_contain_text("beleg index")
    expect(page.get_by_label("Question")).to_be_editable()


@BOTH_SIZES
def test_what_the_sources_do_not_answer_is_not_cited(visit: Visits, served: str, viewport: str) -> None:
    reader = visit(viewport)
    page = reader.open(served)
    reader.ask(UNANSWERABLE)
    expect(page.get_by_text("The indexed sources do not answer this.")).to_be_visible()
    expect(page.get_by_text("Not an answer: the nearest passages")).to_be_visible()
    expect(page.locator(".beleg-chip")).to_have_count(0)
    assert not scrolls_sideways(page)
    near = page.locator(".beleg-miss").first
    near.get_by_role("link").click()
    expect(page.locator("#beleg-source mark.beleg-is-near").first).to_be_in_viewport()


@BOTH_SIZES
def test_a_hostile_article_is_inert_in_the_answer_and_in_the_panel(
    visit: Visits, served: str, hostile: str, viewport: str
) -> None:
    reader = visit(viewport)
    page = reader.open(served)
    question = "What does the circus in Hostingen sell, said the ringmaster? <img src=x onerror=window.pwned=1> ${1}"
    reader.ask(question)
    expect(page.locator(".beleg-question")).to_have_text(question)
    quotes = page.locator(".beleg-quote blockquote").all_inner_texts()
    number = next(number for number, quote in enumerate(quotes, 1) if hostile in quote)
    quotation(page, number).click()
    expect(page.locator("#beleg-source mark").first).to_be_visible()
    assert hostile in marked(page)
    expect(page.locator("#beleg-source h2")).to_have_text("<b>Circus</b> ${window.pwned=1} {{constructor}} **tickets**")
    assert not scrolls_sideways(page)
    inside = "#beleg-thread .message-wrap, #beleg-source"
    assert (
        page.locator(inside).locator("img, script, iframe, style, form, input, math, .katex, strong, code").count() == 0
    )
    links = page.locator(inside).locator("a").evaluate_all("links => links.map(link => link.getAttribute('href'))")
    assert all(link.startswith(("#cite/", "#near/", "?doc=")) for link in links)


def test_a_german_browser_gets_a_german_page_and_each_question_its_own_language(visit: Visits, served: str) -> None:
    reader = visit("phone", locale="de-DE")
    page = reader.open(served)
    expect(page.get_by_label("Frage", exact=True)).to_be_visible()
    expect(page.get_by_role("button", name="Fragen", exact=True)).to_be_visible()
    expect(page.get_by_role("tab", name="Quellen")).to_be_visible()
    assert page.evaluate("document.documentElement.lang") == "de"
    reader.ask("Was hat Hegseth zur Nato gesagt?")
    expect(page.locator(".beleg-answer").last).to_have_attribute("lang", "de")
    reader.ask(QUESTION)
    expect(page.locator(".beleg-answer").last).to_contain_text("in its own words")
    quotation(page, 1).click()
    expect(page.get_by_role("button", name="Quelle schließen")).to_be_visible()


def test_every_control_has_a_name(visit: Visits, served: str) -> None:
    reader = visit()
    page = reader.open(served)
    reader.ask(QUESTION)
    quotation(page, 1).click()
    expect(page.locator("#beleg-source mark").first).to_be_visible()
    nameless = page.evaluate(
        """() => [...document.querySelectorAll("button, a[href], textarea, input, [role=tab]")]
            .filter((control) => control.checkVisibility({ visibilityProperty: true }))
            .filter((control) => !control.closest("[aria-hidden=true]"))
            .filter((control) => !(control.ariaLabel || control.labels?.[0]?.innerText || control.innerText).trim())
            .map((control) => control.outerHTML)"""
    )
    assert nameless == []
    assert page.locator("[aria-label*='beleg-']").count() == 0  # no label is made of our markup


def test_the_index_is_rebuilt_from_the_page_and_it_says_what_was_done(visit: Visits, served: str) -> None:
    page = visit().open(served)
    page.get_by_role("tab", name="Sources").click()
    expect(page.locator("#beleg-library-about")).to_contain_text("documents")
    page.get_by_role("button", name="Rebuild the index").click()
    expect(page.locator("#beleg-library-status")).to_contain_text("Nothing has changed")


@BOTH_SIZES
def test_filters_say_what_may_answer_and_the_answer_says_what_was_searched(
    visit: Visits, served: str, viewport: str
) -> None:
    reader = visit(viewport)
    page = reader.open(served)
    page.get_by_role("button", name="Filter").click()
    page.get_by_label("Published since").fill("2026")
    assert not scrolls_sideways(page)
    reader.ask(QUESTION)
    expect(page.locator(".beleg-notices")).to_contain_text("published since 1 January 2026 were searched: 0 of 2")
    expect(page.locator(".beleg-quote")).to_have_count(0)

    page.get_by_label("Published since").fill("12.2.2025")
    page.get_by_label("Question", exact=True).fill(QUESTION)
    page.keyboard.press("Enter")
    expect(page.get_by_text("not a day: '12.2.2025'")).to_be_visible()
    expect(page.get_by_label("Question", exact=True)).to_have_value(QUESTION)
