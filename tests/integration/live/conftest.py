from __future__ import annotations

import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest


@pytest.fixture
def runtime_dir() -> Iterator[Path]:
    """A private directory with a short path, as sockets need."""
    with tempfile.TemporaryDirectory(prefix="vitrine-") as path:
        yield Path(path)
