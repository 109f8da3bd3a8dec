"""Which documents a question is put to: those that the user wants, and those of the days that the question names.

"What did Hegseth say last week?" is asked of what was published last week. Such words may as well be about what
happened then, so what they were taken for is shown, and can be switched off.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import replace
from datetime import date
from difflib import get_close_matches
from typing import NamedTuple, Self

from index.filters import EVERYTHING, Filter, folded
from index.reader import IndexReader
from index.types import Published
from qa.errors import QuestionError
from qa.types import Question, Scope
from qa.when import period, without
from qa.wording import scope_text, undated_text, unfitting_text, widened_text

_SHOWN = 8  # names in an error


class Wanted(NamedTuple):
    """The documents that a user wants asked; with `any_time` days that the question names are left unread."""

    only: Filter = EVERYTHING
    any_time: bool = False

    @classmethod
    def of(  # noqa: PLR0913 - one parameter is one control
        cls,
        since: str | None,
        until: str | None,
        sources: Collection[str] | None,
        langs: Collection[str] | None,
        documents: Collection[str] | None = None,
        *,
        any_time: bool,
    ) -> Self:
        """From how it is typed; empty and None ask for nothing. Raises what `filter_of` does."""
        return cls(filter_of(since, until, sources or (), langs or (), documents or ()), any_time)


ALL = Wanted()


class Put(NamedTuple):
    """A question as it is put to an index: without the words that named days, to the documents that `only` allows."""

    question: Question
    only: Filter
    scope: Scope | None
    notices: tuple[str, ...]
    ambiguous: bool = False  # the days that it names may as well be those of what happened


def put(question: Question, wanted: Wanted, index: IndexReader, today: date) -> Put:
    """How `question` is put to `index`; days that it names are left unread where the user set some.

    Days of the calendar that no document was published on are what the question is about, not when it was published.

    Raises:
        QuestionError: no document has a wanted outlet, language or id.
    """
    only = wanted.only
    _require(only, index)
    named = None if wanted.any_time or only.has_days else period(question.text, question.lang, today)
    if named is None:
        return _put(question, only, index, "")
    words = question.text[named.words.start : named.words.end]
    within = replace(only, since=named.first, until=named.last)
    if named.relative or index.select(within).documents.any():
        as_put = _put(question._replace(text=without(question.text, named.words)), within, index, words)
        return as_put._replace(ambiguous=not named.relative)
    plain = _put(question, only, index, "")
    return plain._replace(notices=(unfitting_text(words, question.lang), *plain.notices))


def widened(question: Question, wanted: Wanted, narrow: Put, index: IndexReader) -> Put:
    """How a question is put to all days, when what was published on those that it names does not answer it."""
    wide = _put(question, wanted.only, index, "")
    words = narrow.scope.words if narrow.scope else ""
    return wide._replace(notices=(widened_text(words, question.lang), *wide.notices))


def day(written: str, *, last: bool) -> date:
    """The first, or the `last`, day of a year, a month or a day in ISO 8601.

    Raises:
        QuestionError: it is none.
    """
    try:
        return Published(written).days[last]
    except ValueError as error:
        raise QuestionError(f"not a day: {written!r}. Write 2025-02-12, 2025-02 or 2025") from error


def filter_of(
    since: str | None,
    until: str | None,
    sources: Collection[str],
    langs: Collection[str],
    documents: Collection[str] = (),
) -> Filter:
    """What a user wants, from how it is typed.

    Raises:
        QuestionError: a day is none, or the days are the wrong way round.
    """
    first, last = (day(since, last=False) if since else None), (day(until, last=True) if until else None)
    if first and last and first > last:
        raise QuestionError(f"since {since} lies after until {until}. Exchange them")
    return Filter(first, last, frozenset(sources), frozenset(langs), frozenset(documents))


def _put(question: Question, only: Filter, index: IndexReader, words: str) -> Put:
    if not only:
        return Put(question, EVERYTHING, None, ())
    documents, _, undated = index.select(only)
    scope = Scope(
        since=only.since.isoformat() if only.since else None,
        until=only.until.isoformat() if only.until else None,
        sources=tuple(sorted(only.sources)),
        langs=tuple(sorted(only.langs)),
        ids=tuple(sorted(only.documents)),
        words=words,
        documents=int(documents.sum()),
        total=len(documents),
        undated=undated,
    )
    return Put(question, only, scope, tuple(_notices(scope, question)))


def _notices(scope: Scope, question: Question) -> Iterator[str]:
    yield scope_text(scope, question.lang)
    if scope.undated:
        yield undated_text(scope.undated, question.lang)


def _require(only: Filter, index: IndexReader) -> None:
    if only.sources:
        _known("outlet", only.sources, index.sources())
    _known("language", only.langs, index.languages)
    for doc_id in sorted(only.documents):
        try:
            index.document(doc_id)
        except KeyError:
            raise QuestionError(
                f"no document has the id {doc_id!r}; the list of documents says which there are"
            ) from None


def _known(kind: str, wanted: Collection[str], there: Collection[str]) -> None:
    known = {folded(name): name for name in there}
    for name in sorted(wanted):
        if folded(name) not in known:
            near = get_close_matches(folded(name), known, n=_SHOWN, cutoff=0.5) or list(known)[:_SHOWN]
            there_are = ", ".join(known[one] for one in near) or "none"
            raise QuestionError(f"no document has the {kind} {name!r}; there are: {there_are}")
