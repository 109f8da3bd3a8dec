"""Question sets in the form of SQuAD 1.1 and 2.0 (Rajpurkar et al. 2016, 2018), as XQuAD and many others have it.

A paragraph is a document, the answers' characters are the gold and their texts the gold answers; ``is_impossible`` says
that there is none. Of a folder all ``*.json`` are one set over all their paragraphs: where a question's id stands in
several files, as XQuAD's do, those are one question in several languages. Each has the gold of all, and two are twins.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError

from index.errors import problems
from index.load.decode import canonical
from qa.bundles import Bundle, digest, language, made
from qa.errors import EvaluationError
from qa.questions import GoldQuestion, GoldSpan, QuestionSet, read_content
from qa.types import Lang

_UNFIT = re.compile(r"[^\w-]+")
_MAX_TITLE = 60  # characters in a file's name
_BOTH = 2


class _Part(BaseModel):
    """What is not named here is left alone."""

    model_config = ConfigDict(strict=True, frozen=True)


class _Answer(_Part):
    text: str
    answer_start: Annotated[int, Field(ge=0)]


class _Question(_Part):
    id: Annotated[str, Field(min_length=1)]
    question: Annotated[str, Field(min_length=1)]
    answers: list[_Answer] = []
    is_impossible: bool = False


class _Paragraph(_Part):
    context: Annotated[str, Field(min_length=1)]
    qas: list[_Question]


class _Article(_Part):
    title: str = ""
    paragraphs: list[_Paragraph]


class _Squad(_Part):
    data: Annotated[list[_Article], Field(min_length=1)]


_FORM: TypeAdapter[_Squad] = TypeAdapter(_Squad)


@dataclass(frozen=True, slots=True)
class _Asked:
    """A question of one file with its gold there; `place` is where it stands."""

    place: str
    file: str
    question: _Question
    gold: tuple[GoldSpan, ...]
    lang: Lang


@dataclass(frozen=True, slots=True)
class _Read:
    """What a file holds: documents by name, with front matter, and questions."""

    documents: Mapping[str, str]
    asked: Sequence[_Asked]


def is_squad(path: Path) -> bool:
    """Whether a path is a JSON file, or a folder with some."""
    return path.suffix == ".json" or (path.is_dir() and any(path.glob("*.json")))


def read_squad(path: Path) -> Bundle:
    """The questions of a file, or of all files of a folder, with their paragraphs.

    Raises:
        EvaluationError: a file is unreadable or has another form, or an answer is not where it is said to be; the text
            starts with the file and names the field.
    """
    files = sorted(path.glob("*.json")) if path.is_dir() else [path]
    contents = [read_content(file) for file in files]
    read = [_read(file, data) for file, data in zip(files, contents, strict=True)]
    asked = [one for of_file in read for one in of_file.asked]
    if not asked:
        raise EvaluationError(f"{path}: no questions in it; qas of its paragraphs would have them")
    documents = {name: text for of_file in read for name, text in of_file.documents.items()}
    return Bundle(
        QuestionSet(path.resolve().stem, digest(contents), tuple(_questions(asked, several=len(files) > 1))),
        tuple(one.place for one in asked),
        lambda folder: _write(documents, folder),
    )


def _read(file: Path, data: bytes) -> _Read:
    try:
        parsed = _FORM.validate_python(json.loads(data))
    except ValidationError as error:
        raise EvaluationError(f"{file}: {problems(error)}. This is not the form of SQuAD") from error
    except (ValueError, RecursionError) as error:
        raise EvaluationError(f"{file}: no JSON ({error})") from error
    lang, _ = language(None, [qa.question for _, _, qa in _each(parsed)])
    names = {
        (a, p): f"{_name(file, article, a, p)}.txt"
        for a, article in enumerate(parsed.data)
        for p in range(len(article.paragraphs))
    }
    asked = []
    for (a, p, q), paragraph, qa in _each(parsed):
        place = f"{file}: data[{a}].paragraphs[{p}].qas[{q}]"
        gold = tuple(_gold(place, names[a, p], paragraph.context, qa))
        asked.append(_Asked(place, file.stem, qa, gold, lang))
    _check_ids(asked)
    documents = {
        name: _front_matter(parsed.data[a].title or file.stem) + parsed.data[a].paragraphs[p].context
        for (a, p), name in names.items()
    }
    return _Read(documents, asked)


def _each(parsed: _Squad) -> Iterator[tuple[tuple[int, int, int], _Paragraph, _Question]]:
    """Every question with its numbers, of article, paragraph and question, and its paragraph."""
    for a, article in enumerate(parsed.data):
        for p, paragraph in enumerate(article.paragraphs):
            for q, qa in enumerate(paragraph.qas):
                yield (a, p, q), paragraph, qa


def _gold(place: str, doc_id: str, context: str, qa: _Question) -> Iterator[GoldSpan]:
    """The places of the answers, each once, in the text as the index holds it."""
    if qa.is_impossible:
        return
    if not qa.answers:
        raise EvaluationError(f"{place}.answers: there is none; is_impossible would say that there can be none")
    spans: dict[GoldSpan, None] = {}
    for number, answer in enumerate(qa.answers):
        start, end = answer.answer_start, answer.answer_start + len(answer.text)
        if not answer.text.strip() or context[start:end] != answer.text:
            raise EvaluationError(
                f"{place}.answers[{number}].answer_start: characters {start} to {end} of the context are "
                f"{context[start:end]!r}, not the answer {answer.text!r}"
            )
        quote, before = canonical(answer.text), len(canonical(context[:start]))
        spans[GoldSpan(doc_id, before, before + len(quote), quote)] = None
    yield from spans


def _check_ids(asked: Sequence[_Asked]) -> None:
    places: dict[str, str] = {}
    for one in asked:
        if places.setdefault(one.question.id, one.place) != one.place:
            raise EvaluationError(
                f"{one.place}.id: {one.question.id!r} is already that of {places[one.question.id]}; ids are unique"
            )


def _questions(asked: Sequence[_Asked], *, several: bool) -> Iterator[GoldQuestion]:
    """Every question; in a set of `several` files with the gold that it has in any of them, and its twin."""
    same: dict[str, list[_Asked]] = {}
    for one in asked:
        same.setdefault(one.question.id, []).append(one)
    for one in asked:
        alike = same[one.question.id]
        gold = tuple(dict.fromkeys(span for other in alike for span in other.gold))
        answers = tuple(dict.fromkeys(answer.text for other in alike for answer in other.question.answers))
        yield made(
            one.place,
            id=_qualified(one) if several else one.question.id,
            question=one.question.question.strip(),
            lang=one.lang,
            answerable=bool(gold),
            gold=gold,
            answers=answers if gold else (),
            twin=_twin(one, alike),
            lang_stated=False,
        )


def _twin(one: _Asked, alike: Sequence[_Asked]) -> str:
    """The same question in the other language, where there are just two."""
    others = [other for other in alike if other is not one]
    if len(alike) != _BOTH or others[0].lang == one.lang:
        return ""
    return _qualified(others[0])


def _qualified(one: _Asked) -> str:
    return f"{one.file}:{one.question.id}"


def _name(file: Path, article: _Article, number: int, paragraph: int) -> str:
    """A file name for a paragraph, unique in its set."""
    title = _UNFIT.sub("_", article.title).strip("_")[:_MAX_TITLE]
    return f"{_UNFIT.sub('_', file.stem)}-{number:03}-{paragraph:03}-{title}".rstrip("-")


def _front_matter(title: str) -> str:
    """What stands above a text in a file; a JSON string is a YAML string, whatever is in it."""
    return f"---\ntitle: {json.dumps(title.replace('_', ' '))}\n---\n"


def _write(documents: Mapping[str, str], folder: Path) -> None:
    for name, text in documents.items():
        (folder / name).write_text(text, encoding="utf-8", newline="")
