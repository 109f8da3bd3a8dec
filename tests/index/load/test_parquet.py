"""Parquet exports: every row the document that it would be in another export, or a reason."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pyarrow import parquet as pq

from index.errors import LoadError
from index.load import parquet
from index.load.content import Unusable
from index.load.decode import CP1252_NOTICE
from index.load.document import Loaded, load
from index.load.files import SourceFile
from index.load.records import renamed

STORY = "Der Hafen von Quellhaven ist seit Montag gesperrt."
WEST = timezone(timedelta(hours=-5))
MOMENT = datetime(2025, 2, 12, 18, 30, 5, 123456)  # noqa: DTZ001 - a column may have no zone


def _load(path: Path, own: Mapping[str, str] | None = None) -> list[Loaded | Unusable]:
    return list(load(SourceFile(path, path.name), renamed(own or {})))


def _written(folder: Path, columns: Mapping[str, Any], name: str = "a.parquet", **options: object) -> Path:
    pq.write_table(pa.table(dict(columns)), folder / name, **options)
    return folder / name


def _only(path: Path) -> Loaded:
    (loaded,) = _load(path)
    assert isinstance(loaded, Loaded)
    return loaded


def test_a_row_is_a_document_with_all_that_it_says(tmp_path: Path) -> None:
    columns = {"Headline": ["Hafen &amp; Kai"], "body": [f"<p>{STORY}</p><p>Noch.</p>"], "outlet": ["Bote"]}
    columns |= {"link": ["https://bote.example/1"], "byline": ["Anna Berg; Max Holm"], "lang": ["de"], "other": ["x"]}
    document = _only(_written(tmp_path, columns)).document
    assert (document.title, document.text, document.source) == ("Hafen & Kai", f"{STORY}\nNoch.", "Bote")
    assert (document.id, document.authors, document.lang) == ("https://bote.example/1", ("Anna Berg", "Max Holm"), "de")


@pytest.mark.parametrize("name", ["a.parquet", "part-0", "a.txt", "a.xyz"])
def test_it_is_known_by_its_content_whatever_its_name(tmp_path: Path, name: str) -> None:
    assert _only(_written(tmp_path, {"text": [STORY]}, name)).document.text == STORY


@pytest.mark.parametrize(
    ("column", "published"),
    [
        (pa.array([date(2025, 2, 12)]), "2025-02-12"),
        (pa.array([date(2025, 2, 12)], pa.date64()), "2025-02-12"),
        (pa.array([MOMENT], pa.timestamp("ms")), "2025-02-12T18:30:05"),
        (pa.array([MOMENT], pa.timestamp("ns")), "2025-02-12T18:30:05"),
        (pa.array([MOMENT], pa.timestamp("us", "UTC")), "2025-02-12T18:30:05+00:00"),
        (pa.array([MOMENT.replace(tzinfo=UTC)], pa.timestamp("us", "Europe/Berlin")), "2025-02-12T19:30:05+01:00"),
        (pa.array([MOMENT.replace(tzinfo=WEST)], pa.timestamp("s", "-05:00")), "2025-02-12T18:30:05-05:00"),
        (pa.array(["2025-02"]), "2025-02"),
        (pa.array([1739381405]), "2025-02-12T17:30:05Z"),
        (pa.array([None], pa.date32()), None),
    ],
)
def test_dates_are_as_precise_as_their_column(tmp_path: Path, column: pa.Array, published: str | None) -> None:
    loaded = _only(_written(tmp_path, {"text": [STORY], "date": column}))
    assert (loaded.document.published and loaded.document.published.value) == published
    assert loaded.notices == ()


def test_what_pandas_writes_is_read(tmp_path: Path) -> None:
    frame = pd.DataFrame({"text": [STORY, None], "source": pd.Categorical(["Bote", "Blatt"]), "id": [7, 8]})
    frame["date"] = pd.to_datetime(["2025-02-12T18:30:05+01:00", None], format="ISO8601", utc=True)
    frame.to_parquet(tmp_path / "a.parquet")
    loaded, refused = _load(tmp_path / "a.parquet")
    assert isinstance(loaded, Loaded)
    assert (loaded.document.id, loaded.document.source) == ("a.parquet#7", "Bote")
    assert refused == Unusable("record 2", "no text: the record has text, source, id, date")


@pytest.mark.parametrize(
    "column",
    [
        pa.array([STORY]).dictionary_encode(),
        pa.array([STORY], pa.large_string()),
        pa.array([STORY.encode()], pa.binary()),
        pa.array([STORY.encode()], pa.binary()).dictionary_encode(),
        pa.array([["Der Hafen von Quellhaven", "ist seit Montag gesperrt."]]),
        pa.array([{"rendered": f"<p>{STORY}</p>", "protected": False}]),
    ],
)
def test_a_text_is_read_however_its_column_keeps_it(tmp_path: Path, column: pa.Array) -> None:
    document = _only(_written(tmp_path, {"text": column})).document
    assert document.text.replace("\n", " ") == STORY


def test_lists_of_authors_and_objects_of_sources_are_read_as_in_json(tmp_path: Path) -> None:
    columns = {"text": [STORY], "authors": [["Anna Berg", "Max Holm"]], "source": [{"id": "b", "name": "Bote"}]}
    document = _only(_written(tmp_path, columns)).document
    assert (document.authors, document.source) == (("Anna Berg", "Max Holm"), "Bote")


def test_rows_that_hold_no_text_are_listed_with_their_number(tmp_path: Path) -> None:
    broken = pa.StringArray.from_buffers(1, pa.py_buffer(b"\0\0\0\0\x04\0\0\0"), pa.py_buffer(b"Fl\xe4\xe4"))
    texts = pa.concat_arrays([pa.array([STORY, " "]), broken, pa.array([f"{STORY} Noch."])])
    first, empty, undecodable, last = _load(_written(tmp_path, {"text": texts}))
    assert isinstance(first, Loaded)
    assert empty == Unusable("record 2", "no text: the record has text")
    assert isinstance(undecodable, Unusable)
    assert (undecodable.place, undecodable.reason[:32]) == ("record 3", "a value that cannot be read: 'ut")
    assert isinstance(last, Loaded)
    assert last.document.id == "a.parquet#4"


def test_bytes_in_another_encoding_are_read_and_said_and_those_of_no_text_refused(tmp_path: Path) -> None:
    texts = pa.array(["Die Fähre für Größere.".encode("cp1252"), b"\x89PNG\0\0", STORY.encode()], pa.binary())
    odd, binary, last = _load(_written(tmp_path, {"text": texts}))
    assert isinstance(odd, Loaded)
    assert isinstance(binary, Unusable)
    assert isinstance(last, Loaded)
    assert (odd.document.text, odd.notices) == ("Die Fähre für Größere.", (CP1252_NOTICE,))
    assert "binary" in binary.reason
    assert last.notices == ()


def test_a_row_that_is_too_large_is_refused_and_the_next_is_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(parquet, "MAX_RECORD_BYTES", 1000)
    columns = {"text": ["x " * 1000, STORY], "source": pa.array(["y" * 900, "Bote"]).dictionary_encode()}
    large, small = _load(_written(tmp_path, columns))
    assert isinstance(large, Unusable)
    assert large.place == "record 1"
    assert isinstance(small, Loaded)


def test_a_date_beyond_all_calendars_is_a_reason(tmp_path: Path) -> None:
    (refused,) = _load(_written(tmp_path, {"text": [STORY], "date": pa.array([10**12], pa.timestamp("s"))}))
    assert isinstance(refused, Unusable)
    assert "out of range" in refused.reason


@pytest.mark.parametrize(
    ("columns", "reason"),
    [
        ({"a": ["x"], "b": [1]}, "no column holds the text: the file has a, b, not text"),
        ({"text": [7]}, "no column holds the text: text holds int64"),
        ({"text": [{"a": "x"}]}, r"no column holds the text: text holds struct<a: string>"),
        ({"body": pa.array([[("a", "x")]], pa.map_(pa.string(), pa.string()))}, "body holds map<string, string"),
    ],
)
def test_a_file_without_a_column_of_text_is_refused(tmp_path: Path, columns: Mapping[str, Any], reason: str) -> None:
    with pytest.raises(LoadError, match=reason):
        _load(_written(tmp_path, columns))


def test_of_several_columns_that_may_hold_the_text_those_count_that_do(tmp_path: Path) -> None:
    assert _only(_written(tmp_path, {"text": [7], "content": [STORY]})).document.text == STORY


def test_names_of_columns_can_be_set(tmp_path: Path) -> None:
    (loaded,) = _load(_written(tmp_path, {"Mein.Inhalt": [STORY], "text": ["x"]}), {"text": "Mein.Inhalt"})
    assert isinstance(loaded, Loaded)
    assert loaded.document.text == STORY


@pytest.mark.parametrize("keep", [0, 3, 4, 8, 100, -1])
def test_a_file_that_was_cut_off_is_refused(tmp_path: Path, keep: int) -> None:
    path = _written(tmp_path, {"text": [STORY] * 100})
    path.write_bytes(path.read_bytes()[:keep])
    with pytest.raises(LoadError, match="no Parquet, or a damaged file: "):
        _load(path)


def test_rows_before_the_place_where_a_file_is_damaged_are_kept(tmp_path: Path) -> None:
    texts = [f"{STORY} {n}" for n in range(1000)]
    options = {"row_group_size": 100, "write_page_checksum": True, "compression": "none", "use_dictionary": False}
    path = _written(tmp_path, {"text": texts}, **options)
    path.write_bytes(path.read_bytes().replace(b"gesperrt. 950", b"geoeffnet 950"))
    given: list[Any] = []
    with pytest.raises(LoadError, match="damaged file"):
        given.extend(load(SourceFile(path, path.name)))
    assert len(given) > 800
    assert [one.document.text for one in given] == texts[: len(given)]


def test_pyarrow_is_only_imported_where_there_is_parquet() -> None:
    code = "import sys, index.load.document; print('pyarrow' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"


_FIELDS = ("text", "title", "source", "date", "link")
_VALUE = st.none() | st.text(st.characters(codec="utf-8"), max_size=40)
_ROW = st.tuples(*(_VALUE for _ in _FIELDS)).map(lambda values: dict(zip(_FIELDS, values, strict=True)))


@settings(max_examples=50)
@given(rows=st.lists(_ROW, min_size=1, max_size=9), rows_in_a_group=st.integers(1, 4))
def test_any_rows_are_the_documents_that_they_are_as_lines_of_json(
    tmp_path_factory: pytest.TempPathFactory, rows: list[dict[str, str | None]], rows_in_a_group: int
) -> None:
    folder = tmp_path_factory.mktemp("any")
    schema = pa.schema([(name, pa.string()) for name in _FIELDS])
    pq.write_table(pa.Table.from_pylist(rows, schema), folder / "a.parquet", row_group_size=rows_in_a_group)
    (folder / "a.jsonl").write_text("\n".join(map(json.dumps, rows)))
    lines = list(load(SourceFile(folder / "a.jsonl", "a")))
    assert list(load(SourceFile(folder / "a.parquet", "a"))) == lines


def test_without_the_package_the_file_is_listed_with_what_to_install(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    (tmp_path / "a.parquet").write_bytes(b"PAR1PAR1")
    with pytest.raises(LoadError, match=r"pip install 'beleg\[parquet\]'"):
        _load(tmp_path / "a.parquet")
