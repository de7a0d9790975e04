"""Choosing another language's sound beside a WHEP session, publishing and offering it by WHIP."""

from __future__ import annotations

import pytest

from stream_server.ids import ShowId
from tests.fakes.media_plane import MemoryMediaPlane
from tests.integration.web.conformance import Endpoint, refused
from tests.integration.web.server import HOST, running_server


async def test_a_viewer_chooses_a_dub_that_the_host_offers_and_gets_it_once_it_is_published() -> None:
    plane = MemoryMediaPlane()
    async with running_server(plane) as server:
        show = await server.show()
        token = server.token(HOST)
        await Endpoint(server.http, "whip", ShowId(f"{show.show_id}?offers=es,es%2Boriginal"), token).created()
        session = await Endpoint(server.http, "whep", show.show_id, None).created()
        choice = f"{session.headers['location']}/dub"
        assert (await server.http.get(choice)).json() == {"wanted": None, "is_sent": True}
        chosen = await server.http.put(choice, json={"dub": "es"})
        assert (chosen.status_code, chosen.json()) == (200, {"wanted": "es", "is_sent": False})
        offered = (await server.http.get(f"/whep/{show.show_id}/dubs")).json()["dubs"]
        assert offered == [
            {"name": "es", "is_offered": True, "is_flowing": False, "listeners": 1},
            {"name": "es+original", "is_offered": True, "is_flowing": False, "listeners": 0},
        ]
        await Endpoint(server.http, "whip", ShowId(f"{show.show_id}?dub=es"), token).created()
        assert (await server.http.get(choice)).json() == {"wanted": "es", "is_sent": True}
        preflight = await server.http.options(
            choice, headers={"origin": "https://shop.example", "access-control-request-method": "PUT"}
        )
        assert "PUT" in preflight.headers["access-control-allow-methods"]
        assert (await server.http.put(choice, json={"dub": None})).json() == {"wanted": None, "is_sent": True}


@pytest.mark.parametrize("body", ['{"dub": "Español"}', '{"dub": 3}', "{}", '{"dub": "es", "x": 1}', "nonsense"])
async def test_a_choice_that_cannot_be_read_is_refused(body: str) -> None:
    async with running_server() as server:
        show = await server.show()
        await Endpoint(server.http, "whip", show.show_id, server.token(HOST)).created()
        session = await Endpoint(server.http, "whep", show.show_id, None).created()
        url = f"{session.headers['location']}/dub"
        refused(await server.http.put(url, content=body, headers={"content-type": "application/json"}), 400)


async def test_dubs_of_what_is_not_there_are_refused() -> None:
    async with running_server() as server:
        show = await server.show()
        refused(await server.http.get("/whep/show_00000000000000000000/dubs"), 404)
        refused(await server.http.put("/whep/sessions/whep_00000000000000000000/dub", json={"dub": "es"}), 404)
        whip = f"/whip/{show.show_id}"
        headers = {"authorization": f"Bearer {server.token(HOST)}", "content-type": "application/sdp"}
        refused(await server.http.post(f"{whip}?dub=Klingon", content="v=0", headers=headers), 400)
        refused(await server.http.post(f"{whip}?offers=es,x", content="v=0", headers=headers), 400)
        refused(await server.http.post(f"{whip}?dub=es", headers={"content-type": "application/sdp"}, content="v"), 401)
