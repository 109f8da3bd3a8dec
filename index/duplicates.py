"""Which articles are one report: an agency's text in two outlets, a corrected, an extended or a shortened version.

A text is the set of its shingles, all runs of a few words (Broder, On the resemblance and containment of documents,
1997). A MinHash of the set and banding (Indyk and Motwani 1998; Leskovec, Rajaraman and Ullman, Mining of Massive
Datasets, chapter 3) propose which pairs to look at; the sets themselves decide, so that chance only ever misses a pair.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from zlib import crc32

import numpy as np
import numpy.typing as npt

Hashes = npt.NDArray[np.uint32]

DUPLICATES_VERSION = 1  # counts up when the same texts would get other origins
MIN_WORDS = 30  # what is shorter is a line or a formula, of which chance has too many nearly alike
MAX_SHINGLE = 8

_SEED = 1997
# So few rows because a text cut to half resembles the whole by no more than a half. 24 bands miss one such in 1,000;
# of the pairs that are only just contained enough and only just long enough, one in five.
_BANDS, _ROWS = 24, 2
_WORD = re.compile(r"\w+")
# The raw stream of a bit generator is the same in every version of numpy.
_MULTIPLIERS = np.random.PCG64(_SEED).random_raw(MAX_SHINGLE)


@dataclass(frozen=True, slots=True)
class Rule:
    """What makes two texts one report.

    The shorter text has to be `contained` in the longer one by this share of its shingles, runs of `shingle` words, at
    most `MAX_SHINGLE`. Containment, because a shortened version resembles little of the whole and yet is all from it.
    And it has to have this `ratio` of the longer one's shingles, because who quotes a report in a long text of their
    own contains it too.

    evals/duplicates.py measures other values. Runs of two words tell a little better, for some 36 times as many
    comparisons; different articles of one template contain up to 0.58 of each other; with a ratio of 0.5, half of the
    articles that were cut to half would be lost.
    """

    shingle: int = 3
    contained: float = 0.65
    ratio: float = 0.45


SHIPPED = Rule()


def origins(texts: Iterable[str], rule: Rule = SHIPPED) -> list[int]:
    """For each text the position of the first text of its cluster, its own where it is alone.

    So equal numbers are one origin. `texts` are the bodies of articles without headline and boilerplate, in any
    language. Upper case, punctuation and quotation marks do not count. Texts of fewer than `MIN_WORDS` words are one
    only when they have the same words; texts without a word never are.

    A cluster has a centre, its longest text, and whatever joins it is compared with that alone. Were it enough to be
    like any member, the versions of a live ticker or of a daily weather report would chain until the last has nothing
    of the first. The longest, because shortened versions are contained in it though they may not overlap each other.
    """
    firsts, shingled = _read(texts, rule.shingle)
    centres = _centres(shingled, rule)
    first_of: dict[int, int] = {}
    return [first_of.setdefault(centres.get(first, first), i) for i, first in enumerate(firsts)]


def hash_words(text: str) -> Hashes:
    """One hash for each word of `text`, in order; shape ``(words,)``."""
    words = _WORD.findall(unicodedata.normalize("NFKC", text).casefold())
    return np.fromiter((crc32(word.encode()) for word in words), np.uint32, len(words))


def shingles(words: Hashes, size: int) -> Hashes:
    """The different runs of `size` of the hashed `words`, hashed and ascending; shape ``(shingles,)``.

    The hash is multiply-shift (Dietzfelbinger 1996); two of an article's thousand shingles meet by chance in one
    article of nine thousand.

    Raises:
        ValueError: there are fewer words than `size`, or `size` is above `MAX_SHINGLE`.
    """
    runs = np.lib.stride_tricks.sliding_window_view(words.astype(np.uint64), size)
    return np.unique((runs @ _MULTIPLIERS[:size] >> np.uint64(32)).astype(np.uint32))


def containment(shorter: Hashes, longer: Hashes) -> float:
    """The share of the shingles of `shorter` that `longer` has too."""
    places = np.searchsorted(longer, shorter)
    return float(np.mean(longer.take(places, mode="clip") == shorter))


def _read(texts: Iterable[str], size: int) -> tuple[list[int], dict[int, Hashes]]:
    """For each text the position of the first with the same words in order; and the shingles of such first ones."""
    seen: dict[bytes | int, int] = {}
    firsts: list[int] = []
    shingled: dict[int, Hashes] = {}
    for i, words in enumerate(map(hash_words, texts)):
        firsts.append(seen.setdefault(words.tobytes() or i, i))
        if firsts[i] == i and len(words) >= MIN_WORDS:
            shingled[i] = shingles(words, size)
    return firsts, shingled


def _centres(shingled: Mapping[int, Hashes], rule: Rule) -> dict[int, int]:
    """For each position that of the centre of its cluster: the longest come first and found the clusters."""
    from datasketch import MinHash, MinHashLSH  # type: ignore[import-untyped]  # loads scipy, for most of a second

    order = sorted(shingled, key=lambda i: (-len(shingled[i]), i))
    lists = (shingled[i].tolist() for i in order)
    # The scheme is named because another release may have another one as its default.
    sketches = MinHash.generator(lists, num_perm=_BANDS * _ROWS, seed=_SEED, hashfunc=int, scheme="affine32")
    index = MinHashLSH(num_perm=_BANDS * _ROWS, params=(_BANDS, _ROWS))
    found: dict[int, int] = {}
    for i, sketch in zip(order, sketches, strict=True):
        found[i] = _nearest(i, index.query(sketch), shingled, rule)
        if found[i] == i:
            index.insert(i, sketch)
    return found


def _nearest(i: int, candidates: Iterable[int], shingled: Mapping[int, Hashes], rule: Rule) -> int:
    """The centre that contains most of text `i`, the first of equals; `i` itself where none contains enough."""
    own = shingled[i]
    long = (centre for centre in candidates if len(own) >= rule.ratio * len(shingled[centre]))
    shares = ((containment(own, shingled[centre]), -centre) for centre in long)
    share, centre = max(shares, default=(0.0, 0))
    return -centre if share >= rule.contained else i
