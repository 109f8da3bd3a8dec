"""Questions, answers and reports as HTML: pure functions, in which every text from outside is made inert.

The HTML goes through Gradio's Chatbot, which reads it as Markdown first: hence no blank lines and nothing but tags and
inert text in it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from index.progress import BuildReport, Progress
from qa.inert import inert
from qa.types import Answer, Candidate, Citation, Excerpt, Lang, NearMiss
from qa.wording import also_text, confidence_text, percent_of
from ui.reference import Reference
from ui.strings import Words, dateline, language_name, words


def question(text: str, query: str = "", lang: Lang = "en", *, opens: bool = False) -> str:
    """What the user asked; below it the `query` that was put in its place, if any; whether it `opens` a topic."""
    kind = "beleg-question beleg-opens" if opens else "beleg-question"
    asked = f'<p class="{kind}" dir="auto">{inert(text)}</p>'
    label = inert(words(lang).asked_as)
    return f'{asked}<p class="beleg-query" lang="{lang}">{label} <bdi>{inert(query)}</bdi></p>' if query else asked


def stage(text: str) -> str:
    """What is being done while there is no answer yet."""
    return f'<p class="beleg-stage">{inert(text)}</p>'


def note(text: str) -> str:
    """A sentence of the page's own in the place of an answer."""
    return f'<p class="beleg-note">{inert(text)}</p>'


def divider(text: str) -> str:
    """A sentence of the page's own between two answers."""
    return f'<p class="beleg-divider">{inert(text)}</p>'


def problem(message: str, lang: Lang) -> str:
    """Why there is no answer, and what mends it."""
    lead = f'<p class="beleg-lead">{inert(words(lang).problem)}</p>'
    return f'<div class="beleg-problem">{lead}<p>{inert(message)}</p></div>'


def answer(given: Answer) -> str:
    """The quotations in a frame in the question's language; when abstaining, the near misses, marked as such."""
    body = _quotations(given) if given.status == "answered" else _abstention(given)
    folded = _explanation(given.candidates, given.lang)
    return f'<div class="beleg-answer" lang="{given.lang}">{body}{notices(given.notices)}{folded}</div>'


def notices(texts: Iterable[str]) -> str:
    """What was degraded or skipped; empty where nothing was."""
    items = "".join(f"<li>{inert(text)}</li>" for text in texts)
    return f'<ul class="beleg-notices">{items}</ul>' if items else ""


def _quotations(given: Answer) -> str:
    speech = words(given.lang)
    sources = len({citation.doc_id for citation in given.citations})
    lead = speech.one_source if sources == 1 else speech.many_sources.format(count=sources)
    quotes = "".join(_quotation(citation, given.lang) for citation in given.citations)
    return f'<p class="beleg-lead">{inert(lead)}</p>{quotes}{_sure(given)}{_searched(given)}'


def _sure(given: Answer) -> str:
    """How sure the answer is, and, folded away, what that means."""
    percent = percent_of(given.confidence)
    meaning = inert(words(given.lang).sure_meaning.format(percent=percent))
    summary = inert(confidence_text(given.confidence, given.lang))
    return f'<details class="beleg-sure"><summary>{summary}</summary><p>{meaning}</p></details>'


def _searched(given: Answer) -> str:
    """How much was searched, and how long that took."""
    one, many = words(given.lang).searched
    seconds = f"{sum(given.timings.values()):.1f}"
    seconds = seconds.replace(".", ",") if given.lang == "de" else seconds
    text = (one if given.searched == 1 else many).format(count=given.searched, seconds=seconds)
    return f'<p class="beleg-small">{inert(text)}</p>'


def _abstention(given: Answer) -> str:
    speech = words(given.lang)
    lead = f'<p class="beleg-lead beleg-abstained">{inert(speech.abstained)}</p>'
    items = "".join(near_miss(miss, given.lang) for miss in given.near_misses)
    warning = f'<p class="beleg-warning">{inert(speech.not_an_answer)}</p>'
    near = f'<div class="beleg-near">{warning}{items}</div>' if items else ""
    return f"{lead}{_searched(given)}{near}{_advice(given)}"


def _advice(given: Answer) -> str:
    """What to try where there is no answer."""
    speech = words(given.lang)
    scope = given.scope
    tips = [speech.try_all.format(documents=scope.documents, total=scope.total)] if scope else []
    items = "".join(f"<li>{inert(tip)}</li>" for tip in (*tips, speech.try_words, speech.try_index))
    return f'<div class="beleg-advice"><p>{inert(speech.try_lead)}</p><ul>{items}</ul></div>'


def _quotation(citation: Citation, lang: Lang) -> str:
    below = f"{_source_line(citation, lang, chip(citation, lang))}{also(citation, lang)}"
    return f'<div class="beleg-quote">{_lead_in(citation)}{quote(citation)}{below}</div>'


def chip(citation: Citation, lang: Lang) -> str:
    """The number of a quotation, which leads to its place."""
    spoken = f'<span class="beleg-spoken">{inert(words(lang).quotation)} </span>'  # aria-label would be sanitized away
    return f'<a class="beleg-chip" href="{Reference.of(citation).href}">{spoken}{citation.number}</a>'


