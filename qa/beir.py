"""A BEIR folder as a question set: ``corpus.jsonl``, ``queries.jsonl``, ``qrels/<split>.tsv`` (Thakur et al. 2021).

Gold is whole documents, with the grades of the qrels; a document's id is ``corpus.jsonl#`` and its own. Queries without
a relevant document in the split are left out, as everywhere where this form is used: nobody judged that they have none.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, NamedTuple

from qa.bundles import Bundle, digest, language, made
from qa.errors import EvaluationError
from qa.questions import GoldQuestion, QuestionSet, read_content

CORPUS, QUERIES, QRELS = "corpus.jsonl", "queries.jsonl", "qrels"
DEFAULT_SPLIT = "test"
_COLUMNS = 3


class _Relevant(NamedTuple):
    """A line of the qrels, and where it stands."""

    place: str
    query: str
    document: str
    grade: int


def is_beir(folder: Path) -> bool:
    """Whether a folder looks like one."""
    return (folder / CORPUS).is_file() or (folder / QUERIES).is_file()


def read_beir(folder: Path, split: str | None = None) -> Bundle:
    """The queries of a split with the documents of the folder.

    `split` names a file of ``qrels/``; without it that is ``test.tsv``, or the only one.

    Raises:
        EvaluationError: a file is missing or unreadable, a line is malformed, or a query or document is not there; the
            text starts with ``file:line``.
    """
    qrels_path = _qrels(folder / QRELS, split)
    known = {_id(place, line) for place, line in _lines(folder / CORPUS)}
    queries = {_id(place, line): (place, line) for place, line in _lines(folder / QUERIES)}
    relevant: dict[str, dict[str, int]] = {}
    for place, query, document, grade in _judged(qrels_path):
        if query not in queries:
            raise EvaluationError(f"{place}: query-id: {QUERIES} has no query {query!r}")
        if document not in known:
            raise EvaluationError(f"{place}: corpus-id: {CORPUS} has no document {document!r}")
        if grade > 0:
            relevant.setdefault(query, {})[document] = grade
    if not relevant:
        raise EvaluationError(f"{qrels_path}: no document is relevant to any query; a grade above 0 says so")
    questions = tuple(_questions({name: queries[name] for name in queries if name in relevant}, relevant))
    sha256 = digest(read_content(path) for path in (folder / QUERIES, qrels_path))
    return Bundle(
        QuestionSet(folder.resolve().name, sha256, questions),
        tuple(queries[question.id][0] for question in questions),
        lambda into: _write(folder / CORPUS, into / CORPUS),
    )


def _questions(
    queries: Mapping[str, tuple[str, Mapping[str, Any]]], relevant: Mapping[str, Mapping[str, int]]
) -> Iterator[GoldQuestion]:
    whole, _ = language(None, [_text(place, line) for place, line in queries.values()])
    for name, (place, line) in queries.items():
        metadata = line.get("metadata")
        given = line.get("lang") or (metadata.get("lang") if isinstance(metadata, dict) else None)
        lang, stated = language(given, ()) if given in {"de", "en"} else (whole, False)
        yield made(
            place,
            id=name,
            question=_text(place, line).strip(),
            lang=lang,
            answerable=True,
            documents=tuple(f"{CORPUS}#{document}" for document in relevant[name]),
            grades=tuple(relevant[name].values()),
            lang_stated=stated,
        )


def _qrels(folder: Path, split: str | None) -> Path:
    there = sorted(folder.glob("*.tsv"))
    named = {path.stem: path for path in there}
    wanted = split or (DEFAULT_SPLIT if DEFAULT_SPLIT in named or len(there) != 1 else there[0].stem)
    if wanted not in named:
        found = ", ".join(named) or "none"
        raise EvaluationError(f"{folder}: no {wanted}.tsv there; splits: {found}. Choose one with --split")
    return named[wanted]


def _judged(path: Path) -> Iterator[_Relevant]:
    """Every line of the qrels but their heading."""
    try:
        text = read_content(path).decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise EvaluationError(f"{path}: not UTF-8 ({error.reason})") from error
    for number, line in enumerate(text.splitlines(), 1):
        place, cells = f"{path}:{number}", [cell.strip() for cell in line.split("\t")]
        if not line.strip() or (number == 1 and cells[-1].lower() == "score"):
            continue
        if len(cells) != _COLUMNS:
            raise EvaluationError(f"{place}: {_COLUMNS} columns with tabs between are expected, not {len(cells)}")
        try:
            yield _Relevant(place, cells[0], cells[1], int(cells[2]))
        except ValueError as error:
            raise EvaluationError(f"{place}: score: a whole number is expected, not {cells[2]!r}") from error


def _lines(path: Path) -> Iterator[tuple[str, dict[str, Any]]]:
    """Every object of a file of JSON lines, and where it stands; read line by line, a corpus may be large."""
    try:
        with path.open("rb") as lines:
            for number, line in enumerate(lines, 1):
                if line.strip():
                    yield f"{path}:{number}", _object(f"{path}:{number}", line)
    except OSError as error:
        raise EvaluationError(f"{path}: cannot be read ({error.strerror}); a BEIR folder has it") from error


def _object(place: str, line: bytes) -> dict[str, Any]:
    try:
        found = json.loads(line)
    except (ValueError, RecursionError) as error:
        raise EvaluationError(f"{place}: no JSON ({error})") from error
    if not isinstance(found, dict):
        raise EvaluationError(f"{place}: an object with fields is expected, not a {type(found).__name__}")
    return found


def _id(place: str, line: Mapping[str, Any]) -> str:
    name = line.get("_id")
    if not isinstance(name, str) or not name.strip():
        raise EvaluationError(f"{place}: _id: a text that is not blank is expected, not {name!r}")
    return name.strip()


def _text(place: str, line: Mapping[str, Any], field: str = "text") -> str:
    text = line.get(field, "")
    if not isinstance(text, str):
        raise EvaluationError(f"{place}: {field}: a text is expected, not {text!r}")
    return text


def _write(corpus: Path, path: Path) -> None:
    """The corpus as an export; a document that is only a title has it for a text, and one without words is none."""
    with path.open("w", encoding="utf-8") as file:
        for place, line in _lines(corpus):
            title, text = _text(place, line, "title").strip(), _text(place, line)
            text = text if any(map(str.isalnum, text)) else title
            if any(map(str.isalnum, text)):
                record = {"id": _id(place, line), "title": title, "text": text}
                file.write(json.dumps(record, ensure_ascii=False) + "\n")
