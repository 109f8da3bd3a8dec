"""What is nearest to a quotation that stands nowhere: the real sentence that it alters, or those of like meaning."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import chain
from typing import NamedTuple

from index.embed import Embedder
from index.reader import IndexReader
from index.sentences import sentences
from index.types import Document, Passage, Span
from qa.difference import Run, Token, difference, similarity, tokens
from qa.match import Matcher, matched
from qa.types import Lang, NearMiss, Question, excerpt_fields

MIN_SIMILARITY = 0.6
"""Share of words that a quotation and a sentence must have in common to be called altered; docs/log.md has why."""

_NEAREST = 3
_COMPARED = 8  # stretches that are compared in the order of their words, of all that are by their words alone


class Altered(NamedTuple):
    """A real sentence, or several, with how a quotation differs from it."""

    sentence: NearMiss
    difference: tuple[Run, ...]


class _Stretch(NamedTuple):
    """Neighbouring sentences of a document."""

    document: Document
    span: Span
    tokens: Sequence[Token]


def alike(quote: str, lang: Lang, passages: Sequence[Passage]) -> Altered | None:
    """The sentence of the passages that `quote` alters, or as many neighbouring ones as it has; None where none is.

    The score is the share of words in common, ties by rank. It takes shared words, hence one language.
    """
    said = tokens(quote)
    wanted = Counter(token.folded for token in said)
    length = max(1, len(sentences(quote, Span(0, len(quote)), lang)))
    stretches = sorted(_stretches(passages, length), key=lambda one: -_shared(wanted, one.tokens))
    scored = [(similarity(one.tokens, said), one) for one in stretches[:_COMPARED]]
    score, best = max(scored, key=lambda pair: pair[0], default=(0.0, None))
    if best is None or score < MIN_SIMILARITY:
        return None
    miss = NearMiss(**excerpt_fields(best.document, best.span), score=score)
    return Altered(miss, difference(best.tokens, said))


def nearest(
    index: IndexReader, embedder: Embedder | None, quote: Question, passages: Sequence[Passage]
) -> tuple[NearMiss, ...]:
    """The sentences that are nearest to `quote` in meaning, of each passage one; without an encoder, in words."""
    scored: dict[tuple[str, Span], NearMiss] = {}
    for passage, scores in zip(passages, _scores(index, embedder, quote, passages), strict=True):
        score, sentence = max(zip(scores, passage.chunk.sentences, strict=True), key=lambda pair: pair[0])
        fields = excerpt_fields(passage.document, sentence)
        scored.setdefault((passage.document.id, sentence), NearMiss(**fields, score=score))
    return tuple(sorted(scored.values(), key=lambda miss: -miss.score)[:_NEAREST])


def _stretches(passages: Sequence[Passage], length: int) -> Iterator[_Stretch]:
    """Every run of `length` sentences that the passages have of a document, the one found first before the others."""
    documents = {passage.document.id: passage.document for passage in passages}
    spans: dict[str, set[Span]] = {doc_id: set() for doc_id in documents}
    for passage in passages:
        spans[passage.document.id].update(passage.chunk.sentences)
    for doc_id, document in documents.items():
        told = sorted(spans[doc_id])
        for first, last in zip(told, told[min(length, len(told)) - 1 :], strict=False):
            span = Span(first.start, last.end)
            if not any(mark.start < span.end and span.start < mark.end for mark in document.boilerplate):
                yield _Stretch(document, span, tokens(document.text[span.start : span.end]))


def _shared(wanted: Counter[str], of: Sequence[Token]) -> int:
    return (wanted & Counter(token.folded for token in of)).total()


def _scores(
    index: IndexReader, embedder: Embedder | None, quote: Question, passages: Sequence[Passage]
) -> list[list[float]]:
    """How near each sentence of each passage is: a cosine, or the share of the quotation's words that it has."""
    if embedder is None:
        langs = {passage.document.lang for passage in passages}
        by_lang = {lang: Matcher.of(quote, index, lang) for lang in langs}
        return [matched(by_lang[one.document.lang], one.document, one.chunk.sentences)[0] for one in passages]
    texts = [[passage.document.text[start:end] for start, end in passage.chunk.sentences] for passage in passages]
    (vector,) = embedder.embed_queries([quote.text])
    cosines = iter((embedder.embed_documents(list(chain.from_iterable(texts))) @ vector).tolist())
    return [[next(cosines) for _ in of_passage] for of_passage in texts]
