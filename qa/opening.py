"""Opens what answers questions over one index: encoder, retriever and reader, with a notice for what is missing."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from index.embed import Embedder, open_embedder
from index.errors import ModelError
from index.reader import IndexReader, open_index, require_model
from qa.read import EvidenceReader
from qa.retrieve import Retriever
from qa.settings import Settings
from qa.signals import SignalReader, read_calibrations
from qa.types import Question


@dataclass(slots=True)
class Opened:
    """One opened index with what searches and reads it; closed when it is retired and its last user has left."""

    index: IndexReader
    embedder: Embedder | None
    retriever: Retriever
    reader: EvidenceReader
    threshold: float
    notices: tuple[str, ...]
    users: int = 0
    retired: bool = False

    def cut_off(self, question: Question) -> Iterator[str]:
        """A notice where the encoder does not read all of the question."""
        if self.embedder is not None:
            (tokens,) = self.embedder.count_tokens([question.text])
            if tokens > self.embedder.window:
                yield (
                    f"the question has {tokens} tokens, the encoder reads the first {self.embedder.window}; search by "
                    f"words reads all of it. Shorten it"
                )

    def close_if_unused(self) -> None:
        """Close the index once nobody needs it any more."""
        if self.retired and self.users == 0:
            self.index.close()


class Opener:
    """Opens the index in ``settings.data_dir`` again and again; the encoder is loaded once."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._embedder: Embedder | None = None

    def open(self) -> Opened:
        """The current index.

        Raises:
            UnusableIndexError: there is no index that can answer.
        """
        index = open_index(self._settings.data_dir)
        notices = list(index.notices)
        embedder = self._fitting_embedder(index, notices)
        calibration = read_calibrations()["lexical" if embedder is None else "dense"]
        if embedder is not None and embedder.sha256 != calibration.encoder:
            notices.append(f"confidence is not calibrated for the encoder {embedder.name!r}: make calibrate")
        retriever = Retriever(index, embedder, candidates=self._settings.candidates)
        reader = SignalReader(index, embedder, calibration)
        return Opened(index, embedder, retriever, reader, calibration.threshold, tuple(notices))

    def _fitting_embedder(self, index: IndexReader, notices: list[str]) -> Embedder | None:
        """The encoder that the index was built with; None, with a notice, where there is none to be had."""
        if index.manifest.encoder is None:
            notices.append("the index was built without an encoder: search is by words only. Build again: beleg index")
            return None
        try:
            if self._embedder is None:
                self._embedder = open_embedder(self._settings)
        except ModelError as error:
            notices.append(f"search is by words only: {error}")
            return None
        require_model(index.manifest, self._embedder.name, self._embedder.sha256)
        return self._embedder
