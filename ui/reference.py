"""References to a place in an article, as they stand in a link of the page: ``#cite/<document>/<sha>/<start>/<end>``.

The digest of the document's text is in it, so that the link of an old answer never points at a wrong place
of a new text.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal, Self, get_args
from urllib.parse import quote, unquote

from qa.types import Citation, Excerpt

Kind = Literal["cite", "near"]

MAX_REFERENCE_CHARS = 8192
SHA_CHARS = 16
_FORM = re.compile(
    rf"#({'|'.join(get_args(Kind))})/([A-Za-z0-9._~%-]+)/([0-9a-f]{{{SHA_CHARS}}})/([0-9]{{1,9}})/([0-9]{{1,9}})"
)


@dataclass(frozen=True, slots=True)
class Reference:
    """Characters `start` to `end` of the version of document `doc_id` whose text's SHA-256 starts with `sha`."""

    kind: Kind
    doc_id: str
    sha: str
    start: int
    end: int

    @classmethod
    def of(cls, excerpt: Excerpt) -> Self:
        """The place of a citation or of a near miss."""
        kind: Kind = "cite" if isinstance(excerpt, Citation) else "near"
        return cls(kind, excerpt.doc_id, excerpt.doc_sha256[:SHA_CHARS], excerpt.start, excerpt.end)

    @classmethod
    def parse(cls, href: object) -> Self:
        """Read back what `href` gave; the argument comes from a browser and may be anything.

        Raises:
            ValueError: it is not such a reference.
        """
        match = _FORM.fullmatch(href) if isinstance(href, str) and len(href) <= MAX_REFERENCE_CHARS else None
        if match is None or int(match[4]) >= int(match[5]):
            raise ValueError("not a reference to a place in an article")
        kind: Kind = "cite" if match[1] == "cite" else "near"
        return cls(kind, unquote(match[2], errors="surrogatepass"), match[3], int(match[4]), int(match[5]))

    @property
    def href(self) -> str:
        """The link; its characters mean nothing to HTML or Markdown."""
        doc_id = quote(self.doc_id, safe="", errors="surrogatepass")
        return f"#{self.kind}/{doc_id}/{self.sha}/{self.start}/{self.end}"
