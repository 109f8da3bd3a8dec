"""German word pieces for an English WordPiece vocabulary, and a normaliser that keeps umlauts.

The pieces are what WordPiece training (Schuster and Nakajima 2012, as the tokenizers library does it) finds in German
text and the English vocabulary lacks. They take the numbers that the English vocabulary has reserved and then new ones,
so that every old piece keeps its own.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Mapping
from pathlib import Path

from tokenizers import Tokenizer, models, normalizers, pre_tokenizers, trainers

PREFIX = "##"
PROPOSALS = 2.2  # proposed pieces for one that is kept: a quarter are English already, some are steps to longer ones
MIN_USES = 4  # a piece that words are hardly ever written with is such a step, and wasted
# Letters that must survive the removal of accents wait it out as private characters, which no text may bring along:
# the cleaning before has removed them.
_KEPT = {"ä": "\ue000", "ö": "\ue001", "ü": "\ue002"}


def normalizer(*, keep_umlauts: bool) -> normalizers.Normalizer:
    """Lower-cases and strips accents as BERT's uncased models do, but leaves ä, ö, ü and ß if asked to."""
    if not keep_umlauts:
        return normalizers.BertNormalizer(clean_text=True, handle_chinese_chars=True, lowercase=True)
    clean = normalizers.BertNormalizer(clean_text=True, handle_chinese_chars=True, strip_accents=False, lowercase=True)
    hide = [normalizers.Replace(letter, private) for letter, private in _KEPT.items()]
    show = [normalizers.Replace(private, letter) for letter, private in _KEPT.items()]
    return normalizers.Sequence([clean, normalizers.NFC(), *hide, normalizers.NFD(), normalizers.StripAccents(), *show])


def german_pieces(words: Mapping[str, int], teacher: Path, count: int, *, keep_umlauts: bool) -> list[str]:
    """The first `count` pieces that training on German words finds and that are of use.

    Args:
        words: lower-cased word forms and how often they occur.
        teacher: the English tokenizer.json.
        count: how many pieces are wanted.
        keep_umlauts: see `normalizer`.
    """
    english = extend(teacher, [], keep_umlauts=keep_umlauts)
    proposed = _proposed(words, int(PROPOSALS * count), keep_umlauts=keep_umlauts)
    new = [piece for piece in proposed if english.token_to_id(piece) is None and _is_word_piece(piece)]
    candidates = new[: int(1.3 * count)]
    uses = _uses(words, extend(teacher, candidates, keep_umlauts=keep_umlauts))
    return [piece for piece in candidates if uses[piece] >= MIN_USES][:count]


def extend(teacher: Path, pieces: Iterable[str], *, keep_umlauts: bool) -> Tokenizer:
    """The teacher's tokenizer with the `pieces` added that it lacks; `teacher` is the path of its tokenizer.json."""
    described = json.loads(teacher.read_text(encoding="utf-8"))
    vocabulary = described["model"]["vocab"]
    reserved = [name for name in vocabulary if name.startswith("[unused")]
    first = len(vocabulary)
    for i, piece in enumerate([piece for piece in pieces if piece not in vocabulary]):
        vocabulary[piece] = vocabulary.pop(reserved[i]) if i < len(reserved) else first + i - len(reserved)
    described.update(truncation=None, padding=None)
    tokenizer = Tokenizer.from_str(json.dumps(described))
    tokenizer.normalizer = normalizer(keep_umlauts=keep_umlauts)
    return tokenizer


def _proposed(words: Mapping[str, int], count: int, *, keep_umlauts: bool) -> list[str]:
    """Pieces in the order that training finds them, the most frequent pairs of pieces first."""
    trainee = Tokenizer(models.WordPiece(unk_token="[UNK]"))  # noqa: S106 - a word piece, no password
    trainee.normalizer = normalizer(keep_umlauts=keep_umlauts)
    trainee.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    trainer = trainers.WordPieceTrainer(
        vocab_size=count,
        special_tokens=["[UNK]"],
        continuing_subword_prefix=PREFIX,
        show_progress=False,
        limit_alphabet=200,
    )
    trainee.train_from_iterator((" ".join([word] * times) for word, times in words.items()), trainer)
    return [piece for piece, _ in sorted(trainee.get_vocab().items(), key=lambda item: item[1])]


def _uses(words: Mapping[str, int], tokenizer: Tokenizer) -> Counter[str]:
    uses: Counter[str] = Counter()
    for (_, times), written in zip(
        words.items(), tokenizer.encode_batch(list(words), add_special_tokens=False), strict=True
    ):
        for piece in written.tokens:
            uses[piece] += times
    return uses


def _is_word_piece(piece: str) -> bool:
    return piece.removeprefix(PREFIX).isalpha()
