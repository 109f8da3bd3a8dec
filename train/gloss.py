"""Text of one language as words of the other, one by one: for teaching, never to be shown.

A gloss keeps the order and the punctuation of its text; it is no translation. Each word becomes one that it is aligned
with (`train.alignment`), an unknown form of a known word goes by another form, an unknown compound by its parts; a
name stays as it is.
"""

from __future__ import annotations

import random
import re
from collections.abc import Iterator, Mapping, Sequence

from index.lexical import terms

MIN_COMPOUND_CHARS = 8
MIN_PART_CHARS = 4
MIN_STEM_CHARS = 5
_WORD = re.compile(r"\w\w+|\b[aAI]\b")  # other single letters are initials
_ENDINGS = ("es", "er", "em", "en", "e", "n", "s", "")
_LINKS = ("", "s", "es", "n", "en", "er", "e")  # what German puts between the parts of a compound

Forms = Mapping[str, Sequence[tuple[str, float]]]  # folded word form -> translations and their shares, best first


class Glosser:
    """Replaces words by what they are aligned with.

    Args:
        forms: what each folded word form is aligned with.
        surfaces: folded form to the form as it is spelt ("uber" to "über"); what is missing stays folded.
    """

    def __init__(self, forms: Forms, surfaces: Mapping[str, str] | None = None) -> None:
        self._forms = forms
        self._surfaces = surfaces or {}
        self._found: dict[str, tuple[str, ...]] = {}

    def gloss(self, text: str) -> str:
        """`text` with every known word replaced by its likeliest translation."""
        return _WORD.sub(lambda match: self._best(match[0]), text)

    def switch(self, text: str, share: float, draw: random.Random) -> str:
        """`text` with a `share` of its known words replaced by translations drawn by their probability."""

        def replaced(match: re.Match[str]) -> str:
            word = match[0]
            if draw.random() >= share:
                return word
            forms = self._forms.get(fold(word))
            if not forms:
                return self._best(word)
            drawn = draw.choices([form for form, _ in forms], [p for _, p in forms])[0]
            return self._spelt(drawn)

        return _WORD.sub(replaced, text)

    def translations(self, word: str) -> Sequence[tuple[str, float]]:
        """What `word` is aligned with; the parts of an unknown compound count alike. Empty for a name."""
        known = self._forms.get(fold(word))
        if known:
            return known
        parts = self._by_parts_or_ending(fold(word))
        return [(part, 1 / len(parts)) for part in parts]

    def _best(self, word: str) -> str:
        if word not in self._found:
            form = fold(word)
            known = self._forms.get(form)
            self._found[word] = (known[0][0],) if known else self._by_parts_or_ending(form)
        return " ".join(map(self._spelt, self._found[word])) or word

    def _by_parts_or_ending(self, form: str) -> tuple[str, ...]:
        for other in _other_endings(form):
            if other in self._forms:
                return (self._forms[other][0][0],)
        return tuple(self._forms[part][0][0] for part in self._parts(form))

    def _parts(self, form: str) -> tuple[str, ...]:
        """The two known words that an unknown compound consists of, the longest second one first; or nothing."""
        if len(form) < MIN_COMPOUND_CHARS:
            return ()
        for cut in range(MIN_PART_CHARS, len(form) - MIN_PART_CHARS + 1):
            tail = form[cut:]
            if tail not in self._forms:
                continue
            for link in _LINKS:
                head = form[:cut].removesuffix(link)
                if len(head) + len(link) == cut and len(head) >= MIN_PART_CHARS and head in self._forms:
                    return head, tail
        return ()

    def _spelt(self, form: str) -> str:
        return self._surfaces.get(form, form)


def fold(word: str) -> str:
    """Lower-cased and without accents, as alignments are made."""
    return "".join(terms(word, ""))


def _other_endings(form: str) -> Iterator[str]:
    """The same word with another ending, as "realistische" for "realistisches"."""
    stems = (form.removesuffix(ending) for ending in _ENDINGS if form.endswith(ending))
    return (stem + ending for stem in stems if len(stem) >= MIN_STEM_CHARS for ending in _ENDINGS)
