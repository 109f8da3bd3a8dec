"""Word documents: what a reader of the finished text sees, a line a paragraph."""

from __future__ import annotations

from pathlib import Path

import docx
import pytest
from docx.document import Document
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls

from index.errors import LoadError
from index.load import word
from index.load.document import Loaded, load
from index.load.files import SourceFile

STORY = "Der Hafen von Quellhaven ist seit Montag gesperrt."
BOX = "<w:txbxContent><w:p><w:r><w:t>Kasten</w:t></w:r></w:p></w:txbxContent>"


def _load(folder: Path, document: Document) -> Loaded:
    document.save(str(folder / "a.docx"))
    (loaded,) = load(SourceFile(folder / "a.docx", "a.docx"))
    assert isinstance(loaded, Loaded)
    return loaded


def test_paragraphs_are_lines_and_the_first_is_the_headline(tmp_path: Path) -> None:
    document = docx.Document()
    document.add_heading("Hafen zu: „Das dauert Monate“", level=0)
    paragraph = document.add_paragraph("Der Hafen")
    paragraph.add_run(" ")
    paragraph.add_run("von Quellhaven").bold = True
    paragraph.add_run(" ist zu.\tNoch")
    paragraph.add_run("\nlange.")
    document.core_properties.author = "Sekretariat"
    loaded = _load(tmp_path, document).document
    assert loaded.title == "Hafen zu: „Das dauert Monate“"
    assert loaded.text == f"{loaded.title}\nDer Hafen von Quellhaven ist zu.\tNoch\nlange."
    assert (loaded.authors, loaded.published) == ((), None)


def test_cells_of_tables_are_read_where_they_stand(tmp_path: Path) -> None:
    document = docx.Document()
    document.add_paragraph("Vorher.")
    table = document.add_table(rows=1, cols=2)
    table.cell(0, 0).text, table.cell(0, 1).text = "Links.", "Rechts."
    document.add_paragraph("Nachher.")
    assert _load(tmp_path, document).document.text.split("\n") == ["Vorher.", "Links.", "Rechts.", "Nachher."]


@pytest.mark.parametrize(
    ("change", "text"),
    [
        ("<w:ins><w:r><w:t>nicht </w:t></w:r></w:ins>", "Sie sagte es nicht mehr."),
        ("<w:del><w:r><w:delText>nicht </w:delText><w:tab/></w:r></w:del>", "Sie sagte es mehr."),
        ("<w:moveFrom><w:r><w:t>nicht </w:t></w:r></w:moveFrom>", "Sie sagte es mehr."),
        ("<w:smartTag><w:r><w:t>nicht </w:t></w:r></w:smartTag>", "Sie sagte es nicht mehr."),
        ("<w:sdt><w:sdtContent><w:r><w:t>nicht </w:t></w:r></w:sdtContent></w:sdt>", "Sie sagte es nicht mehr."),
        ("<w:hyperlink><w:r><w:t>nicht </w:t></w:r></w:hyperlink>", "Sie sagte es nicht mehr."),
        ("<w:r><w:instrText>PAGE</w:instrText></w:r>", "Sie sagte es mehr."),
        (f"<w:r><w:pict>{BOX}</w:pict></w:r>", "Sie sagte es mehr."),
    ],
)
def test_a_changed_text_is_read_as_it_became(tmp_path: Path, change: str, text: str) -> None:
    document = docx.Document()
    before, after = ('<w:r><w:t xml:space="preserve">Sie sagte es </w:t></w:r>', "<w:r><w:t>mehr.</w:t></w:r>")
    change = change.replace("<w:t>nicht ", '<w:t xml:space="preserve">nicht ')
    paragraph = parse_xml(f"<w:p {nsdecls('w')}>{before}{change}{after}</w:p>")
    document.element.body.insert(0, paragraph)
    assert _load(tmp_path, document).document.text == text


def test_a_file_that_would_fill_the_memory_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(word, "MAX_BYTES", 1000)
    document = docx.Document()
    document.add_paragraph(STORY)
    with pytest.raises(LoadError, match="when unpacked"):
        _load(tmp_path, document)
