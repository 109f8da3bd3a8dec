"""Model cards: a template filled with what training recorded; no figure in a card is typed."""

from __future__ import annotations

import argparse
import json
from collections.abc import Callable, Mapping
from pathlib import Path
from string import Template
from typing import Any, NamedTuple

Record = dict[str, Any]  # what ``training.json`` holds of a run


class Card(NamedTuple):
    """One kind of card: its template, and what it says beside name, size, date, machine, minutes and digest."""

    template: Path
    own: Callable[[Record], Mapping[str, str]]


def write_card(card: Card, folder: Path) -> None:
    """Write ``README.md`` into a model's folder, from its ``training.json``."""
    record = json.loads((folder / "training.json").read_text(encoding="utf-8"))
    text = Template(card.template.read_text(encoding="utf-8")).substitute(
        name=record["name"],
        parameters=f"{record['parameters'] / 1e6:.1f}",
        minutes=record["minutes"],
        machine=record["machine"],
        date=record["date"],
        sha256=record["weights_sha256"],
        **card.own(record),
    )
    (folder / "README.md").write_text(text, encoding="utf-8")


def main(card: Card, module: str, described: str) -> None:
    """Write the card of the folder that the command line names."""
    parser = argparse.ArgumentParser(
        prog=f"python -m {module}", description=described, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("folder", type=Path, help="the model's folder, with its training.json")
    write_card(card, parser.parse_args().folder)
