"""The Khronos validator's verdict on a plain GLB. It cannot see into compressed meshes, so decode first."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from ar_assets.errors import StepFailed
from ar_assets.gate import Reason
from ar_assets.gate.refusals import refuse
from ar_assets.node_worker import NodeWorker

TIMEOUT_S = 30.0


@dataclass(frozen=True)
class Verdict:
    """Numbers of errors and warnings, and the first few of the worse kind as sentences."""

    errors: int
    warnings: int
    messages: tuple[str, ...]

    def to_json(self) -> dict[str, int]:
        """As in report.json."""
        return {"errors": self.errors, "warnings": self.warnings}


def validate(glb: Path, worker: NodeWorker) -> Verdict:
    """Ask the validator. Raises: StepFailed, WorkerLost."""
    found = worker.run("validate", timeout_s=TIMEOUT_S, source=str(glb))
    messages = tuple(f"{one['code']} at {one['pointer'] or 'the top'}: {one['message']}" for one in found["messages"])
    return Verdict(int(found["errors"]), int(found["warnings"]), messages)


def require_valid(glb: Path, worker: NodeWorker) -> Verdict:
    """The verdict on a brand's model, or the refusal with its first error. Raises: Refused, StepFailed, WorkerLost."""
    verdict = validate(glb, worker)
    if verdict.errors:
        raise refuse(Reason.INVALID_MODEL, what=verdict.messages[0] if verdict.messages else "unknown error")
    return verdict


def ensure_valid(glb: Path, name: str, worker: NodeWorker) -> Verdict:
    """The same for a file that we made: then it is our fault. Raises: StepFailed, WorkerLost."""
    verdict = validate(glb, worker)
    if verdict.errors:
        raise StepFailed("verify", f"{name}: {verdict.messages[0] if verdict.messages else verdict.errors}")
    return verdict
