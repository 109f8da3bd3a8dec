"""An order of all documents in which every beginning is spread over languages, outlets and time.

Outlets and languages take turns however many documents they have, so that a small one is heard; time is cut into
stretches of equally many documents, so that a sparse year is not asked about over and over.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from hashlib import sha256

from index.documents import Listing

STRETCHES = 8

_Key = Callable[[Listing], object]


def spread(listings: Iterable[Listing], seed: int) -> Iterator[Listing]:
    """All `listings`, in an order that they and the `seed` decide.

    Languages take turns, within each its outlets, and within these the stretches of time; undated ones come first in
    time.
    """
    shuffled = sorted(listings, key=lambda one: sha256(f"{seed} {one.id}".encode("utf-8", "surrogatepass")).digest())
    return _in_turn(shuffled, (lambda one: one.lang, lambda one: one.source))


def _in_turn(listings: Sequence[Listing], keys: Sequence[_Key]) -> Iterator[Listing]:
    if keys:
        groups: dict[object, list[Listing]] = {}
        for listing in listings:
            groups.setdefault(keys[0](listing), []).append(listing)
        return _alternating([_in_turn(group, keys[1:]) for group in groups.values()])
    return _alternating([iter(stretch) for stretch in _stretches(listings)])


def _stretches(listings: Sequence[Listing]) -> list[list[Listing]]:
    """The listings of each stretch of time, in the order that they have; the stretches in the order of their firsts."""
    dated = sorted(range(len(listings)), key=lambda place: (listings[place].published or "", place))
    stretch = {place: rank * STRETCHES // len(listings) for rank, place in enumerate(dated)}
    found: dict[int, list[Listing]] = {}
    for place, listing in enumerate(listings):
        found.setdefault(stretch[place], []).append(listing)
    return list(found.values())


def _alternating(turns: Sequence[Iterator[Listing]]) -> Iterator[Listing]:
    """One of each in turn until all have ended."""
    while turns:
        found = [(turn, one) for turn in turns if (one := next(turn, None))]
        yield from (one for _, one in found)
        turns = [turn for turn, _ in found]
