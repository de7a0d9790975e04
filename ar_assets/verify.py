"""What was made is decoded and judged before it leaves: valid, finite, as large, with everything still on it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np

from ar_assets.anchors import Anchor, placing
from ar_assets.document import Document
from ar_assets.errors import Refused, StepFailed
from ar_assets.gate import Limits, examine
from ar_assets.node_worker import NodeWorker
from ar_assets.normalise import shape
from ar_assets.validate import Verdict, ensure_valid
from ar_assets.variants import listed

_SIZE_TOLERANCE = 2e-3
"""Of the largest side: 14 bits are 6e-5, and a collapsed corner may take a little with it."""
_ANCHOR_TOLERANCE_M = 1e-5


@dataclass(frozen=True)
class Expected:
    """What every published file must still have."""

    size_m: tuple[float, float, float]
    anchors: tuple[Anchor, ...]
    variants: tuple[str, ...]

    @classmethod
    def of(cls, plain: Path) -> Expected:
        """Read from the finished plain file."""
        document = Document.read(plain)
        x, y, z = (float(value) for value in shape.measure(document).size)
        return cls((x, y, z), placing.read(document), tuple(one.name for one in listed(document)))


def verify(decoded: Path, name: str, expected: Expected, worker: NodeWorker, *, tolerance: float = 1.0) -> Verdict:
    """Hold a decoded file against what went in; ``tolerance`` widens the size's for levels of detail.

    Raises: StepFailed with what was lost, WorkerLost.
    """
    try:
        examine(decoded, Limits(file_bytes=Limits().decoded_bytes))
    except Refused as error:
        raise StepFailed("verify", f"{name}: {error.code}: {error}") from error
    verdict = ensure_valid(decoded, name, worker)
    found = Expected.of(decoded)
    allowed = max(expected.size_m) * _SIZE_TOLERANCE * tolerance
    if not np.allclose(found.size_m, expected.size_m, rtol=0, atol=allowed):
        raise StepFailed("verify", f"{name}: size {found.size_m} m instead of {expected.size_m}")
    if found.variants != expected.variants:
        raise StepFailed("verify", f"{name}: variants {found.variants} instead of {expected.variants}")
    _same_anchors(placing.read(Document.read(decoded)), expected.anchors, name)
    _same_anchors(placing.in_nodes(Document.read(decoded)), expected.anchors, name)
    return verdict


def _same_anchors(found: tuple[Anchor, ...], expected: tuple[Anchor, ...], name: str) -> None:
    places = {anchor.name: anchor.position for anchor in found}
    for anchor in expected:
        if anchor.name not in places:
            raise StepFailed("verify", f"{name}: anchor {anchor.name} is lost")
        if not np.allclose(places[anchor.name], anchor.position, rtol=0, atol=_ANCHOR_TOLERANCE_M):
            raise StepFailed("verify", f"{name}: anchor {anchor.name} has moved")
