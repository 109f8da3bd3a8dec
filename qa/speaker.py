"""Who says a quoted sentence, where the text itself says so and leaves no doubt.

The forms of `qa.attribution` are few and need no model (Krestel, Bergler and Witte 2008). A wrong name is worse than
none: a pronoun, a role without a name, two names, or marks that do not pair leave the speaker unnamed. Who reports what
another said is the speaker.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache
from typing import NamedTuple

from index.chunk import body_sentences
from index.quotations import quotations
from index.types import Document, Span
from qa.attribution import CAPITAL, CLOSE, FORMS, HIDDEN, OPEN, attributions, has_article, named, others_speak
from qa.cldr import Gazetteer
from qa.ordinary import Strength, familiarity, is_grammar
from qa.spelling import stem_line
from qa.types import Lang

_REMEMBERED = 32  # documents
_LONE_MARK = re.compile('[„«»"]')
_AFFILIATION = re.compile(r"(?P<name>\w \S+) v(?:on|om)(?: de[rmn])? .*$")  # Patrick Georg *von der Gewerkschaft*
_POSSESSIVE = re.compile(r"['’]s?(?: |$)")
_ROLE = re.compile(  # German ones end a compound
    r"\w*(?:minister|präsident|kanzler|sprecher|chef|vorsitzender?|vorstand|direktor|führer|leiter|sekretär|anwalt|"
    r"richter|trainer|kandidat|experte|abgeordneter?|bürgermeister|beauftragter?|kommissar|botschafter|vertreter|"
    r"kardinal|bischof|professor|forscher|manager|ingenieur|politiker|aktivist|journalist|ökonom|historiker|"
    r"kapitän|kommandant|hauptmann|oberst|pfarrer|priester|schauspieler|sänger|autor|schriftsteller|moderator|"
    r"regisseur|gründer|unternehmer|assistent|mitarbeiter|berater|anhänger|kolleg(?:e|in)|freund|"
    r"general|senator|scientist|ologist)(?:in)?"
    r"|(?:könig|papst|herr)(?:in)?|frau|president|secretary|spokes(?:wo)?man|spokesperson|chancellor|author|engineer|"
    r"politician|activist|economist|historian|superintendent|cardinal|director|prosecutor|lawyer|mayor|governor|judge|"
    r"justice|ambassador|commissioner|ceo|mp|voter|pope|king|queen|prince|chairman|chief|officer|leader|representative|"
    r"sheriff|coach|analyst|attorney|inspector|detective|constable|sergeant|captain|lieutenant|colonel|broadcaster|"
    r"father|mother|brother|sister|son|daughter|wife|husband|sohn|tochter|bruder|schwester|vater|mutter|witwer?|"
    r"actor|actress|singer|musician|comedian|writer|founder|editor|reporter|sir|lord|mrs?|ms|dr|prof|jr|sr",
    re.IGNORECASE,
)
_ORGANISATION = re.compile(  # German ones end a compound, and may be genitives
    r"department|university|council|court|party|ministry|committee|bulletin|agency|police|times|news|post|office|"
    r"commission|government|administration|campaign|association|cent(?:er|re)|institute|bank|company|group|union|"
    r"press|county|city|church|foundation|organi[sz]ation|street|yard|house|hotel|watch|motors|electric|"
    r"airlines|international|radio|tv|wiki|family|"
    r"(?:\w*(?:partei|verband|gericht|amt|zeitung|agentur|universität|institut|stadt|polizei|regierung|familie|presse|"
    r"unternehmen|konzern|firma|gruppe|gewerkschaft|behörde|ministerium|stiftung|magazin|sender)|(?:\w{4,})?rat)"
    r"(?:e?s)?",
    re.IGNORECASE,
)


def speaker(document: Document, span: Span) -> str:
    """The name of who says every sentence of `span`, as it stands but without title; "" where that is not certain.

    Only German and English texts are understood.
    """
    if document.lang not in FORMS:
        return ""
    story = _story(document)
    names = {story.speaker(sentence) for sentence in story.sentences if sentence.overlaps(span)}
    return names.pop() if len(names) == 1 else ""


@lru_cache(_REMEMBERED)
def _story(document: Document) -> _Story:
    quoted = quotations(document.text, Span(0, len(document.text)))
    lang: Lang = "de" if document.lang == "de" else "en"
    return _Story(document.text, lang, tuple(body_sentences(document)), tuple(quoted))


class _Story(NamedTuple):
    """A text with its sentences and its quotations."""

    text: str
    lang: Lang
    sentences: tuple[Span, ...]
    quoted: tuple[Span, ...]

    def speaker(self, sentence: Span) -> str:
        """Who says one sentence, or ""."""
        masked = self._masked(self._around(sentence))
        if _LONE_MARK.search(masked):
            return ""
        found = [one for one in attributions(masked, self.lang) if not self._begins_with_grammar(named(one))]
        names = {self._name(one) for one in found}
        if len(names) != 1 or any(others_speak(masked, one, self.lang) for one in found):
            return ""
        return names.pop()

    def _around(self, sentence: Span) -> Span:
        """The sentences that share a quotation with `sentence`, and the one before these if it ends in a colon."""
        quoted = [one for one in self.quoted if one.overlaps(sentence)]
        start = min([sentence.start, *(one.start for one in quoted)])
        end = max([sentence.end, *(one.end for one in quoted)])
        within = [one for one in self.sentences if one.overlaps(Span(start, end))]
        before = [one for one in self.sentences if one.end <= within[0].start][-1:]
        opens = any(one.start <= within[0].start for one in quoted)
        if opens and before and self.text[before[0].start : before[0].end].endswith(":"):
            within = [*before, *within]
        return Span(within[0].start, within[-1].end)

    def _masked(self, around: Span) -> str:
        """The text of `around` as `qa.attribution` takes it, a space for each line break."""
        masked, start = self.text[around.start : around.end].replace("\n", " "), around.start
        for one in self.quoted:
            if one.overlaps(around):
                hidden = OPEN + HIDDEN * (one.end - one.start - 2) + CLOSE
                masked = masked[: one.start - start] + hidden + masked[one.end - start :]
        return masked

    def _name(self, attribution: re.Match[str]) -> str:
        """The person whom an attribution names, or ""."""
        words = _AFFILIATION.sub(r"\g<name>", named(attribution)).split()
        role = max((i for i, word in enumerate(words) if is_role(word)), default=-1)
        rest = words[role + 1 :] if role >= 0 else self._without_nouns(words)
        if not rest or rest[0].islower() or any(map(is_organisation, words[role + 1 :])):
            return ""
        if has_article(attribution) and role < 0 and (len(rest) == 1 or len(rest) == len(words)):
            return ""
        is_person = role >= 0 or (self._is_surname(rest[0]) if len(rest) == 1 else self._is_full(rest))
        name = " ".join(rest)
        return name if is_person and not self._is_genitive(name) and not _is_no_person(name, self.lang) else ""

    def _is_genitive(self, name: str) -> bool:
        """Whether a German name has an ending that it lacks elsewhere in the text: "die Witwe Jens Kochs"."""
        if self.lang != "de" or not name.endswith("s"):
            return False
        return re.search(rf"(?<!\w){re.escape(name[:-1])}(?!\w)", self.text) is not None

    def _without_nouns(self, words: Sequence[str]) -> Sequence[str]:
        """`words` from the first one on that may belong to a name; English nouns before a name have no capital."""
        while self.lang == "de" and len(words) > 1 and not self._may_begin(words[0]):
            words = words[1:]
        return words

    def _may_begin(self, word: str) -> bool:
        return self._may_name(word) and not word.endswith(".") and not _is_no_person(word, self.lang)

    def _is_full(self, words: Sequence[str]) -> bool:
        """Whether several words are a first name and a surname, not two surnames, as far as can be told."""
        ends = re.search(rf"{CAPITAL} {re.escape(words[0])}(?!\w| [A-ZÄÖÜ])", self.text)
        again = self.text.count(" ".join(words)) > 1
        return self._may_name(words[-1]) and (again or not (ends and self._is_surname(words[0])))

    def _is_surname(self, word: str) -> bool:
        """Whether one word alone is a person's: somewhere in the text a first name or a role stands before it."""
        found = re.finditer(rf"(?<![\w-])({CAPITAL}(?: {CAPITAL})?) {re.escape(word)}(?!\w)", self.text)
        before = {one for match in found for one in match[1].split()}
        return any(is_role(one) or self._may_be_given(one) for one in before)

    def _may_be_given(self, word: str) -> bool:
        return self._may_name(word) and not word.isupper() and not is_grammar(word, self.lang)

    def _may_name(self, word: str) -> bool:
        least = Strength.COGNATE if self.lang == "de" else Strength.CAPITAL
        return familiarity(word, self.lang, thorough=True) >= least

    def _begins_with_grammar(self, words: str) -> bool:
        """Whether what looks like a name begins with a word such as "So"."""
        return is_grammar(words.partition(" ")[0], self.lang)


def is_role(word: str) -> bool:
    """Whether a word says what a person is, as "president" and "Pressesprecherin" do."""
    return _ROLE.fullmatch(word.rpartition("-")[2].removesuffix(".")) is not None


def is_organisation(word: str) -> bool:
    """Whether a word of a name says that it is no person's, as "University" does."""
    return _ORGANISATION.fullmatch(word.rpartition("-")[2]) is not None


def _is_no_person(name: str, lang: Lang) -> bool:
    """Whether a name is an acronym, a place, or a genitive."""
    if name.isupper() or _POSSESSIVE.search(name):
        return True
    places = Gazetteer.of(lang).names
    return any(stem_line(one, lang) in places for one in (name, name.removesuffix("s"), name.rpartition(" ")[2]))
