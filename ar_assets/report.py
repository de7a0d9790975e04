"""The report of one run, for people: what was changed and why, and what the brand should mend (``report.json``)."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from typing import Any


@dataclass(frozen=True)
class Change:
    """One thing that was done to the model. ``step`` is a `pipeline.Step` value, ``code`` a stable name."""

    step: str
    code: str
    what: str
    why: str


@dataclass(frozen=True)
class Advice:
    """Something the brand should know or mend; ``fix`` names an option of `ProcessOptions` that would, if one does."""

    code: str
    sentence: str
    fix: dict[str, str] | None = None


@dataclass(frozen=True)
class Quality:
    """How close one published file comes to the input: worst and mean over the rendered views, and what was chosen."""

    profile: str
    worst_psnr_db: float
    mean_psnr_db: float
    worst_ssim: float
    recipe: str
    bytes: int
    triangles: int
    attempts: int


@dataclass
class Report:
    """All that happened to one upload.

    ``pictures`` maps a name (``before``, ``after``, ``difference``) to a file name beside ``report.json``. ``seconds``
    holds wall time per step. ``facts`` is the content of ``facts.json``.
    """

    source_name: str
    source_bytes: int
    source_format: str
    changes: list[Change] = field(default_factory=list)
    advice: list[Advice] = field(default_factory=list)
    quality: list[Quality] = field(default_factory=list)
    pictures: dict[str, str] = field(default_factory=dict)
    seconds: dict[str, float] = field(default_factory=dict)
    validator: dict[str, dict[str, int]] = field(default_factory=dict)
    facts: dict[str, Any] = field(default_factory=dict)

    def changed(self, step: str, code: str, what: str, why: str) -> None:
        """Add a change."""
        self.changes.append(Change(step, code, what, why))

    def advise(self, code: str, sentence: str, fix: dict[str, str] | None = None) -> None:
        """Add something the brand should know."""
        self.advice.append(Advice(code, sentence, fix))

    def to_json(self) -> dict[str, Any]:
        """JSON-ready, schema 1."""
        return {"schema": 1, **asdict(self)}
