"""The documents of an index as their owner keeps them: listed in pages, added, removed, taken back, built again."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from index.build import last_roots
from index.edits import NO_EDIT, Edit, removed
from index.errors import NoIndexError
from index.generation import Manifest, Skipped
from index.listing import Page, Query
from index.progress import BuildReport, Progress
from index.uploads import is_upload, stored
from qa.pipeline import Assistant, Info


@dataclass(frozen=True, slots=True)
class Contents:
    """What an index holds; `documents` counts them by language, the most frequent one first."""

    info: Info
    manifest: Manifest
    documents: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Aside:
    """What is kept beside the index: files that were added and are not in it, why; titles of what was removed by id.

    `waiting` is whether only a build lets the index have what was added and removed.
    """

    files: tuple[Skipped, ...]
    removed: Mapping[str, str]
    waiting: bool


class Library:
    """The documents of an assistant's index."""

    def __init__(self, assistant: Assistant) -> None:
        self._assistant = assistant
        self._data_dir = assistant.settings.data_dir

    def page(self, query: Query) -> Page:
        """One page of the list of documents; raises `UnusableIndexError` where there is no index."""
        with self._assistant.index() as index:
            return index.page(query)

    def contents(self) -> Contents:
        """What the index holds; raises `UnusableIndexError` where there is none."""
        info = self._assistant.info()
        with self._assistant.index() as index:
            return Contents(info, index.manifest, index.document_counts())

    def aside(self, manifest: Manifest | None) -> Aside:
        """What is kept beside the index of that manifest.

        Raises:
            BuildError: the list of what is removed is damaged.
        """
        left_out, files = removed(self._data_dir), stored(self._data_dir)
        recipe = manifest.recipe if manifest else None
        indexed = {source.path for source in recipe.sources if is_upload(source.path)} if recipe else set()
        reasons = dict(manifest.skipped) if manifest else {}
        unread = [Skipped(name, reasons.get(name, "")) for name in files if name in reasons or name not in indexed]
        waiting = indexed != set(files) or set(recipe.removed if recipe else ()) != set(left_out)
        return Aside(tuple(unread), left_out, waiting)

    def change(self, edit: Edit = NO_EDIT) -> Iterator[Progress | BuildReport]:
        """Carry `edit` out and build, as `Assistant.rebuild` does; the first files may be added before any build."""
        try:
            roots = last_roots(self._data_dir)
        except NoIndexError:
            if not edit.add:
                raise
            roots = []
        return self._assistant.rebuild(roots, edit)
