"""A document as the ray tracer sees it: one list of triangles with attributes per vertex, and its materials."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np
from embreex.mesh_construction import TriangleMesh
from embreex.rtcore_scene import EmbreeScene
from numpy.typing import NDArray

from ar_assets.document import Document, Floats, Json
from ar_assets.normalise.shape import instances, triangle_indices
from ar_assets.render.textures import Sampled, TextureShelf


def _vector(value: Any, default: tuple[float, ...]) -> Floats:
    return np.array(value if value is not None else default, np.float32)


@dataclass(frozen=True)
class Material:
    """A glTF material with the extensions that change how a product looks; colours linear."""

    base: Floats
    emissive: Floats
    metallic: float = 1.0
    roughness: float = 1.0
    normal_scale: float = 1.0
    occlusion: float = 1.0
    mode: str = "OPAQUE"
    cutoff: float = 0.5
    is_double_sided: bool = False
    is_unlit: bool = False
    ior: float = 1.5
    specular: float = 1.0
    specular_color: Floats = field(default_factory=lambda: np.ones(3, np.float32))
    transmission: float = 0.0
    attenuation: Floats = field(default_factory=lambda: np.ones(3, np.float32))
    sheen: Floats = field(default_factory=lambda: np.zeros(3, np.float32))
    sheen_roughness: float = 0.0
    clearcoat: float = 0.0
    clearcoat_roughness: float = 0.0
    iridescence: float = 0.0
    iridescence_ior: float = 1.3
    iridescence_nm: float = 400.0
    textures: dict[str, Sampled] = field(default_factory=dict)

    @property
    def is_see_through(self) -> bool:
        """Whether light can pass, so that what lies behind must be looked at."""
        return self.mode != "OPAQUE" or self.transmission > 0


def material_of(spec: Json, shelf: TextureShelf) -> Material:
    """Read a material; what it leaves out has the specification's defaults."""
    pbr = spec.get("pbrMetallicRoughness", {})
    more = spec.get("extensions", {})

    def of(name: str) -> Json:
        found = more.get(f"KHR_materials_{name}", {})
        return found if isinstance(found, dict) else {}

    strength = of("emissive_strength").get("emissiveStrength", 1.0)
    volume, film = of("volume"), of("iridescence")
    infos = {
        "base": pbr.get("baseColorTexture"),
        "metallic_roughness": pbr.get("metallicRoughnessTexture"),
        "normal": spec.get("normalTexture"),
        "occlusion": spec.get("occlusionTexture"),
        "emissive": spec.get("emissiveTexture"),
        "transmission": of("transmission").get("transmissionTexture"),
        "sheen": of("sheen").get("sheenColorTexture"),
        "sheen_roughness": of("sheen").get("sheenRoughnessTexture"),
        "specular": of("specular").get("specularTexture"),
        "specular_color": of("specular").get("specularColorTexture"),
        "clearcoat": of("clearcoat").get("clearcoatTexture"),
    }
    if old := more.get("KHR_materials_pbrSpecularGlossiness"):
        # A retired extension: its diffuse colour and gloss say most of what was meant
        pbr = {
            "baseColorFactor": old.get("diffuseFactor"),
            "metallicFactor": 0.0,
            "roughnessFactor": 1.0
            - old.get("glossinessFactor", 1.0) * (0.5 if "specularGlossinessTexture" in old else 1),
        }
        infos["base"] = old.get("diffuseTexture")
    found = {name: texture for name, info in infos.items() if (texture := shelf.get(info)) is not None}
    return Material(
        base=_vector(pbr.get("baseColorFactor"), (1, 1, 1, 1)),
        emissive=_vector(spec.get("emissiveFactor"), (0, 0, 0)) * np.float32(strength),
        metallic=float(pbr.get("metallicFactor", 1.0)),
        roughness=float(pbr.get("roughnessFactor", 1.0)),
        normal_scale=float((spec.get("normalTexture") or {}).get("scale", 1.0)),
        occlusion=float((spec.get("occlusionTexture") or {}).get("strength", 1.0)),
        mode=str(spec.get("alphaMode", "OPAQUE")),
        cutoff=float(spec.get("alphaCutoff", 0.5)),
        is_double_sided=bool(spec.get("doubleSided", False)),
        is_unlit="KHR_materials_unlit" in more,
        ior=float(of("ior").get("ior", 1.5)),
        specular=float(of("specular").get("specularFactor", 1.0)),
        specular_color=_vector(of("specular").get("specularColorFactor"), (1, 1, 1)),
        transmission=float(of("transmission").get("transmissionFactor", 0.0)),
        attenuation=_attenuation(volume),
        sheen=_vector(of("sheen").get("sheenColorFactor"), (0, 0, 0)),
        sheen_roughness=float(of("sheen").get("sheenRoughnessFactor", 0.0)),
        clearcoat=float(of("clearcoat").get("clearcoatFactor", 0.0)),
        clearcoat_roughness=float(of("clearcoat").get("clearcoatRoughnessFactor", 0.0)),
        iridescence=float(film.get("iridescenceFactor", 0.0)),
        iridescence_ior=float(film.get("iridescenceIor", 1.3)),
        iridescence_nm=float(film.get("iridescenceThicknessMaximum", 400.0)),
        textures=found,
    )


