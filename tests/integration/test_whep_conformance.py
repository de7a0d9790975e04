"""draft-ietf-wish-whep-04 (WHEP), every requirement on a server, in the order of the text.

Rows run through real HTTP against the media process' own code with a real publisher, and (those that are not about
SDP) against the fake media plane. Not applicable to us: the counter-offer of §4.3.2 (an endpoint chooses between
taking the player's offer and countering it; we take it or refuse it), "either Trickle ICE or ICE restarts, but not
both" (we do both), and extensions (§4.10: none is advertised or required).
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator
from dataclasses import replace

import pytest
import pytest_asyncio

from stream_server.app.choices import Choices
from stream_server.ids import ShowId
from stream_server.web.ice_servers import TurnOptions
from stream_server.web.throttle import Rate, Rates
from tests.fakes.media_plane import MemoryMediaPlane
from tests.integration.web.conformance import FRAGMENT, SDP, Endpoint, Row, Table, refused
from tests.integration.web.offers import Peer, attributes, sections
from tests.integration.web.publisher import publishing
from tests.integration.web.server import HOST, Server, real_media_plane, running_server

http = Table()
media = Table()

TURN = TurnOptions(("stun:stun.example:3478", "turn:turn.example:3478?transport=udp"), "north wind")
# every row of a table comes from one client
PATIENT = Rate(burst=10_000, per_second=1000)
WITH_TURN = Choices(turn=TURN, rates=Rates(PATIENT, PATIENT, PATIENT, PATIENT))

# ---------------------------------------------------------------- 4.1 HTTP usage


@http.row("4.1", "MUST", "GET on the endpoint and on a session: 2xx without content")
async def get(whep: Endpoint) -> None:
    session = await whep.created()
    for path in (whep.path, session.headers["location"]):
        response = await whep.http.get(path)
        assert 200 <= response.status_code < 300
        assert response.content == b""


@http.row("4.1", "MAY", "errors carry a problem statement in JSON")
async def errors_explain_themselves(whep: Endpoint) -> None:
    assert refused(await whep.post("not sdp at all"), 400) == "bad_offer"


# ---------------------------------------------------------------- 4.2 discovery


@http.row("4.2", "MUST", "HEAD on the endpoint: 200 with Content-Type application/sdp")
async def discovery(whep: Endpoint) -> None:
    response = await whep.http.head(whep.path)
    assert response.status_code == 200
    assert response.headers["content-type"] == SDP


# ---------------------------------------------------------------- 4.3 playback session set-up


@http.row("4.3.1", "MUST", "POST: 201, application/sdp, the answer as body, Location of the session")
async def created(whep: Endpoint) -> None:
    response = await whep.created()
    assert response.headers["content-type"] == SDP
    assert response.text.startswith("v=0")
    assert re.fullmatch(r"/whep/sessions/whep_[0-9a-z]{20}", response.headers["location"])
    assert int(response.headers["content-length"]) == len(response.content)


@http.row("4.3.4", "MUST", "another content type: 4xx")
async def wrong_type(whep: Endpoint) -> None:
    for content_type in ("text/plain", "application/json", ""):
        response = await whep.post(**{"Content-Type": content_type})
        assert refused(response, 415) == "wrong_media_type"
        assert response.headers["accept-post"] == SDP


@http.row("4.3.4", "MUST", "malformed SDP: 4xx")
async def malformed(whep: Endpoint) -> None:
    for body in ("x", "v=0", "v=0\r\nm=video", '{"sdp":"v=0"}'):
        refused(await whep.post(body), 400, 422)
    for raw in (b"", b"\xff\xfe\x00"):
        refused(await whep.post(raw), 400)
    assert refused(await whep.post("v=0\r\n" + "a" * 70_000), 413) == "too_large"


@http.row("4.3.5", "MUST", "recvonly and sendrecv are taken; inactive and sendonly refused")
async def directions(whep: Endpoint) -> None:
    assert (await whep.post(whep.peer.offer("sendrecv"))).status_code == 201
    for wrong in ("inactive", "sendonly"):
        refused(await whep.post(whep.peer.offer(wrong)), 400, 422)


@media.row("4.3.5", "MUST", "the answer is sendonly")
async def answer_direction(whep: Endpoint) -> None:
    for direction in ("recvonly", "sendrecv"):
        for section in sections((await whep.post(whep.peer.offer(direction))).text):
            assert "a=sendonly" in section
            assert not any(f"a={other}\r" in section for other in ("recvonly", "sendrecv", "inactive"))


@http.row("4.3.8", "MUST", "nobody broadcasts: 409 with Retry-After")
async def no_publisher(whep: Endpoint) -> None:
    silent = Endpoint(whep.http, "whep", ShowId(await _silent_show(whep)), None)
    response = await silent.post()
    assert refused(response, 409) == "no_publisher"
    assert int(response.headers["retry-after"]) > 0


# ---------------------------------------------------------------- 4.4 playback session termination


@http.row("4.4", "MUST", "DELETE ends the session: 200, and then it is gone")
async def deleted(whep: Endpoint) -> None:
    session = await whep.created()
    assert (await whep.delete(session)).status_code == 200
    refused(await whep.delete(session), 404)
    refused(await whep.trickle(session, **{"If-Match": session.headers["etag"]}), 404)


@http.row("4.4", "MUST", "OPTIONS: 200 with CORS, and Accept-Post (SHOULD)")
async def options(whep: Endpoint) -> None:
    for headers in ({}, {"Origin": "https://shop.example", "Access-Control-Request-Method": "POST"}):
        response = await whep.http.options(whep.path, headers=headers)
        assert response.status_code == 200
        assert response.headers["accept-post"] == SDP
        assert response.headers["access-control-allow-origin"] == "*"
        assert "POST" in response.headers["access-control-allow-methods"]


@http.row("4.4", "MUST", "a page of another origin may read Location, ETag, Link and Retry-After")
async def exposed(whep: Endpoint) -> None:
    exposed_headers = (await whep.post(Origin="https://shop.example")).headers["access-control-expose-headers"].lower()
    for name in ("location", "etag", "link", "retry-after"):
        assert name in exposed_headers


# ---------------------------------------------------------------- 4.5.1 HTTP PATCH request usage


@http.row("4.5.1", "MUST", "PATCH with another content type or a malformed fragment: 4xx")
async def patch_wrong(whep: Endpoint) -> None:
    session = await whep.created()
    tag = {"If-Match": session.headers["etag"]}
    assert refused(await whep.trickle(session, **{"Content-Type": SDP}, **tag), 415) == "wrong_media_type"
    for body in ("garbage", "a=ice-ufrag:only"):
        refused(await whep.patch(session.headers["location"], body, **tag), 400, 422)


@http.row("4.5.1", "MUST", "a strong entity tag names the ICE session, from the 201 on")
async def strong_tag(whep: Endpoint) -> None:
    first, second = await whep.created(), await whep.created()
    for session in (first, second):
        assert re.fullmatch(r'"[!#-~]+"', session.headers["etag"])
    assert first.headers["etag"] != second.headers["etag"]


@http.row("4.5.1", "MUST", "PATCH without If-Match: 428; with another tag: 412")
async def preconditions(whep: Endpoint) -> None:
    session = await whep.created()
    assert refused(await whep.trickle(session), 428) == "if_match_required"
    assert refused(await whep.trickle(session, **{"If-Match": '"other"'}), 412) == "stale_etag"


@http.row("4.5.1", "MUST", "DELETE ignores entity tags")
async def delete_ignores_tags(whep: Endpoint) -> None:
    session = await whep.created()
    assert (await whep.delete(session, **{"If-Match": '"something else"'})).status_code == 200


# ---------------------------------------------------------------- 4.5.2 Trickle ICE


@media.row("4.5.2", "MUST", "the answer has all candidates of the server")
async def all_candidates(whep: Endpoint) -> None:
    answer = (await whep.created()).text
    for section in sections(answer):
        assert attributes(section, "candidate")
        assert attributes(section, "end-of-candidates") == [""]


@http.row("4.5.2", "MUST", "new candidates: 204, no body, no ETag; unusable ones are dropped silently")
async def trickled(whep: Endpoint) -> None:
    session = await whep.created()
    odd = whep.peer.fragment(
        candidates=("candidate:1 1 sctp 1 127.0.0.1 9 typ host", "candidate:2 1 udp 1 x.invalid 9 typ host")
    )
    for body in (whep.peer.fragment(), odd):
        response = await whep.patch(session.headers["location"], body, **{"If-Match": session.headers["etag"]})
        assert response.status_code == 204
        assert response.content == b""
        assert "etag" not in response.headers


# ---------------------------------------------------------------- 4.5.3 ICE restarts


@http.row("4.5.3", "MUST", "new credentials with If-Match *: 200, a fragment, a new ETag; the old one is stale")
async def restarted(whep: Endpoint) -> None:
    session = await whep.created()
    response = await whep.restart(session)
    assert response.status_code == 200
    assert response.headers["content-type"] == FRAGMENT
    assert response.headers["etag"] != session.headers["etag"]
    refused(await whep.trickle(session, **{"If-Match": session.headers["etag"]}), 412)
    assert (await whep.trickle(session, **{"If-Match": response.headers["etag"]})).status_code == 204


@http.row("4.5.3", "MUST", "new credentials count as a restart whatever tag they come with")
async def restart_by_credentials(whep: Endpoint) -> None:
    session = await whep.created()
    assert (await whep.restart(session, **{"If-Match": session.headers["etag"]})).status_code == 200


@media.row("4.5.3", "MUST", "the restart answers with new credentials, candidates and the same ICE options")
async def restart_content(whep: Endpoint) -> None:
    session = await whep.created()
    response = await whep.restart(session)
    for name in ("ice-ufrag", "ice-pwd"):
        assert attributes(response.text, name)[0] not in attributes(session.text, name)
    assert attributes(response.text, "candidate")
    for name in ("ice-lite", "ice-options"):
        assert attributes(response.text, name) == attributes(session.text, name)


@http.row("4.5.3", "MUST", "a restart that cannot be satisfied is refused and the session kept")
async def failed_restart(whep: Endpoint) -> None:
    session = await whep.created()
    broken = "m=audio 9 UDP/TLS/RTP/SAVPF 111\r\na=mid:0\r\na=ice-ufrag:new\r\n"
    refused(await whep.patch(session.headers["location"], broken, **{"If-Match": "*"}), 400, 422)
    assert (await whep.trickle(session, **{"If-Match": session.headers["etag"]})).status_code == 204


# ---------------------------------------------------------------- 4.6 WebRTC constraints


@media.row("4.6.1", "MUST", "one BUNDLE group; rtcp-mux and rtcp-mux-only in each section")
async def bundled(whep: Endpoint) -> None:
    answer = (await whep.created()).text
    assert attributes(answer, "group") == ["BUNDLE " + " ".join(attributes(answer, "mid"))]
    for section in sections(answer):
        assert attributes(section, "rtcp-mux") == [""]
        assert attributes(section, "rtcp-mux-only") == [""]


@media.row("4.6.2", "MUST", "one MediaStream: every section has an msid with the same stream")
async def one_stream(whep: Endpoint) -> None:
    answer = (await whep.created()).text
    streams = [attributes(section, "msid")[0].split()[0] for section in sections(answer)]
    assert len(streams) == 2
    assert len(set(streams)) == 1


@http.row("4.6.2", "MUST", "at most one audio and one video track: more are refused")
async def too_many_tracks(whep: Endpoint) -> None:
    for kinds in (("video", "video"), ("audio", "video", "video"), ("audio",) * 30):
        assert refused(await whep.post(whep.peer.offer("recvonly", media=kinds)), 400, 422) == "bad_offer"


@media.row("4.6.3", "MAY", "ICE lite, and it says so")
async def ice_lite(whep: Endpoint) -> None:
    assert attributes((await whep.created()).text, "ice-lite") == [""]


# ---------------------------------------------------------------- 4.7 load balancing


@http.row("4.7", "MUST", "never 301 or 302")
async def no_redirects(whep: Endpoint) -> None:
    for path in (whep.path, whep.path + "/", "/whep", "/whep/", "/whep/sessions/"):
        response = await whep.http.post(
            path, content=whep.offer(), headers={"Content-Type": SDP}, follow_redirects=False
        )
        assert not 300 <= response.status_code < 400, path


# ---------------------------------------------------------------- 4.8 STUN/TURN server configuration


@http.row("4.8", "MAY", "201 names STUN and TURN servers as Link, rel ice-server; a preflight does not")
async def ice_links(whep: Endpoint) -> None:
    links = (await whep.created()).headers.get_list("link")
    assert [link.split(";")[1].strip() for link in links] == ['rel="ice-server"'] * 2
    assert 'credential-type="password"' in links[1]
    preflight = await whep.http.options(
        whep.path, headers={"Origin": "https://x", "Access-Control-Request-Method": "POST"}
    )
    assert "link" not in preflight.headers


# ---------------------------------------------------------------- 4.9 authentication and authorization


@http.row("4.9", "MUST", "Bearer tokens are understood: a good one passes, a bad one is 401 with a challenge")
async def bearer(whep: Endpoint) -> None:
    response = await whep.post(Authorization="Bearer nonsense")
    assert refused(response, 401) == "token_invalid"
    assert response.headers["www-authenticate"].startswith("Bearer")


@http.row("4.9.1", "MAY", "no token is required: shows are public")
async def public(whep: Endpoint) -> None:
    assert whep.auth == {}
    assert (await whep.post()).status_code == 201


# ---------------------------------------------------------------- 5 security


@http.row("5", "SHOULD", "session URLs cannot be guessed, and reach no session of another kind")
async def unguessable(whep: Endpoint) -> None:
    paths = {(await whep.created()).headers["location"] for _ in range(5)}
    assert len(paths) == 5
    for odd in ("1", "whep_" + "0" * 20, "whip_" + "0" * 20, "x" * 3000):
        assert refused(await whep.http.delete(f"/whep/sessions/{odd}"), 404)


# ---------------------------------------------------------------- running them


async def _silent_show(whep: Endpoint) -> str:
    shows = (await whep.http.get("/api/shows")).json()
    return next(str(show["show_id"]) for show in shows if show["show_id"] != whep.show_id)


async def _watchable(server: Server, show_id: ShowId) -> Endpoint:
    """The show's endpoint, once its first packets have come in."""
    whep = Endpoint(server.http, "whep", show_id, None)
    async with asyncio.timeout(10):
        while (await whep.post()).status_code != 201:
            await asyncio.sleep(0.05)
    return whep


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def on_air() -> AsyncIterator[Endpoint]:
    async with real_media_plane() as plane, running_server(plane, WITH_TURN) as server:
        show, _ = await server.show(), await server.show()
        async with publishing(server.http, f"/whip/{show.show_id}", server.token(HOST)):
            yield await _watchable(server, show.show_id)


