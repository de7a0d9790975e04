"""The two tools that others make models small with, as their command lines: glTF-Transform and gltfpack.

They are installed once, pinned, into ``build/benchmark-peers``; where that does not work they are left out.
"""

from __future__ import annotations

import json
import resource
import subprocess
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from ar_assets.node_worker import find_node

ROOT = Path(__file__).parents[2]
FOLDER = ROOT / "build" / "benchmark-peers"
PACKAGES = {"@gltf-transform/cli": "4.5.1", "gltfpack": "1.3.0"}
_INSTALL_TIMEOUT_S = 180.0
_RUN_TIMEOUT_S = 180.0


class PeerFailed(Exception):
    """A peer cannot be installed, or ended with an error on a model."""


@dataclass(frozen=True)
class Tool:
    """One peer: its name in tables and the commands for a model, one after the other."""

    name: str
    commands: Callable[[Path, Path], list[list[str]]]

    def run(self, source: Path, out: Path) -> float:
        """Make ``out``; CPU seconds of the whole commands, user and system. Raises: PeerFailed."""
        node = find_node()
        before = _children_cpu_s()
        for command in self.commands(source, out):
            done = subprocess.run([str(node), *command], capture_output=True, timeout=_RUN_TIMEOUT_S, check=False)
            if done.returncode:
                raise PeerFailed(f"{self.name}: {done.stderr.decode(errors='replace')[-300:]}")
        if not out.exists():
            raise PeerFailed(f"{self.name}: nothing was written")
        return _children_cpu_s() - before


_CLI = FOLDER / "node_modules/@gltf-transform/cli/bin/cli.js"
_PACK = FOLDER / "node_modules/gltfpack/cli.js"


def _gltf_transform(source: Path, out: Path) -> list[list[str]]:
    options = ["--compress", "meshopt", "--texture-compress", "webp", "--texture-size", "2048"]
    return [[str(_CLI), "optimize", str(source), str(out), *options]]


def _gltfpack(source: Path, out: Path) -> list[list[str]]:
    return [[str(_PACK), "-i", str(source), "-o", str(out), "-cc"]]


def _gltfpack_webp(source: Path, out: Path) -> list[list[str]]:
    """Its build on npm has no WebP encoder (``-tw`` is refused), so glTF-Transform's makes the textures before."""
    middle = out.with_suffix(".webp.glb")
    return [[str(_CLI), "webp", str(source), str(middle)], *_gltfpack(middle, out)]


GLTF_TRANSFORM = Tool("gltf-transform", _gltf_transform)
GLTFPACK = Tool("gltfpack", _gltfpack)
GLTFPACK_WEBP = Tool("gltfpack+webp", _gltfpack_webp)
"""The fair peer where likeness is compared: textures are encoded there as well."""


def install() -> None:
    """Have both tools in the pinned versions. Raises: PeerFailed."""
    if all(_version(name) == version for name, version in PACKAGES.items()):
        return
    FOLDER.mkdir(parents=True, exist_ok=True)
    (FOLDER / "package.json").write_text('{"private": true}\n')
    wanted = [f"{name}@{version}" for name, version in PACKAGES.items()]
    command = [str(ROOT / "scripts/node"), "npm", "install", "--save-exact", "--no-audit", "--no-fund", *wanted]
    try:
        done = subprocess.run(command, cwd=FOLDER, capture_output=True, timeout=_INSTALL_TIMEOUT_S, check=False)
    except subprocess.TimeoutExpired as error:
        raise PeerFailed("npm did not finish") from error
    if done.returncode:
        raise PeerFailed(done.stderr.decode(errors="replace")[-300:])


def _version(name: str) -> str | None:
    manifest = FOLDER / "node_modules" / name / "package.json"
    return json.loads(manifest.read_bytes()).get("version") if manifest.exists() else None


def _children_cpu_s() -> float:
    """Of all children that have ended; the resident worker has not."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime
