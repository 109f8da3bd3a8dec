"""Which documents name what a question names: how it is made sure that only one does, or none.

Found by words, in both languages and in every form that `qa.names` knows; a spelling that shares no word with the one
that is looked for may be missed.
"""

from __future__ import annotations

from collections.abc import Sequence

from index.reader import IndexReader
from index.types import Document, Passage
from qa.names import Mention, mentions, unmentioned
from qa.types import Question

MOST_PASSAGES = 400
"""Of one name that are read; what more passages have is too common to be sure of."""


def holders(index: IndexReader, question: Question) -> tuple[Document, ...] | None:
    """The documents that name all that `question` does; None where it names nothing, or too many would have to be read.

    A name counts where it stands in the title or the text, in any form that the guard against wrong answers accepts.
    """
    named = mentions(question)
    rarest = _rarest(index, named, question)
    if rarest is None:
        return None
    found = {passage.document.id: passage.document for passage in rarest}
    return tuple(one for one in found.values() if not unmentioned(named, f"{one.title}\n{one.text}", one.lang))


def near_holders(index: IndexReader, question: Question) -> frozenset[str] | None:
    """As `holders`, ids of the documents that name all within one passage: those that may answer the question."""
    named = mentions(question)
    rarest = _rarest(index, named, question)
    if rarest is None:
        return None
    return frozenset(one.document.id for one in rarest if not unmentioned(named, one.text, one.document.lang))


def _rarest(index: IndexReader, named: Sequence[Mention], question: Question) -> list[Passage] | None:
    """The passages of the name that the fewest have; None where these are too many, or there is no name."""
    found = min((_passages(index, one, question) for one in named), key=len, default=None)
    return None if found is None or len(found) > MOST_PASSAGES else index.passages(sorted(found))


def _passages(index: IndexReader, named: Mention, question: Question) -> set[int]:
    """Keys of the passages that have a word of a name, in any language of the index: at most one more than are read."""
    wanted = MOST_PASSAGES + 1
    return {
        key
        for lang in index.languages
        for word in {named.surface, *named.forms}
        for key, _ in index.lexical(lang, word, question.lang, wanted)
    }
