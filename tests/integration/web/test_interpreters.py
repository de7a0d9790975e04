"""Interpreters' links over HTTP: what they open, and that they open nothing else."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest
from websockets.asyncio.client import connect

from stream_server.audience.people import Person
from stream_server.ids import PersonId, ShowId
from tests.fakes.media_plane import MemoryMediaPlane
from tests.integration.web.conformance import Endpoint, refused
from tests.integration.web.server import HOST, Server, running_server

OTHER_HOST = Person(PersonId("host_ben"), "Ben", "host")


async def invited(server: Server, show_id: ShowId, language: str = "fr", hours: float = 2) -> dict[str, Any]:
    reply = await server.http.post(
        f"/api/shows/{show_id}/interpreters",
        json={"language": language, "hours": hours},
        headers=bearer(server.token(HOST)),
    )
    assert reply.status_code == 201
    link: dict[str, Any] = reply.json()
    return link


def bearer(token: str) -> dict[str, str]:
    return {"authorization": f"Bearer {token}"}


def booth(server: Server, show_id: ShowId, token: str, query: str = "?dub=fr") -> Endpoint:
    return Endpoint(server.http, "whip", ShowId(f"{show_id}{query}"), token)


async def test_a_link_opens_its_dub_once_the_show_has_begun_and_the_host_sees_who_speaks() -> None:
    async with running_server(MemoryMediaPlane()) as server:
        show = await server.show()
        link = await invited(server, show.show_id)
        early = await booth(server, show.show_id, link["token"]).post()
        assert (early.status_code, early.json()["code"]) == (409, "no_publisher")
        await Endpoint(server.http, "whip", show.show_id, server.token(HOST)).created()
        known = (await server.http.get("/api/interpreting", headers=bearer(link["token"]))).json()
        assert (known["language"], known["host_name"], known["is_spoken"]) == ("fr", "Mia", False)
        session = await booth(server, show.show_id, link["token"]).created()
        (listed,) = (
            await server.http.get(f"/api/shows/{show.show_id}/interpreters", headers=bearer(server.token(HOST)))
        ).json()
        assert (listed["is_on_air"], listed["token"], listed["listeners"]) == (True, link["token"], 0)
        gone = await server.http.delete(session.headers["location"], headers=bearer(link["token"]))
        assert gone.status_code == 200


async def test_a_second_interpreter_is_told_so_and_can_speak_when_the_first_link_was_taken_back() -> None:
    plane = MemoryMediaPlane()
    async with running_server(plane) as server:
        show = await server.show()
        first, second = await invited(server, show.show_id), await invited(server, show.show_id)
        await Endpoint(server.http, "whip", show.show_id, server.token(HOST)).created()
        await booth(server, show.show_id, first["token"]).created()
        told = await booth(server, show.show_id, second["token"]).post()
        assert (told.status_code, told.json()["code"]) == (409, "publisher_present")
        url = f"/api/shows/{show.show_id}/interpreters/{first['interpreter_id']}"
        assert (await server.http.delete(url, headers=bearer(server.token(HOST)))).status_code == 204
        await booth(server, show.show_id, second["token"]).created()
        for reply in (
            await server.http.get("/api/interpreting", headers=bearer(first["token"])),
            await booth(server, show.show_id, first["token"]).post(),
        ):
            refused(reply, 401)
            assert reply.json()["code"] == "link_revoked"


async def test_a_link_does_nothing_else() -> None:
    async with running_server(MemoryMediaPlane()) as server:
        show, other = await server.show(), await server.show()
        await Endpoint(server.http, "whip", show.show_id, server.token(HOST)).created()
        token = (await invited(server, show.show_id))["token"]
        for place, query in ((show, ""), (show, "?dub=es"), (show, "?dub=fr&offers=es"), (other, "?dub=fr")):
            refused(await booth(server, place.show_id, token, query).post(), 403)
        hosts = await Endpoint(server.http, "whip", other.show_id, server.token(HOST)).created()
        refused(await server.http.delete(hosts.headers["location"], headers=bearer(token)), 403)
        for method, path, body in (
            ("GET", "/api/me", None),
            ("GET", f"/api/shows/{show.show_id}/interpreters", None),
            ("POST", f"/api/shows/{show.show_id}/interpreters", {"language": "fr"}),
            ("POST", f"/api/shows/{show.show_id}/end", None),
            ("POST", "/api/shows", {"title": {"en": "Mine"}}),
            ("GET", f"/api/shows/{show.show_id}/cart", None),
            ("GET", "/api/orders", None),
        ):
            refused(await server.http.request(method, path, json=body, headers=bearer(token)), 401)
        refused(await Endpoint(server.http, "whep", show.show_id, token).post(), 401)
        async with connect(server.live_url) as socket:
            hello = {"type": "hello", "id": "1", "protocol": 1, "show_id": show.show_id, "token": token}
            await socket.send(json.dumps(hello))
            assert "welcome" not in str(await socket.recv())


async def test_only_those_who_control_the_show_give_out_links_and_people_are_no_interpreters() -> None:
    async with running_server() as server:
        show = await server.show()
        url = f"/api/shows/{show.show_id}/interpreters"
        link = await invited(server, show.show_id)
        viewer = replace(OTHER_HOST, role="viewer")
        for person in (OTHER_HOST, viewer):
            headers = bearer(server.token(person))
            refused(await server.http.get(url, headers=headers), 403)
            refused(await server.http.post(url, json={"language": "fr"}, headers=headers), 403)
            refused(await server.http.delete(f"{url}/{link['interpreter_id']}", headers=headers), 403)
        refused(await server.http.get("/api/interpreting", headers=bearer(server.token(HOST))), 403)
        refused(await server.http.get("/api/interpreting"), 401)
        refused(await server.http.get("/api/interpreting", headers=bearer("nonsense")), 401)


@pytest.mark.parametrize(
    "body", [{}, {"language": "French"}, {"language": "fr+original"}, {"language": "fr", "hours": 0}]
)
async def test_a_link_that_cannot_be_is_refused(body: dict[str, Any]) -> None:
    async with running_server() as server:
        show = await server.show()
        url = f"/api/shows/{show.show_id}/interpreters"
        refused(await server.http.post(url, json=body, headers=bearer(server.token(HOST))), 422)


async def test_a_show_that_is_over_takes_no_interpreter() -> None:
    async with running_server(MemoryMediaPlane()) as server:
        show = await server.show()
        link = await invited(server, show.show_id)
        await server.http.post(f"/api/shows/{show.show_id}/end", headers=bearer(server.token(HOST)))
        url = f"/api/shows/{show.show_id}/interpreters"
        late = await server.http.post(url, json={"language": "fr"}, headers=bearer(server.token(HOST)))
        assert late.json()["code"] == "show_ended"
        assert (await booth(server, show.show_id, link["token"]).post()).json()["code"] == "show_ended"
        known = await server.http.get("/api/interpreting", headers=bearer(link["token"]))
        assert known.json()["status"] == "ended"
