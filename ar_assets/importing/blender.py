"""FBX and USDZ through Blender's Python module, in a process of its own: it is large, native and under the GPL.

Optional (``pip install "vitrine[ar-blender]"``). The process imports nothing of ours.
"""

from __future__ import annotations

import importlib.util
import shutil
import subprocess
import sys
from pathlib import Path

from ar_assets.errors import StepFailed
from ar_assets.gate import Format, Reason
from ar_assets.gate.refusals import refuse

_TIMEOUT_S = 120
_SHOWN_CHARS = 300
_SCRIPT = Path(__file__).with_name("blender_script.py")


def is_available() -> bool:
    """Whether FBX and USDZ can be imported here."""
    return importlib.util.find_spec("bpy") is not None


def to_glb(source: Path, kind: Format, out: Path, folder: Path) -> None:
    """Convert ``source`` to the GLB ``out``. Raises: Refused (importer_absent), StepFailed."""
    if not is_available():
        raise refuse(Reason.IMPORTER_ABSENT, format=kind.value.upper())
    named = folder / f"upload.{kind}"
    shutil.copyfile(source, named)
    command = [sys.executable, "-I", str(_SCRIPT), str(named), str(out)]
    try:
        done = subprocess.run(command, capture_output=True, timeout=_TIMEOUT_S, check=False, cwd=folder, env={})
    except subprocess.TimeoutExpired as error:
        raise StepFailed("import", f"{kind}: not done within {_TIMEOUT_S} s") from error
    if done.returncode != 0 or not out.exists():
        last = done.stderr.decode("utf-8", "replace").strip()[-_SHOWN_CHARS:]
        raise StepFailed("import", f"{kind}: {last or done.returncode}")
