"""Which texts an encoder takes at once, and preparing the next ones while it computes.

A batch is computed as if all its texts were as long as the longest, so texts of like length belong together.
"""

from __future__ import annotations

from collections.abc import Generator, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from itertools import islice
from typing import TypeVar

T = TypeVar("T")


def batches(tokens: Sequence[int], budget: int) -> Iterator[list[int]]:
    """The positions of all texts, the longest first, in batches of at most `budget` tokens, filling included.

    A text that has more alone is a batch of its own. Longest first, so that what does not fit into memory fails early.

    Args:
        tokens: how many each text has.
        budget: tokens of the longest text of a batch times the number of its texts.
    """
    return filled(sorted(range(len(tokens)), key=lambda position: -tokens[position]), tokens, budget)


def filled(order: Iterable[int], tokens: Sequence[int], budget: int) -> Iterator[list[int]]:
    """As `batches`, for positions that are already in the order in which they are to be taken."""
    batch: list[int] = []
    longest = 0
    for position in order:
        longest = max(longest, tokens[position])
        if batch and longest * (len(batch) + 1) > budget:
            yield batch
            batch, longest = [], tokens[position]
        batch.append(position)
    if batch:
        yield batch


def ahead(items: Iterable[T]) -> Generator[T]:
    """`items` in their order, each made in another thread while the one before is being used.

    What making one raises is raised when its turn comes.
    """
    left = iter(items)

    def following() -> list[T]:
        return list(islice(left, 1))  # none at the end: a future holds no `StopIteration`

    with ThreadPoolExecutor(1, "ahead") as thread:
        coming = thread.submit(following)
        while found := coming.result():
            coming = thread.submit(following)
            yield from found
