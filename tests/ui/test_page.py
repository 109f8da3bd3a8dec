from __future__ import annotations

import pytest

from qa.pipeline import Assistant
from qa.settings import Settings
from ui.files import ASSETS
from ui.panel import source
from ui.strings import DE, EN

HREF = "#cite/a.txt/0123456789abcdef/1/2"


@pytest.mark.parametrize(
    "asked", [None, [], "x", {}, {"href": None}, {"href": "#cite/a/b/c/d", "lang": 3}, {"href": [HREF]}]
)
def test_a_request_for_a_passage_that_makes_no_sense_is_answered_calmly(asked: object) -> None:
    assert source(Assistant(Settings.load()), asked).notice == EN.missing


def test_without_an_index_the_panel_says_how_to_build_one() -> None:
    shown = source(Assistant(Settings.load()), {"href": HREF, "lang": "de"})
    assert shown.title == DE.source_panel
    assert "beleg index" in shown.notice


def test_the_scripts_never_build_html_from_strings() -> None:
    for script in ASSETS.glob("*.js"):
        text = script.read_text(encoding="utf-8")
        for way in (
            "innerHTML",
            "outerHTML",
            "insertAdjacentHTML",
            "document.write",
            "eval(",
            "new Function",
            "DOMParser",
        ):
            assert way not in text, f"{script.name}: {way}"


def test_the_assets_fetch_nothing_from_elsewhere() -> None:
    for asset in ASSETS.iterdir():
        text = asset.read_text(encoding="utf-8")
        assert not any(sign in text for sign in ("http://", "https://", "@import", "url(")), asset.name
