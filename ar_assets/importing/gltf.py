"""GLB, and glTF with its files beside it: the worker reads them and gets every file by name from us."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from ar_assets.gate import Format, Inspection
from ar_assets.gate.addresses import file_beside
from ar_assets.node_worker import NodeWorker


def to_plain(root: Path, inspection: Inspection, out: Path, worker: NodeWorker) -> dict[str, Any]:
    """Write the plain GLB ``out``; the worker's statistics. Raises: Refused, StepFailed, WorkerLost."""
    if inspection.format is Format.GLB:
        return worker.run("import", source=str(root), format="glb", out=str(out))
    document = json.loads(root.read_bytes())
    addresses = [part.get("uri") for kind in ("buffers", "images") for part in document.get(kind, [])]
    files = {
        uri: str(inspection.unpacked[file_beside(uri, inspection.root or "", inspection.unpacked)])
        for uri in addresses
        if isinstance(uri, str) and uri[:5].lower() != "data:"
    }
    return worker.run("import", source=str(root), format="gltf", files=files, out=str(out))
