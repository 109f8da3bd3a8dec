"""Question sets that bring their documents: these are indexed in a scratch data directory, which is removed again."""

from __future__ import annotations

import hashlib
import tempfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from index.language import detect_question
from index.progress import OnProgress
from qa.errors import EvaluationError
from qa.questions import GoldQuestion, QuestionSet, check_gold
from qa.settings import Settings
from qa.types import Lang

if TYPE_CHECKING:
    from qa.pipeline import Assistant

_ENOUGH = 200  # questions to tell their language by
Watching = Callable[[], AbstractContextManager[OnProgress]]


@dataclass(frozen=True, slots=True)
class Bundle:
    """Questions and the documents that they are about; `write` puts the documents' files into an empty folder.

    `places[i]` is where ``questions.questions[i]`` stands, for errors.
    """

    questions: QuestionSet
    places: tuple[str, ...]
    write: Callable[[Path], None]


def unwatched() -> AbstractContextManager[OnProgress]:
    """Nobody is told how far a build is."""
    return nullcontext(lambda _: None)


@contextmanager
def opened(bundle: Bundle, settings: Settings, watching: Watching = unwatched) -> Iterator[Assistant]:
    """An assistant over the documents of a bundle; with the block the index goes.

    Args:
        bundle: the questions and their documents.
        settings: all but the data directory and the folders of an index that is there.
        watching: opened around the build, gives what is told how far it is.

    Raises:
        BelegError: the documents cannot be indexed, or a gold span is not what the index holds.
    """
    from index.build import build
    from qa.pipeline import Assistant

    with tempfile.TemporaryDirectory(prefix="beleg-eval-") as scratch:
        documents = Path(scratch, "documents")
        documents.mkdir()
        bundle.write(documents)
        own = settings.model_copy(update={"data_dir": Path(scratch, "index")})
        with watching() as on_progress:
            build([documents], own, on_progress=on_progress)
        assistant = Assistant(own)
        try:
            for place, question in zip(bundle.places, bundle.questions.questions, strict=True):
                if question.gold:
                    check_gold(place, question, assistant.document)
            yield assistant
        finally:
            assistant.close()


def digest(contents: Iterable[bytes]) -> str:
    """The SHA-256 of several files as one."""
    found = hashlib.sha256()
    for content in contents:
        found.update(content)
    return found.hexdigest()


def language(stated: object, texts: Sequence[str]) -> tuple[Lang, bool]:
    """The language of questions, and whether it was `stated`; otherwise it is detected in many `texts` together."""
    if stated == "de":
        return "de", True
    if stated == "en":
        return "en", True
    return detect_question(" ".join(texts[:_ENOUGH])), False


def made(place: str, **fields: Any) -> GoldQuestion:  # noqa: ANN401 - the fields of a question
    """A question that stands at `place`.

    Raises:
        EvaluationError: it is none.
    """
    try:
        return GoldQuestion(**fields)
    except ValueError as error:
        raise EvaluationError(f"{place}: {error}") from error
