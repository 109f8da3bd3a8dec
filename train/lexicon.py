"""Estimates the bilingual lexicon in models/lexicon-de-en from parallel sentences; takes about a minute.

IBM Model 1 (Brown et al. 1993) in both directions over stemmed index terms, kept where both directions agree.
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

import numpy as np
import numpy.typing as npt

from index.lexical import LEXICAL_VERSION, terms
from index.lexicon import LEXICON_DIR

Pair = tuple[tuple[str, ...], tuple[str, ...]]  # index terms of an English sentence and of its German translation
NULL = ""  # the empty source word of Model 1, which absorbs what has no counterpart

ITERATIONS = 6
MAX_TERMS = 40  # longer sentences align poorly and cost quadratically
MIN_SENTENCES = 2  # terms seen in fewer sentences have no reliable translation
MIN_PROBABILITY = 0.05
MIN_REVERSE = 0.02
MAX_TRANSLATIONS = 6


@dataclass(frozen=True, slots=True)
class Table:
    """P(target | source) and expected counts for every pair of terms that occurs in a common sentence pair."""

    entries: dict[tuple[str, str], tuple[float, float]]


def read_pairs(path: Path) -> list[Pair]:
    """Distinct sentence pairs as terms, those of unusable length left out."""
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        records = [json.loads(line) for line in lines]
    pairs = {(tuple(terms(record["en"], "en")), tuple(terms(record["de"], "de"))) for record in records}
    return sorted(pair for pair in pairs if all(0 < len(side) <= MAX_TERMS for side in pair))


def vocabulary(sentences: Iterable[Sequence[str]]) -> list[str]:
    """Terms of at least `MIN_SENTENCES` sentences, sorted, after `NULL` at index 0."""
    counts = Counter(term for sentence in sentences for term in set(sentence))
    return [NULL, *sorted(term for term, count in counts.items() if count >= MIN_SENTENCES)]


def model1(pairs: Sequence[Pair]) -> Table:
    """IBM Model 1 by expectation maximisation, the first of each pair as source, vectorised over all links."""
    sources, targets = (vocabulary(side) for side in zip(*pairs, strict=True))
    source, target, position = _links(pairs, sources, targets)
    unique, link = np.unique(source * len(targets) + target, return_inverse=True)
    owner = unique // len(targets)
    probability = np.ones(len(unique))
    counts = probability
    for _ in range(ITERATIONS):
        weight = probability[link]
        weight /= np.bincount(position, weight)[position]
        counts = np.bincount(link, weight, minlength=len(unique))
        probability = counts / np.bincount(owner, counts, minlength=len(sources))[owner]
    likely = np.flatnonzero((probability >= min(MIN_PROBABILITY, MIN_REVERSE)) & (owner > 0))
    names = ((sources[unique[i] // len(targets)], targets[unique[i] % len(targets)]) for i in likely)
    return Table({name: (float(probability[i]), float(counts[i])) for name, i in zip(names, likely, strict=True)})


def agreed(forward: Table, backward: Table) -> dict[str, list[tuple[str, float]]]:
    """Translations that are probable forwards and not improbable backwards, best first."""
    lexicon: dict[str, list[tuple[str, float]]] = {}
    for (source, target), (probability, count) in forward.entries.items():
        reverse, _ = backward.entries.get((target, source), (0.0, 0.0))
        if probability >= MIN_PROBABILITY and reverse >= MIN_REVERSE and count >= 1:
            lexicon.setdefault(source, []).append((target, probability))
    return {term: sorted(found, key=lambda t: (-t[1], t[0]))[:MAX_TRANSLATIONS] for term, found in lexicon.items()}


def write(lexicon: dict[str, list[tuple[str, float]]], path: Path) -> int:
    """Write one direction as gzipped TSV, byte-identical for the same lexicon; returns the number of lines."""
    lines = [f"{term}\t{t}\t{p:.3f}\n" for term in sorted(lexicon) for t, p in lexicon[term]]
    path.parent.mkdir(parents=True, exist_ok=True)
    with gzip.GzipFile(path, "wb", mtime=0) as file:
        file.write("".join(lines).encode())
    return len(lines)


def _links(
    pairs: Sequence[Pair], sources: Sequence[str], targets: Sequence[str]
) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64], npt.NDArray[np.int64]]:
    """For every possible link: its source term, its target term, and which target position it competes for."""
    source_id, target_id = ({term: i for i, term in enumerate(side)} for side in (sources, targets))
    blocks = []
    position = 0
    for source_terms, target_terms in pairs:
        ids = [0, *sorted({source_id[t] for t in source_terms if t in source_id})]
        wanted = [target_id[t] for t in target_terms if t in target_id]
        grid = np.meshgrid(ids, wanted)
        blocks.append((grid[0].ravel(), grid[1].ravel(), np.repeat(np.arange(len(wanted)) + position, len(ids))))
        position += len(wanted)
    columns = [np.concatenate(column).astype(np.int64) for column in zip(*blocks, strict=True)]
    return columns[0], columns[1], columns[2]


def main() -> None:
    """Train both directions and write them with a provenance record."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("parallel", type=Path, help="gzipped JSON lines with the fields en and de")
    parser.add_argument("--out", type=Path, default=LEXICON_DIR)
    arguments = parser.parse_args()
    pairs = read_pairs(arguments.parallel)
    forward, backward = model1(pairs), model1([(german, english) for english, german in pairs])
    sizes = {
        "en-de": write(agreed(forward, backward), arguments.out / "en-de.tsv.gz"),
        "de-en": write(agreed(backward, forward), arguments.out / "de-en.tsv.gz"),
    }
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
