"""References to a place in an article, as they stand in a link of the page: ``#cite/<document>/<sha>/<start>/<end>``.

The digest of the document's text is in it, so that the link of an old answer never points at a wrong place
of a new text; ``-`` in its place stands for the text as it is. The same place has a permanent link, to be sent to
others: ``?doc=<document>&at=<start>-<end>&v=<sha>``.
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
_ANY = "-"
_FORM = re.compile(
    rf"#({'|'.join(get_args(Kind))})/([A-Za-z0-9._~%-]+)/([0-9a-f]{{{SHA_CHARS}}}|{_ANY})/([0-9]{{1,9}})/([0-9]{{1,9}})"
)


@dataclass(frozen=True, slots=True)
class Reference:
    """Characters `start` to `end` of the version of document `doc_id` whose text's SHA-256 starts with `sha`.

    An empty `sha` is every version's; 0 to 0 is no place, but the whole document.
    """

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
        start, end = (int(match[4]), int(match[5])) if match else (0, -1)
        if match is None or (start >= end and (start, end) != (0, 0)):
            raise ValueError("not a reference to a place in an article")
        kind: Kind = "cite" if match[1] == "cite" else "near"
        sha = "" if match[3] == _ANY else match[3]
        return cls(kind, unquote(match[2], errors="surrogatepass"), sha, start, end)

    @property
    def href(self) -> str:
        """The link; its characters mean nothing to HTML or Markdown."""
        return f"#{self.kind}/{self._quoted}/{self.sha or _ANY}/{self.start}/{self.end}"

    @property
    def permalink(self) -> str:
        """The permanent link, relative to the page's address; `?` and `&` stand in it, so it needs escaping in HTML."""
        version = f"&v={self.sha}" if self.sha else ""
        return f"?doc={self._quoted}&at={self.start}-{self.end}{version}"

    @property
    def _quoted(self) -> str:
        return quote(self.doc_id, safe="", errors="surrogatepass")
