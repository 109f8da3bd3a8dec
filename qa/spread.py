"""An order of all documents in which every beginning is spread over languages, outlets and years.

It depends on a seed and on the documents' ids alone: a document that is added moves no other past another.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from hashlib import sha256

from index.documents import Listing

_KEYS: tuple[Callable[[Listing], object], ...] = (
    lambda one: one.lang,
    lambda one: one.source,
    lambda one: (one.published or "")[:4],
)


def spread(listings: Iterable[Listing], seed: int) -> Iterator[Listing]:
    """All `listings`, languages taking turns, within each its outlets, and within these the years of publication."""
    shuffled = sorted(listings, key=lambda one: sha256(f"{seed} {one.id}".encode("utf-8", "surrogatepass")).digest())
    return _in_turn(shuffled, _KEYS)


def _in_turn(listings: Sequence[Listing], keys: Sequence[Callable[[Listing], object]]) -> Iterator[Listing]:
    if not keys:
        yield from listings
        return
    groups: dict[object, list[Listing]] = {}
    for listing in listings:
        groups.setdefault(keys[0](listing), []).append(listing)
    turns = [_in_turn(group, keys[1:]) for group in groups.values()]
    while turns:
        found = [(turn, one) for turn in turns if (one := next(turn, None))]
        yield from (one for _, one in found)
        turns = [turn for turn, _ in found]
