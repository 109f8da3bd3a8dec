"""What a build tells: how far it is, and in the end what it did."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from typing import Any, Literal, NamedTuple, Self

from index.generation import Skipped

Stage = Literal["loading", "embedding", "writing", "verifying"]


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a build is: `done` of `total` files, passages, parts or generations, by stage.

    The first one of all says for what `reason` there is a build.
    """

    stage: Stage
    done: int
    total: int
    reason: str = ""


OnProgress = Callable[[Progress], None]


class Changes(NamedTuple):
    """Documents of a new index against the one that served before, known by their ids."""

    added: int
    changed: int
    removed: int
    unchanged: int

    @classmethod
    def between(cls, before: Mapping[str, str], after: Mapping[str, str]) -> Self:
        """Of the digests by id."""
        common = before.keys() & after.keys()
        changed = sum(before[doc_id] != after[doc_id] for doc_id in common)
        return cls(len(after) - len(common), changed, len(before) - len(common), len(common) - changed)


@dataclass(frozen=True, slots=True)
class BuildReport:
    """What a build did, and why, where there was more to it than files that changed.

    `embedded` counts the chunks that the encoder really ran on, `repeated` the documents that are the same report as
    another, `undated` those without a date; `seconds` is wall time. `refused` is what of an edit was not carried out.
    """

    generation: str
    documents: int
    chunks: int
    embedded: int
    skipped: tuple[Skipped, ...]
    notices: tuple[str, ...]
    seconds: float
    unchanged: bool
    changes: Changes
    repeated: int = 0
    undated: int = 0
    reason: str = ""
    refused: tuple[Skipped, ...] = ()

    def to_json(self) -> dict[str, Any]:
        """Plain lists, dicts, strings and numbers."""
        return {
            **asdict(self),
            "skipped": [skipped._asdict() for skipped in self.skipped],
            "refused": [refused._asdict() for refused in self.refused],
            "changes": self.changes._asdict(),
        }
