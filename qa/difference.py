"""How a quotation differs from a real sentence, word by word."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher
from itertools import groupby, starmap
from typing import Literal, NamedTuple

from qa.verbatim import canonical, plain

Op = Literal["equal", "missing-in-source", "only-in-source"]

_TOKEN = re.compile(r"(\w+(?:[-'’.,:\u2010\u2011]\w+)*|[^\w\s])\s*")


class Run(NamedTuple):
    """Neighbouring words that a quotation and a sentence share, or that only one of them has."""

    op: Op
    text: str


class Token(NamedTuple):
    """A word, a number or a sign; `text` with the white space after it, `key` as it is compared."""

    text: str
    key: str

    @property
    def folded(self) -> str:
        """As it is looked for: another case is another word, but at the same place."""
        return self.key.casefold()

    @property
    def is_word(self) -> bool:
        """Whether it is no mere sign."""
        return self.key[:1].isalnum()


def tokens(text: str) -> list[Token]:
    """The words and signs of `text`, white space as single blanks."""
    return [Token(match.group(), canonical(match[1]).strip()) for match in _TOKEN.finditer(plain(text))]


def similarity(source: Sequence[Token], quote: Sequence[Token]) -> float:
    """The share of words that both have in the same order, in [0, 1].

    It is of the longer one of the two: the quotation, or what of the source lies between the first and the last shared
    word. A faithful part of a sentence has 1.
    """
    blocks = [block for block in _matcher(source, quote).get_matching_blocks() if block.size]
    if not blocks:
        return 0.0
    shared = sum(_words(quote[block.b : block.b + block.size]) for block in blocks)
    extent = _words(source[blocks[0].a : blocks[-1].a + blocks[-1].size])
    return shared / max(extent, _words(quote), 1)


def difference(source: Sequence[Token], quote: Sequence[Token]) -> tuple[Run, ...]:
    """What is the same and what is not, in order, the source's words before the quotation's.

    Nothing of the source before and after what the quotation is of, unless it differs there only: "5" of "-5". Where
    words and signs are all the same, only with other blanks between them, nothing is.
    """
    for whole in (False, True):
        runs = list(_runs(source, quote, whole=whole))
        if any(run.op != "equal" for run in runs):
            return tuple(_merged(runs))
    blank = (Run("only-in-source", token.text) for token in source), (Run("missing-in-source", t.text) for t in quote)
    return tuple(_merged([run for runs in blank for run in runs]))


def _merged(runs: Sequence[Run]) -> Iterator[Run]:
    for _, group in groupby(runs, key=lambda run: run.op == "equal"):
        texts: dict[Op, str] = {}
        for op, text in sorted(group, key=lambda run: run.op == "missing-in-source"):
            texts[op] = texts.get(op, "") + text
        if len(texts) > 1 and not texts["only-in-source"].endswith(" "):  # the last word of a sentence
            texts["only-in-source"] += " "
        yield from starmap(Run, texts.items())


def _runs(source: Sequence[Token], quote: Sequence[Token], *, whole: bool) -> Iterator[Run]:
    for tag, a, a_end, b, b_end in _matcher(source, quote).get_opcodes():
        if tag == "equal":
            yield from _in_case(source[a:a_end], quote[b:b_end], opens=b == 0)
            continue
        most = len(source) if whole else b_end - b  # at its ends a source goes on without end
        start = max(a, a_end - most) if a == 0 else a
        end = min(a_end, a + most) if a and a_end == len(source) else a_end
        yield from (Run("only-in-source", token.text) for token in source[start:end])
        yield from (Run("missing-in-source", token.text) for token in quote[b:b_end])


def _in_case(source: Sequence[Token], quote: Sequence[Token], *, opens: bool) -> Iterator[Run]:
    """Words that are the same but perhaps for their case, where the first letter of a quotation has any."""
    for at, (real, said) in enumerate(zip(source, quote, strict=True)):
        skipped = int(opens and at == 0)
        if real.key[skipped:] == said.key[skipped:]:
            yield Run("equal", real.text)
        else:
            yield from (Run("only-in-source", real.text), Run("missing-in-source", said.text))


def _matcher(source: Sequence[Token], quote: Sequence[Token]) -> SequenceMatcher[str]:
    return SequenceMatcher(None, [one.folded for one in source], [one.folded for one in quote], autojunk=False)


def _words(of: Sequence[Token]) -> int:
    return sum(token.is_word for token in of)
