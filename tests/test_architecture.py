"""The shape of the code: imports point one way, heavy packages have one home, files and functions stay small."""

from __future__ import annotations

import ast
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
LAYERS = {"index": 0, "qa": 1, "ui": 2, "app": 3}
HOMES = {
    "chromadb": {"index.store"},
    "tantivy": {"index.lexical"},
    "torch": {"index.bert", "index.precision"},
    "tokenizers": {"index.bert"},
    "safetensors": {"index.bert"},
    "transformers": {"index.networks"},
    "sentence_transformers": {"index.networks"},
    "gradio": {"ui", "app"},
}
NOT_SHIPPED = {"train", "bench", "evals", "tests"}
MAX_FILE_LINES = 400
MAX_FUNCTION_LINES = 50
MODULES = {
    ".".join(path.relative_to(ROOT).with_suffix("").parts): path
    for path in (*ROOT.glob("index/**/*.py"), *ROOT.glob("qa/**/*.py"), *ROOT.glob("ui/**/*.py"), ROOT / "app.py")
}


def imported(path: Path, *, top_level_only: bool = False) -> Iterator[str]:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    for node in tree.body if top_level_only else ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (name.name for name in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            # `from ui import page` imports a module; `from ui import Page` would import from the package root.
            names = {f"{node.module}.{name.name}" for name in node.names}
            yield from names if names <= MODULES.keys() else [node.module]


def functions() -> Iterator[tuple[str, int]]:
    for module, path in MODULES.items():
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                yield f"{module}.{node.name}", (node.end_lineno or 0) - node.lineno + 1


@pytest.mark.parametrize("module", sorted(MODULES))
def test_imports_point_down_the_layers(module: str) -> None:
    own = LAYERS[module.split(".", maxsplit=1)[0]]
    upward = [name for name in imported(MODULES[module]) if LAYERS.get(name.split(".", maxsplit=1)[0], -1) > own]
    assert not upward


@pytest.mark.parametrize("module", sorted(MODULES))
def test_heavy_packages_are_imported_in_their_home_alone(module: str) -> None:
    strays = [
        name
        for name in imported(MODULES[module])
        if (homes := HOMES.get(name.split(".", maxsplit=1)[0]))
        and module not in homes
        and module.split(".", maxsplit=1)[0] not in homes
    ]
    assert not strays


@pytest.mark.parametrize("module", sorted(MODULES))
def test_nothing_shipped_imports_what_is_not(module: str) -> None:
    assert not {name.split(".", maxsplit=1)[0] for name in imported(MODULES[module])} & NOT_SHIPPED


@pytest.mark.parametrize("module", sorted(MODULES))
def test_modules_are_imported_not_package_roots(module: str) -> None:
    assert not {"index", "qa", "ui", "index.load"} & set(imported(MODULES[module]))


def test_there_is_no_import_cycle() -> None:
    graph = {
        module: {n for n in imported(path, top_level_only=True) if n in MODULES} for module, path in MODULES.items()
    }
    while leaves := {module for module, uses in graph.items() if not uses & graph.keys()}:
        graph = {module: uses for module, uses in graph.items() if module not in leaves}
    assert not graph, "these modules import each other in a circle"


def test_files_and_functions_stay_small() -> None:
    long_files = {
        m: n for m, p in MODULES.items() if (n := len(p.read_text(encoding="utf-8").splitlines())) > MAX_FILE_LINES
    }
    long_functions = {name: lines for name, lines in functions() if lines > MAX_FUNCTION_LINES}
    assert not long_files
    assert not long_functions


def test_half_of_all_functions_are_under_ten_lines() -> None:
    lengths = sorted(lines for _, lines in functions())
    assert lengths[len(lengths) // 2] < 10


@pytest.mark.parametrize("module", sorted(MODULES))
def test_every_module_begins_by_saying_what_it_is(module: str) -> None:
    assert ast.get_docstring(ast.parse(MODULES[module].read_text(encoding="utf-8")))


def test_the_command_line_imports_nothing_heavy() -> None:
    heavy = "{'torch', 'chromadb', 'gradio', 'tantivy', 'sentence_transformers', 'numpy'}"
    code = f"import sys, qa.cli; print(sorted({heavy} & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT)
    assert done.stdout.strip() == "[]"
