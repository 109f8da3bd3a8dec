from __future__ import annotations

import signal
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
BUSY = """
import time
from ui.stop import Stop
stop = Stop()
print("ready", flush=True)
stop.wait()
print("asked", flush=True)
time.sleep(120)
"""


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_one_signal_asks_for_the_end_and_a_second_one_ends_it_at_once(number: signal.Signals) -> None:
    with subprocess.Popen(
        [sys.executable, "-c", BUSY], cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    ) as busy:
        assert busy.stdout is not None
        assert busy.stderr is not None
        assert busy.stdout.readline() == b"ready\n"
        busy.send_signal(number)
        assert busy.stdout.readline() == b"asked\n"
        busy.send_signal(number)
        assert busy.wait(20) == 128 + number
        assert busy.stderr.read() == b""
