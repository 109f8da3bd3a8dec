"""Proposed questions before a person: each is accepted, reworded or skipped, and shown with what it was made of."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace

from rich.console import Console
from rich.padding import Padding
from rich.text import Text

from qa import context
from qa.controls import visible
from qa.drafts import Draft
from qa.question_file import QuestionFile
from qa.questions import GoldQuestion

UNREAD = "unread"
"""The tag of a question that no person has looked at."""

_KEYS = "[a]ccept  [e]dit  [s]kip  [q]uit"

Decide = Callable[[Draft], GoldQuestion | None]
"""What becomes of a draft: the question as it is wanted, or None. It raises `Quit` to end."""


class Quit(Exception):  # noqa: N818 - no error: somebody has had enough
    """The person wants to end here."""


def collect(drafts: Iterable[Draft], kept: QuestionFile, count: int, decide: Decide) -> None:
    """Offer `drafts` that `kept` has not seen until it has `count` questions, there are none left or somebody quits.

    Raises:
        EvaluationError: a question cannot be written.
    """
    for draft in drafts:
        if len(kept) >= count:
            return
        if draft.question in kept:
            continue
        try:
            question = decide(draft)
        except Quit:
            return
        if question is None:
            kept.skip(draft.question)
        else:
            kept.add(question)


def searching(console: Console, drafts: Iterable[Draft]) -> Iterator[Draft]:
    """`drafts`, with a sign of life on `console` while the next one is looked for."""
    found = iter(drafts)
    while True:
        with console.status("Looking for the next question"):
            draft = next(found, None)
        if draft is None:
            return
        yield draft


def accept_unread(draft: Draft) -> GoldQuestion:
    """Every question, tagged as one that nobody has read."""
    return replace(draft.question, tags=(*draft.question.tags, UNREAD))


def asker(
    console: Console, kept: QuestionFile, count: int, key: Callable[[], str], reword: Callable[[str], str]
) -> Decide:
    """Shows each draft on `console` and asks by `key`, one letter, what becomes of it; `reword` gives another text."""

    def decide(draft: Draft) -> GoldQuestion | None:
        _show(console, draft, f"{len(kept) + 1} of {count}")
        while True:
            match key().lower():
                case "a":
                    return draft.question
                case "e":
                    return _reworded(draft.question, reword(visible(draft.question.question)))
                case "s":
                    return None
                case "q":
                    raise Quit
            console.print(Text(_KEYS, style="dim"))

    return decide


def _reworded(question: GoldQuestion, text: str) -> GoldQuestion:
    """With another text in a single line; blank leaves it as it was."""
    return replace(question, question=" ".join(text.split()) or question.question)


def _show(console: Console, draft: Draft, progress: str) -> None:
    """The question, its answer marked in what stands around it, where that is, and the keys."""
    question, document = draft.question, draft.document
    start, end = draft.sentence
    before, after = context.before(document.text[:start]), context.after(document.text[end:])
    quote_style = "" if draft.why else "bold reverse"
    published = document.published.value if document.published else None
    facts = (document.title, document.source, published, document.id)
    console.rule(Text(progress, style="dim"), align="left")
    console.print(Text(visible(question.question), style="bold"))
    console.print(Text(f"{question.lang} · {', '.join(question.tags)}", style="dim"))
    if draft.why:
        console.print(Text(visible(f"No answer: {draft.why}. It was made beside this:"), style="yellow"))
    shown = Text.assemble(
        (visible(before), "dim"), (visible(document.text[start:end]), quote_style), (visible(after), "dim")
    )
    console.print(Padding(shown, (0, 0, 0, 2), expand=False))
    for gold in question.gold[1:]:
        console.print(Padding(Text(visible(f"Answers too: {gold.quote} ({gold.doc_id})"), style="dim"), (0, 0, 0, 2)))
    console.print(Text(visible(" · ".join(filter(None, facts))), style="cyan"))
    console.print(Text(_KEYS, style="dim"))
