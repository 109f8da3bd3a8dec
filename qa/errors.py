"""Everything that can go wrong between a question and its answer; the root is `index.errors.BelegError`.

BelegError
├── QuestionError           the question cannot be asked, or not of these documents: usage, not failure
├── CitationError           a citation that is not its document's text: a defect, never shown as an answer
└── EvaluationError         a question set or its expectations cannot be used
"""

from __future__ import annotations

from index.errors import BelegError


class QuestionError(BelegError):
    """The question is empty or too long, or no document can be what is asked for."""


class CitationError(BelegError):
    """A citation does not equal the characters of its document that it names."""


class EvaluationError(BelegError):
    """A question set or its expectations cannot be read, or do not fit the index."""
