"""Makes the 3D models of the demo shop again: draws those that are ours, and runs the asset pipeline over all.

    python scripts/make_demo_models.py [SLUG…]

Writes into stream_server/demo/models, where ``models.json`` names what is shown. Needs the `ar` extra and Node.
"""

from __future__ import annotations

import shutil
import sys
import tempfile
from pathlib import Path

import numpy as np
import trimesh
from numpy.typing import NDArray
from trimesh.visual.material import PBRMaterial

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from ar_assets.categories import Category  # noqa: E402  after the path is set
from ar_assets.pipeline import ProcessOptions, Step, process  # noqa: E402

MODELS = ROOT / "stream_server" / "demo" / "models"
TURNS = 96


class Talk:
    """Says how far it is."""

    def step(self, step: Step, fraction: float) -> None:
        """One line each."""
        print(f"  {fraction:4.0%} {step}", flush=True)


def turned(profile: list[tuple[float, float]], squeeze: float = 1.0) -> trimesh.Trimesh:
    """A profile (radius, height) in metres turned about +Y; ``squeeze`` narrows it from side to side."""
    points = np.array(profile)
    mesh = trimesh.creation.revolve(points, sections=TURNS)
    turn = trimesh.transformations.rotation_matrix(-np.pi / 2, (1, 0, 0))
    mesh.apply_transform(turn)
    mesh.vertices[:, 0] *= squeeze
    return mesh


def smooth(corners: list[tuple[float, float]], steps: int = 6) -> list[tuple[float, float]]:
    """Rounds a profile by cutting its corners again and again (Chaikin)."""
    line: NDArray[np.float64] = np.array(corners, float)
    for _ in range(steps // 2):
        cut = np.empty((2 * (len(line) - 1), 2))
        cut[0::2] = 0.75 * line[:-1] + 0.25 * line[1:]
        cut[1::2] = 0.25 * line[:-1] + 0.75 * line[1:]
        line = np.vstack([line[:1], cut, line[-1:]])
    return [(float(radius), float(height)) for radius, height in line]


def painted(mesh: trimesh.Trimesh, colour: tuple[int, int, int], rough: float, metal: float = 0.0) -> trimesh.Trimesh:
    """One material all over."""
    material = PBRMaterial(baseColorFactor=[*colour, 255], roughnessFactor=rough, metallicFactor=metal)
    mesh.visual = trimesh.visual.TextureVisuals(material=material)
    return mesh


def felt_hat() -> trimesh.Scene:
    """A wide-brimmed felt hat with a ribbon; the opening is 19.5 by 17 cm (size 57)."""
    brim_and_crown = smooth(
        [(0.0975, 0.0), (0.115, 0.001), (0.15, 0.006), (0.162, 0.012), (0.162, 0.016), (0.15, 0.0105), (0.116, 0.0055)]
        + [(0.1005, 0.006), (0.1, 0.03), (0.097, 0.075), (0.085, 0.108), (0.05, 0.114), (0.0, 0.109)]
    )
    inside = smooth([(0.0, 0.105), (0.048, 0.11), (0.081, 0.104), (0.0935, 0.073), (0.0965, 0.03), (0.0975, 0.0)])
    ribbon = smooth([(0.1012, 0.008), (0.1028, 0.01), (0.1018, 0.036), (0.0995, 0.038)])
    felt = trimesh.util.concatenate([turned(brim_and_crown, 0.88), turned(inside, 0.88)])
    scene = trimesh.Scene()
    scene.add_geometry(painted(felt, (92, 74, 58), 0.95), "felt")
    scene.add_geometry(painted(turned(ribbon, 0.88), (38, 30, 28), 0.55), "ribbon")
    return scene


DRAWN = {"felt_hat.glb": felt_hat}
MADE = {
    "solano-sunglasses": (Category.GLASSES, "SunglassesKhronos.glb"),
    "vela-felt-hat": (Category.HAT, "felt_hat.glb"),
}


def main(wanted: list[str]) -> int:
    """Make those that are asked for, else all."""
    for slug, (category, name) in MADE.items():
        if wanted and slug not in wanted:
            continue
        source, out = MODELS / name, MODELS / slug
        if name in DRAWN:
            source.write_bytes(DRAWN[name]().export(file_type="glb"))
        print(slug, flush=True)
        with tempfile.TemporaryDirectory(dir=MODELS.parent, prefix=".making-") as folder:
            process(source, Path(folder) / "out", ProcessOptions(category=category), Talk())
            shutil.rmtree(out, ignore_errors=True)
            (Path(folder) / "out").rename(out)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
