"""An environment for each system, made once from its pinned requirements, and what that takes on the disk."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Mapping
from hashlib import sha256
from pathlib import Path
from typing import NamedTuple

from bench.index import size
from bench.peers.contestants import BELEG, ROOT, System

CONSTRAINTS = ROOT / "constraints.txt"
SHIPPED = ("index", "qa", "ui", "models", "app.py")
"""What of the checkout an editable install of Beleg stands for."""

SHARED = (
    "torch", "transformers", "sentence-transformers", "tokenizers", "safetensors", "numpy", "chromadb", "onnxruntime"
)  # fmt: skip
"""What all compute with, in the version of constraints.txt."""

_TORCH = ("torch", "torchgen", "functorch", "nvidia", "triton")
_STAMP = ".peers-installed"


class Setup(NamedTuple):
    """Megabytes on the disk: all of it, of that PyTorch with what it brings for GPUs, and models that come with it."""

    total: float
    torch: float
    models: float


def ready(system: System, folder: Path) -> Path:
    """The system's environment in `folder`; it is made if it is not there or its requirements have changed.

    Raises:
        RuntimeError: it cannot be installed; the text is the end of what pip said.
    """
    venv, stamp = folder / system.key, folder / system.key / _STAMP
    if stamp.is_file() and stamp.read_text(encoding="ascii") == _digest(system):
        return venv
    _run([sys.executable, "-m", "venv", "--clear", str(venv)])
    # Which build of torch is taken, for GPUs or without, is for pip's own configuration to say (README, "GPU").
    constraints = venv / "constraints.txt"
    constraints.write_text("".join(f"{line}\n" for line in _constraints(system)), encoding="utf-8")
    _run([str(venv / "bin" / "pip"), "install", "--quiet", "--constraint", str(constraints), *_wanted(system)])
    stamp.write_text(_digest(system), encoding="ascii")
    return venv


def setup(system: System, venv: Path) -> Setup:
    """What the environment takes; Beleg's has its own source and models added, which an editable install points to."""
    packages = next(venv.glob("lib/python*/site-packages"))
    torch = sum(size(packages / name) for name in _TORCH if (packages / name).exists())
    own = {name: size(ROOT / name) for name in SHIPPED} if system.key == BELEG else {}
    return Setup((size(venv) + sum(own.values())) / 1e6, torch / 1e6, own.get("models", 0) / 1e6)


def versions(venv: Path) -> Mapping[str, str]:
    """Every package of the environment with its version."""
    frozen = _run([str(venv / "bin" / "pip"), "freeze", "--exclude-editable"])
    return dict(line.split("==") for line in frozen.splitlines() if "==" in line)


def _wanted(system: System) -> list[str]:
    return ["--editable", str(ROOT)] if system.key == BELEG else ["--requirement", str(system.requirements)]


def _constraints(system: System) -> list[str]:
    lines = CONSTRAINTS.read_text(encoding="utf-8").splitlines()
    return lines if system.key == BELEG else [line for line in lines if line.split("==")[0] in SHARED]


def _digest(system: System) -> str:
    wanted = ROOT / "pyproject.toml" if system.key == BELEG else system.requirements
    return sha256(wanted.read_bytes() + CONSTRAINTS.read_bytes()).hexdigest()


def _run(command: list[str]) -> str:
    done = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603 - our own commands
    if done.returncode:
        raise RuntimeError(f"{' '.join(command)}: {(done.stderr or done.stdout).strip()[-2000:]}")
    return done.stdout