def _attenuation(volume: Json) -> Floats:
    """What a volume lets through over its stated thickness (KHR_materials_volume), by Beer's law."""
    distance = float(volume.get("attenuationDistance") or 0.0)
    if not distance:
        return np.ones(3, np.float32)
    color = np.clip(_vector(volume.get("attenuationColor"), (1, 1, 1)), 1e-4, 1)
    return np.asarray(color ** min(float(volume.get("thicknessFactor", 0.0)) / distance, 50.0), np.float32)


@dataclass
class Scene:
    """Triangles moved and scaled into the unit ball around the origin (rays are traced in 32 bits).

    ``points`` (n, 3), ``normals`` (n, 3), ``uvs`` two sets (n, 2), ``colors`` (n, 4), ``tangents`` (n, 4; zero where
    the file has none), ``faces`` (m, 3), ``material`` (m,) as index into ``materials``. ``centre`` and ``radius`` give
    model space back: ``model = point * radius + centre``. ``used`` are the points of triangles.
    """

    points: Floats
    normals: Floats
    uvs: tuple[Floats, Floats]
    colors: Floats
    tangents: Floats
    faces: NDArray[np.int64]
    material: NDArray[np.int32]
    materials: list[Material]
    centre: NDArray[np.float64]
    radius: float
    used: Floats = field(init=False)
    has_colors: bool = field(init=False)
    has_tangents: bool = field(init=False)
    rays: EmbreeScene = field(init=False)
    flat: Floats = field(init=False)
    density: tuple[Floats, Floats] = field(init=False)
    face_tangents: tuple[Floats, Floats] = field(init=False)

    def __post_init__(self) -> None:
        self.used = self.points[np.unique(self.faces)]
        self.has_colors = bool((self.colors != 1).any())
        self.has_tangents = bool(self.tangents.any())
        corner = self.points[self.faces]
        ab, ac = corner[:, 1] - corner[:, 0], corner[:, 2] - corner[:, 0]
        across = np.cross(ab, ac)
        area = np.linalg.norm(across, axis=1)
        self.flat = (across / np.maximum(area, 1e-20)[:, None]).astype(np.float32)
        tangents: list[Floats] = []
        density: list[Floats] = []
        for uv in self.uvs:
            place = uv[self.faces]
            d1, d2 = place[:, 1] - place[:, 0], place[:, 2] - place[:, 0]
            turn = d1[:, 0] * d2[:, 1] - d1[:, 1] * d2[:, 0]
            along = (ab * d2[:, 1:2] - ac * d1[:, 1:2]) * np.sign(turn)[:, None]
            hand = np.where(turn < 0, -1, 1)
            tangents.append(np.concatenate([along, hand[:, None]], 1).astype(np.float32))
            density.append(np.sqrt(np.abs(turn) / np.maximum(area, 1e-20)).astype(np.float32))
        self.face_tangents = (tangents[0], tangents[1])
        self.density = (density[0], density[1])
        self.rays = EmbreeScene(robust=True)
        TriangleMesh(self.rays, self.points, self.faces.astype(np.int32))


