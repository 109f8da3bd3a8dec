"""What the evidence reader is given: a question, a title and a run of sentences as one row of word pieces.

Sentences are cut into pieces one by one, so that every piece knows its sentence and a sentence is cut only once
however many windows it is in. Knows no network; training and answering lay out their rows with the same functions.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from index.batches import filled

NO_SENTENCE = -1
MAX_QUESTION_PIECES = 128
MAX_TITLE_PIECES = 48

Pieces = Sequence[int]


class Frame(NamedTuple):
    """The numbers of the special pieces that a row is built with."""

    first: int  # its output is the passage's relevance
    end: int  # closes the question, the title and the sentences


class Row(NamedTuple):
    """One row: piece numbers, the segment of each (0 question, 1 text), and the sentence that each is of."""

    ids: list[int]
    segments: list[int]
    sentence_of: list[int]  # `NO_SENTENCE` for special pieces, question and title


def row(frame: Frame, question: Pieces, title: Pieces, sentences: Sequence[Pieces]) -> Row:
    """Lay out one window: first, question, end, title, end, sentences, end; no title, no end behind it.

    Question and title are cut off after `MAX_QUESTION_PIECES` and `MAX_TITLE_PIECES`; sentences are never cut here.
    """
    asked = [frame.first, *question[:MAX_QUESTION_PIECES], frame.end]
    headline = [*title[:MAX_TITLE_PIECES], frame.end] if title else []
    told = [piece for sentence in sentences for piece in sentence]
    owners = [number for number, sentence in enumerate(sentences) for _ in sentence]
    return Row(
        [*asked, *headline, *told, frame.end],
        [0] * len(asked) + [1] * (len(headline) + len(told) + 1),
        [NO_SENTENCE] * (len(asked) + len(headline)) + owners + [NO_SENTENCE],
    )


def batches_by_tokens(ids: Sequence[Sequence[int]], members: Sequence[int], budget: int) -> list[list[int]]:
    """`members` in batches of like length, each of at most `budget` tokens with its padding (or a single text)."""
    tokens = [len(ids[member]) for member in members]
    shortest_first = sorted(range(len(tokens)), key=tokens.__getitem__)
    return [[members[place] for place in batch] for batch in filled(shortest_first, tokens, budget)]
