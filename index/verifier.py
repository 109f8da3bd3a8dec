"""The process that verifies a generation, started before there is one: half of its time it spends on getting ready."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from types import TracebackType
from typing import Self

from index.errors import BuildError

# -P: a folder named "index" where the user happens to stand must not be taken for this package.
_COMMAND = (sys.executable, "-P", "-m", "index.verify")


class Verifier:
    """A process that waits for a generation to verify, and ends with the context whatever became of the build."""

    def __init__(self) -> None:
        self._process = subprocess.Popen(  # noqa: S603 - our own module
            _COMMAND, stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE
        )

    @property
    def pid(self) -> int:
        """The number of the process."""
        return self._process.pid

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self._process.kill()
        self._process.communicate()

    def verify(self, generation: Path) -> None:
        """Prove that a generation is whole, once.

        Raises:
            BuildError: it is not; the text says why.
        """
        _, said = self._process.communicate(os.fsencode(generation.absolute()))
        if status := self._process.returncode:
            reason = said.decode("utf-8", "replace").strip() or f"exit status {status}"
            raise BuildError(f"the new index did not pass its verification and was discarded: {reason}")
