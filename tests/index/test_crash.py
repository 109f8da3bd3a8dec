"""Real builder processes that are killed, starved of disk or locked out: the index that served goes on serving."""

from __future__ import annotations

import random
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterable, Iterator
from pathlib import Path

import pytest

from index.build import build
from index.embed import Embedder
from index.errors import BuildError, DiskFullError, LockedError
from index.generation import complete_generations, serving
from index.reader import IndexReader, open_index
from index.settings import IndexSettings

BUILDER = Path(__file__).with_name("builder.py")
QUESTION = "Wird die Ukraine der Nato beitreten?"
STAGES = ["loading", "embedding", "writing", "verifying"]
KILLS = 20
SEED = 20250212
MANY, OTHER = 1000, 200  # documents of an index, and how many of them are other in the next build


def start(data_dir: Path, texts: Path, *options: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, str(BUILDER), str(data_dir), str(texts), *options],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def wait_for(process: subprocess.Popen[str], stage: str) -> None:
    assert process.stdout
    for line in process.stdout:
        if line.strip() == stage:
            return
    raise AssertionError(f"the builder ended before {stage}: {process.stderr and process.stderr.read()}")


def end(process: subprocess.Popen[str], how: signal.Signals) -> int:
    process.send_signal(how)
    process.communicate()
    return process.returncode


def finish(process: subprocess.Popen[str]) -> tuple[int, str]:
    _, errors = process.communicate(timeout=120)
    return process.returncode, errors


def answers(reader: IndexReader, embedder: Embedder) -> list[str]:
    (vector,) = embedder.embed_queries([QUESTION])
    hits = [hit for lang in ("de", "en") for hit in reader.dense(lang, vector, 5)]
    hits += reader.lexical("de", QUESTION, "de", 5)
    return [passage.text for passage in reader.passages([key for key, _ in hits])]


def ask(data_dir: Path, embedder: Embedder) -> list[str]:
    with open_index(data_dir) as reader:
        assert reader.notices == ()
        return answers(reader, embedder)


def leftovers(data_dir: Path) -> list[str]:
    known = {"CURRENT", "lock", "vectors", "generations"}
    names = [path.name for path in data_dir.iterdir() if path.name not in known]
    return names + [path.name for path in (data_dir / "generations").iterdir() if path.suffix]


def test_twenty_kills_at_random_moments_never_cost_the_index(
    data_dir: Path, texts: Path, settings: IndexSettings, embedder: Embedder
) -> None:
    moments = random.Random(SEED)  # noqa: S311 - moments, not secrets
    expected, first, unfinished = ask(data_dir, embedder), serving(data_dir), 0
    for _ in range(KILLS):
        before = serving(data_dir)
        process = start(data_dir, texts)
        wait_for(process, "loading")
        time.sleep(moments.uniform(0, 1.2))
        end(process, signal.SIGKILL)
        unfinished += serving(data_dir) == before
        assert ask(data_dir, embedder) == expected
    assert unfinished >= KILLS // 4, "the kills came too late to show anything"
    report = build([texts], settings, embedder=embedder, force=True)
    assert (report.embedded, report.generation == first) == (0, False)
    assert ask(data_dir, embedder) == expected
    assert leftovers(data_dir) == []
    assert len(complete_generations(data_dir)) <= settings.keep_generations


