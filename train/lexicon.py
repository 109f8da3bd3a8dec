"""Estimates the bilingual lexicon and the glosses in models/lexicon-de-en from parallel sentences, in a few minutes.

IBM Model 1 (Brown et al. 1993) in both directions over stemmed index terms. The lexicon is what both directions agree
on. The glosses are the English word that each German word form is aligned with most, by the posterior of the links.
A development set is never read: evals/xquad.py measures what comes out.

    python train/lexicon.py ../shared/data/train/parallel_open_en_de.jsonl.gz
"""

from __future__ import annotations

import argparse
import gzip
import hashlib
import json
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from index.lexical import LEXICAL_VERSION, terms
from index.lexicon import LEXICON_DIR

Terms = tuple[str, ...]
Integers = npt.NDArray[np.int64]

NULL = ""  # the empty source word of Model 1, which absorbs what has no counterpart

ITERATIONS = 6
MAX_TERMS = 40  # longer sentences align poorly and cost quadratically
MIN_SENTENCES = 2  # terms seen in fewer sentences have no reliable translation
MIN_PROBABILITY = 0.02
MIN_REVERSE = 0.005
MAX_TRANSLATIONS = 12


MIN_GLOSS_SHARE = 0.1  # of a word form's links; less is a guess, and the word is better left as it is


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
    """IBM Model 1, trained: P(target | source) and expected count for likely term pairs, and the best form per form."""

    terms: dict[tuple[str, str], tuple[float, float]]
    glosses: dict[str, str]


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
    return Model(found, _glosses(links, weight, source_forms, target_forms))


def _glosses(links: Links, weight: npt.NDArray[np.float64], sources: list[str], targets: list[str]) -> dict[str, str]:
    """For each source form the target form that most of its links' weight goes to; ties to the first."""
    known = (links.source_form > 0) & (links.target_form > 0)
    unique, link = np.unique((links.source_form * len(targets) + links.target_form)[known], return_inverse=True)
    counts = np.bincount(link, weight[known])
    owner = unique // len(targets)
    share = counts / np.bincount(owner, counts, minlength=len(sources))[owner]
    order = np.lexsort((unique, -share))
    best: dict[str, str] = {}
    for i in order[(share[order] >= MIN_GLOSS_SHARE) & (counts[order] >= 1)]:
        if len(target := targets[unique[i] % len(targets)]) > 1:  # not the t of "don't"
            best.setdefault(sources[owner[i]], target)
    return {form: gloss for form, gloss in best.items() if gloss != form}


def agreed(forward: Model, backward: Model) -> dict[str, list[tuple[str, float]]]:
    """Translations that are probable forwards and not improbable backwards, best first."""
    lexicon: dict[str, list[tuple[str, float]]] = {}
    for (source, target), (probability, count) in forward.terms.items():
        reverse, _ = backward.terms.get((target, source), (0.0, 0.0))
        if probability >= MIN_PROBABILITY and reverse >= MIN_REVERSE and count >= 1:
            lexicon.setdefault(source, []).append((target, probability))
    return {term: sorted(found, key=lambda t: (-t[1], t[0]))[:MAX_TRANSLATIONS] for term, found in lexicon.items()}


def write(lines: Sequence[str], path: Path) -> int:
    """Write tab-separated lines, gzipped, byte-identical for the same lines; returns their number."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with gzip.GzipFile(path, "wb", mtime=0) as file:
        file.write("".join(f"{line}\n" for line in lines).encode())
    return len(lines)


def lexicon_lines(lexicon: dict[str, list[tuple[str, float]]]) -> list[str]:
    """Term, translation, probability."""
    return [f"{term}\t{translation}\t{p:.3f}" for term in sorted(lexicon) for translation, p in lexicon[term]]


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


def main() -> None:
    """Train both directions and write them with a provenance record."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("parallel", type=Path, help="gzipped JSON lines with the fields en and de")
    parser.add_argument("--out", type=Path, default=LEXICON_DIR)
    arguments = parser.parse_args()
    pairs = read_pairs(arguments.parallel)
    forward, backward = model1(pairs), model1([(german, english) for english, german in pairs])
    files = {
        "en-de": lexicon_lines(agreed(forward, backward)),
        "de-en": lexicon_lines(agreed(backward, forward)),
        "gloss-de-en": [f"{form}\t{gloss}" for form, gloss in sorted(backward.glosses.items())],
    }
    sizes = {name: write(lines, arguments.out / f"{name}.tsv.gz") for name, lines in files.items()}
    provenance = {
        "data": arguments.parallel.name,
        "data_sha256": hashlib.sha256(arguments.parallel.read_bytes()).hexdigest(),
        "sentence_pairs": len(pairs),
        "lexical_version": LEXICAL_VERSION,
        "iterations": ITERATIONS,
        "min_probability": MIN_PROBABILITY,
        "min_reverse": MIN_REVERSE,
        "max_translations": MAX_TRANSLATIONS,
        "entries": sizes,
    }
    (arguments.out / "provenance.json").write_text(json.dumps(provenance, indent=2) + "\n", encoding="utf-8")
    print(json.dumps(provenance))


if __name__ == "__main__":
    main()
