"""A quotation that was checked, as HTML for the conversation: what became of it, where it stands, what differs.

As all that goes through Gradio's Chatbot it is read as Markdown first: no blank lines, nothing but tags and inert text.
"""

from __future__ import annotations

from qa import context
from qa.difference import Run
from qa.inert import inert
from qa.quotecheck import Check, Standing
from qa.types import Excerpt, Lang
from qa.verdicts import more_text, read_text, verdict
from ui import render
from ui.check_strings import check_words

_KINDS = {"verified": "verified", "misattributed": "doubtful", "altered": "altered", "not found": "unfound"}


def check(found: Check, lang: Lang) -> str:
    """The quotation and what became of it, for a reader of `lang`."""
    head = f'<p class="beleg-check-title">{inert(check_words(lang).check_title)}</p>{_asked(found)}'
    said = f'<p class="beleg-verdict">{inert(verdict(found, lang))}</p>'
    shown = "".join(_place(place, found, lang) for place in found.places) + _otherwise(found, lang)
    facts = " ".join(filter(None, (more_text(found, lang), read_text(found, lang))))
    small = f'<p class="beleg-small">{inert(facts)}</p>'
    return f'<div class="beleg-check beleg-check-{_KINDS[found.status]}" lang="{lang}">{head}{said}{shown}{small}</div>'


def _asked(found: Check) -> str:
    return f'<p class="beleg-check-asked" lang="{found.lang}" dir="auto">{inert(found.quote)}</p>'


def _place(place: Standing, found: Check, lang: Lang) -> str:
    """The words as they stand there; where the speaker is not named, with what stands around them."""
    pieces = "".join(render.quote(piece) if place.named else _in_context(piece) for piece in place.pieces)
    chips = "".join(render.chip(piece, lang) for piece in place.pieces)
    unnamed = check_words(lang).check_unnamed.format(speaker=found.speaker)
    doubts = [] if place.named else [f'<b class="beleg-unnamed">{inert(unnamed)}</b>']
    first = place.pieces[0]
    source = render.source(chips, [*doubts, *render.provenance(first, lang)])
    return f'<div class="beleg-quote">{pieces}{source}{render.also(first, lang)}</div>'


def _otherwise(found: Check, lang: Lang) -> str:
    """The sentence that the quotation alters, or sentences that are no match."""
    if found.difference:
        return f"{_difference(found, lang)}{''.join(render.near_miss(miss, lang) for miss in found.nearest)}"
    if not found.nearest:
        return ""
    warning = f'<p class="beleg-warning">{inert(check_words(lang).check_not_a_match)}</p>'
    return f'<div class="beleg-near">{warning}{"".join(render.near_miss(miss, lang) for miss in found.nearest)}</div>'


def _difference(found: Check, lang: Lang) -> str:
    runs = "".join(_run(run, lang) for run in found.difference)
    marked = f'<p class="beleg-difference" lang="{inert(found.nearest[0].lang)}" dir="auto">{runs}</p>'
    return f'{marked}<p class="beleg-small">{inert(check_words(lang).check_difference)}</p>'


def _run(run: Run, lang: Lang) -> str:
    """The words, marked where they differ; the white space after them is not."""
    speech = check_words(lang)
    words_alone = run.text.rstrip()
    shown, gap = inert(words_alone), inert(run.text[len(words_alone) :])
    match run.op:
        case "equal":
            return f"{shown}{gap}"
        case "only-in-source":
            return f"<ins>{_spoken(speech.check_only_in_source, lang)}{shown}{_spoken(']', lang)}</ins>{gap}"
        case "missing-in-source":
            return f"<del>{_spoken(speech.check_missing_in_source, lang)}{shown}{_spoken(']', lang)}</del>{gap}"


def _spoken(text: str, lang: Lang) -> str:
    """For who hears the page: neither <ins> nor <del> is read out everywhere."""
    return f'<span class="beleg-spoken" lang="{lang}">{inert(text)}</span>'


def _in_context(excerpt: Excerpt) -> str:
    """The quotation between what stands before and after it in its line."""
    before, after = context.before(excerpt.before), context.after(excerpt.after)
    return f"{_around(before, excerpt)}{render.quote(excerpt)}{_around(after, excerpt)}"


def _around(text: str, excerpt: Excerpt) -> str:
    said = inert(text.strip())
    return f'<p class="beleg-lead-in" lang="{inert(excerpt.lang)}" dir="auto">{said}</p>' if said else ""
