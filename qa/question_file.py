"""A question set that is being made: a file to which questions are added, each safe on the disk at once.

Beside it lie the ids of the proposals that were not wanted, so that nothing is asked twice.
"""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path

from qa.errors import EvaluationError
from qa.questions import DocumentLookup, GoldQuestion, read_questions

SKIPPED = ".skipped"


class QuestionFile:
    """The questions in `path` so far; a file that is not there yet is one without questions.

    Raises:
        EvaluationError: the file is no question set, or does not fit the documents that `document` looks up.
    """

    def __init__(self, path: Path, document: DocumentLookup) -> None:
        self.path = path
        self._skipped = path.with_suffix(SKIPPED)
        has_any = path.exists() and path.read_bytes().strip()
        self.questions = list(read_questions(path, document).questions) if has_any else []
        self._asked = {one.id for one in self.questions} | self._read_skipped()

    def __contains__(self, question: GoldQuestion) -> bool:
        """Whether a question was already accepted, under whatever wording, or skipped."""
        return question.id in self._asked

    def __len__(self) -> int:
        """How many questions it has."""
        return len(self.questions)

    def add(self, question: GoldQuestion) -> None:
        """Add a question as the last one.

        Raises:
            EvaluationError: it cannot be written.
        """
        self._append(self.path, json.dumps(asdict(question), ensure_ascii=False))
        self.questions.append(question)
        self._asked.add(question.id)

    def skip(self, question: GoldQuestion) -> None:
        """Remember that a question is not wanted.

        Raises:
            EvaluationError: it cannot be written.
        """
        self._append(self._skipped, question.id)
        self._asked.add(question.id)

    def _read_skipped(self) -> set[str]:
        return set(self._skipped.read_text(encoding="utf-8").split()) if self._skipped.exists() else set()

    def _append(self, path: Path, line: str) -> None:
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            with path.open("ab+") as file:
                file.write(f"{'' if _ends_a_line(path) else chr(10)}{line}\n".encode())
                file.flush()
                os.fsync(file.fileno())
        except OSError as error:
            raise EvaluationError(f"{path}: cannot be written ({error.strerror}); give another --out") from error


def counts(file: QuestionFile) -> Mapping[str, int]:
    """How many questions a file has, how many of them have no answer, and how many there are in each language."""
    langs = sorted({one.lang for one in file.questions})
    return {
        "questions": len(file),
        "unanswerable": sum(not one.answerable for one in file.questions),
        **{lang: sum(one.lang == lang for one in file.questions) for lang in langs},
    }


def _ends_a_line(path: Path) -> bool:
    """Whether what is written next begins a line: somebody's editor may have left the last one open."""
    content = path.read_bytes()
    return not content or content.endswith(b"\n")
