r"""Flame graphs of a cold answer, of indexing, and of a program that is up: where the time goes, as SVG.

py-spy samples the real commands from outside (pip install py-spy); a click on a frame zooms, Ctrl-F searches.

    python -m bench.flames --news ../shared/data/corpus/wikinews_de_998.jsonl.gz \
        --questions ../shared/data/dev/quotes_dev_de.jsonl.gz
"""

from __future__ import annotations

import argparse
import json
import re
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from rich.progress import track

from bench.index import unpack
from bench.running import positive

OUT = Path(__file__).parent.parent / "docs" / "flames"
_RATE = 100  # samples a second
_ABSTAINED = 3  # what `beleg ask` exits with when it does not answer
_ASKING = """
import sys
from qa.pipeline import Assistant
from qa.settings import Settings
assistant = Assistant(Settings.load(data_dir=sys.argv[1]))
for question in sys.argv[2:]:
    assistant.ask(question)
"""


def record(command: Sequence[str], title: str, path: Path) -> None:
    """Run a command of Python under py-spy and draw what it did.

    Raises:
        RuntimeError: it failed, or py-spy is not installed or may not look at it.
    """
    spy = Path(sys.executable).with_name("py-spy")
    if not spy.exists():
        raise RuntimeError("py-spy is missing: pip install py-spy")
    ours = [str(spy), "record", "--rate", str(_RATE), "--output", str(path), "--", sys.executable, *command]
    ran = subprocess.run(ours, capture_output=True, text=True, check=False)  # noqa: S603 - ours
    if ran.returncode not in {0, _ABSTAINED} or not path.is_file():
        raise RuntimeError(f"py-spy failed with {ran.returncode}: {ran.stderr.strip()[-500:]}")
    # The title that it gives is the command, with the names of temporary folders in it.
    drawn = path.read_text(encoding="utf-8")
    path.write_text(re.sub(r'(<text id="title"[^>]*>)[^<]*', rf"\g<1>{title}", drawn), encoding="utf-8")


def main() -> None:
    """Index, ask once from cold, and ask many questions in one process; a picture of each."""
    parser = argparse.ArgumentParser(
        prog="python -m bench.flames", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--news", type=Path, required=True, help="JSON lines with title and text, gzipped or not")
    parser.add_argument("--questions", type=Path, required=True, help="JSON lines with question_de")
    parser.add_argument("--documents", type=positive, default=300, help="indexed (default: %(default)s)")
    parser.add_argument("--ask", type=positive, default=60, help="asked in one process (default: %(default)s)")
    parser.add_argument("--out", type=Path, default=OUT, help="folder (default: docs/flames)")
    options = parser.parse_args()
    options.out.mkdir(parents=True, exist_ok=True)
    asked = [json.loads(line)["question_de"] for line in unpack(options.questions, options.ask)]
    with tempfile.TemporaryDirectory(prefix="beleg-flames-") as folder:
        source, data = Path(folder, "news.jsonl"), str(Path(folder, "data"))
        source.write_text("".join(unpack(options.news, options.documents)), encoding="utf-8")
        jobs = {
            "index": (
                ["-m", "qa.cli", "index", str(source), "--data-dir", data],
                f"beleg index, {options.documents} articles",
            ),
            "ask-cold": (["-m", "qa.cli", "ask", asked[0], "--data-dir", data], "beleg ask, from cold"),
            "ask-warm": (["-c", _ASKING, data, *asked], f"{len(asked)} questions in one process"),
        }
        try:
            for name, (command, title) in track(jobs.items(), "record"):
                record(command, title, options.out / f"{name}.svg")
        except RuntimeError as error:
            sys.exit(f"error: {error}")


if __name__ == "__main__":
    main()
