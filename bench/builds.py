"""Builds of an index, each in a process of its own, with a clock on every stage: what the benches of indexing share.

Nothing of the product is changed: in that process alone, its functions are replaced by ones that time them, and what
is encoded while the vectors before are stored waits for its turn, so that the stages add up to the whole.
"""

from __future__ import annotations

import importlib
from collections import defaultdict
from collections.abc import Callable, Generator, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from threading import get_ident
from time import perf_counter
from typing import TYPE_CHECKING, Any, NamedTuple, TypeVar, cast

from bench.child import Memory, Note, in_child
from bench.running import MODEL

if TYPE_CHECKING:
    from index.progress import Progress

R = TypeVar("R")

# What is timed, as stage and place. A stage that runs inside another one does not count for that one.
STAGES = (
    ("open encoder", "index.build", "open_embedder"),
    ("open encoder", "index.build", "embedder_sha256"),
    ("load", "index.build", "Corpus.add"),
    ("chunk", "index.corpus", "chunk"),
    ("chunk", "index.corpus", "overlong"),
    ("count tokens", "index.embed", "NetworkEmbedder.count_tokens"),
    ("duplicates", "index.build", "origins"),
    ("embed", "index.build", "embed_passages"),
    ("encode", "index.embed", "NetworkEmbedder.embed_documents"),
    ("lexical", "index.build", "build_lexical"),
    ("chroma", "index.build", "build_store"),
    ("digest", "index.build", "digests"),
    ("verify", "index.build", "_Builder._verify"),
    ("publish", "index.build", "publish"),
    ("compare", "index.build", "why_stale"),
    ("compare", "index.build", "_changes"),
)
TOKENISE, NETWORK = "tokenise", "network"
ENCODER = ("encode", TOKENISE, NETWORK)  # the stages inside the encoder


class Job(NamedTuple):
    """What is to be indexed, and where to; with the encoder that ships."""

    source: Path
    data_dir: Path


@dataclass(slots=True)
class Work:
    """What the encoder really ran on: `texts` of `tokens` in all, special ones included and what it cut off not.

    `squares` sums the squared number of tokens of each text, `padded_squares` of what attention fills each up to.
    """

    texts: int = 0
    tokens: int = 0
    squares: int = 0
    padded_squares: int = 0

    def add(self, lengths: Sequence[int], width: int) -> None:
        """A batch of texts of so many tokens, each filled up to `width` where attention is computed."""
        self.texts += len(lengths)
        self.tokens += sum(lengths)
        self.squares += sum(length * length for length in lengths)
        self.padded_squares += len(lengths) * width * width


class Shape(NamedTuple):
    """Sizes of a transformer, and the name of the numbers that its layers multiply."""

    layers: int
    hidden: int
    intermediate: int
    dtype: str


@dataclass(frozen=True, slots=True)
class Built:
    """What one build did, in `seconds`, by stage; `network` is None where the encoder was not opened."""

    generation: str
    documents: int
    chunks: int
    embedded: int
    seconds: float
    stages: dict[str, float]
    work: Work
    network: Shape | None


@dataclass(slots=True)
class Clock:
    """Seconds by stage; a stage that runs inside another one is not counted for the outer one.

    What another thread does is left out; what it takes from the one that made the clock shows in that one's stages.
    """

    now: Callable[[], float] = perf_counter
    seconds: dict[str, float] = field(default_factory=lambda: defaultdict(float))
    _inside: list[float] = field(default_factory=list)
    _thread: int = field(default_factory=get_ident)

    @contextmanager
    def stage(self, name: str) -> Iterator[None]:
        """What runs in the block is this stage."""
        if get_ident() != self._thread:
            yield
            return
        start = self.now()
        self._inside.append(0.0)
        try:
            yield
        finally:
            took = self.now() - start
            self.seconds[name] += took - self._inside.pop()
            if self._inside:
                self._inside[-1] += took

    def timed(self, name: str, function: Callable[..., R]) -> Callable[..., R]:
        """`function`, of which each call is that stage."""

        def call(*arguments: object, **named: object) -> R:
            with self.stage(name):
                return function(*arguments, **named)

        return call


def shares(stages: Mapping[str, float], seconds: float) -> dict[str, float]:
    """The share of `seconds` of each stage, longest first, and of what is in none."""
    found = {name: took / seconds for name, took in sorted(stages.items(), key=lambda item: -item[1])}
    return {**found, "other": max(0.0, 1 - sum(found.values()))}


def run_build(job: Job, on_progress: Callable[[Progress], None]) -> tuple[Built, Memory]:
    """Build in a process of its own; whatever it raises is raised here."""
    return in_child(_build, job, on_progress)


def _build(job: Job, note: Note) -> Built:
    from index.settings import IndexSettings

    clock, work = Clock(), Work()
    opened = _watch(clock, work)
    build = importlib.import_module("index.build").build
    report = build([job.source], IndexSettings.load(data_dir=job.data_dir, model=MODEL), on_progress=note)
    counts = (report.generation, report.documents, report.chunks, report.embedded, report.seconds)
    return Built(*counts, dict(clock.seconds), work, _shape(opened[0]) if opened else None)


def _watch(clock: Clock, work: Work) -> list[Any]:
    """Put the clock on every stage; the list that is given will hold the network once the encoder is open."""
    for stage, module, name in STAGES:
        *outer, last = name.split(".")
        owner: Any = importlib.import_module(module)
        for part in outer:
            owner = getattr(owner, part)
        setattr(owner, last, clock.timed(stage, getattr(owner, last)))
    vectors: Any = importlib.import_module("index.vectors")
    vectors.ahead = _in_turn
    build: Any = importlib.import_module("index.build")
    networks: list[Any] = []
    build.open_embedder = _watching(build.open_embedder, clock, work, networks)
    return networks


def _watching(opening: Callable[..., R], clock: Clock, work: Work, networks: list[Any]) -> Callable[..., R]:
    """`opening` of an encoder, whose network is then listed, and watched."""

    def open_embedder(settings: object) -> R:
        embedder: Any = opening(settings)
        inside = embedder._network  # noqa: SLF001 - the bench looks inside
        network = inside._bert  # noqa: SLF001
        inside._rows = clock.timed(TOKENISE, inside._rows)  # noqa: SLF001
        network._each = _counted(clock.timed(NETWORK, network._each), work)  # noqa: SLF001
        networks.append(network)
        return cast("R", embedder)

    return open_embedder


def _in_turn(items: Iterable[R]) -> Generator[R]:
    yield from items


def _counted(each: Callable[..., Any], work: Work) -> Callable[..., Any]:
    filled = importlib.import_module("index.bert").filled_length

    def call(batches: Sequence[Any]) -> Any:  # noqa: ANN401 - tensors; torch is not imported here
        for batch in batches:
            lengths = [len(row) for row in batch.rows]
            work.add(lengths, filled(max(lengths)))
        return each(batches)

    return call


def _shape(network: Any) -> Shape:  # noqa: ANN401 - of a module that only the child loads
    layers = network._layers  # noqa: SLF001 - as above
    up = layers[0].up.weight
    return Shape(len(layers), up.shape[1], up.shape[0], str(up.dtype).removeprefix("torch."))
