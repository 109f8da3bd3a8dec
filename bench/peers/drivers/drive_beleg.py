"""Beleg in the race: only what answers many questions, for building and a single question are `beleg index` and `ask`.

Variant ``search`` gives passages as `beleg search` does; without a variant the whole answer is made, and the hits are
the sentences that were read, the most probable one first.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NoReturn

from protocol import Driver, Hit, Record, Request, Search, main

SEARCH = "search"


def index(_: list[Record], __: Request) -> NoReturn:
    """Not here.

    Raises:
        SystemExit: always.
    """
    raise SystemExit("Beleg is built by its own command: beleg index TEXTS --data-dir STORE")


def open_index(request: Request) -> Search:
    """The index as `beleg ask` opens it."""
    from qa.pipeline import Assistant
    from qa.settings import Settings

    assistant = Assistant(Settings.load(data_dir=request.store, model=request.encoder))

    def search(question: str, k: int) -> Sequence[Hit]:
        return [Hit(_place(found.doc_id), found.quote, found.start) for found in assistant.search(question, k).excerpts]

    def ask(question: str, k: int) -> Sequence[Hit]:
        evidence = assistant.trace(question).evidence[:k]
        texts = {one.doc_id: assistant.document(one.doc_id).text for one in evidence}
        return [_sentence(one.doc_id, *one.sentence, texts) for one in evidence]

    return search if request.variant == SEARCH else ask


def _sentence(doc_id: str, start: int, end: int, texts: Mapping[str, str]) -> Hit:
    return Hit(_place(doc_id), texts[doc_id][start:end], start)


def _place(doc_id: str) -> str:
    """What the record of a file of JSON lines calls itself."""
    return doc_id.rsplit("#", maxsplit=1)[-1]


if __name__ == "__main__":
    main(Driver(index, open_index))
