"""The plan of any show, by REST alone: an AI host comes, speaks the plan's language, and goes when the plan says so."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

import pytest

from tests.serving import Server, serving

pytestmark = [pytest.mark.slow, pytest.mark.timeout(120)]


async def status_is(server: Server, show_id: str, status: str) -> None:
    async with asyncio.timeout(60):
        while (await server.get(f"/api/shows/{show_id}"))["status"] != status:
            await asyncio.sleep(0.2)


async def test_a_show_goes_live_with_its_ai_host_by_its_plan_alone(tmp_path: Path) -> None:
    async with serving(tmp_path, settings={"VITRINE_AI_HOSTS": "2"}) as server:
        token = server.token("host", "host_maya", "Maya")
        show = await server.call("POST", "/api/shows", {"title": {"es": "Barro"}}, token=token)
        path = f"/api/shows/{show['show_id']}"
        assert show["ai_host"]["mode"] == "off"

        plan: dict[str, Any] = {"mode": "always", "language": "es", "patience_s": 3, "voice": ""}
        changed = await server.call("PUT", path, {"title": {"es": "Barro"}, "ai_host": plan}, token=token)
        kept = changed["ai_host"]
        assert {key: kept[key] for key in plan} == plan
        await status_is(server, show["show_id"], "live")

        # Whoever changes the title alone leaves the AI host as it is.
        renamed = await server.call("PUT", path, {"title": {"es": "Barro y fuego"}}, token=token)
        assert renamed["ai_host"] == kept

        await server.call("PUT", path, {"title": {"es": "Barro"}, "ai_host": {"mode": "off"}}, token=token)
        await status_is(server, show["show_id"], "away")
