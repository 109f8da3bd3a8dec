"""Opens what answers questions over one index: an encoder and a reader that fit it, with notices for what does not."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, suppress
from dataclasses import dataclass
from threading import Thread

from index.embed import Embedder, open_embedder
from index.errors import ModelError
from index.language import load_identifier
from index.lexicon import Lexicon
from index.reader import IndexReader, open_index, require_model
from qa.cldr import LANGS, Gazetteer
from qa.network import ReaderNetwork
from qa.read import EvidenceReader
from qa.retrieve import Retriever
from qa.rows import MAX_QUESTION_PIECES
from qa.settings import Settings
from qa.signals import SignalReader, read_calibrations
from qa.trained import READER, TrainedReader, read_calibration
from qa.types import Question


@dataclass(slots=True)
class Opened:
    """One opened index with what searches and reads it; closed when it is retired and its last user has left."""

    index: IndexReader
    embedder: Embedder | None
    retriever: Retriever
    reader: EvidenceReader
    threshold: float
    notices: tuple[str, ...]  # of index and search
    about_reading: tuple[str, ...]  # notices of what chooses sentences
    users: int = 0
    retired: bool = False

    def cut_off(self, question: Question) -> Iterator[str]:
        """A notice for each model that does not read all of the question."""
        if self.embedder is not None:
            (tokens,) = self.embedder.count_tokens([question.text])
            if tokens > self.embedder.window:
                yield (
                    f"the question has {tokens} tokens, the encoder reads the first {self.embedder.window}; search by "
                    f"words reads all of it. Shorten it"
                )
        if isinstance(self.reader, TrainedReader):
            pieces = self.reader.count_pieces(question)
            if pieces > MAX_QUESTION_PIECES:
                yield (
                    f"the question has {pieces} tokens, sentences are chosen by the first {MAX_QUESTION_PIECES}. "
                    f"Shorten it"
                )

    def close_if_unused(self) -> None:
        """Close the index once nobody needs it any more."""
        if self.retired and self.users == 0:
            self.index.close()


class Opener:
    """Opens the index in ``settings.data_dir`` again and again; encoder and network are loaded once."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._embedder: Embedder | None = None
        self._network: ReaderNetwork | None = None

    def open(self) -> Opened:
        """The current index.

        Raises:
            UnusableIndexError: there is no index that can answer.
        """
        Thread(target=_read_tables, name="tables", daemon=True).start()
        with ExitStack() as opening:
            index = opening.enter_context(open_index(self._settings.data_dir))
            notices, about_reading = list(index.notices), list[str]()
            embedder = self._fitting_embedder(index, notices)
            reader, threshold = self._fitting_reader(index, embedder, about_reading)
            opening.pop_all()  # it fits, so it stays open
        retriever = Retriever(index, embedder, candidates=self._settings.candidates)
        return Opened(index, embedder, retriever, reader, threshold, tuple(notices), tuple(about_reading))

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

    def _fitting_reader(
        self, index: IndexReader, embedder: Embedder | None, notices: list[str]
    ) -> tuple[EvidenceReader, float]:
        """The trained reader or, with a notice, the signals, with the threshold of what reads.

        Where search is by words only the signals read: the trained reader's weights were fitted with both legs.
        """
        if embedder is None:
            fitted = read_calibrations()["lexical"]
            return SignalReader(index, None, fitted), fitted.threshold
        if not self._settings.reader:
            notices.append("sentences are chosen without the trained reader, as wanted: --no-reader or reader = false")
        elif trained := self._trained_reader(index, embedder, notices):
            return trained
        fitted = read_calibrations()["dense"]
        _notice_unfitted("encoder", embedder.sha256, fitted.encoder, notices)
        return SignalReader(index, embedder, fitted), fitted.threshold

    def _trained_reader(
        self, index: IndexReader, embedder: Embedder, notices: list[str]
    ) -> tuple[TrainedReader, float] | None:
        """The trained reader with its threshold; None, with a notice, where there is none to be had."""
        try:
            if self._network is None:
                self._network = ReaderNetwork(READER)
            fitted = read_calibration(READER)
        except ModelError as error:
            notices.append(f"sentences are chosen without the trained reader: {error}")
            return None
        _notice_unfitted("encoder", embedder.sha256, fitted.encoder, notices)
        _notice_unfitted("evidence reader", self._network.sha256, fitted.reader, notices)
        return TrainedReader(index, embedder, self._network, fitted), fitted.threshold


def _read_tables() -> None:
    """Read what questions are looked up in, which is kept, beside what else is being opened.

    What is damaged is said by whoever looks something up.
    """
    with suppress(Exception):
        load_identifier()
        for lang in LANGS:
            Lexicon.of(lang)
            Gazetteer.of(lang)


def _notice_unfitted(model: str, sha256: str, fitted: str, notices: list[str]) -> None:
    """A notice where the confidence was fitted with another model of this kind."""
    if sha256 != fitted:
        notices.append(f"confidence is not calibrated for this {model}: make calibrate")
