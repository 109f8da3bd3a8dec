"""Mails, as newsletters are kept: who sent it is the source. What is attached is left out.

Its HTML comes before its plain text: that has lines of some 70 characters, and where a line ends, a sentence would.
"""

from __future__ import annotations

import re
from email import message_from_bytes, policy
from email.message import MIMEPart
from email.utils import parseaddr

from index.errors import LoadError
from index.load.content import Content
from index.load.dates import iso
from index.load.decode import canonical, canonical_text
from index.load.markup import shown

_SOFT_END = re.compile(r"(?<!^--) \r?\n(?!>)", re.MULTILINE)  # RFC 3676; "-- " begins a signature


def read(data: bytes) -> Content:
    """The content of an ``.eml`` file.

    Raises:
        LoadError: it is no mail, or one without a text.
    """
    mail = message_from_bytes(data, policy=policy.default)
    body = mail.get_body(("html", "plain"))
    if body is None or not (mail["From"] or mail["Subject"]):
        raise LoadError("no mail, or one that has only attachments")
    text, notices = _text(body)
    name, address = parseaddr(str(mail["From"] or ""))
    fields: dict[str, object] = {
        "title": str(mail["Subject"] or ""),
        "date": iso(str(mail["Date"] or "")),
        "source": name or address,
    }
    return Content(canonical(text), {key: value for key, value in fields.items() if value}, None, notices)


def _text(body: MIMEPart) -> tuple[str, tuple[str, ...]]:
    """What a mail program would show of a part."""
    text, notices = _decoded(body)
    if body.get_content_subtype() == "html":
        return shown(text), notices
    if body.get_param("format") == "flowed":
        return _SOFT_END.sub("" if body.get_param("delsp") == "yes" else " ", text), notices
    return text, notices


def _decoded(body: MIMEPart) -> tuple[str, tuple[str, ...]]:
    data = bytes(body.get_payload(decode=True))
    try:
        return data.decode(body.get_content_charset("utf-8")), ()
    except (LookupError, UnicodeDecodeError):
        return canonical_text(data)
