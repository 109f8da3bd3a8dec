"""What every driver of the race speaks, so that each system can run in an environment of its own.

    DRIVER index TEXTS STORE ENCODER            make an index of a file of JSON lines in the folder STORE
    DRIVER serve STORE ENCODER                  answer a line of JSON for each line of JSON, until there are no more
    DRIVER ask STORE ENCODER QUESTION           print the first hits for one question

ENCODER is the folder of a sentence-transformers model; `DEFAULT` stands for whatever the system takes by itself. With
``--variant`` a driver is told which of its documented ways to go. It needs the standard library alone.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, NamedTuple, TextIO

DEFAULT = "default"
SHOWN = 3  # hits that `ask` prints

Record = dict[str, str]  # id, text, and where there are any title, date and lang


class Hit(NamedTuple):
    """What was found: the document's id, the words that a user gets to read, and where they begin, if that is known."""

    doc: str
    text: str
    start: int = -1


class Request(NamedTuple):
    """Where the index is or will be, the encoder's folder or None for the system's own, and the documented way."""

    store: Path
    encoder: str | None
    variant: str


Search = Callable[[str, int], Sequence[Hit]]


class Driver(NamedTuple):
    """A system: `index` makes an index and gives its number of chunks, `open` gives what finds the k best hits."""

    index: Callable[[list[Record], Request], int]
    open: Callable[[Request], Search]


def titled(record: Record) -> str:
    """The text below its title, for a system that has no place for a title."""
    return "\n\n".join(filter(None, (record.get("title", ""), record["text"])))


def main(driver: Driver) -> None:
    """Do what the command line says; only answers are on stdout, whatever the libraries print."""
    arguments = _arguments()
    answers = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)
    encoder = None if arguments.encoder == DEFAULT else arguments.encoder
    request = Request(arguments.store, encoder, arguments.variant)
    if arguments.command == "index":
        lines = arguments.texts.read_text(encoding="utf-8").splitlines()
        _say(answers, {"chunks": driver.index([json.loads(line) for line in lines], request)})
    elif arguments.command == "serve":
        _serve(driver.open(request), answers)
    else:
        for hit in driver.open(request)(arguments.question, SHOWN):
            answers.write(f"{hit.text}\n[{hit.doc}]\n\n")
        answers.flush()


def _serve(search: Search, answers: TextIO) -> None:
    _say(answers, {"ready": True})
    for line in sys.stdin:
        asked = json.loads(line)
        _say(answers, {"hits": [hit._asdict() for hit in search(asked["question"], asked["k"])]})


def _say(answers: TextIO, what: dict[str, Any]) -> None:
    answers.write(json.dumps(what, ensure_ascii=False) + "\n")
    answers.flush()


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    commands = parser.add_subparsers(dest="command", required=True)
    index, serve, ask = (commands.add_parser(name) for name in ("index", "serve", "ask"))
    index.add_argument("texts", type=Path)
    for command in (index, serve, ask):
        command.add_argument("store", type=Path)
        command.add_argument("encoder")
        command.add_argument("--variant", default="")
    ask.add_argument("question")
    return parser.parse_args()
