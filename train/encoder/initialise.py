"""First values for the rows of the new pieces: where the English translations of their words stand.

A German word should start at the row of the English word that it is aligned with. For a word that is one piece that is
the piece's row; for words of several pieces the rows are solved for, so that their means come closest (ridge
regression towards the mean of the old pieces). The idea is that of WECHSEL (Minixhofer et al. 2022) and FOCUS (Dobler
and de Melo 2023), with word alignments in place of similarities of static embeddings.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import numpy.typing as npt
from scipy.sparse import csr_array, identity
from scipy.sparse.linalg import splu
from tokenizers import Tokenizer

from train.encoder.vocabulary import PREFIX
from train.gloss import Glosser

Rows = npt.NDArray[np.float32]

RIDGE = 1.0  # weight of the old pieces' mean, in words seen once
METHODS = ("old pieces", "aligned words", "aligned pieces")


def first_rows(  # noqa: PLR0913, PLR0917 - two vocabularies, and what is known of their words
    method: str, rows: Rows, old: Tokenizer, new: Tokenizer, words: Mapping[str, int], glosser: Glosser
) -> Rows:
    """The word embeddings of the extended vocabulary, the teacher's own among them; shape ``(pieces, width)``.

    Args:
        method: one of `METHODS`, each building on the one before.
        rows: the teacher's word embeddings.
        old: the teacher's tokenizer.
        new: the extended tokenizer.
        words: German word forms, lower-cased, and how often they occur.
        glosser: knows the English translations of German words.
    """
    table = np.zeros((new.get_vocab_size(), rows.shape[1]), np.float32)
    table[: len(rows)] = rows
    added = [number for piece, number in new.get_vocab().items() if old.token_to_id(piece) is None]
    for number in added:
        table[number] = _mean_of_old(_piece_text(new, number), rows, old)
    if method == "old pieces":
        return table
    targets = {word: _translated(word, rows, old, glosser) for word in words}
    known = {word: target for word, target in targets.items() if target is not None}
    pieces = {word: new.encode(word, add_special_tokens=False).ids for word in known}
    free = set(added)
    for word, numbers in pieces.items():
        if len(numbers) == 1 and numbers[0] in free:
            table[numbers[0]] = known[word]
            free.discard(numbers[0])
    return table if method == "aligned words" else _solved(table, sorted(free), pieces, known, words)


def _solved(
    table: Rows,
    free: Sequence[int],
    pieces: Mapping[str, Sequence[int]],
    known: Mapping[str, Rows],
    words: Mapping[str, int],
) -> Rows:
    """The table with the `free` rows set so that the mean of each word's pieces is near the word's translation.

    Least squares over words, a word weighing as the root of its count; what a word's other pieces bring is subtracted.
    """
    column = {number: i for i, number in enumerate(free)}
    shares, at, where, targets = [], [], [], []
    for word, numbers in pieces.items():
        unknown = [column[number] for number in numbers if number in column]
        if not unknown:
            continue
        weight = words[word] ** 0.5
        fixed = table[[number for number in numbers if number not in column]].sum(axis=0)
        targets.append(weight * (known[word] - fixed / len(numbers)))
        shares += [weight / len(numbers)] * len(unknown)
        at += [len(targets) - 1] * len(unknown)
        where += unknown
    if not targets:
        return table
    matrix = csr_array((shares, (at, where)), shape=(len(targets), len(free)))
    left = (matrix.T @ matrix + RIDGE * identity(len(free))).tocsc()
    solved = table.copy()
    solved[list(free)] = splu(left).solve(matrix.T @ np.stack(targets) + RIDGE * table[list(free)])
    return solved


def _piece_text(tokenizer: Tokenizer, piece: int) -> str:
    return str(tokenizer.id_to_token(piece)).removeprefix(PREFIX)


def _mean_of_old(text: str, rows: Rows, old: Tokenizer) -> Rows:
    return np.asarray(rows[old.encode(text, add_special_tokens=False).ids].mean(axis=0), np.float32)


def _translated(word: str, rows: Rows, old: Tokenizer, glosser: Glosser) -> Rows | None:
    found = glosser.translations(word)
    if not found:
        return None
    total = sum(share for _, share in found)
    return np.asarray(sum(share / total * _mean_of_old(form, rows, old) for form, share in found), np.float32)
