"""Fixtures that start nothing but say what there is: a browser, camera files, coturn.

Owners of processes (server, browser, coturn) are opened by the tests themselves with ``async with``.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.browser import installed_browser, playwright_browser
from tests.footage import footage, write_y4m

HERE = Path(__file__).parent
ALONE = {HERE / "e2e", HERE / "interop", HERE / "integration" / "media"}


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Stories in a browser and packets in real time run alone; what needs a browser is skipped without one."""
    for item in items:
        if ALONE & set(item.path.parents):
            item.add_marker(pytest.mark.alone)
    if installed_browser() or playwright_browser():
        return
    for item in items:
        if item.get_closest_marker("browser"):
            item.add_marker(pytest.mark.skip(reason="no Chromium: run scripts/test_environment.py"))


@pytest.fixture(scope="session")
def camera(tmp_path_factory: pytest.TempPathFactory) -> Path | None:
    """A camera file of real footage, or None (then Chromium's own moving test picture is used)."""
    source = footage()
    if source is None:
        return None
    return write_y4m(source, tmp_path_factory.mktemp("camera") / "camera.y4m")
