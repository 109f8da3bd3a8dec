"""Serves Beleg's page: ``python app.py``, or `serve` from a program. Settings are read as everywhere; no logic here."""

from __future__ import annotations

import logging
import shlex
import sys

from index.errors import BelegError
from qa.settings import Settings

logger = logging.getLogger("ui")


def serve(settings: Settings) -> None:
    """Serve the page until interrupted; its address is logged once it is ready.

    Raises:
        BelegError: it cannot be served; the text says why.
    """
    logging.basicConfig(format="%(message)s")
    logger.setLevel(logging.INFO)
    from ui import launch  # two seconds, which the child that rebuilds the index, and imports this, need not wait for

    launch.serve(settings)


def main() -> int:
    """Exit status of ``python app.py``."""
    if given := sys.argv[1:]:
        sys.stderr.write(f"error: app.py takes no options; beleg serve does: beleg serve {shlex.join(given)}\n")
        return 2
    try:
        serve(Settings.load())
    except BelegError as error:
        logger.error("error: %s", error)  # noqa: TRY400 - a sentence for the user, not a traceback
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
