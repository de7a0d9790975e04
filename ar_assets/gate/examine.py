"""`examine`: the one way into the gate."""

from __future__ import annotations

import mmap
import re
import tempfile
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from ar_assets.gate import glb
from ar_assets.gate.addresses import file_beside
from ar_assets.gate.archive import MAGIC as ZIP_MAGIC
from ar_assets.gate.archive import Entry, open_archive, unpack
from ar_assets.gate.gltf import check_gltf
from ar_assets.gate.inspection import Format, Inspection
from ar_assets.gate.json_text import parse_document
from ar_assets.gate.limits import MB, Limits
from ar_assets.gate.pictures import check_picture
from ar_assets.gate.refusals import Reason, refuse
from ar_assets.gate.scans import check_obj, check_ply, check_stl, material_libraries, material_pictures

_ROOTS = {
    ".glb": Format.GLB,
    ".gltf": Format.GLTF,
    ".obj": Format.OBJ,
    ".stl": Format.STL,
    ".ply": Format.PLY,
    ".fbx": Format.FBX,
}
_USD = (".usd", ".usda", ".usdc")
_OBJ_LINE = re.compile(rb"(?m)^[ \t]*v[ \t]+[-+.\d]")
_FBX = (b"Kaydara FBX Binary", b"; FBX")
_SNIFFED = 1 << 20


def examine(path: Path, limits: Limits | None = None, unpack_to: Path | None = None) -> Inspection:
    """Look at the file ``path`` and say what it is, or refuse it. Takes at most 2 s and 512 MB.

    Uses no library that reads models or pictures. A zip is unpacked into ``unpack_to`` (an empty folder that the
    caller removes) when given; then ``Inspection.unpacked`` says which file is which.

    Raises: Refused (code from `Reason`) for anything that must not go further; OSError when ``path`` cannot be read.
    """
    limits = limits or Limits()
    size = path.stat().st_size
    if size == 0:
        raise refuse(Reason.EMPTY_FILE)
    if size > limits.file_bytes:
        raise refuse(Reason.FILE_TOO_LARGE, megabytes=size // MB, limit=limits.file_bytes // MB)
    with path.open("rb") as file:
        head = file.read(_SNIFFED)
    if head.startswith(ZIP_MAGIC):
        if unpack_to is not None:
            return _examine_zip(path, unpack_to, limits)
        with tempfile.TemporaryDirectory(prefix="vitrine-gate-") as folder:
            return _examine_zip(path, Path(folder), limits)
    kind = _format_of(head, size)
    return _examine_model(path, kind, None, {}, size, limits)


def _format_of(head: bytes, size: int) -> Format:
    """By content: names of uploads are chosen by strangers."""
    if head.startswith(glb.MAGIC):
        return Format.GLB
    if head.startswith(_FBX):
        return Format.FBX
    if head.startswith((b"ply\n", b"ply\r")):
        return Format.PLY
    if head.lstrip()[:1] == b"{":
        return Format.GLTF
    if _is_binary_stl_head(head, size) or (head.lstrip()[:5].lower() == b"solid" and b"facet" in head):
        return Format.STL
    if b"\0" not in head and _OBJ_LINE.search(head):
        return Format.OBJ
    raise refuse(Reason.UNKNOWN_FORMAT)


def _is_binary_stl_head(head: bytes, size: int) -> bool:
    return len(head) >= 84 and int.from_bytes(head[80:84], "little") * 50 + 84 == size


def _examine_zip(path: Path, folder: Path, limits: Limits) -> Inspection:
    archive, entries = open_archive(path, limits)
    with archive:
        root, kind = _root(entries)
        files = unpack(archive, entries, folder, limits)
    size = path.stat().st_size
    if kind is Format.USDZ:
        return Inspection(kind, size, root=root, files=tuple(files), unpacked=files, needs_importer=True)
    return _examine_model(files[root], kind, root, files, size, limits)


def _root(entries: list[Entry]) -> tuple[str, Format]:
    """The one model of a zip; a zip whose first entry is a USD stage is a USDZ."""
    if entries[0].name.casefold().endswith(_USD):
        return entries[0].name, Format.USDZ
    found = [(entry.name, _ROOTS[ending]) for entry in entries if (ending := _ending(entry.name)) in _ROOTS]
    if not found:
        raise refuse(Reason.ZIP_NO_MODEL)
    if len(found) > 1:
        raise refuse(Reason.ZIP_SEVERAL_MODELS, names=", ".join(name for name, _ in found[:3]))
    return found[0]


def _ending(name: str) -> str:
    return name[name.rfind(".") :].casefold() if "." in name else ""


def _examine_model(
    path: Path, kind: Format, root: str | None, files: Mapping[str, Path], size: int, limits: Limits
) -> Inspection:
    facts = Inspection(kind, size, root=root, files=tuple(files), unpacked=dict(files))
    data = _mapped(path)
    if kind in (Format.GLB, Format.GLTF):
        return _examine_gltf(data, facts, limits)
    if kind is Format.FBX:
        if not bytes(data[:32]).startswith(_FBX):
            raise refuse(Reason.UNKNOWN_FORMAT)
        return replace(facts, needs_importer=True)
    text = bytes(data)
    name = root or f"model.{kind}"
    if kind is Format.STL:
        return replace(facts, triangles=check_stl(text, name, limits))
    if kind is Format.PLY:
        return replace(facts, triangles=check_ply(text, name, limits))
    triangles = check_obj(text, name, limits)
    images, pixels = _check_materials(text, name, files, limits) if files else (0, 0)
    return replace(facts, triangles=triangles, images=images, pixels=pixels)


def _examine_gltf(data: memoryview, facts: Inspection, limits: Limits) -> Inspection:
    if facts.format is Format.GLB:
        chunks = glb.split(data)
        document = parse_document(chunks.json, limits.json_bytes, limits)
    else:
        chunks = glb.Chunks(bytes(data), memoryview(b""))
        document = parse_document(chunks.json, limits.inline_json_bytes, limits)
    opened: dict[str, memoryview] = {}

    def beside(uri: str) -> memoryview:
        name = file_beside(uri, facts.root or "", facts.unpacked)
        if name not in opened:
            opened[name] = _mapped(facts.unpacked[name])
        return opened[name]

    found = check_gltf(document, chunks.binary, beside, facts.bytes, limits)
    return replace(
        facts,
        triangles=found.triangles,
        nodes=found.nodes,
        images=found.images,
        pixels=found.pixels,
        extensions=found.extensions,
    )


def _check_materials(text: bytes, root: str, files: Mapping[str, Path], limits: Limits) -> tuple[int, int]:
    """Pictures and pixels that an OBJ's MTL files name."""
    wanted: dict[str, str] = {}
    for library in material_libraries(text, root, files):
        wanted |= {
            name: name for name in material_pictures(files[library].read_bytes(), library, files, limits).values()
        }
    pixels = sum(check_picture(_mapped(files[name]), name, limits).pixels for name in wanted)
    if len(wanted) > limits.images or pixels > limits.pixels:
        size, limit = f"{pixels // 10**6} million pixels together", f"{limits.pixels // 10**6} million"
        raise refuse(Reason.PICTURE_TOO_LARGE, picture=root, size=size, limit=limit)
    return len(wanted), pixels


def _mapped(path: Path) -> memoryview:
    """A file's bytes without reading them all into memory; unmapped when the last view goes."""
    with path.open("rb") as file:
        if path.stat().st_size == 0:
            return memoryview(b"")
        return memoryview(mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ))
