"""Settings of questions and of the page; they extend the index's, so that one ``beleg.toml`` holds all."""

from __future__ import annotations

from ipaddress import ip_network
from pathlib import Path
from typing import Literal

from pydantic import Field, SecretStr, field_validator

from index.settings import IndexSettings

MAX_QUESTION_CHARS = 2000


class Settings(IndexSettings):
    """All that can be set; see `IndexSettings` for where values come from."""

    candidates: int = Field(100, ge=1, le=1000, description="chunks that each leg brings per document language")
    passages: int = Field(20, ge=1, le=200, description="fused passages whose sentences are read")
    max_quotes: int = Field(3, ge=1, le=10, description="quotes in one answer")
    reader: bool = Field(True, description="choose sentences with the trained reader, not with signals alone")
    threshold: float | None = Field(None, ge=0, le=1, description="abstain below this; default: the calibrated one")
    questions: Path = Field(Path("evals"), description="folder of question sets that can be evaluated by name")

    host: str = Field("127.0.0.1", description="address the page binds; others need accounts")
    port: int = Field(7860, ge=1, le=65535, description="port of the page")
    user: str | None = Field(None, min_length=1, description="user name for the page; an owner")
    password: SecretStr | None = Field(None, description="password for the page")
    auth_file: Path | None = Field(None, description="accounts for the page, a line each: beleg password NAME")
    session_hours: float = Field(12, gt=0, le=8760, description="hours until who is signed in must sign in again")
    questions_per_minute: int | None = Field(
        None, ge=0, le=10_000, description="for each client, 0 for no limit; default: 30 where there are accounts"
    )
    trusted_proxies: str = Field("", description="addresses or networks, comma between, whose X-Forwarded-For holds")
    log_format: Literal["json", "text", "none"] | None = Field(
        None, description="a line on stderr for each question; default: json where there are accounts, else none"
    )
    log_questions: bool = Field(False, description="the questions stand in these lines")
    stop_seconds: float = Field(30, ge=0, le=3600, description="how long a stop waits for answers that are being made")

    @field_validator("trusted_proxies")
    @classmethod
    def _networks(cls, value: str) -> str:
        for one in filter(None, value.split(",")):
            ip_network(one.strip())
        return value
