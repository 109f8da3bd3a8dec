"""Documents to chunks: runs of whole sentences that an encoder can take in at once, each a good unit to retrieve.

A chunk never reaches over boilerplate, and no text is changed: chunks are spans.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate, chain, islice, pairwise

from index.quotations import quotations
from index.sentences import sentences
from index.types import Chunk, Document, Passage, Span, embedded_text

CHUNKER_VERSION = 3
"""Part of an index's identity: raised whenever the same document would be chunked differently."""

TARGET_TOKENS = 80
"""Tokens of text in a chunk, where the window allows: about a paragraph of news.

Smaller chunks put an answer higher but multiply the index; larger ones fill the same reading with fewer answers.
Three to five sentences of news; docs/log.md has the comparison.
"""

_BATCH = 1024
_MAX_HEADING_CHARS = 100

TokenCounter = Callable[[Sequence[str]], list[int]]


@dataclass(frozen=True, slots=True)
class _Run:
    """Sentences without boilerplate between them. ``costs[i]`` is the tokens of all sentences before the i-th.

    A cut *at* i ends a chunk before the i-th sentence: `paragraphs` are good places for it, `torn` are bad ones.
    `room` is how many tokens of text the window leaves beside the document's title and date.
    """

    sentences: Sequence[Span]
    costs: Sequence[int]
    paragraphs: frozenset[int]
    torn: frozenset[int]
    room: int

    def cost(self, start: int, end: int) -> int:
        return self.costs[end] - self.costs[start]


def body_sentences(document: Document) -> list[Span]:
    """Every sentence of the story, in order: of all the text that is not marked as boilerplate."""
    return list(chain.from_iterable(_sentence_runs(document)))


def chunk(document: Document, *, window: int, count_tokens: TokenCounter) -> list[Chunk]:
    """`document` as chunks, in reading order; every sentence of the body is in at least one.

    The embedded text of a chunk (title, date and chunk) has at most `window` tokens as `count_tokens` counts them,
    unless a single sentence has more. Neighbours share one sentence, unless boilerplate lies between them or that
    sentence leaves no room for another. A chunk ends at a paragraph's end where that leaves it at least half full, and
    neither after a heading nor inside a quotation that would fit into one chunk.
    """
    chunks: list[Chunk] = []
    for spans in _sentence_runs(document):
        run = _measured(document, spans, window, count_tokens)
        chunks += [Chunk(document.id, tuple(spans[start:end])) for start, end in _packed(run)]
    return list(_fitted(document, chunks, window, count_tokens))


def overlong(document: Document, chunks: Sequence[Chunk], *, window: int, count_tokens: TokenCounter) -> int:
    """How many of its `chunks` the encoder will cut off: those of one sentence that is too long for the window."""
    single = (part for part in chunks if len(part.sentences) == 1)
    texts = (embedded_text(Passage(document, part)) for part in single)
    return sum(tokens > window for tokens in _counts(texts, count_tokens))


def _sentence_runs(document: Document) -> Iterator[list[Span]]:
    for stretch in _body(document):
        found = sentences(document.text, stretch, document.lang)
        if found:
            yield found


def _body(document: Document) -> Iterator[Span]:
    """What lies between the boilerplate marks; neighbouring marks enclose no sentence and vanish later."""
    position = 0
    for mark in sorted(document.boilerplate, key=lambda mark: mark.start):
        if mark.end == mark.start:
            continue
        if position < mark.start:
            yield Span(position, mark.start)
        position = max(position, mark.end)
    yield Span(position, len(document.text))


def _measured(document: Document, spans: Sequence[Span], window: int, count_tokens: TokenCounter) -> _Run:
    (special,) = count_tokens([""])
    texts = (document.text[span.start : span.end] for span in spans)
    tokens = [max(1, count - special) for count in _counts(texts, count_tokens)]
    first = embedded_text(Passage(document, Chunk(document.id, (spans[0],))))
    costs = [0, *accumulate(tokens)]
    room = window - max(0, count_tokens([first])[0] - tokens[0])
    paragraphs = _paragraph_ends(document.text, spans)
    torn = _inside_quotations(document.text, spans, costs, room) | _behind_headings(document.text, spans, paragraphs)
    return _Run(spans, costs, paragraphs, torn, room)


