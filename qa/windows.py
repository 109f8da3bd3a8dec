"""What is read at once: runs of sentences of one document, put together from the passages that were found.

Passages overlap and lie side by side; a window has each of their sentences once, in reading order, and is about as long
as those that the reader was trained on. A sentence that is longer than a window is read in overlapping parts.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import pairwise
from typing import NamedTuple

from index.types import Document, Span, adjacent
from qa.read import documents_of
from qa.retrieve import Found
from qa.rows import Pieces

WINDOW_PIECES = 200
PART_OVERLAP = 50  # pieces that neighbouring parts of an overlong sentence share

Cut = Callable[[Sequence[str]], Sequence[Pieces]]  # texts to the pieces of each


class Window(NamedTuple):
    """Sentences of a document that are read together; `pieces` are those of each, or a part where it is overlong."""

    document: Document
    sentences: tuple[Span, ...]
    pieces: tuple[Pieces, ...]


class Place(NamedTuple):
    """Where retrieval put the best of the passages that have a sentence: rank from 1, and fused score."""

    rank: int
    score: float


def places(found: Sequence[Found]) -> dict[tuple[str, Span], Place]:
    """The place of each sentence, by document id and span, in the order in which they were found."""
    best: dict[tuple[str, Span], Place] = {}
    for rank, (hit, passage) in enumerate(found, start=1):
        for sentence in passage.chunk.sentences:
            best.setdefault((passage.document.id, sentence), Place(rank, hit.score))
    return best


def windows(found: Sequence[Found], cut: Cut) -> list[Window]:
    """Windows over every sentence of the found passages, the document that was found first before the others."""
    documents = documents_of(found)
    of_document: dict[str, list[Span]] = {}
    for doc_id, sentence in places(found):
        of_document.setdefault(doc_id, []).append(sentence)
    return [
        window
        for doc_id, spans in of_document.items()
        for run in _runs(documents[doc_id].text, sorted(spans))
        for window in _filled(documents[doc_id], run, cut)
    ]


def _runs(text: str, sentences: Sequence[Span]) -> list[list[Span]]:
    """Sentences with nothing but white space between them."""
    runs = [[sentences[0]]]
    for before, sentence in pairwise(sentences):
        if not adjacent(text, before, sentence):
            runs.append([])
        runs[-1].append(sentence)
    return runs


def _filled(document: Document, run: Sequence[Span], cut: Cut) -> Iterator[Window]:
    """Windows of at most `WINDOW_PIECES`.

    Each begins with the last sentence of the one before where that leaves room: "he" is read with who he is.
    """
    pieces: Mapping[Span, Pieces] = dict(zip(run, cut([document.text[start:end] for start, end in run]), strict=True))
    held: list[Span] = []
    for sentence in filter(pieces.get, run):  # one of marks that no piece stands for cannot answer
        if len(pieces[sentence]) > WINDOW_PIECES:
            if held:
                yield _window(document, held, pieces)
            yield from (Window(document, (sentence,), (part,)) for part in _parts(pieces[sentence]))
            held = []
            continue
        if sum(len(pieces[one]) for one in (*held, sentence)) > WINDOW_PIECES:
            yield _window(document, held, pieces)
            fits = len(pieces[held[-1]]) + len(pieces[sentence]) <= WINDOW_PIECES
            held = held[-1:] if fits and len(held) > 1 else []
        held.append(sentence)
    if held:
        yield _window(document, held, pieces)


def _window(document: Document, sentences: Sequence[Span], pieces: Mapping[Span, Pieces]) -> Window:
    return Window(document, tuple(sentences), tuple(pieces[sentence] for sentence in sentences))


def _parts(pieces: Pieces) -> Iterator[Pieces]:
    step = WINDOW_PIECES - PART_OVERLAP
    return (pieces[start : start + WINDOW_PIECES] for start in range(0, len(pieces) - PART_OVERLAP, step))
