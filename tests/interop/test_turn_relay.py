"""A viewer behind a strict firewall watches through a TURN relay, and through nothing else."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.browser import PAGE_SCRIPTS, chromium_alone
from tests.interop.house import ffmpeg_publishing, house_open, video_plays
from tests.turn_serving import installed_coturn, turn_running

pytestmark = [
    pytest.mark.browser,
    pytest.mark.slow,
    pytest.mark.timeout(120),
    pytest.mark.skipif(installed_coturn() is None, reason="coturn is not installed"),
]


@pytest.mark.parametrize("transport", ["udp", "tcp"])
async def test_player_watches_with_relay_candidates_only(tmp_path: Path, transport: str) -> None:
    async with turn_running(tmp_path) as turn:
        settings = {
            "VITRINE_TURN_URLS": json.dumps([f"turn:127.0.0.1:{turn.port}?transport={transport}"]),
            "VITRINE_TURN_SECRET": turn.secret,
        }
        async with (
            house_open(tmp_path / "data", settings) as house,
            chromium_alone() as browser,
            ffmpeg_publishing(house, 60),
        ):
            page = await browser.new_page()
            await page.add_init_script("window.forceRelay = true;")
            await page.add_init_script(path=PAGE_SCRIPTS / "recorder.js")
            await page.goto(f"{house.server.url}/watch/{house.show_id}")
            await video_plays(page)
            assert await page.evaluate("() => recorder.localCandidateType()") == "relay"
