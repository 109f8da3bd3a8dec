"""The Dockerfile and the compose file, as far as they can be checked where no engine is."""

from __future__ import annotations

import re
import shlex
import tomllib
from fnmatch import fnmatch
from pathlib import Path
from typing import Any

import yaml

from qa.settings import Settings

ROOT = Path(__file__).parent.parent
INSTRUCTIONS = {
    "FROM", "WORKDIR", "RUN", "COPY", "ENV", "USER", "VOLUME", "EXPOSE", "HEALTHCHECK", "ENTRYPOINT", "CMD",
}  # fmt: skip


def instructions() -> list[tuple[str, str]]:
    text = (ROOT / "Dockerfile").read_text(encoding="utf-8")
    lines = re.sub(r"(?m)^#.*\n", "", text).replace("\\\n", " ").splitlines()
    return [(first, rest.strip()) for first, _, rest in (line.partition(" ") for line in lines) if first]


def copied() -> set[str]:
    """What is copied from the checkout."""
    words = [shlex.split(rest) for name, rest in instructions() if name == "COPY" and "--from" not in rest]
    return {source for sources in words for source in sources[:-1]}


def compose() -> dict[str, Any]:
    found = yaml.safe_load((ROOT / "compose.yaml").read_text(encoding="utf-8"))
    assert isinstance(found, dict)
    return found


def test_every_instruction_is_one_and_the_program_does_not_run_as_root() -> None:
    names = [name for name, _ in instructions()]
    assert set(names) == INSTRUCTIONS
    assert names[0] == "FROM"
    last_stage = instructions()[len(names) - 1 - names[::-1].index("FROM") :]
    assert ("USER", "10001") in last_stage
    assert ("ENTRYPOINT", '["beleg"]') in last_stage


def test_what_is_copied_is_there_and_not_ignored() -> None:
    allowed = {line[1:] for line in (ROOT / ".dockerignore").read_text().splitlines() if line.startswith("!")}
    assert copied() == allowed
    assert all((ROOT / source).exists() for source in copied())


def test_all_that_is_installed_is_copied() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    setup, meta = project["tool"]["setuptools"], project["project"]
    needed = {package.split(".")[0] for package in setup["packages"]} | {f"{one}.py" for one in setup["py-modules"]}
    assert needed | {meta["readme"], *meta["license-files"], "pyproject.toml", "constraints.txt"} <= copied()


def test_every_setting_that_they_make_is_one_of_ours() -> None:
    text = (ROOT / "Dockerfile").read_text(encoding="utf-8") + (ROOT / "compose.yaml").read_text(encoding="utf-8")
    names = {name.lower() for name in re.findall(r"BELEG_(\w+)", text)}
    assert names
    assert names <= Settings.model_fields.keys()


def test_the_service_has_its_volumes_and_the_auth_file_as_a_secret() -> None:
    found = compose()
    service = found["services"]["beleg"]
    assert {volume.split(":")[0] for volume in service["volumes"]} == {"data", "./news"}
    assert service["environment"]["BELEG_AUTH_FILE"] == f"/run/secrets/{service['secrets'][0]}"
    assert set(service["secrets"]) == set(found["secrets"])
    assert "data" in found["volumes"]
    assert all(fnmatch(port, "127.0.0.1:*:7860") for port in service["ports"])


def test_it_is_given_longer_to_stop_than_it_takes() -> None:
    grace = compose()["services"]["beleg"]["stop_grace_period"]
    assert float(grace.removesuffix("s")) > Settings.model_fields["stop_seconds"].default
