"""The examples of docs/api.md do what the page says."""

from __future__ import annotations

import json
import re
import shlex
import subprocess
import urllib.request
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

PAGE = (Path(__file__).parents[2] / "docs" / "api.md").read_text(encoding="utf-8")
BASE = "http://127.0.0.1:7860/"


def blocks(kind: str) -> list[str]:
    return re.findall(rf"```{kind}\n(.*?)```", PAGE, flags=re.DOTALL)


@pytest.mark.parametrize("number", range(len(blocks("sh"))))
def test_a_curl_example_gets_an_answer(served: str, number: int) -> None:
    command = shlex.split(blocks("sh")[number].replace(BASE, served).replace("\\\n", " "))
    reply = json.loads(subprocess.run(command, capture_output=True, check=True, timeout=120).stdout)
    assert reply["data"][0]["status"] in {"answered", "verified"}


def test_the_python_example_runs(served: str) -> None:
    (example,) = blocks("python")
    exec(compile(example.replace(BASE, served), "docs/api.md", "exec"), {})  # noqa: S102 - our own documentation


@pytest.mark.e2e
def test_the_javascript_example_runs_on_the_page(visit: Callable[..., Any], served: str) -> None:
    (example,) = blocks("js")
    page = visit().open(served)
    quotes = page.evaluate(f"(async () => {{{example.replace(BASE, served)}}})()")
    assert any("Nato-Mitgliedschaft" in quote for quote in quotes)


def test_every_endpoint_has_a_row_and_every_row_an_endpoint(served: str) -> None:
    with urllib.request.urlopen(f"{served}gradio_api/info", timeout=60) as reply:  # noqa: S310 - loopback
        named = json.load(reply)["named_endpoints"]
    rows = dict(re.findall(r"^\| `(\w+)` \| ([^|]*) \|", PAGE, flags=re.MULTILINE))
    assert {f"/{name}" for name in rows} == set(named)
    for name, parameters in rows.items():
        names = [parameter["parameter_name"] for parameter in named[f"/{name}"]["parameters"]]
        mentioned = re.findall(r"`(\w+)(?:=[^`]*)?`", parameters)
        assert mentioned == (["question", "limit", "ask"] if name == "search" else names)
