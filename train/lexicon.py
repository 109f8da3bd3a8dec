"""Estimates the bilingual lexicon in models/lexicon-de-en from parallel sentences, in a few minutes.

The lexicon is what IBM Model 1 (`train.alignment`) says in both directions. A development set is never read:
evals/xquad.py measures what comes out.

    python -m train.lexicon ../shared/data/train/parallel_open_en_de.jsonl.gz
"""

from __future__ import annotations

import argparse
import gzip
import hashlib
import json
from collections.abc import Sequence
from pathlib import Path

from index.lexical import LEXICAL_VERSION
from index.lexicon import LEXICON_DIR
from train.alignment import ITERATIONS, MIN_REVERSE, Model, model1, read_pairs

MIN_PROBABILITY = 0.02
MAX_TRANSLATIONS = 12


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
