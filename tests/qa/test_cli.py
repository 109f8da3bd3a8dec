"""The command line as a user meets it: a real process, a real index, real exit codes."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from index.settings import DEFAULT_MODEL
from qa.cli import main
from qa.inert import inert

ROOT = Path(__file__).parent.parent.parent
QUOTE = (
    "Die Vereinigten Staaten glauben nicht, dass eine Nato-Mitgliedschaft der Ukraine ein realistisches Ergebnis einer "
    "Verhandlungslösung ist"
)
Inside = Callable[..., subprocess.CompletedProcess[str]]
EXAMPLE = "What did Hegseth say about NATO?"


def beleg(*arguments: str | Path, data_dir: Path | None = None, **environment: str) -> subprocess.CompletedProcess[str]:
    extra = {"BELEG_DATA_DIR": str(data_dir)} if data_dir else {}
    return subprocess.run(
        [sys.executable, "-m", "qa.cli", *map(str, arguments)],
        capture_output=True, text=True, check=False, cwd=ROOT, env={**os.environ, **extra, **environment},
    )  # fmt: skip


@pytest.fixture(scope="module")
def data_dir(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("cli") / "data"
    done = beleg("index", ROOT / "seeds", "--json", data_dir=folder)
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["documents"] == 1
    return folder


@pytest.fixture
def inside(data_dir: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Inside:
    """The same command line in this process, which has loaded the libraries already."""

    def run(*arguments: str | Path, **environment: str) -> subprocess.CompletedProcess[str]:
        monkeypatch.setattr(sys, "argv", ["beleg", *map(str, arguments)])
        for name, value in {"BELEG_DATA_DIR": str(data_dir), **environment}.items():
            monkeypatch.setenv(name, value)
        with pytest.raises(SystemExit) as ended:
            main()
        return subprocess.CompletedProcess(arguments, int(ended.value.code or 0), *capsys.readouterr())

    return run


def test_help_shows_every_command_and_an_example() -> None:
    done = beleg("--help")
    assert done.returncode == 0
    shown = " ".join(done.stdout.split())
    assert all(command in shown for command in ("index", "ask", "search", "verify", "eval", "serve", "info", EXAMPLE))


@pytest.mark.parametrize("command", ["index", "ask", "search", "verify", "eval", "serve", "info"])
def test_every_command_has_help_with_an_example(command: str) -> None:
    assert "Example:" in beleg(command, "--help").stdout


def test_help_names_the_encoder_that_is_the_default() -> None:
    assert f"[default: ({DEFAULT_MODEL})]" in " ".join(beleg("index", "--help").stdout.replace("│", " ").split())


def test_the_example_question_is_answered_with_the_exact_quote(data_dir: Path) -> None:
    done = beleg("ask", EXAMPLE, "--json", data_dir=data_dir)
    answer = json.loads(done.stdout)
    assert (done.returncode, answer["status"], answer["lang"]) == (0, "answered", "en")
    citation = next(citation for citation in answer["citations"] if QUOTE in citation["quote"])
    text = (ROOT / "seeds" / citation["doc_id"]).read_text(encoding="utf-8")
    assert text[citation["start"] : citation["end"]] == citation["quote"]
    assert (citation["source"], citation["published"]) == ("WELT", "2025")


def test_in_a_terminal_the_answer_is_readable(data_dir: Path) -> None:
    done = beleg("ask", EXAMPLE, data_dir=data_dir)
    assert done.returncode == 0
    assert QUOTE in " ".join(done.stdout.split())
    assert "WELT wrote in 2025:" in done.stdout


def test_a_question_that_the_sources_do_not_answer_exits_3(data_dir: Path) -> None:
    done = beleg("ask", "What is the best pizza recipe?", "--json", data_dir=data_dir)
    answer = json.loads(done.stdout)
    assert (done.returncode, answer["status"], answer["citations"]) == (3, "abstained", [])


@pytest.mark.parametrize("question", ["", "   ", "x" * 2001])
def test_an_impossible_question_is_a_usage_error(data_dir: Path, question: str) -> None:
    done = beleg("ask", question, data_dir=data_dir)
    assert done.returncode == 2
    assert done.stderr.startswith("error: the question")
    assert not done.stdout


def test_without_an_index_the_command_that_builds_one_is_named(tmp_path: Path) -> None:
    done = beleg("ask", EXAMPLE, data_dir=tmp_path / "nothing")
    assert done.returncode == 1
    assert "beleg index seeds/" in done.stderr
    assert "Traceback" not in done.stderr


def test_indexing_again_with_nothing_changed_embeds_nothing(inside: Inside) -> None:
    report = json.loads(inside("index", ROOT / "seeds", "--json").stdout)
    assert (report["unchanged"], report["embedded"]) == (True, 0)
    rebuilt = json.loads(inside("index", "--rebuild", "--json").stdout)
    assert (rebuilt["unchanged"], rebuilt["embedded"]) == (False, 0)


def test_search_and_info_speak_json(inside: Inside) -> None:
    found = json.loads(inside("search", "Nato", "--limit", "2", "--json").stdout)
    assert len(found["hits"]) == len(found["excerpts"]) == 2
    info = json.loads(inside("info", "--json").stdout)
    assert (info["documents"], info["roots"]) == (1, [str(ROOT / "seeds")])


@pytest.mark.parametrize(
    ("quote", "options", "status", "code"),
    [
        (QUOTE, ("--speaker", "Hegseth"), "verified", 0),
        (QUOTE, ("--speaker", "Putin"), "misattributed", 3),
        (QUOTE.replace("nicht, ", ", "), ("--document", "000_bee6702c0391c86e.txt"), "altered", 3),
    ],
)
def test_a_quotation_is_checked_with_an_exit_code_of_its_own(
    inside: Inside, quote: str, options: tuple[str, ...], status: str, code: int
) -> None:
    done = inside("verify", quote, *options, "--json")
    assert (done.returncode, json.loads(done.stdout)["status"]) == (code, status)


def test_a_quotation_that_cannot_be_checked_is_a_usage_error(inside: Inside) -> None:
    done = inside("verify", QUOTE, "--document", "gone.txt")
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith("error: no document has the id 'gone.txt'")


def test_a_missing_model_is_one_clear_line_and_search_goes_on_by_words(data_dir: Path) -> None:
    done = beleg(
        "ask", "Was sagte Hegseth zur Nato-Mitgliedschaft?", "--json", data_dir=data_dir, BELEG_MODEL="no/such"
    )
    answer = json.loads(done.stdout)
    assert any("BELEG_MODEL" in notice for notice in answer["notices"])
    assert QUOTE in answer["citations"][0]["quote"]


@pytest.mark.parametrize(
    ("flags", "setting", "trained"),
    [((), "false", False), (("--reader",), "false", True), (("--no-reader",), "", False)],
)
def test_what_chooses_sentences_is_set_or_said(
    inside: Inside, flags: tuple[str, ...], setting: str, *, trained: bool
) -> None:
    environment = {"BELEG_READER": setting} if setting else {}
    answer = json.loads(inside("ask", EXAMPLE, *flags, "--json", **environment).stdout)
    assert QUOTE in " ".join(citation["quote"] for citation in answer["citations"])
    assert ("evidence" in answer["candidates"][0]["signals"]) == trained
    assert any("--no-reader" in notice for notice in answer["notices"]) != trained


def test_a_wrong_setting_is_a_usage_error_that_names_it(data_dir: Path) -> None:
    done = beleg("info", data_dir=data_dir, BELEG_CANDIDATES="many")
    assert done.returncode == 2
    assert "candidates" in done.stderr


def test_a_path_that_does_not_exist_is_named(tmp_path: Path) -> None:
    done = beleg("index", tmp_path / "gone", data_dir=tmp_path / "data")
    assert done.returncode == 1
    assert "gone" in done.stderr


def test_an_evaluation_is_written_as_a_page_too(data_dir: Path, tmp_path: Path) -> None:
    seed = (ROOT / "evals" / "seed.jsonl").read_text(encoding="utf-8").splitlines()
    (tmp_path / "one.jsonl").write_text(f"{seed[0]}\n", encoding="utf-8")
    report = tmp_path / "new" / "report.html"
    done = beleg("eval", tmp_path / "one.jsonl", "--html", report, "--json", data_dir=data_dir)
    assert done.returncode == 0, done.stderr
    (question,) = json.loads(done.stdout)["questions"]
    html = report.read_text(encoding="utf-8")
    assert html.startswith("<!doctype html>")
    assert f"<mark>{inert(question['gold'][0]['quote'])}</mark>" in html
