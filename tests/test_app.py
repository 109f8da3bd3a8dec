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
