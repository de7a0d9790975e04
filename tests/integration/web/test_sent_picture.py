"""What a viewer's page may ask about the picture that it is sent."""

from __future__ import annotations

from stream_server.ids import SessionId
from stream_server.signaling.media_plane import SentPicture
from tests.fakes.media_plane import MemoryMediaPlane
from tests.integration.web.conformance import Endpoint, refused
from tests.integration.web.server import HOST, running_server


async def test_a_viewer_learns_which_picture_it_gets_and_why() -> None:
    plane = MemoryMediaPlane()
    async with running_server(plane) as server:
        show = await server.show()
        await Endpoint(server.http, "whip", show.show_id, server.token(HOST)).created()
        session = await Endpoint(server.http, "whep", show.show_id, None).created()
        location = session.headers["location"]
        plane.pictures[SessionId(location.rpartition("/")[2])] = SentPicture("bandwidth", 360, 720)
        told = await server.http.get(f"{location}/picture")
        assert told.status_code == 200
        assert told.json() == {
            "reason": "bandwidth",
            "height_px": 360,
            "full_height_px": 720,
            "is_sound_only": False,
        }


async def test_of_sessions_that_are_not_there_nothing_is_told() -> None:
    async with running_server() as server:
        refused(await server.http.get("/whep/sessions/whep_00000000000000000000/picture"), 404)
        refused(await server.http.get("/whep/sessions/nonsense/picture"), 404)
        refused(await server.http.get("/whep/sessions/whip_00000000000000000000/picture"), 404)


async def test_a_page_that_asks_without_pause_is_slowed_down() -> None:
    plane = MemoryMediaPlane()
    async with running_server(plane) as server:
        show = await server.show()
        await Endpoint(server.http, "whip", show.show_id, server.token(HOST)).created()
        session = await Endpoint(server.http, "whep", show.show_id, None).created()
        codes = [(await server.http.get(f"{session.headers['location']}/picture")).status_code for _ in range(40)]
        assert codes[0] == 200
        assert codes[-1] == 429
