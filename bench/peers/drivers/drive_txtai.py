"""txtai as its documentation has it: text split into paragraphs, an index with content, saved to a folder.

txtai encodes a text alone, so a title is a paragraph of its own. Variant ``hybrid`` adds BM25 with its own switch.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from protocol import Driver, Hit, Record, Request, Search, main, titled

HYBRID = "hybrid"


def index(records: list[Record], request: Request) -> int:
    """Split, encode and save."""
    from txtai import Embeddings

    embeddings = Embeddings(**_config(request))
    embeddings.index(_paragraphs(records))
    embeddings.save(str(request.store))
    return int(embeddings.count())


def open_index(request: Request) -> Search:
    """The search of an index that is there."""
    from txtai import Embeddings

    embeddings = Embeddings()
    embeddings.load(str(request.store))

    def search(question: str, k: int) -> Sequence[Hit]:
        return [Hit(found["id"].rsplit("#", 1)[0], found["text"]) for found in embeddings.search(question, k)]

    return search


def _config(request: Request) -> dict[str, Any]:
    encoder = {"path": request.encoder} if request.encoder else {}
    return {**encoder, "content": True, "hybrid": request.variant == HYBRID}


def _paragraphs(records: list[Record]) -> Iterator[tuple[str, str, None]]:
    for record in records:
        parts = filter(None, map(str.strip, titled(record).split("\n\n")))
        yield from ((f"{record['id']}#{number}", part, None) for number, part in enumerate(parts))


if __name__ == "__main__":
    main(Driver(index, open_index))
