"""Where a question set comes from: lines of our own over the index that serves, or a set that brings its documents."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from qa.beir import is_beir, read_beir
from qa.bundles import Watching, opened, unwatched
from qa.errors import EvaluationError
from qa.questions import QuestionSet, read_questions
from qa.settings import Settings
from qa.squad import is_squad, read_squad

if TYPE_CHECKING:
    from qa.pipeline import Assistant


@contextmanager
def asked_of(
    path: Path, settings: Settings, *, split: str | None = None, watching: Watching = unwatched
) -> Iterator[tuple[Assistant, QuestionSet]]:
    """The question set at `path` with the assistant that it is to be put to.

    A file of JSON lines is put to the index that serves. A BEIR folder, a file in the form of SQuAD or a folder of such
    files brings its documents: they are indexed for as long as the block lasts.

    Args:
        path: a file or a folder.
        settings: of the assistant; a set that brings its documents has a data directory of its own.
        split: which judgements of a BEIR folder.
        watching: opened around a build, gives what is told how far it is.

    Raises:
        EvaluationError: it is no question set, or a bad one.
        BelegError: there is no index that can answer, or none can be made.
    """
    from qa.pipeline import Assistant

    if split and not is_beir(path):
        raise EvaluationError(f"{path}: no BEIR folder, and only these have splits; leave out --split {split}")
    if path.is_dir() or path.suffix == ".json":
        bundle = read_beir(path, split) if is_beir(path) else read_squad(_squad(path))
        with opened(bundle, settings, watching) as assistant:
            yield assistant, bundle.questions
    else:
        with closing(Assistant(settings)) as assistant:
            yield assistant, read_questions(path, assistant.document)


def _squad(path: Path) -> Path:
    if not is_squad(path):
        raise EvaluationError(
            f"{path}: no question set. A folder of one has corpus.jsonl, queries.jsonl and qrels/*.tsv (BEIR), or "
            f"files that end with .json (SQuAD)"
        )
    return path