def _counts(texts: Iterator[str], count_tokens: TokenCounter) -> Iterator[int]:
    while batch := list(islice(texts, _BATCH)):
        yield from count_tokens(batch)


def _paragraph_ends(text: str, spans: Sequence[Span]) -> frozenset[int]:
    gaps = enumerate(pairwise(spans), start=1)
    return frozenset(
        [index for index, (before, after) in gaps if "\n" in text[before.end : after.start]] + [len(spans)]
    )


def _behind_headings(text: str, spans: Sequence[Span], paragraphs: frozenset[int]) -> frozenset[int]:
    """Cuts between a heading and what it stands above: a short line without an end mark before a line that is none."""
    lines = paragraphs | {0}
    heads = [
        {at, at + 1} <= lines and span.end - span.start <= _MAX_HEADING_CHARS and text[span.end - 1].isalnum()
        for at, span in enumerate(spans)
    ]
    return frozenset(at for at, (head, following) in enumerate(pairwise(heads), start=1) if head and not following)


def _inside_quotations(text: str, spans: Sequence[Span], costs: Sequence[int], room: int) -> frozenset[int]:
    """Cuts that would tear a quotation which fits into one chunk."""
    found: set[int] = set()
    first = 0
    for quotation in quotations(text, Span(spans[0].start, spans[-1].end)):
        while spans[first].end <= quotation.start:
            first += 1
        last = first
        while last < len(spans) and spans[last].start < quotation.end:
            last += 1
        if costs[last] - costs[first] <= room:
            found.update(range(first + 1, last))
    return frozenset(found)


def _packed(run: _Run) -> Iterator[tuple[int, int]]:
    """Sentence ranges, each one sentence back from where the one before ended, where that leaves room for more."""
    start = done = 0
    while done < len(run.sentences):
        end = _best_end(run, start, done)
        if end == done:
            start = done
            end = max(_best_end(run, start, done), _last_fitting(run, start, done, run.room), done + 1)
        yield start, end
        start, done = end - 1, end


def _best_end(run: _Run, start: int, done: int) -> int:
    """Where a chunk from `start` had best end, beyond `done`; `done` itself where no end is good."""
    target = min(TARGET_TOKENS, run.room)
    furthest = _last_fitting(run, start, done, target)
    ends = [end for end in range(done + 1, furthest + 1) if end not in run.torn]
    full = [end for end in ends if end in run.paragraphs and run.cost(start, end) * 2 >= target]
    if ends:
        return (full or ends)[-1]
    # Nothing ends well within the target: a quotation or a long sentence may use the whole window.
    beyond = range(furthest + 1, _last_fitting(run, start, done, run.room) + 1)
    return next((end for end in beyond if end not in run.torn), done)


def _last_fitting(run: _Run, start: int, done: int, tokens: int) -> int:
    """The furthest end beyond `done` with at most `tokens` from `start`; `done` where there is none."""
    end = done
    while end < len(run.sentences) and run.cost(start, end + 1) <= tokens:
        end += 1
    return end


def _fitted(document: Document, chunks: Sequence[Chunk], window: int, count_tokens: TokenCounter) -> Iterator[Chunk]:
    """`chunks`, those halved that are over the window after all: a whole may have more tokens than its parts."""
    texts = (embedded_text(Passage(document, part)) for part in chunks)
    for part, tokens in zip(chunks, _counts(texts, count_tokens), strict=True):
        if tokens <= window or len(part.sentences) == 1:
            yield part
        else:
            middle = len(part.sentences) // 2
            halves = (part.sentences[:middle], part.sentences[middle:])
            yield from _fitted(document, [Chunk(document.id, half) for half in halves], window, count_tokens)
