"""Word alignment of parallel sentences by IBM Model 1: which word translates which, as stems and as word forms.

IBM Model 1 (Brown et al. 1993) by expectation maximisation over stemmed index terms, all links of all sentence pairs at
once. `train.lexicon` keeps the stems for the lexical leg; `train.encoder` uses the word forms to start the German
rows of its vocabulary and to write German training text.
"""

from __future__ import annotations

import gzip
import json
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from index.lexical import terms

Terms = tuple[str, ...]
Integers = npt.NDArray[np.int64]

_LETTERS_THAT_ARE_WORDS = frozenset("aio")
NULL = ""  # the empty source word of Model 1, which absorbs what has no counterpart

ITERATIONS = 6
MAX_TERMS = 40  # longer sentences align poorly and cost quadratically
MIN_SENTENCES = 2  # terms seen in fewer sentences have no reliable translation
MIN_REVERSE = 0.005  # P(target | source) below it is noise
MIN_FORM_SHARE = 0.05  # of a word form's links; less is noise
MAX_FORMS = 6


class Side(NamedTuple):
    """One language's side of a sentence pair: index terms, and the lower-cased word forms that they are of."""

    terms: Terms
    forms: Terms


Pair = tuple[Side, Side]  # source, target


@dataclass(frozen=True, slots=True)
class Links:
    """Every possible link between two words of a sentence pair, as columns.

    `position` tells which target word the link explains; links with the same position compete.
    """

    source: Integers
    target: Integers
    source_form: Integers
    target_form: Integers
    position: Integers


@dataclass(frozen=True, slots=True)
class Model:
    """IBM Model 1, trained.

    `terms` has P(target | source) and the expected count of likely term pairs; `forms` has, for a source word form, the
    target word forms it is linked with and their shares of its links, the largest first.
    """

    terms: dict[tuple[str, str], tuple[float, float]]
    forms: dict[str, list[tuple[str, float]]]


def read_pairs(path: Path) -> list[Pair]:
    """Distinct sentence pairs, English first, those of unusable length left out."""
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        records = [json.loads(line) for line in lines]
    pairs = {(_side(record["en"], "en"), _side(record["de"], "de")) for record in records}
    return sorted(pair for pair in pairs if all(0 < len(side.terms) <= MAX_TERMS for side in pair))


def _side(text: str, lang: str) -> Side:
    return Side(tuple(terms(text, lang)), tuple(terms(text, "")))


def vocabulary(sentences: Iterable[Terms]) -> list[str]:
    """Words of at least `MIN_SENTENCES` sentences, sorted, after `NULL` at index 0."""
    counts = Counter(word for sentence in sentences for word in set(sentence))
    return [NULL, *sorted(word for word, count in counts.items() if count >= MIN_SENTENCES)]


def model1(pairs: Sequence[Pair]) -> Model:
    """IBM Model 1 by expectation maximisation, vectorised over all links."""
    sources, targets = (vocabulary(side.terms for side in sides) for sides in zip(*pairs, strict=True))
    source_forms, target_forms = (vocabulary(side.forms for side in sides) for sides in zip(*pairs, strict=True))
    links = _links(pairs, sources, targets, source_forms, target_forms)
    unique, link = np.unique(links.source * len(targets) + links.target, return_inverse=True)
    owner = unique // len(targets)
    weight = probability = counts = np.ones(len(unique))
    for _ in range(ITERATIONS):
        weight = probability[link]
        weight /= np.bincount(links.position, weight)[links.position]
        counts = np.bincount(link, weight, minlength=len(unique))
        probability = counts / np.bincount(owner, counts, minlength=len(sources))[owner]
    likely = np.flatnonzero((probability >= MIN_REVERSE) & (owner > 0))
    found = {
        (sources[unique[i] // len(targets)], targets[unique[i] % len(targets)]): (
            float(probability[i]),
            float(counts[i]),
        )
        for i in likely
    }
    return Model(found, _forms(links, weight, source_forms, target_forms))


def _forms(
    links: Links, weight: npt.NDArray[np.float64], sources: list[str], targets: list[str]
) -> dict[str, list[tuple[str, float]]]:
    """For each source form the target forms that most of its links' weight goes to; ties to the first."""
    known = (links.source_form > 0) & (links.target_form > 0)
    unique, link = np.unique((links.source_form * len(targets) + links.target_form)[known], return_inverse=True)
    counts = np.bincount(link, weight[known])
    owner = unique // len(targets)
    share = counts / np.bincount(owner, counts, minlength=len(sources))[owner]
    order = np.lexsort((unique, -share))
    forms: dict[str, list[tuple[str, float]]] = {}
    for i in order[(share[order] >= MIN_FORM_SHARE) & (counts[order] >= 1)]:
        target = targets[unique[i] % len(targets)]
        if len(target) > 1 or target in _LETTERS_THAT_ARE_WORDS:  # not the t of "don't"
            of_form = forms.setdefault(sources[owner[i]], [])
            if len(of_form) < MAX_FORMS:
                of_form.append((target, round(float(share[i]), 4)))
    return forms


def _links(
    pairs: Sequence[Pair], sources: list[str], targets: list[str], source_forms: list[str], target_forms: list[str]
) -> Links:
    ids = [{word: i for i, word in enumerate(words)} for words in (sources, targets, source_forms, target_forms)]
    blocks: list[list[Integers]] = []
    positions = 0
    for source, target in pairs:
        left = {0: 0} | {ids[0][t]: ids[2].get(f, 0) for t, f in zip(*source, strict=True) if t in ids[0]}
        right = [(ids[1][t], ids[3].get(f, 0)) for t, f in zip(*target, strict=True) if t in ids[1]]
        explained = np.arange(positions, positions + len(right))
        blocks.append(
            [
                np.tile(list(left), len(right)),
                np.repeat([term for term, _ in right], len(left)),
                np.tile(list(left.values()), len(right)),
                np.repeat([form for _, form in right], len(left)),
                np.repeat(explained, len(left)),
            ]
        )
        positions += len(right)
    return Links(*(np.concatenate(column).astype(np.int64) for column in zip(*blocks, strict=True)))
