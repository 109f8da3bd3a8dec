"""What readers say of answers, kept on this computer: a JSON line each in ``feedback.jsonl`` of the data directory."""

from __future__ import annotations

import json
import threading
from datetime import UTC, datetime
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from qa.settings import MAX_QUESTION_CHARS

FILE = "feedback.jsonl"
MAX_BYTES = 10_000_000  # of the file: nobody may fill the disk from the page
_WRITING = threading.Lock()


class Feedback(BaseModel):
    """One reader's word on one answer; `places` are the references that the answer cited."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    verdict: Literal["useful", "useless"]
    question: str = Field(max_length=MAX_QUESTION_CHARS)
    comment: str = Field("", max_length=2000)
    places: list[str] = Field([], max_length=10)


def keep(data_dir: Path, said: object) -> bool:
    """Whether `said`, which comes from a browser, was feedback and has been kept."""
    try:
        given = Feedback.model_validate(said)
    except ValidationError:
        return False
    line = json.dumps({"date": datetime.now(UTC).isoformat(timespec="seconds"), **given.model_dump()}) + "\n"
    path = data_dir / FILE
    with _WRITING:
        if path.exists() and path.stat().st_size + len(line) > MAX_BYTES:
            return False
        try:
            with path.open("a", encoding="utf-8") as file:
                file.write(line)
        except OSError:
            return False
    return True
