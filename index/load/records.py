"""Exports: JSON lines, JSON and CSV with one document a record, read record by record and never as a whole."""

from __future__ import annotations

import csv
import json
import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from itertools import count
from pathlib import Path
from typing import BinaryIO

import ijson

from index.errors import LoadError, SettingsError
from index.load.content import Content, Unusable
from index.load.dates import iso
from index.load.decode import canonical, decoded_line, refuse_binary
from index.load.markup import plain

Names = Mapping[str, tuple[str, ...]]
Record = Mapping[str, object]

MAX_RECORD_BYTES = 20_000_000
MAX_DEPTH = 100
NAMES: Names = {
    "title": ("title", "headline"),
    "text": ("text", "body", "content", "article", "articlebody", "maintext"),
    "date": ("date", "published", "pubdate", "published_at", "publishedat", "datepublished", "date_publish"),
    "url": ("url", "link", "permalink"),
    "source": ("source", "outlet", "publisher", "sitename"),
    "authors": ("authors", "author", "byline", "creator"),
    "lang": ("lang", "language"),
    "id": ("id", "guid", "uuid", "_id"),
}
"""What records call what a document has, in lower case; the first name that has a value counts."""
INSIDE = ("rendered", "name", "value", "#text")
"""What holds the text where a field is an object."""

_SAMPLE_BYTES = 65_536
_KEYS_SHOWN = 12
_MANY = re.compile(r"\s*;\s*")


def renamed(own: Mapping[str, str]) -> Names:
    """`NAMES`, those in `own` first.

    Raises:
        SettingsError: `own` names what no document has.
    """
    if unknown := sorted(set(own) - set(NAMES)):
        raise SettingsError(f"fields: {unknown[0]!r} is none of {', '.join(NAMES)}. Correct it in beleg.toml")
    return {field: tuple(filter(None, (own.get(field, "").strip().lower(), *names))) for field, names in NAMES.items()}


def read_json_lines(path: Path, names: Names) -> Iterator[Content | Unusable]:
    """A ``.jsonl`` file: a record a line.

    Raises:
        LoadError: it is binary.
    """
    with path.open("rb") as file:
        refuse_binary(_sample(file))
        for number, line in enumerate(_lines(file), start=1):
            if line.strip():
                yield _from_line(line, number, names)


def read_json(path: Path, names: Names) -> Iterator[Content | Unusable]:
    """A ``.json`` file: an array of records, alone or as a field of the outermost object, or one record or several.

    Raises:
        LoadError: it is binary, or no JSON from some place on.
    """
    with path.open("rb") as file:
        refuse_binary(_sample(file))
        with naming(ijson.JSONError, UnicodeDecodeError, as_="no JSON"):
            prefix = _place_of_records(file, names)
            file.seek(0)
            found = ijson.items(ijson.parse(_events(file)), prefix)
            for number, record in enumerate(found, start=1):
                yield document(record, number, names)


def read_csv(path: Path, names: Names) -> Iterator[Content | Unusable]:
    """A ``.csv`` or ``.tsv`` file whose first line names the columns; separators are commas, semicolons or tabs.

    Raises:
        LoadError: it is binary, or has no column for the text.
    """
    csv.field_size_limit(MAX_RECORD_BYTES)
    with path.open("rb") as file:
        sample = _sample(file)
        refuse_binary(sample)
        lines = _DecodedLines(file)
        rows = csv.DictReader(lines, delimiter=_separator(sample))
        with naming(csv.Error, as_="no CSV"):
            columns = [column.strip() for column in rows.fieldnames or ()]
        if not {column.lower() for column in columns} & set(names["text"]):
            raise LoadError(f"no column holds the text: the first line names {shown(columns)}, not {names['text'][0]}")
        rows.fieldnames = columns
        for number in count(1):
            lines.notices.clear()
            try:
                record = next(rows)
            except StopIteration:
                return
            except csv.Error as error:
                yield Unusable(place_of(number), f"no CSV: {error}")
            else:
                yield document(record, number, names, tuple(lines.notices))


