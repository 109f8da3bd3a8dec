"""Documents as they were when they were quoted, from the generations that are still on the disk."""

from __future__ import annotations

from contextlib import closing, suppress
from pathlib import Path

from index.documents import Documents
from index.errors import UnusableIndexError
from index.generation import DOCUMENTS, complete_generations, generation_path, held, read_manifest
from index.types import Document


def version(data_dir: Path, doc_id: str, sha: str) -> Document:
    """The document of that id whose text's SHA-256 begins with `sha`, from the newest generation that has it.

    Raises:
        KeyError: no readable generation has it.
    """
    for name in complete_generations(data_dir):
        path = generation_path(data_dir, name)
        with suppress(UnusableIndexError, KeyError), held(path):
            read_manifest(path)  # of another format it would be read wrongly
            with closing(Documents(path / DOCUMENTS)) as documents:
                found = documents.document(doc_id)
            if found.sha256.startswith(sha):
                return found
    raise KeyError(doc_id)
