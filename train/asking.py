"""Asks the development questions in every way that calibration learns from, and gives what retrieval finds for each.

Data: XQuAD development paragraphs and their questions in all four language pairs, over all articles in one index (an
archive) and over each article in an index of its own (a story). Every question is asked three times: as it is; with its
article (archive) or its paragraph (story) taken out of both legs, as if it had never been indexed; and with its name
exchanged for one of another article, as in "What did Merkel say about the call?". The last two have no answer.

And who said what, over Wikinews, as it is and with its article taken out.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from itertools import groupby
from pathlib import Path
from typing import Any, Literal, NamedTuple
from zlib import crc32

from examine import NEWS, QUOTES, article, front_matter, quoted, records
from systems import NOTHING, Searcher
from xquad import LANGS, build_index, build_texts

from index.embed import Embedder
from index.lexical import query_terms
from index.reader import IndexReader
from index.types import Span
from qa.retrieve import Found
from qa.types import Lang, Question

Record = dict[str, Any]  # a paragraph, or one of its questions, as the file has it
Way = Literal["as it is", "left out", "another name"]
Kind = Literal["same", "across"]
Place = Literal["archive", "story", "news"]


class Case(NamedTuple):
    """A question asked in one way, with what was found for it; `gold` is where its answers stand in `doc_id`."""

    article: str
    kind: Kind
    place: Place
    way: Way
    question: Question
    index: IndexReader
    found: Sequence[Found]
    doc_id: str
    gold: Sequence[Span]

    def holds(self, doc_id: str, sentence: Span) -> bool:
        """Whether the sentence answers."""
        return self.owns(doc_id) and any(sentence.overlaps(span) for span in self.gold)

    def owns(self, doc_id: str) -> bool:
        """Whether that document has the answer."""
        return self.way == "as it is" and doc_id == self.doc_id


def archive(
    paragraphs: Sequence[Record], embedder: Embedder, folder: Path, langs: Sequence[Lang] = LANGS
) -> Iterator[Case]:
    """All articles in one index for each of the languages that they are read in."""
    asker = Asker(paragraphs, embedder, "archive", article, one_in=1)
    for lang in langs:
        with build_index(paragraphs, lang, embedder, folder) as index:
            yield from asker.ask(index, paragraphs, lang)


def stories(paragraphs: Sequence[Record], embedder: Embedder, folder: Path, one_in: int = 1) -> Iterator[Case]:
    """Each article in an index of its own; of the questions one in so many, drawn by its id."""
    asker = Asker(paragraphs, embedder, "story", lambda doc_id: doc_id.removesuffix(".txt"), one_in)
    for name, of_article in groupby(paragraphs, key=lambda paragraph: article(paragraph["id"])):
        own = list(of_article)
        (folder / name).mkdir(parents=True)
        for lang in LANGS:
            with build_index(own, lang, embedder, folder / name) as index:
                yield from asker.ask(index, own, lang)


def news(data: Path, embedder: Embedder, folder: Path) -> Iterator[Case]:
    """Who said what."""
    texts = {f"{record['id']}.txt": front_matter(record) + record["text"] for record in records(data / NEWS)}
    with build_texts(texts, embedder, folder / "news") as index:
        searcher = Searcher(index, embedder)
        for record in records(data / QUOTES):
            asked = quoted(record)
            ways: tuple[tuple[Way, frozenset[str]], ...] = (
                ("as it is", NOTHING),
                ("left out", frozenset({asked.doc_id})),
            )
            for way, without in ways:
                found = searcher.search(asked.question, without)
                yield Case(asked.group, "same", "news", way, asked.question, index, found, asked.doc_id, asked.gold)


class Asker:
    """Asks questions in every way; `group` says what is left out together with the answer's own paragraph."""

    def __init__(
        self,
        paragraphs: Sequence[Record],
        embedder: Embedder,
        place: Place,
        group: Callable[[str], str],
        one_in: int,
    ) -> None:
        self._embedder = embedder
        self._place = place
        self._group = group
        self._one_in = one_in
        self._names = {(article(p["id"]), name) for p in paragraphs for qa in p["qas"] for name in shared_names(qa)}

    def ask(self, index: IndexReader, paragraphs: Sequence[Record], lang: Lang) -> Iterator[Case]:
        """Every question about `paragraphs`, in both languages and every way."""
        searcher = Searcher(index, self._embedder)
        members: dict[str, set[str]] = {}
        for listing in index.documents():
            members.setdefault(self._group(listing.id), set()).add(listing.id)
        asked = ((own, qa) for own in paragraphs for qa in own["qas"] if crc32(qa["id"].encode()) % self._one_in == 0)
        for paragraph, qa in asked:
            doc_id = f"{paragraph['id']}.txt"
            start = qa[f"answer_{lang}"]["answer_start"]
            gold = [Span(start, start + len(qa[f"answer_{lang}"]["text"]))]
            for question_lang in LANGS:
                kind: Kind = "same" if question_lang == lang else "across"
                for way, question, without in self._ways(qa, doc_id, question_lang):
                    found = searcher.search(question, frozenset(members[without]) if without else NOTHING)
                    yield Case(article(doc_id), kind, self._place, way, question, index, found, doc_id, gold)

    def _ways(self, qa: Record, doc_id: str, lang: Lang) -> Iterator[tuple[Way, Question, str]]:
        """The question in each way, and the group that is to be left out."""
        question = Question(qa[f"question_{lang}"], lang)
        yield "as it is", question, ""
        yield "left out", question, self._group(doc_id)
        if names := shared_names(qa):
            other = question.text.replace(names[0], self._other_name(qa, article(doc_id)))
            yield "another name", question._replace(text=other), ""

    def _other_name(self, qa: Record, own: str) -> str:
        others = sorted(name for of, name in self._names if of != own)
        return others[crc32(qa["id"].encode()) % len(others)]


def shared_names(qa: Record) -> list[str]:
    """Names that the question has in both languages, in the order of the English one."""
    german = {term.surface for term in query_terms(qa["question_de"], "de", "de")}
    english = query_terms(qa["question_en"], "en", "en")
    return [t.surface for t in english if t.is_name and t.surface[0].isupper() and t.surface in german]
