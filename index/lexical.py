"""The lexical leg: BM25 over stemmed terms in tantivy; the one place that imports it.

Queries are built from terms, never by parsing what a user typed, so no character of a question is syntax. Each
document language has a field of its own, so lexical ranks are per language by construction. Across languages a
question's terms are looked up through the bilingual lexicon.
"""

from __future__ import annotations

import math
import re
import unicodedata
from collections.abc import Iterable, Sequence
from functools import cache
from pathlib import Path
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import tantivy
from tantivy import Filter, Occur, Query, TextAnalyzer, TextAnalyzerBuilder, Tokenizer

from index.filters import Flags
from index.lexicon import Lexicon
from index.scratch import scratch

LEXICAL_VERSION = 2
MAX_TERM_CHARS = 64
Clause = tuple[Occur, Query]

_STEMMERS = {"de": "german", "en": "english"}
_WRITER_BYTES = 64_000_000
# Words are taken whole and never given back: a line of a million letters would else be tried from each of them.
_COMPOUND = re.compile(r"(?<!\w)\w++(?:[-\u2010\u2011]\w++)+")
_WORD = re.compile(r"\w+(?:[-'’\u2010\u2011]\w+)*")
_POSSESSIVE = re.compile(r"['’]s$")
_INVISIBLE = re.compile("[\u00ad\u200b-\u200f\u2060\ufeff]")

# Words that carry a question's grammar but not its subject. Ours, short and closed: a longer list would drop
# names such as "Will" or "May" only where the question really uses them as auxiliaries.
_ENGLISH = """
a about according am an and any are as at be been before being by can could did do does during for from had has have he
her him his how i if in into is it its many may me more most much my not of on onto or our she should so some s such t
than that the their them there these they this those to under up was we were what when where which while who whom whose
why will with would you your
"""
_GERMAN = """
ab aber als am an auch auf aus bei beim bin bis da damit dann das dass dem den denn der des die dies diese diesem
diesen dieser dieses doch du durch ein eine einem einen einer eines er es fuer für gegen gibt gab hat haben hatte
hatten hinter ich ihm ihn ihnen ihr ihre ihrem ihren ihrer im in ins ist ja kann kein keine man mehr mit muss nach
nicht noch nun nur ob oder ohne sei seien sein seine seinem seinen seiner seit sich sie sind so soll sollen sollte
ueber über um und uns unter vom von vor war waren warum was welche welchem welchen welcher welches wem wen wenn wer
werden wessen wie wieso will wir wird wo wohin wollen wurde wurden zu zum zur zwischen
"""
_FUNCTION_WORDS = {"en": frozenset(_ENGLISH.split()), "de": frozenset(_GERMAN.split())}


class Row(NamedTuple):
    """A chunk to be indexed: its key, its document's language, what is searched, and that document's number."""

    key: int
    lang: str
    text: str
    document: int = 0


class Term(NamedTuple):
    """One word of a question: `surface` as typed, and the weighted index terms any of which matches it.

    `is_name` holds for numbers and for words that the lexicon does not know, which in questions are mostly names.
    """

    surface: str
    alternatives: tuple[tuple[str, float], ...]
    is_name: bool


def terms(text: str, lang: str) -> list[str]:
    """Index terms of `text`: lower-cased, folded to ASCII, stemmed by `lang`; hyphenated words whole and by part."""
    return list(_analyzer(lang).analyze(_with_whole_compounds(text)))


def query_terms(question: str, question_lang: str, lang: str) -> list[Term]:
    """The words of a question that say what it is about, as terms of documents in `lang`, each once.

    In another language than the question's, a word also matches its translations, weighted by probability
    (probabilistic structured queries, Darwish and Oard 2003).
    """
    lexicon = Lexicon.between(question_lang, lang)
    known = Lexicon.of(question_lang)
    found: dict[tuple[tuple[str, float], ...], Term] = {}
    for surface in words(question):
        if surface.lower() in _FUNCTION_WORDS.get(question_lang, frozenset()):
            continue
        for stem, own in zip(terms(surface, question_lang), terms(surface, lang), strict=False):
            is_name = stem.isdigit() or stem not in known
            term = Term(surface, _alternatives(own, lexicon.translations(stem)), is_name)
            found.setdefault(term.alternatives, term)
    return list(found.values())


def words(text: str) -> list[str]:
    """The words of `text` as they stand: a hyphenated word is one, a possessive 's is cut off, initials left out."""
    found = (_POSSESSIVE.sub("", match.group()) for match in _WORD.finditer(_INVISIBLE.sub("", text)))
    return [word for word in found if len(word) > 1 or word.isdigit()]


def is_function_word(word: str, lang: str) -> bool:
    """Whether `word` carries a question's grammar but not its subject."""
    return word.lower() in _FUNCTION_WORDS.get(lang, frozenset())


def build_lexical(path: Path, rows: Iterable[Row]) -> None:
    """Write a lexical index of `rows` into the new folder `path`."""
    path.mkdir(parents=True)
    index = _register(tantivy.Index(_schema(), path=str(path)))
    with index.writer(heap_size=_WRITER_BYTES, num_threads=1) as writer:
        for row in rows:
            entry = tantivy.Document()
            entry.add_unsigned("key", row.key)
            entry.add_unsigned("document", row.document)
            entry.add_text("lang", row.lang)
            entry.add_text(_field(row.lang), _with_whole_compounds(row.text))
            writer.add_document(entry)
        writer.commit()
        writer.wait_merging_threads()


