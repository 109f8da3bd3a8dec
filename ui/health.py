"""Whether the program can answer, for containers and proxies: no account is needed, and nothing else is told."""

from __future__ import annotations

from http import HTTPStatus
from typing import Literal, NamedTuple

from starlette.responses import JSONResponse

from index.errors import NoIndexError, UnusableIndexError
from index.generation import generation_path, read_manifest, serving
from qa.settings import Settings

Status = Literal["ok", "loading", "no index", "unusable index", "stopping"]


class Health(NamedTuple):
    """`generation` and the number of its `documents` are None where there is no index."""

    status: Status
    generation: str | None = None
    documents: int | None = None


def health(settings: Settings, *, loaded: bool) -> Health:
    """What is current on disk, from its manifest alone: nothing is opened and nothing counted."""
    try:
        name = serving(settings.data_dir)
        documents = read_manifest(generation_path(settings.data_dir, name)).documents
    except NoIndexError:
        return Health("no index")
    except UnusableIndexError:
        return Health("unusable index")
    return Health("ok" if loaded else "loading", name, documents)


def response(found: Health) -> JSONResponse:
    """What ``GET /health`` answers: 200 where questions are answered, 503 otherwise."""
    status = HTTPStatus.OK if found.status == "ok" else HTTPStatus.SERVICE_UNAVAILABLE
    return JSONResponse(found._asdict(), status, headers={"cache-control": "no-store"})