class Newsroom:
    """A folder of many short messages, of which some are written anew at a time."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir()
        self._folder = folder
        self._words = random.Random(SEED)  # noqa: S311 - numbers, not secrets
        self.said: dict[str, str] = {}
        self.write(range(MANY))

    def write(self, numbers: Iterable[int]) -> None:
        for number in numbers:
            said = f"Meldung {number} vom Dienst {self._words.getrandbits(48):x}."
            self.said[f"{number:04}.txt"] = said
            (self._folder / f"{number:04}.txt").write_text(f"---\nlang: de\ntitle: Kurz\n---\n{said}", encoding="utf-8")

    def write_some(self) -> None:
        self.write(self._words.sample(range(MANY), OTHER))


def served(data_dir: Path, embedder: Embedder) -> dict[str, str]:
    """What is served by document id; each leg has to find all of it."""
    with open_index(data_dir) as reader:
        assert reader.notices == ()
        (vector,) = embedder.embed_queries(["Meldung vom Dienst"])
        every = list(range(MANY))
        assert sorted(key for key, _ in reader.dense("de", vector, 2 * MANY)) == every
        assert sorted(key for key, _ in reader.lexical("de", "Meldung", "de", 2 * MANY)) == every
        passages = reader.passages(every)
        assert all(len(reader.lexical("de", passage.text.split()[-1], "de", 2)) == 1 for passage in passages[::50])
        return {passage.document.id: passage.document.text.strip() for passage in passages}


@pytest.mark.timeout(900)  # a minute where nothing else runs
def test_twenty_kills_of_builds_of_what_changed_never_lose_or_mix_documents(
    tmp_path: Path, settings: IndexSettings, embedder: Embedder
) -> None:
    moments = random.Random(SEED)  # noqa: S311 - moments, not secrets
    newsroom, data_dir = Newsroom(tmp_path / "texts"), settings.data_dir
    build([tmp_path / "texts"], settings, embedder=embedder)
    newsroom.write_some()
    process = start(data_dir, tmp_path / "texts")
    wait_for(process, "loading")
    started = time.monotonic()
    assert finish(process) == (0, "")
    duration, old, unfinished = time.monotonic() - started, dict(newsroom.said), 0
    for _ in range(KILLS):
        before = serving(data_dir)
        newsroom.write_some()
        process = start(data_dir, tmp_path / "texts")
        wait_for(process, "loading")
        time.sleep(moments.uniform(0, duration))
        end(process, signal.SIGKILL)
        unfinished += serving(data_dir) == before
        old = old if serving(data_dir) == before else dict(newsroom.said)
        assert served(data_dir, embedder) == old
    assert unfinished >= KILLS // 4, "the kills came too late to show anything"
    report = build([tmp_path / "texts"], settings, embedder=embedder)
    other = sum(old[name] != said for name, said in newsroom.said.items())
    assert report.changes == (0, other, 0, MANY - other)
    assert report.embedded <= other
    assert served(data_dir, embedder) == newsroom.said
    assert leftovers(data_dir) == []
    assert len(complete_generations(data_dir)) <= settings.keep_generations


@pytest.mark.parametrize(
    ("how", "stage"),
    [*((signal.SIGKILL, stage) for stage in STAGES), (signal.SIGINT, "writing"), (signal.SIGTERM, "writing")],
)
def test_a_first_build_that_is_stopped_leaves_no_index_and_the_next_succeeds(
    texts: Path, settings: IndexSettings, embedder: Embedder, stage: str, how: signal.Signals
) -> None:
    process = start(settings.data_dir, texts, "--pause", stage)
    wait_for(process, stage)
    assert end(process, how) != 0
    assert not (settings.data_dir / "CURRENT").exists()
    if how is signal.SIGINT:
        assert list((settings.data_dir / "generations").iterdir()) == []
    report = build([texts], settings, embedder=embedder)
    assert report.embedded == (report.chunks if stage in {"loading", "embedding"} else 0)  # those are their beginnings
    assert leftovers(settings.data_dir) == []
    assert ask(settings.data_dir, embedder)


def test_a_second_builder_is_told_who_builds_and_the_index_answers_meanwhile(
    data_dir: Path, texts: Path, settings: IndexSettings, embedder: Embedder
) -> None:
    expected = ask(data_dir, embedder)
    process = start(data_dir, texts, "--pause", "writing")
    wait_for(process, "writing")
    with pytest.raises(LockedError, match=f"process {process.pid} on "):
        build([texts], settings, embedder=embedder)
    assert ask(data_dir, embedder) == expected
    assert finish(process) == (0, "")
    assert ask(data_dir, embedder) == expected


@pytest.mark.parametrize("limit", [2_000, 20_000, 120_000, 170_000])
def test_a_disk_that_fills_up_is_named_and_the_old_index_serves(
    data_dir: Path, texts: Path, settings: IndexSettings, embedder: Embedder, limit: int
) -> None:
    expected, before = ask(data_dir, embedder), serving(data_dir)
    (texts / "long.txt").write_text("".join(f"Der Satz {number} ist neu und lang genug. " for number in range(100)))
    status, errors = finish(start(data_dir, texts, "--limit", str(limit)))
    assert (status, errors.startswith("DiskFullError: no space left in"), "still serves" in errors) == (
        1,
        True,
        True,
    ), errors
    assert serving(data_dir) == before
    assert leftovers(data_dir) == []
    assert ask(data_dir, embedder) == expected
    assert not build([texts], settings, embedder=embedder).unchanged


def mounted(folder: Path, options: str) -> bool:
    command = ["mount", "-t", "tmpfs", "-o", options, "tmpfs", str(folder)]
    return bool(shutil.which("mount")) and not subprocess.run(command, capture_output=True, check=False).returncode


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A file system of four megabytes."""
    folder = tmp_path / "disk"
    folder.mkdir()
    if not mounted(folder, "size=4m"):
        pytest.skip("mounting a small file system needs root")
    yield folder
    subprocess.run(["umount", "--lazy", str(folder)], check=True)


@pytest.mark.parametrize("room", [0, 30_000, 250_000])
def test_a_real_full_disk_is_named_and_the_index_on_it_answers(
    small_disk: Path, texts: Path, embedder: Embedder, room: int
) -> None:
    settings = IndexSettings(data_dir=small_disk / "data")
    build([texts], settings, embedder=embedder)
    expected, before = ask(settings.data_dir, embedder), serving(settings.data_dir)
    filler = small_disk / "filler"
    filler.write_bytes(bytes(shutil.disk_usage(small_disk).free - room))
    with pytest.raises(DiskFullError, match="no space left"):
        build([texts], settings, embedder=embedder, force=True)
    assert serving(settings.data_dir) == before
    assert ask(settings.data_dir, embedder) == expected
    filler.unlink()
    assert not build([texts], settings, embedder=embedder, force=True).unchanged
    assert leftovers(settings.data_dir) == []


READ_ONLY = r"nothing can be written into .*[Rr]ead-only file system.*--data-dir FOLDER"


def test_a_disk_that_may_not_be_written_is_named_and_the_index_on_it_answers(
    small_disk: Path, texts: Path, embedder: Embedder
) -> None:
    settings = IndexSettings(data_dir=small_disk / "data")
    build([texts], settings, embedder=embedder)
    expected = ask(settings.data_dir, embedder)
    assert mounted(small_disk, "remount,ro,size=4m")
    with pytest.raises(BuildError, match=READ_ONLY):
        build([texts], settings, embedder=embedder, force=True)
    assert ask(settings.data_dir, embedder) == expected


def test_a_part_of_the_data_directory_that_may_not_be_written_is_named(
    small_disk: Path, texts: Path, settings: IndexSettings, embedder: Embedder
) -> None:
    settings.data_dir.mkdir(exist_ok=True)
    (settings.data_dir / "generations").symlink_to(small_disk)
    assert mounted(small_disk, "remount,ro,size=4m")
    with pytest.raises(BuildError, match=READ_ONLY):
        build([texts], settings, embedder=embedder)
