"""Makes our host as VRM 1.0: the same woman whom `avatar.stage` draws, as a figure that a browser can move.

    python scripts/make_host_model.py [TARGET]     default: client_web/public/host/vitrine-host.vrm

Everything is computed (`scripts/modelling`): turned profiles, swept tubes and sheets with smooth normals. Each surface
has one colour, named after the field of `avatar.stage.look.Look` that it has, so that an outfit can dress it; light
and dark are in the vertices' colours. One humanoid skeleton carries all; the face has morph targets for the five
vowels and the eyelids. Metres, +Y up, she looks along +Z as VRM 1.0 wants it. Own work, Apache-2.0.
"""

from __future__ import annotations

import sys
from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np
import pygltflib as gl

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from scripts.modelling.body import ELBOW, SHOULDER, WRIST, arm, legs, torso  # noqa: E402  after the path is set
from scripts.modelling.face import DROPS, EYE, eye, head, lips, opening  # noqa: E402
from scripts.modelling.hair import hair  # noqa: E402
from scripts.modelling.shapes import LOOK, Part, Points, about, blob  # noqa: E402
from scripts.vrm_file import Bytes, linear, normals  # noqa: E402

TARGET = ROOT / "client_web" / "public" / "host" / "vitrine-host.vrm"
NAPE = (0.0, 1.478, -0.004)
LARGER = 1.3
"""A stylised head is larger than life, as the drawn one's is: eyes and mouth are read on a phone."""


def _from_nape(x: float, y: float, z: float) -> tuple[float, float, float]:
    a, b, c = (round(o + (v - o) * LARGER, 5) for o, v in zip(NAPE, (x, y, z), strict=True))
    return a, b, c


def _arm(side: int, name: str) -> dict[str, tuple[str, tuple[float, float, float]]]:
    y = SHOULDER[1]
    return {
        f"{name}UpperArm": ("chest", (SHOULDER[0] * side, y, 0)),
        f"{name}LowerArm": (f"{name}UpperArm", (ELBOW * side, y, 0)),
        f"{name}Hand": (f"{name}LowerArm", (WRIST * side, y, 0)),
    }


BONES: dict[str, tuple[str | None, tuple[float, float, float]]] = {
    "hips": (None, (0, 0.94, 0)),
    "spine": ("hips", (0, 1.05, 0)),
    "chest": ("spine", (0, 1.2, 0)),
    "neck": ("chest", (0, 1.42, -0.01)),
    "head": ("neck", (0, 1.5, 0)),
    "leftEye": ("head", _from_nape(EYE[0], EYE[1], 0.083)),
    "rightEye": ("head", _from_nape(-EYE[0], EYE[1], 0.083)),
    **_arm(1, "left"),
    **_arm(-1, "right"),
    "leftUpperLeg": ("hips", (0.09, 0.9, 0)),
    "leftLowerLeg": ("leftUpperLeg", (0.09, 0.49, 0)),
    "leftFoot": ("leftLowerLeg", (0.09, 0.08, 0)),
    "rightUpperLeg": ("hips", (-0.09, 0.9, 0)),
    "rightLowerLeg": ("rightUpperLeg", (-0.09, 0.49, 0)),
    "rightFoot": ("rightLowerLeg", (-0.09, 0.08, 0)),
}
"""VRM's bones: parent, and where each turns, in the T pose."""
NAMES = list(BONES)
SHAPES = ("aa", "ih", "ou", "ee", "oh", "blinkLeft", "blinkRight", "happy", "jaw")
COLOURS: dict[str, str] = asdict(LOOK)


def figure() -> list[Part]:
    """Everything."""
    parts = [head(), *hair(), lips()]
    parts += [opening("#330C10", 1.0, 0.0014, "dark"), opening("#C9605F", 0.8, 0.0020, "tongue")]
    parts += [opening("#FBF4EC", 0.84, 0.0026, "teeth")]
    for side in (1, -1):
        parts += eye(side)
        # an earring hangs where hair and cheek meet
        parts.append(blob("accent", "head", (0.0905 * side, 1.545, 0.052), (0.0042, 0.0042, 0.0042), 0.25, 10))
        parts.append(blob("accent", "head", (0.0905 * side, 1.528, 0.053), (0.0066, 0.0125, 0.0066), 0.25, 12))
    parts = [about(part, NAPE, LARGER) for part in parts]
    return [*parts, *torso(), *arm(1), *arm(-1), *legs()]


def vrm(parts: list[Part]) -> gl.GLTF2:
    """The file: one mesh with morph targets for the face, one for the rest, on one skin."""
    model = gl.GLTF2(asset=gl.Asset(version="2.0", generator="vitrine scripts/make_host_model.py"))
    data = Bytes(model)
    for name, (parent, at) in BONES.items():
        origin = BONES[parent][1] if parent else (0.0, 0.0, 0.0)
        offset = [round(a - b, 5) for a, b in zip(at, origin, strict=True)]
        children = [NAMES.index(child) for child, (above, _) in BONES.items() if above == name]
        model.nodes.append(gl.Node(name=name, translation=offset, children=children))
    inverse = np.tile(np.eye(4, dtype=np.float32), (len(NAMES), 1, 1))
    for n, (_, at) in enumerate(BONES.values()):
        inverse[n, 3, :3] = -np.array(at)  # column by column
    model.skins.append(gl.Skin(joints=list(range(len(NAMES))), skeleton=0))
    model.skins[0].inverseBindMatrices = data.add(inverse.reshape(-1, 16), "MAT4")
    for name, chosen in (("face", [p for p in parts if p.morphs]), ("body", [p for p in parts if not p.morphs])):
        model.meshes.append(mesh(name, chosen, model, data))
        model.nodes.append(gl.Node(name=name, mesh=len(model.meshes) - 1, skin=0))
    count = len(NAMES)
    model.scenes.append(gl.Scene(nodes=[0, count, count + 1]))
    model.scene = 0
    model.extensionsUsed = ["VRMC_vrm"]
    model.extensions = {"VRMC_vrm": description(face_node=count)}
    model.buffers.append(gl.Buffer(byteLength=len(data.blob)))
    model.set_binary_blob(bytes(data.blob))
    return model


