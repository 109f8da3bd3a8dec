"""Following: every change that a build would see is told, none that a build makes, and Ctrl-C is a good end."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from functools import partial
from pathlib import Path
from signal import SIGINT
from threading import Event, Timer

import pytest
from watchfiles import watch

from index.build import build
from index.embed import Embedder
from index.errors import LoadError
from index.settings import IndexSettings
from index.watch import bursts

ROOT = Path(__file__).parents[2]
PATIENCE_SECONDS = 120


@contextmanager
def following(*paths: Path, data_dir: Path) -> Iterator[Iterator[int]]:
    """The bursts after the beginning; they end when one is waited for in vain."""
    given_up = Event()
    timer = Timer(PATIENCE_SECONDS, given_up.set)
    with pytest.MonkeyPatch.context() as patch, closing(bursts(paths, data_dir)) as found:
        patch.setattr("index.watch.watch", partial(watch, stop_event=given_up))
        timer.start()
        try:
            assert next(found) == 0
            yield found
        finally:
            timer.cancel()


def test_a_change_is_told_with_the_number_of_files(tmp_path: Path) -> None:
    with following(tmp_path, data_dir=tmp_path / "data") as found:
        (tmp_path / "a.txt").write_text("Eins.")
        (tmp_path / "a.txt").write_text("Eins und eins.")
        (tmp_path / "b.txt").write_text("Zwei.")
        assert next(found) == 2
        (tmp_path / "b.txt").unlink()
        assert next(found) == 1


def test_what_changes_while_somebody_builds_is_told_after_that_the_first_time_too(
    texts: Path, settings: IndexSettings, embedder: Embedder
) -> None:
    with following(texts, data_dir=settings.data_dir) as found:
        assert build([texts], settings, embedder=embedder).documents == 4
        (texts / "spät.txt").write_text("Der Bahnhof wird umgebaut. Das dauert.", encoding="utf-8")
        assert next(found) == 1
        assert build([texts], settings, embedder=embedder).changes.added == 1


def test_a_build_into_the_folder_that_is_followed_does_not_count(texts: Path, embedder: Embedder) -> None:
    settings = IndexSettings(data_dir=texts / ".index")
    with following(texts, data_dir=settings.data_dir) as found:
        build([texts], settings, embedder=embedder)
        (texts / "neu.txt").write_text("Der Bahnhof wird umgebaut. Das dauert.", encoding="utf-8")
        assert next(found) == 1


def test_it_does_not_count_either_where_the_folder_is_reached_by_a_link(tmp_path: Path) -> None:
    folder, link = tmp_path / "folder", tmp_path / "link"
    (folder / "data").mkdir(parents=True)
    link.symlink_to(folder)
    with following(link, data_dir=link / "data") as found:
        (folder / "data" / "lock").write_text("build")
        (folder / "a.txt").write_text("Eins.")
        assert next(found) == 1


def test_a_single_file_is_followed_and_its_neighbours_are_not(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_text("Eins.")
    with following(path, data_dir=tmp_path / "data") as found:
        (tmp_path / "b.txt").write_text("Ein anderer.")
        path.write_text("Zwei.")
        assert next(found) == 1
        (tmp_path / "SOURCES.md").write_text("---\na.txt:\n  title: Eins\n---\n")
        assert next(found) == 1


def test_a_single_file_is_followed_after_an_editor_has_replaced_it(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_text("Eins.")
    with following(path, data_dir=tmp_path / "data") as found:
        for said in ("Zwei.", "Drei."):
            (tmp_path / "a.txt.new").write_text(said)
            (tmp_path / "a.txt.new").replace(path)
            assert next(found) == 1
        path.write_text("Vier.")
        assert next(found) == 1


def test_a_file_is_followed_together_with_a_folder(tmp_path: Path) -> None:
    (tmp_path / "folder" / "below").mkdir(parents=True)
    (tmp_path / "beside").mkdir()
    path = tmp_path / "a.txt"
    path.write_text("Eins.")
    with following(path, tmp_path / "folder", data_dir=tmp_path / "data") as found:
        (tmp_path / "beside" / "c.txt").write_text("Drei.")
        (tmp_path / "folder" / "below" / "b.txt").write_text("Zwei.")
        path.write_text("Vier.")
        assert next(found) == 2


def test_a_folder_that_does_not_exist_is_an_error_in_one_line(tmp_path: Path) -> None:
    with pytest.raises(LoadError, match=r"does not exist: .*gone"):
        next(bursts([tmp_path / "gone" / "a.txt"], tmp_path / "data"))


def lines_with(process: subprocess.Popen[str], said: str) -> Iterator[str]:
    """The lines of what the process says that have these words."""
    assert process.stdout
    return (line for line in process.stdout if said in line)


def watching(folder: Path, *flags: str) -> subprocess.Popen[str]:
    """`beleg index --watch` over a folder, its index beside it."""
    # A job in the background of a shell inherits the interrupt as ignored.
    script = "import signal; signal.signal(signal.SIGINT, signal.default_int_handler); from qa.cli import main; main()"
    return subprocess.Popen(
        [sys.executable, "-c", script, "index", str(folder), "--watch", *flags],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        cwd=ROOT,
        env={**os.environ, "BELEG_DATA_DIR": str(folder.parent / "data")},
    )


def test_json_reaches_a_pipe_while_it_watches(tmp_path: Path) -> None:
    folder = tmp_path / "texts"
    folder.mkdir()
    (folder / "eins.txt").write_text("Der Bahnhof wird umgebaut. Das dauert zwei Jahre.", encoding="utf-8")
    process = watching(folder, "--json")
    try:
        assert '"documents": 1' in next(lines_with(process, '"documents"'))
        process.send_signal(SIGINT)
        process.communicate(timeout=60)
    finally:
        process.kill()


def test_beleg_index_watch_builds_again_until_ctrl_c(tmp_path: Path) -> None:
    folder = tmp_path / "texts"
    folder.mkdir()
    (folder / "eins.txt").write_text("Der Bahnhof wird umgebaut. Das dauert zwei Jahre.", encoding="utf-8")
    process = watching(folder)
    try:
        reports = lines_with(process, "documents (")
        assert "1 documents (1 added, 0 changed, 0 removed, 0 unchanged)" in next(reports)
        (folder / "zwei.txt").write_text("Der Hafen bleibt offen. Das sagte die Ministerin.", encoding="utf-8")
        assert "2 documents (1 added, 0 changed, 0 removed, 1 unchanged)" in next(reports)
        (folder / "eins.txt").unlink()
        assert "1 documents (0 added, 0 changed, 1 removed, 1 unchanged)" in next(reports)
        process.send_signal(SIGINT)
        _, errors = process.communicate(timeout=60)
    finally:
        process.kill()
    assert process.returncode == 0, errors
    assert "Ctrl-C ends" in errors
    assert "Traceback" not in errors
