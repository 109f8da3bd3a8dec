"""Parquet exports: a document a row, by the same names of fields as in the other exports, read a few rows at a time."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from index.errors import LoadError
from index.load.content import Content, Unusable
from index.load.decode import canonical_text
from index.load.records import INSIDE, MAX_RECORD_BYTES, Names, document, naming, place_of, shown

_MAGIC = b"PAR1"
_BATCH_ROWS = 64  # of 20 MB each, at worst
_BUFFER_BYTES = 1 << 20  # read ahead in each column; without it, all of a row group is in memory
_TEXTS = frozenset({"string", "large_string", "string_view", "binary", "large_binary", "binary_view"})


def is_parquet(path: Path) -> bool:
    """Whether a file begins and ends as Parquet does, whatever its name.

    Raises:
        OSError: it cannot be opened.
    """
    with path.open("rb") as file:
        if file.read(len(_MAGIC)) != _MAGIC:
            return False
        file.seek(-len(_MAGIC), 2)
        return file.read() == _MAGIC


def read(path: Path, names: Names) -> Iterator[Content | Unusable]:
    """A ``.parquet`` file: a row a record, of which only the columns are read that a document has.

    Raises:
        LoadError: it is no Parquet, is damaged from some place on, or has no column of text.
    """
    try:
        import pyarrow as pa  # a fifth of a second, which most commands need not wait for
        from pyarrow.parquet import ParquetFile
    except ModuleNotFoundError as error:
        raise LoadError("Parquet is read with a package of its own: pip install 'beleg[parquet]'") from error

    with (
        path.open("rb") as data,
        naming(pa.ArrowException, OSError, as_="no Parquet, or a damaged file"),
        ParquetFile(data, buffer_size=_BUFFER_BYTES, pre_buffer=False, page_checksum_verification=True) as file,
    ):
        columns = _columns(file.schema_arrow, names)
        batches = file.iter_batches(_BATCH_ROWS, columns=columns, use_threads=False)
        for number, row in enumerate(_rows(batches), start=1):
            yield _document(row, number, names)


def _columns(schema: Any, names: Names) -> list[str]:  # noqa: ANN401 - pyarrow has no types of its own
    """The columns that a document has, of those that may hold its text only those that do."""
    wanted = {name for own in names.values() for name in own}
    kinds = {field.name: field.type for field in schema if field.name.strip().lower() in wanted}
    texts = [name for name in kinds if name.strip().lower() in names["text"]]
    unfit = [name for name in texts if not _holds_text(kinds[name])]
    if not texts:
        raise LoadError(f"no column holds the text: the file has {shown(schema.names)}, not {names['text'][0]}")
    if unfit == texts:
        raise LoadError(f"no column holds the text: {unfit[0]} holds {kinds[unfit[0]]}")
    return [name for name in kinds if name not in unfit]


def _holds_text(kind: Any) -> bool:  # noqa: ANN401 - as above
    """Whether values of a column are text, lists of texts, or objects that hold their text as those in JSON do."""
    from pyarrow.types import is_struct

    if is_struct(kind):
        return any(field.name in INSIDE and _holds_text(field.type) for field in kind)
    inner = getattr(kind, "value_type", None)  # of lists and dictionaries
    return str(kind) in _TEXTS if inner is None else _holds_text(inner)


def _rows(batches: Iterator[Any]) -> Iterator[Any]:
    import pyarrow as pa

    for batch in batches:
        plain = pa.RecordBatch.from_arrays([_plain(column) for column in batch.columns], names=batch.schema.names)
        yield from (plain.slice(at, 1) for at in range(len(plain)))


def _plain(column: Any) -> Any:  # noqa: ANN401 - as above
    """A column without what only saves space, and without parts of a second, which make for dates of another type."""
    import pyarrow as pa

    if pa.types.is_dictionary(column.type):
        return column.dictionary_decode()
    if pa.types.is_timestamp(column.type):
        return column.cast(pa.timestamp("s", column.type.tz), safe=False)
    return column


def _document(row: Any, number: int, names: Names) -> Content | Unusable:  # noqa: ANN401 - as above
    if row.nbytes > MAX_RECORD_BYTES:
        return Unusable(place_of(number), f"a row of more than {MAX_RECORD_BYTES / 1e6:.0f} MB")
    notices: dict[str, None] = {}
    try:
        (record,) = row.to_pylist(maps_as_pydicts="lossy")
        record = _readable(record, notices)
    except (ValueError, OverflowError, LoadError) as error:
        return Unusable(place_of(number), f"a value that cannot be read: {error}")
    return document(record, number, names, tuple(notices))


def _readable(value: object, notices: dict[str, None]) -> object:
    """A value with the bytes in it, as which some programs write text, read as text."""
    if isinstance(value, dict):
        return {key: _readable(inner, notices) for key, inner in value.items()}
    if isinstance(value, list):
        return [_readable(inner, notices) for inner in value]
    if not isinstance(value, bytes):
        return value
    text, found = canonical_text(value)
    notices |= dict.fromkeys(found)
    return text
