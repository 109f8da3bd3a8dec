"""Exports: every record a document or a reason, whatever the names of its fields, and the rest goes on."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path

import pytest

from index.errors import LoadError, SettingsError
from index.load import records
from index.load.content import Unusable
from index.load.decode import CP1252_NOTICE
from index.load.document import Loaded, load
from index.load.files import SourceFile
from index.load.records import NAMES, renamed

STORY = "Der Hafen von Quellhaven ist seit Montag gesperrt."


def _load(folder: Path, name: str, data: str | bytes, own: Mapping[str, str] | None = None) -> list[Loaded | Unusable]:
    (folder / name).write_bytes(data.encode() if isinstance(data, str) else data)
    return list(load(SourceFile(folder / name, name), renamed(own or {})))


def _documents(found: list[Loaded | Unusable]) -> list[Loaded]:
    return [one for one in found if isinstance(one, Loaded)]


def _reasons(found: list[Loaded | Unusable]) -> list[tuple[str, str]]:
    return [(one.place, one.reason) for one in found if isinstance(one, Unusable)]


@pytest.mark.parametrize("name", ["a.jsonl", "a.ndjson", "a.json"])
def test_lines_of_json_are_documents(tmp_path: Path, name: str) -> None:
    record = {"headline": "Hafen zu", "body": STORY, "pubDate": "Wed, 12 Feb 2025 18:30:05 +0100", "outlet": "Bote"}
    record |= {"link": "https://bote.example/hafen", "byline": "Anna Berg; Max Holm", "lang": "de"}
    (loaded,) = _documents(_load(tmp_path, name, json.dumps(record) + "\n\n"))
    document = loaded.document
    assert (document.title, document.text, document.source, document.lang) == ("Hafen zu", STORY, "Bote", "de")
    assert document.id == document.url == "https://bote.example/hafen"
    assert document.authors == ("Anna Berg", "Max Holm")
    assert document.published
    assert document.published.value == "2025-02-12T18:30:05+01:00"
    assert loaded.notices == ()


@pytest.mark.parametrize(
    "shape",
    [
        lambda found: found,
        lambda found: {"status": "ok", "totalResults": len(found), "articles": found},
        lambda found: {"meta": {"tags": [{"a": 1}]}, "results": found},
    ],
)
def test_an_array_of_records_is_found_where_it_is(tmp_path: Path, shape: object) -> None:
    found = [{"id": n, "title": f"T{n}", "content": f"{STORY} {n}"} for n in range(3)]
    data = json.dumps(shape(found))  # type: ignore[operator]
    assert [one.document.id for one in _documents(_load(tmp_path, "a.json", data))] == [
        "a.json#0",
        "a.json#1",
        "a.json#2",
    ]


def test_one_object_with_a_text_is_one_document_whatever_arrays_it_has(tmp_path: Path) -> None:
    record = {"authors": [{"name": "Anna Berg"}, {"name": "Max Holm"}], "source": {"id": "b", "name": "Bote"}}
    record |= {"title": {"rendered": "Hafen &amp; Kai"}, "content": {"rendered": f"<p>{STORY}</p><p>Noch.</p>"}}
    (loaded,) = _documents(_load(tmp_path, "a.json", json.dumps(record)))
    assert (loaded.document.title, loaded.document.text) == ("Hafen & Kai", f"{STORY}\nNoch.")
    assert (loaded.document.authors, loaded.document.source) == (("Anna Berg", "Max Holm"), "Bote")


@pytest.mark.parametrize("separator", [",", ";", "\t"])
def test_a_table_has_a_document_a_row_with_line_ends_in_its_cells(tmp_path: Path, separator: str) -> None:
    data = separator.join(("Title", "Text", "Date")) + "\r\n"
    data += separator.join(("Hafen zu", f'"{STORY}\r\nUnd ""noch"" einer, ja; doch."', "2025-02")) + "\r\n"
    (loaded,) = _documents(_load(tmp_path, "a.csv", data))
    assert loaded.document.text == f'{STORY}\nUnd "noch" einer, ja; doch.'
    assert loaded.document.published
    assert loaded.document.published.precision == "month"
    assert loaded.document.id == "a.csv#1"


def test_rows_in_another_encoding_are_read_and_said(tmp_path: Path) -> None:
    rows = [b"id,text", "1,Die Brücke ist zu.".encode(), "2,Die Brücke ist auf.".encode("cp1252")]
    utf8, other = _documents(_load(tmp_path, "a.csv", b"\n".join(rows)))
    assert (utf8.document.text, other.document.text) == ("Die Brücke ist zu.", "Die Brücke ist auf.")
    assert (utf8.notices, other.notices) == ((), (CP1252_NOTICE,))


def test_what_is_no_record_is_listed_with_its_number_and_the_rest_goes_on(tmp_path: Path) -> None:
    lines = ["{", "[1]", '{"title": "leer", "text": " "}', json.dumps({"text": STORY}), "7", '{"a": 1}']
    found = _load(tmp_path, "a.jsonl", "\n".join(lines))
    assert len(_documents(found)) == 1
    assert [place for place, _ in _reasons(found)] == [f"record {n}" for n in (1, 2, 3, 5, 6)]
    assert _reasons(found)[-1][1] == "no text: the record has a"


def test_a_line_without_end_is_refused_and_the_next_is_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(records, "MAX_RECORD_BYTES", 1000)
    found = _load(tmp_path, "a.jsonl", json.dumps({"text": "x" * 5000}) + "\n" + json.dumps({"text": STORY}))
    assert [place for place, _ in _reasons(found)] == ["record 1"]
    assert [one.document.text for one in _documents(found)] == [STORY]


def test_a_cell_without_end_is_refused_and_the_next_row_is_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(records, "MAX_RECORD_BYTES", 1000)
    found = _load(tmp_path, "a.csv", f"text\n{'x' * 900}{'y' * 900}\n{STORY}\n")
    assert [one.document.text for one in _documents(found)] == [STORY]
    assert len(_reasons(found)) == 1


def test_documents_before_the_place_where_a_file_breaks_are_kept(tmp_path: Path) -> None:
    (tmp_path / "a.json").write_text(f'[{json.dumps({"text": STORY})}, {{"text": "x')
    reading = load(SourceFile(tmp_path / "a.json", "a.json"))
    first = next(reading)
    assert isinstance(first, Loaded)
    assert first.document.text == STORY
    with pytest.raises(LoadError, match="no JSON"):
        next(reading)


@pytest.mark.parametrize(
    ("name", "data", "reason"),
    [
        ("a.json", b"\x00\x03\x04\x14\x00\x00\x00\x08\x00", "binary"),
        ("a.jsonl", b"\x93NUMPY\x01\x00\x00\x00", "binary"),
        ("a.csv", b"a,b\n1,2\n", "no column holds the text: the first line names a, b, not text"),
        ("a.csv", b"", "no column holds the text: the first line names nothing"),
        ("a.json", b"<html>", "no JSON"),
        ("a.json", b"[" * 100_000, "nested more than 100 deep"),
        ("a.json", b'{"a":' * 100_000, "nested more than 100 deep"),
    ],
)
def test_a_file_that_is_no_export_is_refused_with_the_reason(
    tmp_path: Path, name: str, data: bytes, reason: str
) -> None:
    with pytest.raises(LoadError, match=reason):
        _load(tmp_path, name, data)


def test_names_of_fields_can_be_set(tmp_path: Path) -> None:
    own = {"text": "Inhalt", "title": "Überschrift"}
    (loaded,) = _documents(_load(tmp_path, "a.csv", f"Überschrift,Inhalt,text\nHafen,{STORY},x\n", own))
    assert (loaded.document.title, loaded.document.text) == ("Hafen", STORY)


def test_a_field_that_no_document_has_cannot_be_named() -> None:
    with pytest.raises(SettingsError, match="'headline' is none of title, text"):
        renamed({"headline": "x"})
    assert renamed({}) == NAMES
