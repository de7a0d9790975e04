"""USDZ for AR Quick Look: one file per variant, written with usd-core from a plain GLB (`pipeline`).

Quick Look knows no material variants, so a viewer who chose a colour must be handed a file of that colour.
"""

from __future__ import annotations

import tempfile
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from pxr import Gf, Kind, Sdf, Usd, UsdGeom, UsdShade, UsdValidation, Vt

from ar_assets.document import Document, Matrix
from ar_assets.errors import StepFailed
from ar_assets.normalise.shape import instances
from ar_assets.render.scene import part_of
from ar_assets.usdz_materials import MaterialWriter
from ar_assets.variants import choose

_SMALLEST_PX = 256


@dataclass(frozen=True)
class UsdzLimits:
    """What a USDZ may weigh; textures are made smaller step by step until it fits."""

    max_bytes: int = 8 * 1024 * 1024
    max_texture_px: int = 2048


@dataclass(frozen=True)
class UsdzResult:
    """One written USDZ. ``losses`` are sentences about what UsdPreviewSurface cannot say (sheen, tint, …)."""

    path: Path
    bytes: int
    triangles: int
    texture_px: int
    losses: tuple[str, ...]


def export(
    glb: bytes | Path | Document, out: Path, *, variant: str | None = None, limits: UsdzLimits = UsdzLimits()
) -> UsdzResult:
    """Write the GLB (plain, see `pipeline`) as ``out`` (a .usdz), showing ``variant`` or the default materials.

    Real metres (metersPerUnit 1), +Y up. Blocks for a second or so.

    Raises:
        KeyError: No such variant.
        StepFailed: The file cannot be written within the limits.
    """
    document = Document.read(glb)
    if variant is not None:
        document = choose(document, variant)
    texture_px = limits.max_texture_px
    while True:
        with tempfile.TemporaryDirectory(prefix="vitrine-usdz-") as folder:
            triangles, losses = _write_layer(document, Path(folder), texture_px)
            packed = Path(folder) / "model.usdz"
            _pack(Path(folder), packed)
            size = packed.stat().st_size
            if size <= limits.max_bytes:
                out.write_bytes(packed.read_bytes())
                return UsdzResult(out, size, triangles, texture_px, tuple(losses))
        if texture_px <= _SMALLEST_PX:
            raise StepFailed("usdz", f"it has {size} bytes even with small textures, {limits.max_bytes} are allowed")
        texture_px //= 2


def _pack(folder: Path, packed: Path) -> None:
    """An uncompressed zip aligned to 64 bytes, the layer first (UsdUtils renames textures and complains)."""
    with Sdf.ZipFileWriter.CreateNew(str(packed)) as archive:
        names = ["model.usdc", *sorted(f"textures/{path.name}" for path in folder.glob("textures/*"))]
        for name in names:
            if not archive.AddFile(str(folder / name), name):
                raise StepFailed("usdz", f"{name} could not be packed")


def problems(path: Path) -> list[str]:
    """What UsdValidation's validators (all that are known) say about a file; empty means clean."""
    stage = Usd.Stage.Open(str(path))
    if not stage:
        return ["it cannot be opened"]
    context = UsdValidation.ValidationContext(UsdValidation.ValidationRegistry().GetOrLoadAllValidators())
    return [f"{error.GetName()}: {error.GetMessage()}" for error in context.Validate(stage)]


def _write_layer(document: Document, folder: Path, texture_px: int) -> tuple[int, list[str]]:
    """Write ``model.usdc`` and its textures into ``folder``; triangles and losses."""
    stage = Usd.Stage.CreateNew(str(folder / "model.usdc"))
    UsdGeom.SetStageUpAxis(stage, UsdGeom.Tokens.y)
    UsdGeom.SetStageMetersPerUnit(stage, 1.0)
    root = UsdGeom.Xform.Define(stage, "/Model")
    Usd.ModelAPI(root).SetKind(Kind.Tokens.component)
    stage.SetDefaultPrim(root.GetPrim())
    UsdGeom.Scope.Define(stage, "/Model/Looks")
    looks = MaterialWriter(document, stage, folder, texture_px)
    triangles = number = 0
    for index, matrix in document.placed():
        mesh = document.items("nodes")[index].get("mesh")
        if mesh is None:
            continue
        for primitive in document.items("meshes")[mesh].get("primitives", []):
            part = part_of(document, primitive)
            if part is None:
                continue
            kind = primitive.get("material")
            has_colors = "COLOR_0" in primitive.get("attributes", {})
            for instance in instances(document, index):
                shape = _write_mesh(stage, f"/Model/Part_{number}", part, matrix @ instance, has_colors)
                is_double = kind is not None and document.items("materials")[kind].get("doubleSided", False)
                shape.CreateDoubleSidedAttr(bool(is_double))
                material = looks.material(kind, has_colors=has_colors)
                UsdShade.MaterialBindingAPI.Apply(shape.GetPrim()).Bind(material)
                triangles += len(part[-1])
                number += 1
    stage.GetRootLayer().Save()
    return triangles, looks.losses


def _write_mesh(
    stage: Usd.Stage, path: str, part: tuple[np.ndarray, ...], matrix: Matrix, has_colors: bool
) -> UsdGeom.Mesh:
    points, normals, uv0, uv1, colors, _, faces = part
    turn = matrix[:3, :3]
    if np.linalg.det(turn) < 0:
        faces = faces[:, ::-1]
    placed = (points @ turn.T + matrix[:3, 3]).astype(np.float32)
    shape = UsdGeom.Mesh.Define(stage, path)
    shape.CreateSubdivisionSchemeAttr(UsdGeom.Tokens.none)
    shape.CreatePointsAttr(Vt.Vec3fArray.FromNumpy(np.ascontiguousarray(placed)))
    shape.CreateFaceVertexCountsAttr(Vt.IntArray.FromNumpy(np.full(len(faces), 3, np.int32)))
    flat = np.ascontiguousarray(faces.ravel().astype(np.int32))
    shape.CreateFaceVertexIndicesAttr(Vt.IntArray.FromNumpy(flat))
    low, high = placed.min(0).tolist(), placed.max(0).tolist()
    shape.CreateExtentAttr([Gf.Vec3f(*low), Gf.Vec3f(*high)])
    if normals.any():
        turned = normals @ np.linalg.pinv(turn)
        turned /= np.maximum(np.linalg.norm(turned, axis=1, keepdims=True), 1e-12)
        shape.CreateNormalsAttr(Vt.Vec3fArray.FromNumpy(np.ascontiguousarray(turned.astype(np.float32))))
        shape.SetNormalsInterpolation(UsdGeom.Tokens.vertex)
    primvars = UsdGeom.PrimvarsAPI(shape)
    for name, uv in (("st", uv0), ("st1", uv1)):
        if name == "st" or uv.any():
            flipped = np.stack([uv[:, 0], 1 - uv[:, 1]], 1).astype(np.float32)
            primvar = primvars.CreatePrimvar(name, Sdf.ValueTypeNames.TexCoord2fArray, UsdGeom.Tokens.vertex)
            primvar.Set(Vt.Vec2fArray.FromNumpy(np.ascontiguousarray(flipped)))
    if has_colors:
        values = np.ascontiguousarray(colors[:, :3].astype(np.float32))
        primvar = primvars.CreatePrimvar("displayColor", Sdf.ValueTypeNames.Color3fArray, UsdGeom.Tokens.vertex)
        primvar.Set(Vt.Vec3fArray.FromNumpy(values))
    return shape
