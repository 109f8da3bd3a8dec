"""What the benches of indexing share on the command line: a bar on stderr, the machine, and the file of results."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

RESULTS = Path(__file__).parent / "results"
MODEL = "minilm-de-en"  # the encoder that ships


def bar() -> Progress:
    """A bar on stderr."""
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    return Progress(*columns, console=Console(stderr=True))


def following(progress: Progress, what: str) -> Callable[[Any], None]:
    """What shows a build's own reports on a new bar."""
    task = progress.add_task(what)
    return lambda told: progress.update(
        task, description=f"{what}: {told.stage}", completed=told.done, total=told.total
    )


def positive(text: str) -> int:
    """A number above 0, of the command line."""
    if (number := int(text)) < 1:
        raise argparse.ArgumentTypeError(f"{text} is not a positive number")
    return number


def run(measured: Callable[[Progress], dict[str, Any]], out: Path) -> dict[str, Any]:
    """Measure with a bar, and write; an interrupt or an error ends the program with a line."""
    try:
        with bar() as progress:
            result = {**measured(progress), **machine()}
        write(result, out)
    except KeyboardInterrupt:
        sys.exit("stopped; nothing was written")
    except (OSError, RuntimeError) as error:
        sys.exit(f"error: {error}. See --help")
    return result


def machine() -> dict[str, Any]:
    """Date, machine and versions, as the other benches have them, and how torch multiplies here."""
    import torch

    from index.precision import fast_bfloat16
    from qa.evaluate import environment

    here = {name: value for name, value in asdict(environment("")).items() if name != "generation"}
    more = {"threads": torch.get_num_threads(), "bf16_in_hardware": fast_bfloat16()}
    return {**here, "processor": torch.backends.cpu.get_cpu_capability(), **more}


def write(result: dict[str, Any], path: Path) -> None:
    """Write the result, whole or not at all."""
    from bench.encoder import write as write_result

    write_result(result, path)
