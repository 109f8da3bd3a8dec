"""Figures for reading: numbers as a language writes them, and tables of them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from qa.inert import inert
from qa.types import Lang


def number(value: float, lang: Lang, digits: int = 2) -> str:
    """A number, rounded, as the language writes it."""
    return decimal(f"{value:.{digits}f}", lang)


def decimal(text: str, lang: Lang) -> str:
    """A written number with the language's decimal sign."""
    return text.replace(".", ",") if lang == "de" else text


def table(head: Sequence[str], rows: Iterable[Sequence[str]], label: str) -> str:
    """A table whose first column heads its rows; `rows` are HTML. Where it is too wide it scrolls by itself."""
    heads = "".join(f'<th scope="col">{inert(name)}</th>' for name in head)
    body = "".join(f'<tr><th scope="row">{first}</th>{_cells(rest)}</tr>' for first, *rest in rows)
    inside = f"<table><thead><tr>{heads}</tr></thead><tbody>{body}</tbody></table>"
    return f'<div class="beleg-wide" role="region" tabindex="0" aria-label="{inert(label)}">{inside}</div>'


def _cells(cells: Iterable[str]) -> str:
    return "".join(f"<td>{cell}</td>" for cell in cells)
