"""OBJ with MTL, STL and PLY through trimesh: it reads them well, and they hold nothing that it could lose."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator, Mapping
from pathlib import Path

import trimesh
from trimesh.exchange.gltf import export_glb

from ar_assets.errors import StepFailed
from ar_assets.gate import Format, Inspection, Limits, Reason
from ar_assets.gate.refusals import refuse
from ar_assets.gate.scans import material_libraries, material_pictures, picture_name

_MAP_LINE = re.compile(r"^([ \t]*map_kd[ \t])([^\r\n]*)", re.MULTILINE | re.IGNORECASE)
_PICTURE = "picture-"


class _Materials(Mapping[str, bytes]):
    """What an OBJ may ask for: its material text under any name, and its pictures under names of our own."""

    def __init__(self, text: bytes, pictures: dict[str, bytes]) -> None:
        self._text = text
        self._pictures = pictures

    def __getitem__(self, name: str) -> bytes:
        return self._pictures[name] if name.startswith(_PICTURE) else self._text

    def __iter__(self) -> Iterator[str]:
        return iter(self._pictures)

    def __len__(self) -> int:
        return len(self._pictures)


def to_glb(root: Path, inspection: Inspection, out: Path) -> tuple[str, ...]:
    """Write ``out``; codes of what the brand should know. Raises: Refused, StepFailed."""
    data = root.read_bytes()
    notes: list[str] = []
    materials: _Materials | None = None
    if inspection.format is Format.OBJ:
        materials = _materials(data, inspection)
        if materials is None and b"mtllib" in data:
            notes.append("materials_missing")
    try:
        scene = trimesh.load_scene(io.BytesIO(data), file_type=inspection.format.value, resolver=materials)
        glb: object = export_glb(scene)  # type: ignore[no-untyped-call]
    except Exception as error:
        raise StepFailed("import", f"{inspection.format}: {type(error).__name__}: {error}") from error
    if not scene.geometry or not isinstance(glb, bytes):
        raise refuse(Reason.NO_SHAPE)
    out.write_bytes(glb)
    return tuple(notes)


def _materials(data: bytes, inspection: Inspection) -> _Materials | None:
    files = inspection.unpacked
    if not files:
        return None
    libraries = material_libraries(data, inspection.root or "", files)
    texts: list[str] = []
    numbers: dict[str, str] = {}
    for library in libraries:
        written = files[library].read_bytes()
        named = material_pictures(written, library, files, Limits())
        texts.append(_renamed(written.decode("utf-8", "replace"), named, numbers))
    pictures = {own: files[name].read_bytes() for name, own in numbers.items()}
    return _Materials("\n".join(texts).encode(), pictures)


def _renamed(text: str, named: dict[str, str], numbers: dict[str, str]) -> str:
    """The MTL with each picture under our own name, so that nothing has to look for a file."""

    def line(found: re.Match[str]) -> str:
        written = picture_name(found[2])
        if written not in named:
            return ""
        own = numbers.setdefault(named[written], f"{_PICTURE}{len(numbers)}")
        return found[1] + own

    return _MAP_LINE.sub(line, text)