def document(record: object, number: int, names: Names, notices: tuple[str, ...] = ()) -> Content | Unusable:
    """The document that a record is, `number` counting from 1."""
    if not isinstance(record, dict):
        return Unusable(place_of(number), f"a record with fields is expected, not a {type(record).__name__}")
    own = {key.strip().lower(): value for key, value in record.items() if isinstance(key, str)}
    found = {field: _first(own, keys) for field, keys in names.items()}
    text = plain(_text(found["text"], "\n"))
    if not any(map(str.isalnum, text)):
        return Unusable(place_of(number), f"no text: the record has {shown([str(key) for key in own])}")
    fields: dict[str, object] = {
        "title": plain(_text(found["title"])),
        "date": iso(_text(found["date"])),
        "url": _text(found["url"]),
        "source": _text(found["source"]),
        "lang": _text(found["lang"]),
        "authors": _several(found["authors"]),
    }
    place = _text(found["id"]) or str(number)
    return Content(canonical(text), {key: value for key, value in fields.items() if value}, None, notices, place)


class _DecodedLines:
    """The lines of a file as text; `notices` says what was odd about those since it was last cleared."""

    def __init__(self, file: BinaryIO) -> None:
        self._lines = _lines(file)
        self.notices: dict[str, None] = {}

    def __iter__(self) -> Iterator[str]:
        for line in self._lines:
            text, notices = decoded_line(line)
            self.notices |= dict.fromkeys(notices)
            yield text


def _from_line(line: bytes, number: int, names: Names) -> Content | Unusable:
    if len(line) > MAX_RECORD_BYTES:
        return Unusable(place_of(number), f"a line of more than {MAX_RECORD_BYTES / 1e6:.0f} MB")
    text, notices = decoded_line(line)
    try:
        return document(json.loads(text), number, names, notices)
    except (ValueError, RecursionError) as error:
        return Unusable(place_of(number), f"no JSON: {error}")


def _lines(file: BinaryIO) -> Iterator[bytes]:
    """Every line; of one that is longer than a record may be, a byte more than that."""
    while line := file.readline(MAX_RECORD_BYTES + 1):
        yield line
        while len(line) > MAX_RECORD_BYTES and not line.endswith(b"\n"):
            line = file.readline(MAX_RECORD_BYTES + 1)


def _sample(file: BinaryIO) -> bytes:
    sample = file.read(_SAMPLE_BYTES)
    file.seek(0)
    return sample


def _events(file: BinaryIO) -> Iterator[tuple[str, object]]:
    """What ijson reads, refused where it is nested so deeply that telling where one is would take forever."""
    depth = 0
    for event, value in ijson.basic_parse(file, use_float=True, multiple_values=True):
        depth += event.startswith("start_") - event.startswith("end_")
        if depth > MAX_DEPTH:
            raise LoadError(f"JSON nested more than {MAX_DEPTH} deep")
        yield event, value


def _place_of_records(file: BinaryIO, names: Names) -> str:
    """The prefix by which ijson finds the records: "" where the outermost object is one."""
    array = ""
    last = ""
    for prefix, event, value in ijson.parse(_events(file)):
        if event == "start_array" and not prefix:
            return "item"
        if event == "start_map" and last == "start_array" and prefix.count(".") == 1 and not array:
            array = prefix
        if event == "map_key" and not prefix and value.lower() in names["text"]:
            return ""
        if event == "end_map" and not prefix:
            break
        last = event
    return array


def _separator(sample: bytes) -> str:
    head = sample.split(b"\n", 1)[0]
    return max((",", ";", "\t"), key=lambda separator: head.count(separator.encode()))


def _first(record: Record, keys: tuple[str, ...]) -> object:
    return next((record[key] for key in keys if record.get(key) not in (None, "", [], {})), "")


def _text(value: object, between: str = " ") -> str:
    """A field as text: of a list every item, of an object what it calls its text or name."""
    if isinstance(value, list):
        return between.join(filter(None, (_text(one, between) for one in value)))
    if isinstance(value, dict):
        return next((_text(value[key], between) for key in INSIDE if value.get(key)), "")
    return "" if value is None or isinstance(value, bool) else str(value).strip()


def _several(value: object) -> list[str]:
    values = value if isinstance(value, list) else _MANY.split(_text(value))
    return [name for name in map(_text, values) if name]


def place_of(number: int) -> str:
    """What a report calls the record, `number` counting from 1."""
    return f"record {number}"


def shown(keys: list[str]) -> str:
    """The names of fields, for a report."""
    return ", ".join(keys[:_KEYS_SHOWN]) or "nothing"


@contextmanager
def naming(*errors: type[Exception], as_: str) -> Iterator[None]:
    """Say of a library's error what it means.

    Raises:
        LoadError: it was raised within.
    """
    try:
        yield
    except errors as error:
        raise LoadError(f"{as_}: {' '.join(str(error).split())}") from error
