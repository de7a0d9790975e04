"""The gate: our own look at an uploaded file before any library sees it. See `examine`."""

from __future__ import annotations

from ar_assets.gate.examine import examine
from ar_assets.gate.inspection import Format, Inspection
from ar_assets.gate.limits import Limits
from ar_assets.gate.refusals import Reason

__all__ = ["Format", "Inspection", "Limits", "Reason", "examine"]
