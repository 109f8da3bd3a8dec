"""What a reader does with an answer: copies, links, repeats and filters it, and says whether it helped."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from playwright.sync_api import Page, expect

pytestmark = pytest.mark.e2e

QUESTION = "What did Hegseth say about NATO?"
QUOTE = (
    "«Die Vereinigten Staaten glauben nicht, dass eine Nato-Mitgliedschaft der Ukraine ein realistisches Ergebnis "
    "einer Verhandlungslösung ist», sagte Hegseth."
)
SEED = "seeds/000_bee6702c0391c86e.txt"
BOTH_SIZES = pytest.mark.parametrize("viewport", ["desktop", "phone"])
SEVERAL = "Wo sollen Trump und Putin einander besuchen, und wer lud wen ein?"

Visits = Callable[..., Any]


def link(served: str, doc: str = SEED, at: str = "3668-3822", version: str = "") -> str:
    return f"{served}?doc={quote(doc, safe='')}&at={at}" + (f"&v={version}" if version else "")


def clipboard(page: Page) -> str:
    return str(page.evaluate("navigator.clipboard.readText()"))


def seed_id(page: Page) -> str:
    """The id of the seed document, as citations name it."""
    return str(page.locator(".beleg-chip").first.get_attribute("href")).split("/")[1]


def test_an_answer_is_copied_with_its_sources_word_for_word(visit: Visits, served: str) -> None:
    reader = visit()
    page = reader.open(served)
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    reader.ask(QUESTION)
    page.get_by_role("button", name="Copy", exact=True).click()
    expect(page.get_by_role("button", name="Copied")).to_be_visible()
    text = clipboard(page)
    assert text.startswith(f"„{QUOTE}“\n(")
    assert "WELT, 2025, UKRAINE-KRIEG" in text
    assert f"{served}?doc=" in text
    page.get_by_role("button", name="Copy as Markdown").click()
    page.wait_for_function("text => navigator.clipboard.readText().then(now => now !== text)", arg=text)
    markdown = clipboard(page)
    assert markdown.startswith(f"> {QUOTE}\n>\n> — [")
    assert f"](<{served}?doc=" in markdown


@BOTH_SIZES
def test_a_permanent_link_opens_the_article_at_the_quotation(visit: Visits, served: str, viewport: str) -> None:
    reader = visit(viewport)
    page = reader.open(served)
    reader.ask(QUESTION)
    address = page.locator(".beleg-permalink").first.get_attribute("href")
    page.goto(served + str(address))
    mark = page.locator("#beleg-source mark")
    expect(mark).to_have_text(QUOTE)
    expect(mark).to_be_in_viewport(ratio=1)
    page.keyboard.press("Escape")
    expect(page.locator("#beleg-source")).not_to_be_in_viewport()
    page.reload()
    page.locator("#beleg-box textarea").wait_for()
    expect(page.locator("#beleg-source")).not_to_be_in_viewport()


@pytest.mark.parametrize(
    "address", ["?doc=none.txt&at=1-2", "?doc=../../etc/passwd&at=0-5", "?doc=<script>&at=x", "?doc=a&at=9-1&v=zzz"]
)
def test_a_link_to_what_is_not_there_says_so_and_the_page_goes_on(visit: Visits, served: str, address: str) -> None:
    reader = visit()
    page = reader.open(served + address)
    expect(page.locator("#beleg-source")).to_contain_text("This article is not among the sources.")
    page.keyboard.press("Escape")
    reader.ask(QUESTION)
    expect(page.locator(".beleg-quote")).to_have_count(1)


def test_places_beyond_the_text_and_other_versions_are_not_marked(visit: Visits, served: str) -> None:
    reader = visit()
    page = reader.open(served)
    reader.ask(QUESTION)
    seed = seed_id(page)
    page.goto(f"{served}?doc={seed}&at=5-99999999")
    expect(page.locator("#beleg-source")).to_contain_text("not among the sources")
    page.goto(f"{served}?doc={seed}&at=3668-3822&v={'0' * 16}")
    expect(page.locator("#beleg-source")).to_contain_text("has changed since")
    expect(page.locator("#beleg-source mark")).to_have_count(0)


def test_a_question_of_a_link_waits_to_be_asked(visit: Visits, served: str) -> None:
    page = visit().open(f"{served}?q={quote(QUESTION)}")
    expect(page.get_by_label("Question", exact=True)).to_have_value(QUESTION)
    expect(page.locator(".beleg-question")).to_have_count(0)


def test_a_question_is_asked_again_and_edited(visit: Visits, served: str) -> None:
    reader = visit()
    page = reader.open(served)
    reader.ask(QUESTION)
    page.get_by_role("button", name="Ask again").click()
    expect(page.locator(".beleg-answer")).to_have_count(2)
    expect(page.locator(".beleg-question")).to_have_text([QUESTION, QUESTION])
    page.get_by_role("button", name="Edit question").first.click()
    box = page.get_by_label("Question", exact=True)
    expect(box).to_have_value(QUESTION)
    expect(box).to_be_focused()


def test_what_a_reader_says_of_an_answer_is_kept_on_this_computer(
    visit: Visits, served: str, served_data: Path
) -> None:
    reader = visit("phone", locale="de-DE")
    page = reader.open(served)
    reader.ask(QUESTION)
    page.get_by_role("button", name="Nicht hilfreich").click()
    page.get_by_label("Was war richtig oder falsch?").fill("Das war der Minister.")
    page.get_by_role("button", name="Speichern").click()
    expect(page.get_by_role("status").get_by_text("Gespeichert.")).to_be_visible()
    said = json.loads((served_data / "feedback.jsonl").read_text(encoding="utf-8").splitlines()[-1])
    assert (said["verdict"], said["question"], said["comment"]) == ("useless", QUESTION, "Das war der Minister.")
    assert len(said["places"]) == 1


@BOTH_SIZES
def test_active_filters_are_chips_that_can_be_removed_and_stand_in_the_address(
    visit: Visits, served: str, viewport: str
) -> None:
    reader = visit(viewport)
    page = reader.open(f"{served}?since=2020&lang=de&source=WELT")
    chips = page.locator("#beleg-chips button")
    expect(chips).to_contain_text(["Published since 2020", "WELT", "German"])
    reader.ask(QUESTION)
    expect(page.locator(".beleg-notices")).to_contain_text("published since 1 January 2020 by WELT")
    chips.first.click()
    expect(chips).to_have_count(2)
    page.wait_for_function("!location.search.includes('since')")
    assert "lang=de" in page.url
    chips.first.click()
    expect(chips).to_have_count(1)
    chips.first.click()
    expect(chips).to_have_count(0)
    page.wait_for_function("location.search === ''")


def test_a_single_article_is_asked_from_its_panel(visit: Visits, served: str) -> None:
    reader = visit()
    page = reader.open(served)
    reader.ask(QUESTION)
    page.locator(".beleg-chip").first.click()
    page.get_by_role("button", name="Ask only this article").click()
    expect(page.locator("#beleg-chips button")).to_contain_text("UKRAINE-KRIEG")
    page.wait_for_function("location.search.includes('document=')")
    page.keyboard.press("Escape")
    reader.ask("What does the circus in Hostingen sell?")
    expect(page.locator(".beleg-answer").last).to_contain_text("One document searched")
    expect(page.locator(".beleg-answer").last.locator(".beleg-chip")).to_have_count(0)


@BOTH_SIZES
def test_the_language_of_the_page_is_chosen_and_stays(visit: Visits, served: str, viewport: str) -> None:
    page = visit(viewport).open(served)
    page.locator(".example").first.wait_for()  # nothing is being loaded any more that the change would cut off
    page.get_by_role("button", name="Deutsch").click()
    expect(page.get_by_role("tab", name="Quellen")).to_be_visible()
    expect(page.get_by_label("Frage", exact=True)).to_be_visible()
    page.get_by_label("Frage", exact=True).fill("")
    page.get_by_role("button", name="Fragen", exact=True).click()
    expect(page.get_by_text("Schreiben Sie zuerst eine Frage.")).to_be_visible()
    expect(page.locator(".toast-title")).to_have_text("Hinweis")
    page.get_by_role("button", name="Hinweis schließen", exact=True).click()
    expect(page.locator(".toast-body")).to_have_count(0)
    page.reload()
    expect(page.get_by_role("tab", name="Quellen")).to_be_visible()
    assert page.evaluate("document.documentElement.lang") == "de"


def test_the_quotations_of_an_answer_are_stepped_through_by_keyboard(visit: Visits, served: str) -> None:
    reader = visit()
    page = reader.open(served)
    reader.ask("Which recipe makes the best pizza dough?")  # no answer, but several passages
    misses = page.locator(".beleg-open")
    total = misses.count()
    assert total > 1
    misses.first.click()
    panel = page.locator("#beleg-source")
    expect(panel).to_contain_text(f"Quotation 1 of {total}")
    expect(panel.locator("mark:not(.beleg-is-other)").first).to_be_focused()
    page.keyboard.press("n")
    expect(panel).to_contain_text(f"Quotation 2 of {total}")
    page.keyboard.press("p")
    expect(panel).to_contain_text(f"Quotation 1 of {total}")
    page.get_by_role("button", name="Previous quotation").click()
    expect(panel).to_contain_text(f"Quotation {total} of {total}")
    page.keyboard.press("Escape")
    expect(misses.last).to_be_focused()


@BOTH_SIZES
def test_a_follow_up_takes_up_the_conversation_and_a_new_topic_does_not(
    visit: Visits, served: str, viewport: str
) -> None:
    reader = visit(viewport)
    page = reader.open(served)
    reader.ask(QUESTION)
    reader.ask("And what about Ukraine?")
    query = page.locator(".beleg-query bdi")
    expect(query).to_contain_text("Hegseth")
    expect(query).to_contain_text("Ukraine")
    page.locator(".beleg-query button").click()
    expect(page.get_by_label("Question", exact=True)).to_have_value(str(query.text_content()))
    page.get_by_label("Question", exact=True).fill("")

    page.get_by_role("button", name="New topic").click()
    expect(page.get_by_text("New topic: the next question stands by itself.")).to_be_visible()
    expect(page.get_by_role("button", name="New topic")).to_have_count(0)
    reader.ask("And what about Ukraine?")
    expect(page.locator(".beleg-query")).to_have_count(1)
    page.reload()
    expect(page.locator(".beleg-query")).to_have_count(1)
    expect(page.locator(".beleg-question")).to_have_count(3)


@BOTH_SIZES
def test_a_quotation_in_a_question_is_checked(visit: Visits, served: str, viewport: str) -> None:
    reader = visit(viewport)
    page = reader.open(served)
    words = "Die Vereinigten Staaten glauben nicht, dass eine Nato-Mitgliedschaft"
    reader.ask(f'Did Hegseth say "{words}"?', answered=".beleg-check-verified")
    page.locator(".beleg-check-verified .beleg-chip").click()
    expect(page.locator("#beleg-source mark")).to_have_text(words)
    page.keyboard.press("Escape")

    reader.ask(f'Did Putin say "{words}"?', answered=".beleg-check-doubtful")
    reader.ask(f'Did he say "{words.replace("nicht", "fest")}"?', answered=".beleg-check-altered")
    expect(page.locator(".beleg-check-altered ins").first).to_contain_text("nicht")
    expect(page.locator(".beleg-check-altered del").first).to_contain_text("fest")

    reader.ask('Did Hegseth say "Der Teig muss zwei Stunden an einem warmen Ort ruhen" about NATO?')
    expect(page.locator(".beleg-check-unfound")).to_have_count(1)
    expect(page.locator(".beleg-answer")).to_have_count(1)  # the question is answered all the same
    assert not page.evaluate("document.documentElement.scrollWidth > window.innerWidth")


def test_what_the_page_hears_late_of_earlier_questions_costs_no_answer(visit: Visits, served: str) -> None:
    reader = visit()
    reader.page.add_init_script(
        """const send = window.fetch;
        window.held = 0;
        window.fetch = async (...given) => {
            const answer = await send(...given);
            if (!String(given[0]).includes("/run/")) return answer;
            window.held += 1;
            await new Promise((go) => setTimeout(go, 3000));
            window.held -= 1;
            return answer;
        };"""
    )
    page = reader.open(served)
    reader.ask(QUESTION)
    page.wait_for_function("window.held === 0")
    page.wait_for_timeout(500)  # for Gradio to show what came
    expect(page.locator(".beleg-question")).to_have_text(QUESTION)
    expect(page.locator(".beleg-answer")).to_have_count(1)
