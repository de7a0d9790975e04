"""What a job's process left behind, looked at before anything of it is kept: the process may have been taken over.

Only names that we know, plain files, with the first bytes of their kind, within bounds.
"""

from __future__ import annotations

import json
import os
import re
import stat
import struct
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from stream_server.signaling.resources import Lipstick, Metres, ModelAnchor, ModelCategory, Placement

MAX_FILES = 80
MAX_FILE_BYTES = 24 * 2**20
MAX_TOTAL_BYTES = 160 * 2**20
MAX_JSON_BYTES = 512 * 1024

_NAME = re.compile(
    r"(web|try_on|lod[1-4])\.glb|usdz/[a-z0-9][a-z0-9_-]{0,59}\.usdz"
    r"|(pictures/)?[a-z][a-z0-9_-]{0,39}\.(webp|png|jpg)"
)


class BadOutput(Exception):
    """What was left behind is not a model. The reason is for whoever runs the server."""


class _File(BaseModel):
    model_config = ConfigDict(extra="ignore", strict=True)
    path: str = Field(max_length=80)


class _Variant(BaseModel):
    model_config = ConfigDict(extra="ignore", strict=True)
    name: str = Field(max_length=200)
    slug: str = Field(max_length=60)
    usdz: str | None = Field(max_length=80)


class Facts(BaseModel):
    """``facts.json``, as far as we use it; what else is in it is not kept."""

    model_config = ConfigDict(extra="ignore")
    category: ModelCategory
    size_m: list[Metres] = Field(min_length=3, max_length=3)
    triangles: int = Field(ge=0, le=10**8)
    materials: int = Field(ge=0, le=10**5)
    draw_calls: int = Field(ge=0, le=10**5)
    variants: list[_Variant] = Field(max_length=100)
    anchors: list[ModelAnchor] = Field(max_length=20)
    placement: Placement | None
    lipstick: Lipstick | None = None
    files: dict[str, _File] = Field(max_length=MAX_FILES)


@dataclass(frozen=True)
class Collected:
    """A model ready to be kept."""

    facts: Mapping[str, Any]
    report: Mapping[str, Any]
    files: Mapping[str, Path]
    """Path in the output folder → where it lies."""


def collect(out: Path, kept: Collection[str] = ()) -> Collected:
    """Look through an output folder.

    Args:
        out: What the process left.
        kept: Paths that the facts may name without a file there: those of the model that the job changes, which has
            them already.

    Raises: BadOutput.
    """
    try:
        facts = Facts.model_validate(_json(out / "facts.json")).model_dump()
    except ValidationError as error:
        raise BadOutput(f"facts.json: {error.errors(include_url=False, include_input=False)[0]['msg']}") from error
    report = _json(out / "report.json") if (out / "report.json").exists() else {}
    files = {name: out / name for name in _names(out)}
    sizes = [_check_file(path) for path in files.values()]
    if sum(sizes) > MAX_TOTAL_BYTES:
        raise BadOutput(f"{sum(sizes)} bytes in all")
    named = [file["path"] for file in facts["files"].values()] + [
        variant["usdz"] for variant in facts["variants"] if variant["usdz"] is not None
    ]
    missing = [name for name in named if name not in files and name not in kept and not name.endswith(".json")]
    if missing:
        raise BadOutput(f"{missing[0][:80]} is named in facts.json and not there")
    return Collected(facts, report, files)


def _names(out: Path) -> list[str]:
    found: list[str] = []
    for folder, folders, names in os.walk(out, followlinks=False):
        if len(found) + len(folders) > MAX_FILES:
            raise BadOutput("too many files")
        inside = Path(folder).relative_to(out)
        for name in names:
            path = (inside / name).as_posix()
            if path in ("facts.json", "report.json"):
                continue
            if not _NAME.fullmatch(path):
                raise BadOutput(f"unexpected file {path[:80]!r}")
            found.append(path)
    return sorted(found)


def _open(path: Path, limit: int) -> int:
    handle = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
    about = os.fstat(handle)
    if not stat.S_ISREG(about.st_mode) or about.st_nlink > 1 or about.st_size > limit:
        os.close(handle)
        raise BadOutput(f"{path.name}: {about.st_size} bytes, mode {about.st_mode:o}")
    return handle


def _json(path: Path) -> dict[str, Any]:
    try:
        with os.fdopen(_open(path, MAX_JSON_BYTES), "rb") as file:
            data = json.load(file)
    except (OSError, ValueError, RecursionError) as error:
        raise BadOutput(f"{path.name}: {error}") from error
    if not isinstance(data, dict):
        raise BadOutput(f"{path.name} is no object")
    return data


def _check_file(path: Path) -> int:
    try:
        with os.fdopen(_open(path, MAX_FILE_BYTES), "rb") as file:
            head = file.read(16)
            size = os.fstat(file.fileno()).st_size
    except OSError as error:
        raise BadOutput(f"{path.name}: {error}") from error
    match path.suffix:
        case ".glb":
            fits = len(head) >= 12 and struct.unpack_from("<4sII", head) == (b"glTF", 2, size)
        case ".usdz":
            fits = head.startswith(b"PK\x03\x04")
        case ".webp":
            fits = head[:4] == b"RIFF" and head[8:12] == b"WEBP"
        case ".png":
            fits = head.startswith(b"\x89PNG\r\n\x1a\n")
        case _:
            fits = head.startswith(b"\xff\xd8\xff")
    if not fits:
        raise BadOutput(f"{path.name} is not what its name says")
    return size
