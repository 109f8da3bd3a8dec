"""Whether an index still is what a build would make, and if not, why. Loads no document and no model."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from index.chunk import CHUNKER_VERSION
from index.corpus import sources
from index.duplicates import DUPLICATES_VERSION
from index.edits import removed
from index.errors import NoIndexError, UnusableIndexError
from index.generation import Manifest, Recipe, beleg_version, generation_path, read_manifest, serving
from index.lexical import LEXICAL_VERSION
from index.load.document import LOADER_VERSION
from index.load.files import SourceFile
from index.settings import IndexSettings
from index.verify import check_files

_VERSIONED = {
    "beleg": "Beleg",
    "loader": "the readers of files",
    "chunker": "the chunker",
    "lexical": "search by words",
    "duplicates": "what makes two articles one report",
}


def recipe_of(files: Sequence[SourceFile], encoder: str, settings: IndexSettings) -> Recipe:
    """All that decides what an index of `files` will hold; `encoder` is the digest of the one to use, or nothing."""
    versions = (LOADER_VERSION, settings.fields, CHUNKER_VERSION, LEXICAL_VERSION, DUPLICATES_VERSION)
    return Recipe(beleg_version(), encoder, *versions, sources(files), tuple(sorted(removed(settings.data_dir))))


class Serving(NamedTuple):
    """The generation that serves, checked."""

    name: str
    manifest: Manifest


def checked_serving(data_dir: Path) -> Serving:
    """The serving generation, checked.

    Raises:
        UnusableIndexError: there is none, or it is damaged or of another format.
    """
    name = serving(data_dir)
    manifest = read_manifest(generation_path(data_dir, name))
    check_files(generation_path(data_dir, name), manifest)
    return Serving(name, manifest)


def why_stale(data_dir: Path, wanted: Recipe) -> tuple[Serving | None, str]:
    """The serving index, if it is sound, and why it is not what `wanted` would make: a sentence, or nothing."""
    try:
        found = checked_serving(data_dir)
    except NoIndexError:
        return None, "there is no index yet"
    except UnusableIndexError as error:
        return None, str(error)
    return found, _difference(found.manifest.recipe, wanted)


def _difference(built: Recipe, wanted: Recipe) -> str:
    for part, name in _VERSIONED.items():
        if (was := getattr(built, part)) != (now := getattr(wanted, part)):
            return f"the index was built with version {was} of {name}, this is version {now}"
    if built.fields != wanted.fields:
        return "the setting 'fields' has changed since the index was built"
    # A missing encoder is no reason to throw vectors away.
    if wanted.encoder_sha256 not in {"", built.encoder_sha256}:
        return "the index was built with another encoder, or without one"
    if built.removed != wanted.removed:
        return "documents were removed or taken back since the index was built"
    changed = sorted(source.path for source in set(built.sources) ^ set(wanted.sources))
    return f"{changed[0]} was added, changed or removed since the index was built" if changed else ""