@pytest.mark.asyncio(loop_scope="module")
@pytest.mark.parametrize("row", [*http.rows, *media.rows], ids=str)
async def test_whep_04_with_the_media_process(row: Row, on_air: Endpoint) -> None:
    await row.check(replace(on_air, peer=Peer()))


@pytest.mark.parametrize("row", http.rows, ids=str)
async def test_whep_04_with_the_fake_media_plane(row: Row) -> None:
    async with running_server(MemoryMediaPlane(strict=True), WITH_TURN) as server:
        show, _ = await server.show(), await server.show()
        await Endpoint(server.http, "whip", show.show_id, server.token(HOST)).created()
        await row.check(Endpoint(server.http, "whep", show.show_id, None))


async def test_4_7_overload_is_503_with_retry_after() -> None:
    plane = MemoryMediaPlane()
    async with running_server(plane) as server:
        show = await server.show()
        await Endpoint(server.http, "whip", show.show_id, server.token(HOST)).created()
        plane.is_full = True
        response = await Endpoint(server.http, "whep", show.show_id, None).post()
        assert refused(response, 503) == "overloaded"
        assert response.headers["retry-after"] == "3"


async def test_5_an_avalanche_of_viewers_is_asked_to_come_back() -> None:
    plane = MemoryMediaPlane()
    async with running_server(plane, Choices(joins_at_once=2)) as server:
        show = await server.show()
        await Endpoint(server.http, "whip", show.show_id, server.token(HOST)).created()
        whep = Endpoint(server.http, "whep", show.show_id, None)
        plane.answers.clear()
        async with asyncio.TaskGroup() as group:
            waiting = [group.create_task(whep.post()) for _ in range(2)]
            while plane.waiting < 2:
                await asyncio.sleep(0.01)
            late = await whep.post()
            plane.answers.set()
        assert refused(late, 503) == "overloaded"
        assert late.headers["retry-after"] == "1"
        assert [task.result().status_code for task in waiting] == [201, 201]


async def test_5_viewers_are_limited_per_address() -> None:
    once = Rate(burst=2, per_second=0.001)
    async with running_server(choices=Choices(rates=Rates(whep_post=once))) as server:
        whep = Endpoint(server.http, "whep", (await server.show()).show_id, None)
        answers = [await whep.post() for _ in range(3)]
        assert [answer.status_code for answer in answers] == [409, 409, 429]
        assert int(answers[-1].headers["retry-after"]) > 0


async def test_an_ended_show_has_nothing_to_watch() -> None:
    async with running_server() as server:
        show = await server.show()
        await server.parts.shows.end(show.show_id)
        assert refused(await Endpoint(server.http, "whep", show.show_id, None).post(), 409) == "show_ended"
        assert refused(await Endpoint(server.http, "whep", ShowId("show_none"), None).post(), 404) == "unknown_show"