class LexicalIndex:
    """A lexical index opened for searching; safe to use from several threads."""

    def __init__(self, path: Path) -> None:
        with scratch(path) as folder:  # tantivy takes a lock, even to read; what it has opened it needs no name for
            self._index = _register(tantivy.Index.open(str(folder)))
            self._searcher = self._index.searcher()
        self._schema = self._index.schema

    def count(self) -> int:
        """Chunks in the index."""
        return int(self._searcher.num_docs)

    def keys(self) -> set[int]:
        """Keys of all chunks."""
        hits = self._searcher.search(Query.all_query(), limit=max(1, self.count()), count=False).hits
        return {self._key(address) for _, address in hits}

    def search(
        self, lang: str, question: str, question_lang: str, k: int, among: Clause | None = None
    ) -> list[tuple[int, float]]:
        """The best `k` chunks of documents in `lang` as (chunk key, BM25 score), best first, ties by key.

        `among` is what `restriction` gives for the documents that may be found; scores do not depend on it.
        """
        return self.search_terms(lang, query_terms(question, question_lang, lang), k, among)

    def restriction(self, documents: Flags) -> Clause:
        """What restricts a search to the flagged documents; worth keeping where many are."""
        allowed = np.flatnonzero(documents)
        if 2 * len(allowed) > len(documents):  # the shorter list is the quicker one
            return Occur.MustNot, self._numbered(np.flatnonzero(~documents))
        return Occur.Must, self._numbered(allowed)

    def search_terms(
        self, lang: str, query: Sequence[Term], k: int, among: Clause | None = None
    ) -> list[tuple[int, float]]:
        """As `search`, for terms that have been made already."""
        clauses = [self._any_of(term, lang) for term in query]
        if not clauses or k < 1:
            return []
        about = Query.boolean_query([(Occur.Should, clause) for clause in clauses])
        in_lang = Query.const_score_query(Query.term_query(self._schema, "lang", lang), 0.0)
        wanted = Query.boolean_query([(Occur.Must, in_lang), (Occur.Must, about), *([among] if among else [])])
        hits = self._searcher.search(wanted, limit=k, count=False).hits
        return sorted(
            ((self._key(address), float(score)) for score, address in hits), key=lambda hit: (-hit[1], hit[0])
        )

    def document_frequency(self, lang: str, term: str) -> int:
        """Chunks of documents in `lang` (or sharing its analysis) that hold the index term."""
        return int(self._searcher.doc_freq(_field(lang), term))

    def close(self) -> None:
        """Let go of the files."""
        del self._searcher, self._index

    def _numbered(self, documents: npt.NDArray[np.intp]) -> Query:
        return Query.const_score_query(Query.term_set_query(self._schema, "document", documents.tolist()), 0.0)

    def _any_of(self, term: Term, lang: str) -> Query:
        field = _field(lang)
        return Query.disjunction_max_query(
            [
                Query.boost_query(Query.term_query(self._schema, field, text), weight)
                for text, weight in term.alternatives
            ]
        )

    def _key(self, address: tantivy.DocAddress) -> int:
        return int(self._searcher.doc(address)["key"][0])


def _alternatives(own: str, translations: Sequence[tuple[str, float]]) -> tuple[tuple[str, float], ...]:
    # A word may be a name, which keeps its form in every language: the form itself always counts in full. The root
    # keeps a translation of middling probability from drowning in BM25 scores; docs/log.md has what it gains.
    return ((own, 1.0), *((text, math.sqrt(weight)) for text, weight in translations if text != own))


def _with_whole_compounds(text: str) -> str:
    visible = _INVISIBLE.sub("", unicodedata.normalize("NFC", text))
    wholes = [re.sub(r"\W", "", match.group()) for match in _COMPOUND.finditer(visible)]
    return " ".join([visible, *wholes]) if wholes else visible


def _field(lang: str) -> str:
    return f"text_{lang}" if lang in _STEMMERS else "text_other"


@cache
def _analyzer(lang: str) -> TextAnalyzer:
    builder = TextAnalyzerBuilder(Tokenizer.simple()).filter(Filter.remove_long(MAX_TERM_CHARS))
    builder = builder.filter(Filter.lowercase()).filter(Filter.ascii_fold())
    return (builder.filter(Filter.stemmer(_STEMMERS[lang])) if lang in _STEMMERS else builder).build()


def _schema() -> tantivy.Schema:
    builder = tantivy.SchemaBuilder()
    builder.add_unsigned_field("key", stored=True, indexed=True, fast=True)
    builder.add_unsigned_field("document", indexed=True)
    builder.add_text_field("lang", tokenizer_name="raw", index_option="basic")
    for lang in (*_STEMMERS, "other"):
        builder.add_text_field(_field(lang), tokenizer_name=_field(lang), index_option="freq")
    return builder.build()


def _register(index: tantivy.Index) -> tantivy.Index:
    for lang in (*_STEMMERS, "other"):
        index.register_tokenizer(_field(lang), _analyzer(lang))
    return index
