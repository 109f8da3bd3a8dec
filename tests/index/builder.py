"""A builder process for tests: ``builder.py DATA_DIR TEXTS [--pause STAGE] [--limit BYTES]``.

Its encoder hashes words, so it starts at once; what is tested with it is the building, not the encoding.
"""

from __future__ import annotations

import argparse
import hashlib
import resource
import signal
import sys
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from index.build import build
from index.embed import Vectors, unit
from index.errors import BelegError
from index.progress import Progress
from index.settings import IndexSettings


class HashingEmbedder:
    """Bags of hashed words as unit vectors; every text it ran on is added to `encoded`."""

    name = "hashing"
    sha256 = hashlib.sha256(b"hashing").hexdigest()
    dimension = 64
    window = 64

    def __init__(self, encoded: list[str]) -> None:
        self._encoded = encoded

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        return [len(text.split()) + 2 for text in texts]

    def embed_documents(self, texts: Sequence[str]) -> Vectors:
        self._encoded += texts
        return unit(np.stack([self._bag(text) for text in texts]))

    def embed_queries(self, texts: Sequence[str]) -> Vectors:
        return unit(np.stack([self._bag(text) for text in texts]))

    def _bag(self, text: str) -> Vectors:
        bag = np.full(self.dimension, 1e-3, np.float32)
        for word in text.lower().split():
            bag[hashlib.sha256(word.encode()).digest()[0] % self.dimension] += 1
        return bag


def main() -> int:
    """Build, telling each step on stdout; 0 when it worked, 1 with the error on stderr when not."""
    signal.signal(signal.SIGINT, signal.default_int_handler)  # which a background job of a shell inherits as ignored
    parser = argparse.ArgumentParser()
    parser.add_argument("data_dir", type=Path)
    parser.add_argument("texts", type=Path)
    parser.add_argument("--pause", help="wait for a line on stdin at this stage")
    parser.add_argument("--limit", type=int, help="bytes that a file may grow to")
    options = parser.parse_args()

    def tell(progress: Progress) -> None:
        sys.stdout.write(f"{progress.stage}\n")
        sys.stdout.flush()
        if progress.stage == options.pause:
            sys.stdin.readline()

    if options.limit:
        resource.setrlimit(resource.RLIMIT_FSIZE, (options.limit, resource.RLIM_INFINITY))
    settings = IndexSettings(data_dir=options.data_dir)
    try:
        build([options.texts], settings, embedder=HashingEmbedder([]), force=True, on_progress=tell)
    except BelegError as error:
        sys.stderr.write(f"{type(error).__name__}: {error}\n")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
