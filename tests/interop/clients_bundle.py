"""Builds the page script with other people's WHIP and WHEP clients (tests/interop/clients)."""

from __future__ import annotations

import subprocess
from pathlib import Path

from tests.serving import ROOT

FOLDER = Path(__file__).parent / "clients"
BUNDLE = FOLDER / "dist" / "clients.js"


def clients_bundle() -> str:
    """The bundled clients as one script, built when it is missing or older than its sources.

    Raises: subprocess.CalledProcessError when npm cannot install or build.
    """
    sources = [FOLDER / "entry.js", FOLDER / "package-lock.json"]
    newest = max(path.stat().st_mtime for path in sources)
    if not BUNDLE.exists() or BUNDLE.stat().st_mtime < newest:
        for command in (["npm", "ci", "--no-audit", "--no-fund", "--loglevel=error"], ["npm", "run", "build"]):
            subprocess.run(
                [ROOT / "scripts" / "node", *command],
                cwd=FOLDER,
                check=True,
                timeout=120,
                capture_output=True,
                text=True,
            )
    return BUNDLE.read_text()
