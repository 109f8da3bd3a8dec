from __future__ import annotations

import re
from html import unescape

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from qa.inert import http_url, inert, sound

HOSTILE = (
    '<img src=x onerror="window.pwned=1">',
    "<script>alert(1)</script>",
    "${window.pwned=1} {{constructor}}",
    "[link](https://evil.example) ![image](https://evil.example/x.png)",
    "# head\n\n- list\n1. list\n\n    code\n```js\n```",
    "https://evil.example www.evil.example mail@evil.example",
    "&lt;b&gt; &#60;b&#62; $$x^2$$ `code` *bold* _em_ ~~del~~ |table|",
    "\u202eright to left\u202c zero\u200bwidth \ud800 \x00",
)


@given(st.text())
@example("".join(HOSTILE))
def test_text_is_displayed_exactly_as_it_was_written(text: str) -> None:
    assert unescape(inert(text)) == sound(text).replace("\r", "\n")


@given(st.text())
@example("".join(HOSTILE))
def test_no_character_of_a_text_can_mean_anything_to_html_markdown_or_a_template(text: str) -> None:
    without_references = re.sub(r"&#[0-9]+;", "", inert(text))
    assert not re.search(r"[^A-Za-z0-9 \u00a0-\U0010ffff]", without_references)


@given(st.text())
def test_what_is_no_printable_unicode_never_reaches_the_page(text: str) -> None:
    inert(text).encode("utf-8")
    assert not re.search(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]", sound(text))


@pytest.mark.parametrize("url", ["https://www.welt.de/a?b=1&c=2#d", "http://example.org", "HTTPS://EXAMPLE.ORG/ä"])
def test_a_web_address_may_be_followed(url: str) -> None:
    assert http_url(url) == url


@pytest.mark.parametrize(
    "url",
    [
        None,
        "",
        "javascript:alert(1)",
        " https://example.org",
        "https://example.org/a b",
        "https://",
        "https:///path",
        "//example.org",
        "data:text/html,x",
        "java\nscript:alert(1)",
        "https://example.org/\x00",
        "https://[broken",
        "file:///etc/passwd",
        "https:\\\\example.org",
    ],
)
def test_anything_else_is_no_link(url: str | None) -> None:
    assert http_url(url) is None
