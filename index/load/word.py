"""Word documents: a line a paragraph, those of tables too; what was deleted, notes and text boxes are left out.

Neither the properties' author nor their dates are taken: they are about the file, not about the story in it.
"""

from __future__ import annotations

from io import BytesIO
from typing import Any
from zipfile import ZipFile

from index.errors import LoadError
from index.load.content import Content
from index.load.decode import canonical
from index.load.title import first_line_title

MAX_BYTES = 200_000_000  # unpacked, pictures included
_KEPT = "not(ancestor::w:txbxContent or ancestor::w:del or ancestor::w:moveFrom)"
_SHOWN = {"tab": "\t", "br": "\n", "cr": "\n", "noBreakHyphen": "-"}


def read(data: bytes) -> Content:
    """The content of a ``.docx`` file.

    Raises:
        LoadError: it is too large.
    """
    from docx import Document  # a fifth of a second, which most commands need not wait for

    size = sum(part.file_size for part in ZipFile(BytesIO(data)).infolist())
    if size > MAX_BYTES:
        raise LoadError(f"{size / 1e6:.0f} MB when unpacked; Beleg reads Word files of up to {MAX_BYTES / 1e6:.0f} MB")
    body = Document(BytesIO(data)).element.body
    text = canonical("\n".join(map(_line, body.xpath(f".//w:p[{_KEPT}]"))))
    return Content(text, {}, first_line_title(text), ())


def _line(paragraph: Any) -> str:  # noqa: ANN401 - lxml has no types of its own
    pieces = paragraph.xpath(f".//w:r/*[{_KEPT}]")
    return "".join(piece.text or "" if (tag := _name(piece)) == "t" else _SHOWN.get(tag, "") for piece in pieces)


def _name(piece: Any) -> str:  # noqa: ANN401 - as above
    return str(piece.tag).rpartition("}")[2]
