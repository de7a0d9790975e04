"""Errors the library raises on purpose: one tree, one class per decision a caller can make.

AssetError
├── Refused        the file cannot become a product as it is: tell the brand ``sentence``, do not retry
├── StepFailed     a step of ours could not finish this file: look into it, do not retry
└── WorkerLost     the Node worker died, hung or ran out of memory: retry a bounded number of times

Nothing else leaves the library for what is in a file; a wrong argument is a ``ValueError`` or ``TypeError``.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, ClassVar


class AssetError(Exception):
    """Base of every error this library raises on purpose."""

    code: str
    is_retryable: ClassVar[bool] = False

    def detail(self) -> dict[str, Any]:
        """The facts, as JSON-ready values."""
        return {}


@dataclass(eq=False)
class Refused(AssetError):
    """The file cannot become a product as it is.

    ``code`` is stable and public (`ar_assets.gate.refusals.Reason`), ``sentence`` tells the brand what to do,
    ``facts`` are the numbers and names in it, so that a page can say the same in another language.
    """

    code: str
    sentence: str
    facts: dict[str, str | int | float] = field(default_factory=dict)

    def detail(self) -> dict[str, Any]:
        """The facts, as JSON-ready values."""
        return dict(self.facts)

    def __str__(self) -> str:
        return self.sentence


@dataclass(eq=False)
class StepFailed(AssetError):
    """A step of the pipeline could not finish; ``reason`` is for whoever runs the server, not for the brand."""

    step: str
    reason: str
    code = "step_failed"

    def detail(self) -> dict[str, Any]:
        """The facts, as JSON-ready values."""
        return {"step": self.step, "reason": self.reason}

    def __str__(self) -> str:
        return f"The step {self.step!r} failed: {self.reason}"


@dataclass(eq=False)
class WorkerLost(AssetError):
    """The Node worker is gone in the middle of a job. ``how`` is one of died, hung, memory, absent."""

    job: str
    how: str
    code = "worker_lost"
    is_retryable: ClassVar[bool] = True

    def detail(self) -> dict[str, Any]:
        """The facts, as JSON-ready values."""
        return {"job": self.job, "how": self.how}

    def __str__(self) -> str:
        return f"The asset worker was lost during {self.job!r} ({self.how})."
