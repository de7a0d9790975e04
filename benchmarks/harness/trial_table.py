"""What viewers saw of network trials, kept by server and trial, so that trials can be run one at a time."""

from __future__ import annotations

import csv
import os
from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from datetime import UTC, datetime
from pathlib import Path


@dataclass(frozen=True)
class Outcome:
    """What one viewer saw of a trial."""

    frames_per_s: float
    freezes: float
    freeze_s: float
    share: float
    """Of the time that the picture stood still."""
    height_px: float
    lost: float
    resume_s: float = 0.0
    """After an outage: from the network's return to the next picture; 0 in other trials."""


Outcomes = dict[tuple[str, str], Outcome]
"""By server and trial."""


def conditions(seconds: float) -> dict[str, object]:
    """When and how busy: beside every row, as the trials of one table need not be of one hour."""
    return {
        "at": datetime.now(UTC).isoformat(timespec="seconds"),
        "seconds": seconds,
        "load_1min": round(os.getloadavg()[0], 2),
    }


def read_outcomes(path: Path) -> tuple[Outcomes, dict[tuple[str, str], dict[str, str]]]:
    """The kept outcomes, and the rows that they come from; empty when there is no file."""
    if not path.exists():
        return {}, {}
    with path.open(newline="") as file:
        rows = {(row["server"], row["trial"]): row for row in csv.DictReader(file)}
    names = [field.name for field in fields(Outcome)]
    return {key: Outcome(*(float(row[name]) for name in names)) for key, row in rows.items()}, rows


def merge_outcomes(path: Path, found: Mapping[tuple[str, str], Outcome], beside: Mapping[str, object]) -> Outcomes:
    """Put new outcomes in the place of older ones of the same trial; gives all."""
    outcomes, rows = read_outcomes(path)
    for (server, trial), outcome in found.items():
        figures = {name: round(value, 3) for name, value in asdict(outcome).items()}
        written = {"server": server, "trial": trial, **beside, **figures}
        rows[server, trial] = {name: str(value) for name, value in written.items()}
        outcomes[server, trial] = outcome
    ordered = [rows[key] for key in sorted(rows, key=lambda key: (key[1], key[0]))]
    path.parent.mkdir(exist_ok=True)
    with path.open("w", newline="") as file:
        writer = csv.DictWriter(file, list(ordered[0]) if ordered else [], lineterminator="\n")
        writer.writeheader()
        writer.writerows(ordered)
    return outcomes
