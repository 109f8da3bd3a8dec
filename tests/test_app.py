"""``python app.py`` as a program."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parent.parent


def test_options_are_not_silently_left_out_and_the_command_that_has_them_is_named() -> None:
    command = [sys.executable, str(ROOT / "app.py"), "--port", "8000"]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 2
    assert done.stderr == "error: app.py takes no options; beleg serve does: beleg serve --port 8000\n"


def test_the_child_that_rebuilds_the_index_need_not_wait_for_gradio() -> None:
    looking = "import sys, app; sys.exit('gradio' in sys.modules)"  # as a spawned child of python app.py does
    assert subprocess.run([sys.executable, "-c", looking], cwd=ROOT, timeout=60, check=False).returncode == 0
