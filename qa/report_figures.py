"""Whatever figures a result has, as HTML tables: told by their shape, so that a new one is shown without being named.

A score is a mapping with a ``value``, and mostly with ``low``, ``high`` and ``n``. Scores by name make a table of rows,
groups of scores a table with a column for each measure; the same holds for plain values. Lists of more than plain
values are left out.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import chain
from typing import Any, TypeGuard

from qa.figures import table
from qa.inert import inert

Figures = Mapping[str, Any]
Row = Mapping[str, str]  # HTML by column


def figures(name: str, value: object) -> str:
    """All that `value` has, in tables that are called `name`; empty where that is nothing."""
    return "".join(_tables(name, value))


def _tables(name: str, value: object) -> Iterator[str]:
    if not isinstance(value, Mapping):
        if cell := _cell(value):
            yield f"<p>{cell}</p>"
        return
    if cells := _row(value):
        yield table([name, "value"], [[inert(key), cell] for key, cell in cells.items()], name)
    groups = {key: one for key, one in value.items() if isinstance(one, Mapping) and not _is_score(one)}
    flat = {key: row for key, one in groups.items() if (row := _row(one))}
    joined = flat if _share_columns(flat) else {}
    if joined:
        yield _matrix(name, joined)
    for key, one in groups.items():
        left = {column: held for column, held in one.items() if column not in joined.get(key, {})}
        yield from _tables(f"{name}: {key}", left)


def _row(values: Figures) -> Row:
    return {column: cell for column, value in values.items() if (cell := _cell(value))}


def _share_columns(rows: Mapping[str, Row]) -> bool:
    """Whether rows are about the same things, so that they belong into one table."""
    widest = max(rows.values(), key=len, default={})
    return len(rows) > 1 and all(row.keys() & widest.keys() for row in rows.values())


def _matrix(name: str, rows: Mapping[str, Row]) -> str:
    """One row a group, one column for each name that any of them has, in the order of the row that has the most."""
    columns = list(dict.fromkeys(chain(*sorted(rows.values(), key=len, reverse=True))))
    body = [[inert(key), *(row.get(column, "–") for column in columns)] for key, row in rows.items()]
    return table([name, *columns], body, name)


def _is_score(value: object) -> TypeGuard[Figures]:
    return isinstance(value, Mapping) and "value" in value and not any(isinstance(v, Mapping) for v in value.values())


def _cell(value: object) -> str:
    """A plain value, several, or a score with its interval and its samples, as HTML; "" for anything else."""
    if _is_score(value):
        small = [f"{_number(value['low'])} to {_number(value['high'])}"] if {"low", "high"} <= value.keys() else []
        small += [f"n = {value['n']}"] if "n" in value else []
        notes = f" <small>{inert(', '.join(small))}</small>" if small else ""
        return f"{inert(_number(value['value']))}{notes}"
    if isinstance(value, list | tuple):
        plain = [_number(one) for one in value if isinstance(one, str | int | float)]
        return inert(", ".join(plain)) if len(plain) == len(value) else ""
    return inert(_number(value)) if isinstance(value, str | int | float) else ""


def _number(value: object) -> str:
    """As many decimals as the table of measures has, none for a whole number; a text as it is."""
    if isinstance(value, float):
        return f"{value:.0f}" if value > 1 and value.is_integer() else f"{value:.2f}"
    return str(value)
