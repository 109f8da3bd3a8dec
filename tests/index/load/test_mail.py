"""Mails as programs save them: the newsletter's text by paragraphs, who sent it and when."""

from __future__ import annotations

from email import policy
from email.message import EmailMessage
from pathlib import Path

import pytest

from index.errors import LoadError
from index.load.decode import CP1252_NOTICE
from index.load.document import Loaded, load
from index.load.files import SourceFile

STORY = "Der Hafen von Quellhaven ist gesperrt, sagte die Ministerin. „Das dauert Monate“, sagte sie."
HTML = f"""<html><head><title>Brief</title><style>p {{ margin: 0 }}</style></head><body><table><tr><td>
<h1>Hafen zu</h1><p>{STORY}</p></td></tr><tr><td>Die Fähre wird
teurer.</td></tr></table></body></html>"""
HEADERS = b"From: bote@bote.example\nSubject: Hafen\n"


def _mail() -> EmailMessage:
    mail = EmailMessage(policy=policy.SMTP)
    mail["From"] = '"Quellhavener Bote: Früh" <news@bote.example>'
    mail["To"] = "leser@example.org"
    mail["Subject"] = "Hafen gesperrt: „Das dauert Monate“ – und die Fähre wird teurer, sagt die Reederei zu Quellhaven"
    mail["Date"] = "Wed, 12 Feb 2025 06:30:05 +0100"
    return mail


def _load(folder: Path, mail: EmailMessage | bytes) -> Loaded:
    (folder / "a.eml").write_bytes(mail if isinstance(mail, bytes) else mail.as_bytes())
    (loaded,) = load(SourceFile(folder / "a.eml", "a.eml"))
    assert isinstance(loaded, Loaded)
    return loaded


def test_a_mail_says_who_sent_it_when_and_about_what(tmp_path: Path) -> None:
    mail = _mail()
    mail.set_content(STORY)
    loaded = _load(tmp_path, mail)
    document = loaded.document
    assert document.text.strip() == STORY
    assert document.title == mail["Subject"]
    assert (document.source, document.authors, document.id) == ("Quellhavener Bote: Früh", (), "a.eml")
    assert document.published
    assert document.published.value == "2025-02-12T06:30:05+01:00"
    assert loaded.notices == ()


def test_paragraphs_are_those_of_its_html_and_attachments_are_left_out(tmp_path: Path) -> None:
    mail = _mail()
    mail.set_content("Der Hafen von Quellhaven ist ge-\nsperrt.")
    mail.add_alternative(HTML, subtype="html")
    mail.add_attachment(b"%PDF-1.7", maintype="application", subtype="pdf", filename="a.pdf")
    mail.add_attachment("Angehängter Text.", filename="a.txt")
    assert _load(tmp_path, mail).document.text == f"Hafen zu\n{STORY}\nDie Fähre wird teurer."


def test_lines_that_a_program_broke_are_joined_where_it_says_so(tmp_path: Path) -> None:
    head = HEADERS + b"Content-Type: text/plain; charset=utf-8; format=flowed\n\n"
    text = "Der Hafen von Quellhaven \nist gesperrt.\n\n> Zitat \n> weiter\n-- \nBote\n"
    loaded = _load(tmp_path, head + text.encode())
    assert loaded.document.text.startswith("Der Hafen von Quellhaven ist gesperrt.\n\n")
    assert loaded.document.text.endswith("\n-- \nBote\n")


@pytest.mark.parametrize(
    ("charset", "encoding", "notices"),
    [
        ("; charset=iso-8859-15", "iso-8859-15", ()),
        ("; charset=x-unknown", "utf-8", ()),
        ("; charset=utf-8", "cp1252", (CP1252_NOTICE,)),
        ("", "utf-8", ()),
        ("", "cp1252", (CP1252_NOTICE,)),
    ],
)
def test_letters_are_right_whatever_the_mail_says_of_them(
    tmp_path: Path, charset: str, encoding: str, notices: tuple[str, ...]
) -> None:
    data = HEADERS + f"Content-Type: text/plain{charset}\n\nDie Fähre für Größere.".encode(encoding)
    loaded = _load(tmp_path, data)
    assert loaded.document.text == "Die Fähre für Größere."
    assert loaded.notices == notices


def test_a_sender_without_a_name_is_an_address(tmp_path: Path) -> None:
    assert _load(tmp_path, HEADERS + b"\nEin Text.").document.source == "bote@bote.example"


@pytest.mark.parametrize("data", [b"", b"Kein Brief, sondern ein Text.", b"\n\nText", b"{}"])
def test_what_is_no_mail_is_refused(tmp_path: Path, data: bytes) -> None:
    with pytest.raises(LoadError, match="no mail"):
        _load(tmp_path, data)


def test_a_mail_of_attachments_alone_is_refused(tmp_path: Path) -> None:
    mail = _mail()
    mail.add_attachment(b"%PDF-1.7", maintype="application", subtype="pdf", filename="a.pdf")
    with pytest.raises(LoadError, match=r"only attachments|holds no words"):
        _load(tmp_path, mail)
