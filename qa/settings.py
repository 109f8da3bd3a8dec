"""Settings of questions and of the page; they extend the index's, so that one ``beleg.toml`` holds all."""

from __future__ import annotations

from pydantic import Field, SecretStr

from index.settings import IndexSettings

MAX_QUESTION_CHARS = 2000


class Settings(IndexSettings):
    """All that can be set; see `IndexSettings` for where values come from."""

    candidates: int = Field(100, ge=1, le=1000, description="chunks that each leg brings per document language")
    passages: int = Field(20, ge=1, le=200, description="fused passages whose sentences are read")
    max_quotes: int = Field(3, ge=1, le=10, description="quotes in one answer")
    reader: bool = Field(True, description="choose sentences with the trained reader, not with signals alone")
    threshold: float | None = Field(None, ge=0, le=1, description="abstain below this; default: the calibrated one")

    host: str = Field("127.0.0.1", description="address the page binds; others need a user and a password")
    port: int = Field(7860, ge=1, le=65535, description="port of the page")
    user: str | None = Field(None, min_length=1, description="user name for the page")
    password: SecretStr | None = Field(None, description="password for the page")
