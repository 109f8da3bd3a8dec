"""Question sets: questions with the sentences, or documents, that answer them, one JSON object a line.

Deliberately strict: a judge with a wrong gold span would be worse than none, so every line is checked against the
documents of the index before a question is asked. `evals/README.md` says how to write one.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

from pydantic import ConfigDict, TypeAdapter, ValidationError

from index.errors import problems
from index.types import Document
from qa.errors import EvaluationError
from qa.types import Lang

DocumentLookup = Callable[[str], Document]
"""The stored document with this id; raises `KeyError` where there is none."""


@dataclass(frozen=True, slots=True)
class GoldSpan:
    """A whole sentence that answers: characters `start` to `end` of document `doc_id`, and `quote`, which they are.

    Raises:
        ValueError: the span is empty or not as long as the quote.
    """

    __pydantic_config__ = ConfigDict(extra="forbid")

    doc_id: str
    start: int
    end: int
    quote: str

    def __post_init__(self) -> None:
        """Check the span against its own quote; `read_questions` checks it against the document."""
        if not 0 <= self.start < self.end:
            raise ValueError(f"the gold span {self.start} to {self.end} is empty or negative")
        if self.end - self.start != len(self.quote):
            raise ValueError(
                f"the gold span {self.start} to {self.end} has not the {len(self.quote)} characters of its quote"
            )


@dataclass(frozen=True, slots=True)
class GoldQuestion:
    """A question with its gold: each span alone answers it; one that the documents do not answer has none.

    Where it is not known which sentences answer, `documents` are the ids of those that do, and `grades` says how well
    each does, from 1; without grades all do alike. `answers` are answers in a few words, any of which is right; `twin`
    is the id of the same question in the other language.

    `lang` is what language detection is judged by; it is never told to the assistant. Where nobody stated it
    (`lang_stated`), nothing is judged by it.

    Raises:
        ValueError: `answerable` and the gold contradict each other, there are spans and documents, grades do not fit
            the documents, or id, question or answer is blank.
    """

    __pydantic_config__ = ConfigDict(extra="forbid")

    id: str
    question: str
    lang: Lang
    answerable: bool
    gold: tuple[GoldSpan, ...] = ()
    tags: tuple[str, ...] = ()
    documents: tuple[str, ...] = ()
    grades: tuple[int, ...] = ()
    answers: tuple[str, ...] = ()
    twin: str = ""
    lang_stated: bool = True

    def __post_init__(self) -> None:
        """Check that gold is there exactly when it should be."""
        if not self.id.strip() or not self.question.strip():
            raise ValueError("id and question must not be blank")
        if self.answerable and not (self.gold or self.documents):
            raise ValueError("an answerable question needs a gold span, or documents")
        if not self.answerable and (self.gold or self.documents or self.answers):
            raise ValueError("an unanswerable question must not have a gold span, documents or answers")
        self._check_documents()
        if not all(map(str.strip, self.answers)):
            raise ValueError("an answer must not be blank")

    def _check_documents(self) -> None:
        if self.gold and self.documents:
            raise ValueError("a question has gold spans or documents, not both")
        if len(set(self.documents)) < len(self.documents):
            raise ValueError(f"a document is named twice among {', '.join(self.documents)}")
        if self.grades and len(self.grades) != len(self.documents):
            raise ValueError(f"{len(self.grades)} grades for {len(self.documents)} documents; one each, or none")
        if min(self.grades, default=1) < 1:
            raise ValueError(f"the grade {min(self.grades)} is below 1; leave out documents that do not answer")


@dataclass(frozen=True, slots=True)
class QuestionSet:
    """The questions of one file, in its order; `name` is the file's stem, `sha256` the digest of its bytes."""

    name: str
    sha256: str
    questions: tuple[GoldQuestion, ...]


class _Line(NamedTuple):
    """A parsed line and where it stands, as ``file:number``."""

    place: str
    question: GoldQuestion


_PARSER: TypeAdapter[GoldQuestion] = TypeAdapter(GoldQuestion)


