"""How every benchmark speaks: a table for people, a row in a CSV file, one JSON object as its last line."""

from __future__ import annotations

import csv
import json
import os
import subprocess
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path

from rich.console import Console
from rich.table import Table

RESULTS = Path(__file__).parent.parent / "results"


def percentile(values: Sequence[float], share: float) -> float:
    """The value below which ``share`` (0 to 1) of the values lie, interpolated. Raises ValueError when empty."""
    if not values:
        raise ValueError("no values")
    ordered = sorted(values)
    position = share * (len(ordered) - 1)
    low = int(position)
    high = min(low + 1, len(ordered) - 1)
    return ordered[low] + (ordered[high] - ordered[low]) * (position - low)


def show_table(title: str, columns: Sequence[str], rows: Sequence[Sequence[object]]) -> None:
    """Print a table for people."""
    table = Table(title=title)
    for column in columns:
        table.add_column(column, justify="right" if column is not columns[0] else "left")
    for row in rows:
        table.add_row(*(f"{cell:.2f}" if isinstance(cell, float) else str(cell) for cell in row))
    Console().print(table)


def conclude(bench: str, figures: Mapping[str, float], conditions: Mapping[str, object]) -> None:
    """Append the run to ``results/BENCH.csv`` and print the last line.

    Args:
        bench: The benchmark's name.
        figures: The measured numbers; units are in the keys.
        conditions: What a reader needs to judge them (samples, browser, quick).
    """
    rounded = {key: round(value, 3) for key, value in figures.items()}
    _append(RESULTS / f"{bench}.csv", {**_where_and_when(), **conditions, **rounded})
    print(json.dumps({"bench": bench, "figures": rounded}), flush=True)


def _where_and_when() -> dict[str, object]:
    revision = subprocess.run(
        ["git", "rev-parse", "--short", "HEAD"], capture_output=True, text=True, cwd=RESULTS.parent, check=False
    ).stdout.strip()
    return {
        "at": datetime.now(UTC).isoformat(timespec="seconds"),
        "revision": revision,
        "cores": os.cpu_count() or 0,
        "load_1min": round(os.getloadavg()[0], 2),
    }


def _append(path: Path, row: Mapping[str, object]) -> None:
    """Add a row; a file with other columns is rewritten with the union, so old rows stay readable."""
    rows: list[dict[str, object]] = []
    if path.exists():
        with path.open(newline="") as file:
            rows = [dict(old) for old in csv.DictReader(file)]
    rows.append(dict(row))
    columns = list(dict.fromkeys(key for old in rows for key in old))
    path.parent.mkdir(exist_ok=True)
    with path.open("w", newline="") as file:
        writer = csv.DictWriter(file, columns, lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)
