"""The scripts and styles of the page, as text."""

from __future__ import annotations

from pathlib import Path

ASSETS = Path(__file__).parent / "assets"
SCRIPTS = ("words.js", "thread.js", "actions.js", "panel.js")  # one program: what a file sets, the next ones use


def text(name: str) -> str:
    """What the asset `name` holds."""
    return (ASSETS / name).read_text(encoding="utf-8")