def read_questions(path: Path, document: DocumentLookup) -> QuestionSet:
    """The question set in `path`, with every gold span checked against `document`'s text.

    Raises:
        EvaluationError: the file is unreadable or empty, or a line is malformed, repeats an id, or names characters
            that are not its quote; the text starts with ``file:line``.
    """
    return parse_questions(read_content(path), str(path), document)


def parse_questions(content: bytes, file: str, document: DocumentLookup) -> QuestionSet:
    """As `read_questions`, of the `content` of a `file` that errors name so.

    Raises:
        EvaluationError: as there.
    """
    lines = tuple(_lines(file, content))
    if not lines:
        raise EvaluationError(f"{file}: no questions in it; evals/README.md says how to write one")
    _check_ids(lines)
    _check_twins(lines)
    for place, question in lines:
        check_gold(place, question, document)
    return QuestionSet(Path(file).stem, hashlib.sha256(content).hexdigest(), tuple(line.question for line in lines))


def begins_like_questions(path: Path) -> bool:
    """Whether the first line of the file `path` that is not blank is a question."""
    try:
        with path.open("rb") as lines:
            first = next(filter(bytes.strip, lines), b"")
        _parse(path.name, first)
    except (OSError, EvaluationError):
        return False
    return True


def read_content(path: Path) -> bytes:
    """The bytes of a question set.

    Raises:
        EvaluationError: the file is unreadable.
    """
    try:
        return path.read_bytes()
    except OSError as error:
        raise EvaluationError(f"{path}: cannot be read ({error.strerror}); give `beleg eval` a question set") from error


def _lines(file: str, content: bytes) -> Iterator[_Line]:
    """Every line that is not blank, parsed."""
    for number, line in enumerate(content.splitlines(), 1):
        if line.strip():
            yield _parse(f"{file}:{number}", line)


def _parse(place: str, line: bytes) -> _Line:
    try:
        return _Line(place, _PARSER.validate_json(line, strict=True))
    except ValidationError as error:
        raise EvaluationError(f"{place}: {problems(error)}. evals/README.md shows the form") from error


def _check_ids(lines: Iterable[_Line]) -> None:
    first: dict[str, str] = {}
    for place, question in lines:
        if question.id in first:
            raise EvaluationError(
                f"{place}: the id {question.id!r} is already that of {first[question.id]}; choose another"
            )
        first[question.id] = place


def _check_twins(lines: Sequence[_Line]) -> None:
    """Twins are pairs in two languages; one of the two may leave the other unnamed."""
    asked = {line.question.id: line for line in lines}
    claimed: dict[str, str] = {}
    for place, question in lines:
        if not question.twin:
            continue
        if question.twin not in asked:
            raise EvaluationError(f"{place}: twin: there is no question {question.twin!r}; correct the id")
        other_place, other = asked[question.twin]
        if other.lang == question.lang:
            raise EvaluationError(f"{place}: twin: {other.id!r} is in {other.lang} too; twins are in two languages")
        if other.twin not in {"", question.id} or claimed.setdefault(other.id, question.id) != question.id:
            raise EvaluationError(f"{place}: twin: {other.id!r} ({other_place}) has another twin; a question has one")


def check_gold(place: str, question: GoldQuestion, document: DocumentLookup) -> None:
    """Make sure that the gold of a `question`, which stands at `place`, is in the documents.

    Raises:
        EvaluationError: a document is not there, or a span is not its quote.
    """
    for doc_id in question.documents:
        _text(place, doc_id, document)
    for span in question.gold:
        found = _text(place, span.doc_id, document)[span.start : span.end]
        if found != span.quote:
            where = f"{place}: characters {span.start} to {span.end} of {span.doc_id!r}"
            raise EvaluationError(f"{where} are {found!r}, not the gold quote {span.quote!r}; mend the offsets")


def _text(place: str, doc_id: str, document: DocumentLookup) -> str:
    try:
        return document(doc_id).text
    except KeyError as error:
        message = f"{place}: the index has no document {doc_id!r}; `beleg index` the folder that holds it"
        raise EvaluationError(message) from error