def near_miss(miss: NearMiss, lang: Lang) -> str:
    """A passage that is no answer, with where it is from and the way to it."""
    link = f'<a class="beleg-open" href="{Reference.of(miss).href}">{inert(words(lang).read_in_article)}</a>'
    return f'<div class="beleg-miss">{quote(miss)}{_source_line(miss, lang, link)}</div>'


def _lead_in(citation: Citation) -> str:
    """The sentence that the quotation leans on, dimmed: it is not quoted."""
    text = citation.lead_in.strip()
    return f'<p class="beleg-lead-in" lang="{inert(citation.lang)}" dir="auto">{inert(text)}</p>' if text else ""


def also(citation: Citation, lang: Lang) -> str:
    """Where else the same report stands."""
    text = also_text(citation, lang)
    return f'<p class="beleg-also"><bdi>{inert(text)}</bdi></p>' if text else ""


def quote(excerpt: Excerpt) -> str:
    """The words of an excerpt, in their language."""
    return f'<blockquote lang="{inert(excerpt.lang)}" dir="auto">{inert(excerpt.quote)}</blockquote>'


def _explanation(candidates: Sequence[Candidate], lang: Lang) -> str:
    """Folded away: the sentences that came into question, each with what spoke for it and why it was quoted or not."""
    if not candidates:
        return ""
    items = "".join(f"<li>{_candidate(one, lang)}</li>" for one in candidates)
    summary = inert(words(lang).explanation.format(count=len(candidates)))
    return f'<details class="beleg-explained"><summary>{summary}</summary><ol>{items}</ol></details>'


def _candidate(one: Candidate, lang: Lang) -> str:
    speech = words(lang)
    said = f"<bdi>{inert(one.sentence)}</bdi>"
    legs = [(speech.by_meaning, one.dense), (speech.by_words, one.lexical)]
    ranks = [f"{name} {leg.rank}" if leg else f"{name} –" for name, leg in legs]
    signals = [f"{dict(speech.signals).get(name, name)} {value:.2f}" for name, value in one.signals.items()]
    facts = " · ".join([speech.passage_rank.format(rank=one.rank), *ranks, *signals])
    verdict = dict(speech.verdicts)[one.verdict]
    why = f"<b>{one.score:.0%} {inert(verdict)}</b> {inert(facts)}"
    return f'<div>{said}</div><div class="beleg-why">{why}</div>'


def _source_line(excerpt: Excerpt, lang: Lang, link: str) -> str:
    """Link, speaker, source, date, title, language where it is not the answer's; a quotation's permanent link."""
    if isinstance(excerpt, Citation):
        return source(link, [*_speaker(excerpt), *provenance(excerpt, lang), _permalink(excerpt, lang)])
    return source(link, provenance(excerpt, lang))


def source(links: str, parts: Iterable[str]) -> str:
    """The line below an excerpt; both arguments are HTML."""
    return f'<p class="beleg-source">{links} {" <span>·</span> ".join(parts)}</p>'


def _speaker(citation: Citation) -> list[str]:
    return [f'<bdi class="beleg-speaker">{inert(citation.speaker)}</bdi>'] if citation.speaker else []


def _permalink(citation: Citation, lang: Lang) -> str:
    address = inert(Reference.of(citation).permalink)
    return f'<a class="beleg-permalink" href="{address}">{inert(words(lang).permalink)}</a>'


def provenance(excerpt: Excerpt, lang: Lang) -> list[str]:
    """Outlet, date, title and, where it is not the reader's, the language of an excerpt, as HTML."""
    name = language_name(excerpt.lang, lang) if excerpt.lang != lang else None
    original = words(lang).original.format(language=name) if name else None
    known = (excerpt.source, dateline(excerpt.published, lang), excerpt.title, original)
    return [f"<bdi>{inert(text)}</bdi>" for text in known if text]


def progress(event: Progress, lang: Lang) -> str:
    """How far a rebuild is: `done` of `total` of a stage."""
    bar = f'<progress max="{max(event.total, 1)}" value="{event.done}" aria-label="{inert(event.stage)}"></progress>'
    count = f"{event.done} / {event.total}" if event.total else ""
    doing = f"{words(lang).rebuilding}: {event.stage} {count}"
    return f'<div class="beleg-progress"><p>{inert(doing)}</p>{bar}</div>'


def report(done: BuildReport, lang: Lang) -> str:
    """What a rebuild did, with every file it passed over and why."""
    speech = words(lang)
    body = f"<p>{inert(_outcome(done, speech))}</p>{_skipped(done, speech)}{notices(done.notices)}"
    return f'<div class="beleg-report">{body}</div>'


def _outcome(done: BuildReport, speech: Words) -> str:
    if done.unchanged:
        return speech.unchanged
    return speech.rebuilt.format(
        seconds=round(done.seconds, 1),
        documents=done.documents,
        passages=done.chunks,
        embedded=done.embedded,
        **done.changes._asdict(),
    )


def _skipped(done: BuildReport, speech: Words) -> str:
    items = "".join(
        f"<li><bdi>{inert(str(path))}</bdi>: <bdi>{inert(reason)}</bdi></li>" for path, reason in done.skipped
    )
    return f"<p>{inert(speech.skipped)} ({len(done.skipped)})</p><ul>{items}</ul>" if items else ""
