"""`examine`: the one way into the gate."""

from __future__ import annotations

from pathlib import Path

from ar_assets.gate.inspection import Inspection
from ar_assets.gate.limits import Limits


def examine(path: Path, limits: Limits | None = None, unpack_to: Path | None = None) -> Inspection:
    """Look at the file ``path`` and say what it is, or refuse it. Takes at most 2 s and 512 MB.

    Uses no library that reads models or pictures. A zip is unpacked into ``unpack_to`` (an empty folder that the
    caller removes) when given; then every file in it has a safe name and was checked as well.

    Raises: Refused (code from `Reason`) for anything that must not go further; OSError when ``path`` cannot be read.
    """
    raise NotImplementedError((path, limits, unpack_to))
