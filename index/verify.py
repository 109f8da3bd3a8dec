"""Is a generation whole? A thorough proof for the builder, in a fresh process, and a quick check for whoever opens it.

Run as ``python -m index.verify FOLDER`` before a generation serves: what the builder has in memory proves nothing about
what is on disk. Without FOLDER it gets ready and reads it from stdin, so that a builder need not wait for that.
Deliberately mends nothing; a generation that fails is thrown away.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping
from contextlib import closing
from pathlib import Path

import numpy as np

from index.documents import Documents
from index.errors import CorruptIndexError, UnusableIndexError
from index.exact import ChunkVectors
from index.generation import (
    CHROMA,
    CHUNKS,
    DOCUMENTS,
    LEXICAL,
    SENTENCES,
    Encoder,
    FileDigest,
    Manifest,
    digest,
    read_manifest,
)
from index.lexical import LexicalIndex
from index.sentence_vectors import SentenceVectors
from index.store import VectorStore, load_engine
from index.types import Passage, embedded_text, text_sha256
from index.vectors import Vector, VectorCache

_SELF_QUERIES = 200
_SELF_QUERY_DEPTH = 10
_SAME = 1e-4


def check_files(generation: Path, manifest: Manifest) -> None:
    """Compare size and hash of every file with the manifest; reading a generation changes none of them.

    Raises:
        CorruptIndexError: a file is missing, cut or altered; the text names it.
    """
    for expected in manifest.files:
        _check_file(generation, expected)


def check_counts(manifest: Manifest, documents: Documents, store: VectorStore | None, lexical: LexicalIndex) -> None:
    """Compare the number of documents and chunks in each part with the manifest.

    Raises:
        CorruptIndexError: one has lost or gained some.
    """
    _equal("documents", documents.count(), manifest.documents)
    _equal("chunks", documents.chunk_counts(), dict(manifest.chunks))
    _equal("chunks in the lexical index", lexical.count(), sum(manifest.chunks.values()))
    if store:
        _equal("vectors", {lang: store.count(lang) for lang in manifest.chunks}, dict(manifest.chunks))


def check_vectors(manifest: Manifest, chunks: ChunkVectors | None, sentences: SentenceVectors | None) -> None:
    """Compare the number of chunks that have vectors outside the store with the manifest.

    Raises:
        CorruptIndexError: some are missing or too many.
    """
    if chunks:
        _equal("chunks with a vector of their own", chunks.count(), sum(manifest.chunks.values()))
    if sentences:
        _equal("chunks with sentence vectors", sentences.count(), sum(manifest.chunks.values()))


def verify(generation: Path) -> None:
    """Prove that every chunk is a slice of its document, and is found by each leg.

    Raises:
        UnusableIndexError: it is not so; the text says what is wrong.
    """
    manifest = read_manifest(generation)
    check_files(generation, manifest)
    with closing(Documents(generation / DOCUMENTS)) as documents:
        passages = dict(documents.passages())  # constructing them checks digests and spans
        _equal("chunk keys", list(passages), list(range(sum(manifest.chunks.values()))))
        with closing(LexicalIndex(generation / LEXICAL)) as lexical:
            _equal("chunk keys in the lexical index", lexical.keys(), set(passages))
            check_counts(manifest, documents, None, lexical)
    if manifest.encoder:
        check_vectors(manifest, ChunkVectors(generation / CHUNKS), SentenceVectors(generation / SENTENCES))
        with closing(VectorStore(generation / CHROMA)) as store:
            for lang in manifest.chunks:
                own = {key: passage for key, passage in passages.items() if passage.document.lang == lang}
                _verify_language(store, lang, own, _cached(generation, manifest.encoder, _sample(own)))


def main(arguments: list[str]) -> int:
    """Verify the generation in the folder given; 0 when it is whole, 1 with the reason on stderr when not.

    Where stdin ends without a folder, as it does when the builder is killed, there is nothing to verify.
    """
    folder = arguments[0] if arguments else _announced()
    try:
        if folder:
            verify(Path(folder))
    except UnusableIndexError as error:
        sys.stderr.write(f"{error}\n")
        return 1
    return 0


def _announced() -> str:
    """The folder that stdin names, read to its end: a name may have line breaks."""
    load_engine()
    return os.fsdecode(sys.stdin.buffer.read())


def _verify_language(store: VectorStore, lang: str, passages: Mapping[int, Passage], sample: dict[int, Vector]) -> None:
    _equal(f"vector keys of language {lang!r}", store.keys(lang), set(passages))
    found = store.search(lang, next(iter(sample.values())), len(passages))
    _equal(f"chunks found by a full search in language {lang!r}", len(found), len(passages))
    lost = [key for key, vector in sample.items() if not _finds_itself(store, lang, key, vector)]
    if len(lost) > len(sample) // 100:
        raise CorruptIndexError(
            f"{len(lost)} of {len(sample)} chunks in language {lang!r} are not found by their own vectors"
        )


def _sample(passages: Mapping[int, Passage]) -> dict[int, Passage]:
    """Passages spread evenly over all."""
    keys = list(passages)
    rows = np.linspace(0, len(keys) - 1, min(_SELF_QUERIES, len(keys)), dtype=int)
    return {keys[row]: passages[keys[row]] for row in rows}


def _cached(generation: Path, encoder: Encoder, passages: Mapping[int, Passage]) -> dict[int, Vector]:
    """The vectors of passages from the cache: a witness that is independent of Chroma."""
    shas = {key: text_sha256(embedded_text(passage)) for key, passage in passages.items()}
    data_dir = generation.absolute().parent.parent
    with VectorCache.open(data_dir, encoder.sha256, encoder.dimension) as cache:
        vectors = cache.get(shas.values())
    missing = set(shas.values()) - vectors.keys()
    if missing:
        raise CorruptIndexError(f"{generation}: the vector cache lacks {len(missing)} of its vectors")
    return {key: vectors[sha] for key, sha in shas.items()}


def _finds_itself(store: VectorStore, lang: str, key: int, vector: Vector) -> bool:
    hits = store.search(lang, vector, _SELF_QUERY_DEPTH)
    # Where more chunks than that share one text, any of them will do.
    return key in dict(hits) or bool(hits and hits[-1][1] > 1 - _SAME)


def _check_file(generation: Path, expected: FileDigest) -> None:
    path = generation / expected.path
    try:
        found = digest(generation, path)
    except OSError as error:
        raise CorruptIndexError(f"{path} is missing or unreadable: {error}") from error
    if found.size != expected.size:
        raise CorruptIndexError(f"{path} is damaged: it has {found.size} bytes, not {expected.size}")
    if found != expected:
        raise CorruptIndexError(f"{path} is damaged: its bytes were altered")


def _equal(what: str, found: object, expected: object) -> None:
    if found != expected:
        raise CorruptIndexError(f"{what}: {str(found)[:80]} instead of {str(expected)[:80]}")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