def build(document: Document, *, max_texture_px: int = 1024) -> Scene | None:
    """Read the shown scene of a plain GLB; None where it draws no triangle.

    Raises:
        StepFailed: Compressed or broken geometry, or an image that cannot be decoded.
    """
    shelf = TextureShelf(document, max_texture_px)
    materials = [material_of(spec, shelf) for spec in document.items("materials")]
    materials.append(Material(base=np.ones(4, np.float32), emissive=np.zeros(3, np.float32)))
    columns: dict[str, list[NDArray[Any]]] = {name: [] for name in ("p", "n", "u", "v", "c", "t", "f", "m")}
    total = 0
    for index, matrix in document.placed():
        mesh = document.items("nodes")[index].get("mesh")
        if mesh is None:
            continue
        for primitive in document.items("meshes")[mesh].get("primitives", []):
            part = part_of(document, primitive)
            if part is None:
                continue
            points, normals, uv0, uv1, color, tangents, faces = part
            kind = np.full(len(faces), primitive.get("material", len(materials) - 1), np.int32)
            for instance in instances(document, index):
                whole = matrix @ instance
                turn = whole[:3, :3]
                flipped = np.linalg.det(turn) < 0
                columns["p"].append(points @ turn.T + whole[:3, 3])
                columns["n"].append(_unit(normals @ np.linalg.pinv(turn)))
                columns["t"].append(np.concatenate([_unit(tangents[:, :3] @ turn.T), tangents[:, 3:]], 1))
                columns["f"].append((faces[:, ::-1] if flipped else faces) + total)
                for name, values in (("u", uv0), ("v", uv1), ("c", color), ("m", kind)):
                    columns[name].append(values)
                total += len(points)
    if not columns["f"]:
        return None
    joined = {name: np.concatenate(parts) for name, parts in columns.items()}
    used = joined["p"][joined["f"].ravel()]
    low, high = used.min(0), used.max(0)
    centre, radius = (low + high) / 2, max(float(np.linalg.norm(high - low)) / 2, 1e-9)
    return Scene(
        ((joined["p"] - centre) / radius).astype(np.float32),
        joined["n"].astype(np.float32),
        (joined["u"].astype(np.float32), joined["v"].astype(np.float32)),
        joined["c"].astype(np.float32),
        joined["t"].astype(np.float32),
        joined["f"],
        joined["m"],
        materials,
        centre,
        radius,
    )


def part_of(document: Document, primitive: Json) -> tuple[NDArray[Any], ...] | None:
    """A primitive's points, normals, two sets of coordinates, colours, tangents and triangles; None if it has none.

    Attributes that the file leaves out are zero (colours: white).
    """
    attributes = primitive.get("attributes", {})
    if "POSITION" not in attributes:
        return None
    points = document.accessor(attributes["POSITION"]).astype(np.float64)
    count = len(points)
    faces = triangle_indices(document, primitive, count)
    if not len(faces):
        return None

    def get(name: str, width: int) -> NDArray[Any] | None:
        values = document.accessor(attributes[name]) if name in attributes else None
        return values[:, :width].astype(np.float64) if values is not None and len(values) == count else None

    normals = get("NORMAL", 3)
    color = get("COLOR_0", 4)
    tangents = get("TANGENT", 4)
    uv0, uv1 = get("TEXCOORD_0", 2), get("TEXCOORD_1", 2)
    if color is not None and color.shape[1] == 3:
        color = np.concatenate([color, np.ones((count, 1))], 1)
    zeros = np.zeros((count, 2))
    return (
        points,
        normals if normals is not None else np.zeros((count, 3)),
        uv0 if uv0 is not None else zeros,
        uv1 if uv1 is not None else zeros,
        color if color is not None else np.ones((count, 4)),
        tangents if tangents is not None else np.zeros((count, 4)),
        faces,
    )


def _unit(vectors: NDArray[Any]) -> NDArray[Any]:
    return np.asarray(vectors / np.maximum(np.linalg.norm(vectors, axis=1, keepdims=True), 1e-12))
