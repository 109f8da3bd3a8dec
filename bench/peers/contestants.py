"""Who races, in which of its documented ways, and what one must know to read its figures."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

from bench.peers.drivers.protocol import DEFAULT
from bench.running import MODEL

HERE = Path(__file__).parent
ROOT = HERE.parent.parent
ENCODER = ROOT / "models" / MODEL
BELEG = "beleg"


@dataclass(frozen=True, slots=True)
class System:
    """A program with an environment of its own: its requirements and its driver are named after `key`."""

    key: str
    name: str
    notes: tuple[str, ...]

    @property
    def requirements(self) -> Path:
        """Exact versions, as `pip freeze` writes them."""
        return HERE / "requirements" / f"{self.key}.txt"

    @property
    def driver(self) -> Path:
        """What speaks `drivers/protocol.py` for it."""
        return HERE / "drivers" / f"drive_{self.key}.py"


class Contestant(NamedTuple):
    """A system in one of its ways; those of one system with one `store` share an index.

    `encoder` is a folder, or `DEFAULT` for the system's own choice; `selects` is whether its hits are sentences.
    """

    key: str
    name: str
    system: System
    variant: str
    encoder: str
    store: str
    selects: bool = False


BELEG_SYSTEM = System(
    BELEG,
    "Beleg",
    (
        (
            "It encodes every chunk and every sentence, and builds a ranking by words, near duplicates and a check of "
            "the finished index: more work than the others do."
        ),
        (
            "It computes the encoder without sentence-transformers, whose import takes seconds, and in bfloat16 where "
            "the processor is good at that; the others compute in float32, which their documentation leads to."
        ),
        "Indexing and cold starts are its commands: `beleg index`, `beleg ask` and `beleg search`.",
    ),
)
LLAMAINDEX = System(
    "llamaindex",
    "LlamaIndex + Chroma",
    (
        (
            "Its default chunk is 1,024 tokens, the encoder reads 256: text beyond is stored but not found by. "
            "'fitted' has chunks of 256 tokens, 20 shared. Its default batch is 10 chunks."
        ),
        (
            "Title and date are metadata, which it encodes with each chunk by default. Installed from llama-index-core "
            "and two integrations, less than its starter package."
        ),
        "Its default encoder is a hosted one.",
    ),
)
LANGCHAIN = System(
    "langchain",
    "LangChain + Chroma",
    (
        (
            "Chunks of 1,000 characters, 200 shared, as in its tutorial. It encodes no metadata, so that each text "
            "begins with its title, which is in the first chunk alone."
        ),
    ),
)
TXTAI = System(
    "txtai",
    "txtai",
    (
        "A paragraph is a chunk and the title one of its own. Vectors are in Faiss, its default, not in Chroma.",
        "'hybrid' sets `hybrid=True`, which adds BM25.",
    ),
)
HAYSTACK = System(
    "haystack",
    "Haystack + Chroma",
    (
        (
            "Chunks of 200 words, the splitter's default, some of which are longer than the encoder reads; the title "
            "is encoded with each (`meta_fields_to_embed`)."
        ),
    ),
)
COMMON = (
    (
        "The same machine, run and encoder folder; the same versions of torch, transformers, sentence-transformers and "
        "Chroma, as constraints.txt has them. The encoder wants no prompts. All are offline (HF_HUB_OFFLINE=1)."
    ),
    "A chunk counts for its document. Quality is of the first 100 hits, latency of the first 10, a question at a time.",
    (
        "The others find passages and choose no sentence: '-' stands where that is asked for. 'Answer in first hit' "
        "asks all of them whether the first thing that a reader gets to read holds the whole answer, beside its length."
    ),
    (
        "Cold start: a new process to one answer printed, files in the page cache. Beleg's `ask` makes the whole "
        "answer, the others print three passages."
    ),
)


def contestants() -> list[Contestant]:
    """All of them, Beleg's two ways first; those with the encoder that they take by themselves last."""
    peers = {LLAMAINDEX: ("", "fitted"), LANGCHAIN: ("",), TXTAI: ("", "hybrid"), HAYSTACK: ("",)}
    return [
        Contestant(BELEG, "Beleg, ask", BELEG_SYSTEM, "", MODEL, BELEG, selects=True),
        Contestant(f"{BELEG}-search", "Beleg, search", BELEG_SYSTEM, "search", MODEL, BELEG),
        *(_way(system, variant, str(ENCODER)) for system, variants in peers.items() for variant in variants),
        *(_way(system, "", DEFAULT) for system in peers),
    ]


def _way(system: System, variant: str, encoder: str) -> Contestant:
    way = variant or ("defaults" if encoder == DEFAULT else "")
    key = "-".join(filter(None, (system.key, way)))
    return Contestant(key, ", ".join(filter(None, (system.name, way))), system, variant, encoder, key)
