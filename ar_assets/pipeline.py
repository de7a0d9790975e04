"""From a brand's upload to the files that the player loads: `process`.

Between the steps a model is a **plain GLB** on disk: valid by the Khronos validator, no mesh compression, no
quantisation (float positions, normals, texture coordinates), no sparse accessors, one buffer, textures inside as PNG,
JPEG or WebP (EXT_texture_webp), extras and empty nodes kept. Import makes it, normalising and anchors write it anew,
rendering, USDZ and facts read it, and what the encoder wrote is decoded into it again before it is judged.
"""

from __future__ import annotations

import tempfile
from pathlib import Path

from ar_assets.node_worker import NodeWorker
from ar_assets.passage import Passage
from ar_assets.report import Report
from ar_assets.request import Pose, ProcessOptions, Progress, Silence, Step

__all__ = ["Pose", "ProcessOptions", "Progress", "Silence", "Step", "process"]


def process(source: Path, out: Path, options: ProcessOptions, progress: Progress | None = None) -> Report:
    """Turn the upload ``source`` into the published files in ``out`` (made if missing, must be empty).

    Blocks for seconds; wants a process of its own where untrusted files are handled, because native decoders run
    here. Starts and ends its own Node worker, which reserves 22 GB of addresses: limit such a process by RLIMIT_DATA
    or a cgroup, never by RLIMIT_AS. On any error ``out`` is left empty.

    Raises: Refused (tell the brand), StepFailed (ours), WorkerLost (retry), OSError (disk), ValueError (options).
    """
    out.mkdir(parents=True, exist_ok=True)
    if any(out.iterdir()):
        raise ValueError(f"{out} is not empty")
    if not options.category.needs_model:
        raise ValueError(f"{options.category} has no model to process")
    # Beside the target, so that moving the finished files is one rename each
    with tempfile.TemporaryDirectory(prefix=".making-", dir=out.parent) as folder, NodeWorker() as worker:
        passage = Passage(source, Path(folder), options, progress or Silence(), worker)
        finished = passage.run()
        for made in sorted(finished.iterdir()):
            made.rename(out / made.name)
    return passage.report