def mesh(name: str, parts: list[Part], model: gl.GLTF2, data: Bytes) -> gl.Mesh:
    """One primitive per colour and roughness."""
    made = gl.Mesh(name=name)
    for colour, rough in dict.fromkeys((part.colour, part.rough) for part in parts):
        some = [part for part in parts if (part.colour, part.rough) == (colour, rough)]
        starts = np.cumsum([0, *(len(part.points) for part in some)])
        points = np.concatenate([part.points for part in some]).astype(np.float32)
        faces = np.concatenate([part.faces + start for part, start in zip(some, starts, strict=False)])
        # degenerate triangles at the poles say nothing
        faces = faces[(faces[:, 0] != faces[:, 1]) & (faces[:, 1] != faces[:, 2]) & (faces[:, 0] != faces[:, 2])]
        smooth = np.concatenate([normals(part.points, part.faces) for part in some]).astype(np.float32)
        tint = np.ones((len(points), 4), np.uint8) * 255
        tint[:, :3] = np.concatenate([np.ones_like(p.points) if p.tint is None else p.tint for p in some]) * 255 + 0.5
        joints = np.zeros((len(points), 4), np.uint8)
        shares = np.zeros(len(points))
        for n, (first, second, share) in enumerate(bone for part in some for bone in part.bones):
            joints[n, :2], shares[n] = (NAMES.index(first), NAMES.index(second)), share
        weights = np.zeros((len(points), 4), np.uint8)
        weights[:, 1] = np.round(shares * 255)
        weights[:, 0] = 255 - weights[:, 1]
        joints[weights == 0] = 0
        model.materials.append(
            gl.Material(
                name=colour,
                doubleSided=True,
                pbrMetallicRoughness=gl.PbrMetallicRoughness(
                    baseColorFactor=linear(COLOURS.get(colour, colour)), metallicFactor=0.0, roughnessFactor=rough
                ),
            )
        )
        primitive = gl.Primitive(
            attributes=gl.Attributes(
                POSITION=data.add(points, "VEC3", target=34962, bounds=True),
                NORMAL=data.add(smooth, "VEC3", target=34962),
                JOINTS_0=data.add(joints, "VEC4", target=34962),
                WEIGHTS_0=data.add(weights, "VEC4", target=34962, normalised=True),
                COLOR_0=data.add(tint, "VEC4", target=34962, normalised=True),
            ),
            indices=data.add(faces.astype(np.uint16).reshape(-1), "SCALAR", target=34963),
            material=len(model.materials) - 1,
        )
        if name == "face":
            for shape in SHAPES:
                moved: list[Points] = [part.morphs.get(shape, np.zeros_like(part.points)) for part in some]
                target = np.concatenate(moved).astype(np.float32)
                primitive.targets.append({"POSITION": data.morph(target)})
        made.primitives.append(primitive)
    if name == "face":
        made.weights = [0.0] * len(SHAPES)
        made.extras = {"targetNames": list(SHAPES)}
    return made


def description(face_node: int) -> dict[str, Any]:
    """VRM 1.0: who may use it, which node is which bone, which morph is which expression, how the eyes turn."""

    def expression(**shapes: float) -> dict[str, Any]:
        binds = [{"node": face_node, "index": SHAPES.index(shape), "weight": w} for shape, w in shapes.items()]
        return {"isBinary": False, "morphTargetBinds": binds}

    expressions = {shape: expression(**{shape: 1.0}) for shape in SHAPES if shape != "jaw"}
    # one jaw for all vowels, so far down for each
    for vowel, drop in DROPS.items():
        expressions[vowel] = expression(**{vowel: 1.0, "jaw": round(drop / DROPS["aa"], 3)})
    expressions["blink"] = expression(blinkLeft=1.0, blinkRight=1.0)
    turn = {"inputMaxValue": 90.0, "outputScale": 12.0}
    return {
        "specVersion": "1.0",
        "meta": {
            "name": "Vitrine host",
            "version": "1",
            "authors": ["Vitrine contributors"],
            "copyrightInformation": "Apache-2.0",
            "licenseUrl": "https://vrm.dev/licenses/1.0/",
            "otherLicenseUrl": "https://www.apache.org/licenses/LICENSE-2.0",
            "avatarPermission": "everyone",
            "commercialUsage": "corporation",
            "creditNotation": "unnecessary",
            "allowRedistribution": True,
            "modification": "allowModificationRedistribution",
        },
        "humanoid": {"humanBones": {name: {"node": n} for n, name in enumerate(NAMES)}},
        "expressions": {"preset": expressions},
        "lookAt": {
            "type": "bone",
            "offsetFromHeadBone": [0.0, 0.143, 0.11],
            **{
                f"rangeMap{way}": dict(turn)
                for way in ("HorizontalInner", "HorizontalOuter", "VerticalDown", "VerticalUp")
            },
        },
    }


def main() -> None:
    """Write the file."""
    target = Path(sys.argv[1]) if len(sys.argv) > 1 else TARGET
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_bytes(b"".join(vrm(figure()).save_to_bytes()))
    print(f"{target.name}: {target.stat().st_size // 1024} KiB")


if __name__ == "__main__":
    main()
