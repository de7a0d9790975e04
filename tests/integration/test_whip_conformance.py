"""RFC 9725 (WHIP), every requirement on a server, in the order of the text.

Each row runs through real HTTP twice: against the media process' own code, and against the fake media plane, which
is thereby held to the same behaviour; rows about the answer's SDP need the real one. Requirements on clients have no
rows. Not applicable to us: §4.3.1 "either Trickle ICE or ICE restarts, but not both" (we do both), §4.9 extensions
(we have none, so none is advertised or required).
"""

from __future__ import annotations

import json
import re
from collections.abc import AsyncIterator

import httpx2
import pytest
import pytest_asyncio

from stream_server.app.choices import Choices
from stream_server.clock import ManualClock
from stream_server.web.ice_servers import TurnOptions
from stream_server.web.throttle import Rate, Rates
from tests.fakes.media_plane import MemoryMediaPlane
from tests.integration.web.conformance import FRAGMENT, SDP, Endpoint, Row, Table, refused
from tests.integration.web.offers import attributes, sections
from tests.integration.web.server import HOST, Server, person, real_media_plane, running_server

http = Table()
media = Table()

TURN = TurnOptions(("stun:stun.example:3478", "turn:turn.example:3478?transport=udp"), "north wind")
# every row of a table comes from one client
PATIENT = Rate(burst=10_000, per_second=1000)
WITH_TURN = Choices(turn=TURN, rates=Rates(PATIENT, PATIENT, PATIENT, PATIENT))

# ---------------------------------------------------------------- 4.1 HTTP usage


@http.row("4.1", "MAY", "errors carry a problem statement in JSON")
async def errors_explain_themselves(whip: Endpoint) -> None:
    response = await whip.post("not sdp at all")
    assert response.headers["content-type"] == "application/json"
    assert json.loads(response.text)["message"]


@http.row("4.1", "MUST", "GET on the endpoint: 2xx without content")
async def get_endpoint(whip: Endpoint) -> None:
    response = await whip.http.get(whip.path, headers=whip.auth)
    assert 200 <= response.status_code < 300
    assert response.content == b""


@http.row("4.1", "MUST", "GET on a session: 2xx without content")
async def get_session(whip: Endpoint) -> None:
    session = await whip.created()
    response = await whip.http.get(session.headers["location"], headers=whip.auth)
    assert 200 <= response.status_code < 300
    assert response.content == b""


@http.row("4.1", "MUST", "HEAD is answered like GET")
async def head(whip: Endpoint) -> None:
    session = await whip.created()
    for path in (whip.path, session.headers["location"]):
        response = await whip.http.head(path, headers=whip.auth)
        assert 200 <= response.status_code < 300


@http.row("4.1", "MUST", "methods without meaning are refused (RFC 9110 §15.5.6)")
async def other_methods(whip: Endpoint) -> None:
    session = await whip.created()
    for path, method in ((whip.path, "PUT"), (whip.path, "DELETE"), (session.headers["location"], "POST")):
        response = await whip.http.request(method, path, headers=whip.auth)
        assert refused(response, 405) == "method_not_allowed"
        assert response.headers["allow"]


# ---------------------------------------------------------------- 4.2 ingest session setup


@http.row("4.2", "MUST", "POST: 201, application/sdp, the answer as body, Location of the session")
async def created(whip: Endpoint) -> None:
    response = await whip.post()
    assert response.status_code == 201
    assert response.headers["content-type"] == SDP
    assert response.text.startswith("v=0")
    assert re.fullmatch(r"/whip/sessions/whip_[0-9a-z]{20}", response.headers["location"])


@http.row("4.2", "MUST", "the answer comes whole: Content-Length, not chunked")
async def not_chunked(whip: Endpoint) -> None:
    response = await whip.created()
    assert int(response.headers["content-length"]) == len(response.content)
    assert "transfer-encoding" not in response.headers


@http.row("4.2", "MUST", "another content type: 4xx")
async def wrong_type(whip: Endpoint) -> None:
    for content_type in ("text/plain", "application/json", "", "application/sdpx", "multipart/form-data"):
        response = await whip.post(**{"Content-Type": content_type})
        assert refused(response, 415) == "wrong_media_type"
        assert response.headers["accept-post"] == SDP


@http.row("4.2", "MUST", "the media type is compared as HTTP says: case and parameters do not matter")
async def same_type(whip: Endpoint) -> None:
    response = await whip.post(**{"Content-Type": "Application/SDP; charset=utf-8"})
    assert response.status_code == 201


@http.row("4.2", "MUST", "malformed SDP: 4xx")
async def malformed(whip: Endpoint) -> None:
    for body in ("x", "v=0", "\r\n", "v=0\r\nm=video", '{"sdp":"v=0"}', "v=0\r\n" + "a=x\r\n" * 1000):
        refused(await whip.post(body), 400, 422)
    for raw in (b"\xff\xfe\x00", b"", b"v=0\r\n\x00"):
        refused(await whip.post(raw), 400, 422)


@http.row("4.2", "SHOULD", "an oversized body is refused before it is read: 413")
async def oversized(whip: Endpoint) -> None:
    assert refused(await whip.post("v=0\r\n" + "a" * 70_000), 413) == "too_large"


@http.row("4.2", "MUST", "sendonly and sendrecv are taken; inactive and recvonly refused")
async def directions(whip: Endpoint) -> None:
    taken = await whip.post(whip.peer.offer("sendrecv"))
    assert taken.status_code == 201
    for wrong in ("inactive", "recvonly"):
        refused(await whip.post(whip.peer.offer(wrong)), 400, 422)


@media.row("4.2", "MUST", "the answer is recvonly")
async def answer_direction(whip: Endpoint) -> None:
    for direction in ("sendonly", "sendrecv"):
        answer = (await whip.post(whip.peer.offer(direction))).text
        for section in sections(answer):
            assert "a=recvonly" in section
            assert not any(f"a={other}\r" in section for other in ("sendonly", "sendrecv", "inactive"))


@http.row("4.2", "MUST", "DELETE on the session ends it: 200, and then it is gone")
async def deleted(whip: Endpoint) -> None:
    session = await whip.created()
    assert (await whip.delete(session)).status_code == 200
    assert refused(await whip.delete(session), 404)
    assert refused(await whip.trickle(session, **{"If-Match": session.headers["etag"]}), 404)


@http.row("4.2", "MUST", "OPTIONS: 200 with CORS")
async def options(whip: Endpoint) -> None:
    for method in ("POST", "PATCH", "DELETE"):
        response = await whip.http.options(
            whip.path,
            headers={
                "Origin": "https://studio.example",
                "Access-Control-Request-Method": method,
                "Access-Control-Request-Headers": "authorization,content-type,if-match",
            },
        )
        assert response.status_code == 200
        assert response.headers["access-control-allow-origin"] == "*"
        assert method in response.headers["access-control-allow-methods"]
        for name in ("authorization", "content-type", "if-match"):
            assert name in response.headers["access-control-allow-headers"].lower()


@http.row("4.2", "SHOULD", "OPTIONS: Accept-Post names application/sdp")
async def accept_post(whip: Endpoint) -> None:
    plain = await whip.http.options(whip.path)
    preflight = await whip.http.options(
        whip.path, headers={"Access-Control-Request-Method": "POST", "Origin": "https://x"}
    )
    assert plain.headers["accept-post"] == preflight.headers["accept-post"] == SDP


@http.row("4.2", "MUST", "OPTIONS on a session: 200 with CORS")
async def session_options(whip: Endpoint) -> None:
    session = await whip.created()
    response = await whip.http.options(
        session.headers["location"], headers={"Origin": "https://x", "Access-Control-Request-Method": "PATCH"}
    )
    assert response.status_code == 200
    assert response.headers["accept-patch"] == FRAGMENT
    assert response.headers["access-control-allow-origin"] == "*"


@http.row("4.2", "MUST", "a page may read what it needs: Location, ETag and Link are exposed")
async def exposed(whip: Endpoint) -> None:
    response = await whip.post(Origin="https://studio.example")
    exposed_headers = response.headers["access-control-expose-headers"].lower()
    for name in ("location", "etag", "link"):
        assert name in exposed_headers


# ---------------------------------------------------------------- 4.3.1 HTTP PATCH request usage


@http.row("4.3.1", "MUST", "PATCH with another content type: 4xx")
async def patch_wrong_type(whip: Endpoint) -> None:
    session = await whip.created()
    for content_type in (SDP, "text/plain", ""):
        response = await whip.trickle(session, **{"Content-Type": content_type, "If-Match": session.headers["etag"]})
        assert refused(response, 415) == "wrong_media_type"
        assert response.headers["accept-patch"] == FRAGMENT


@http.row("4.3.1", "MUST", "PATCH with a malformed fragment: 4xx, and the session lives on")
async def patch_malformed(whip: Endpoint) -> None:
    session = await whip.created()
    path, tag = session.headers["location"], session.headers["etag"]
    for body in ("garbage", "m=audio", "a=ice-ufrag:only", '{"candidate":""}'):
        refused(await whip.patch(path, body, **{"If-Match": tag}), 400, 422)
    assert (await whip.trickle(session, **{"If-Match": tag})).status_code == 204


@http.row("4.3.1", "MUST", "a strong entity tag names the ICE session, from the 201 on")
async def strong_tag(whip: Endpoint) -> None:
    first, second = await whip.created(), await whip.created()
    for session in (first, second):
        assert re.fullmatch(r'"[!#-~]+"', session.headers["etag"])
    assert first.headers["etag"] != second.headers["etag"]


@http.row("4.3.1", "MUST", "PATCH without If-Match: 428")
async def precondition_required(whip: Endpoint) -> None:
    session = await whip.created()
    assert refused(await whip.trickle(session), 428) == "if_match_required"


@http.row("4.3.1", "MUST", "PATCH with another tag: 412")
async def precondition_failed(whip: Endpoint) -> None:
    session = await whip.created()
    for tag in ('"other"', f"W/{session.headers['etag']}", '"a", "b"'):
        assert refused(await whip.trickle(session, **{"If-Match": tag}), 412) == "stale_etag"


@http.row("4.3.1", "MUST", "If-Match may list several tags (RFC 9110 §13.1.1)")
async def several_tags(whip: Endpoint) -> None:
    session = await whip.created()
    tags = f'"other", {session.headers["etag"]}'
    assert (await whip.trickle(session, **{"If-Match": tags})).status_code == 204


@http.row("4.3.1", "MUST", "DELETE ignores entity tags")
async def delete_ignores_tags(whip: Endpoint) -> None:
    session = await whip.created()
    assert (await whip.delete(session, **{"If-Match": '"something else"'})).status_code == 200


# ---------------------------------------------------------------- 4.3.2 Trickle ICE


@media.row("4.3.2", "MUST", "the answer has all candidates of the server, and no trickling from its side")
async def all_candidates(whip: Endpoint) -> None:
    answer = (await whip.created()).text
    for section in sections(answer):
        assert attributes(section, "candidate")
        assert attributes(section, "end-of-candidates") == [""]
    assert attributes(answer, "ice-lite") == [""]


@http.row("4.3.2", "MUST", "new candidates: 204, no body, no ETag")
async def trickled(whip: Endpoint) -> None:
    session = await whip.created()
    response = await whip.trickle(session, **{"If-Match": session.headers["etag"]})
    assert response.status_code == 204
    assert response.content == b""
    assert "etag" not in response.headers


@http.row("4.3.2", "MUST", "candidates that the server cannot use are dropped silently")
async def odd_candidates(whip: Endpoint) -> None:
    session = await whip.created()
    odd = whip.peer.fragment(
        candidates=(
            "candidate:1 1 sctp 1 127.0.0.1 9 typ host",
            "candidate:2 1 udp 2122194687 nobody.invalid 61764 typ host",
            "candidate:3 1 tcp 1518280447 192.0.2.1 9 typ host tcptype active",
            "candidate:4 1 udp 2122194687 198.51.100.1 61765 typ host generation 0 network-id 2",
        )
    )
    response = await whip.patch(session.headers["location"], odd, **{"If-Match": session.headers["etag"]})
    assert response.status_code == 204


# ---------------------------------------------------------------- 4.3.3 ICE restarts


@http.row("4.3.3", "MUST", "new credentials with If-Match *: 200, a fragment, a new ETag")
async def restarted(whip: Endpoint) -> None:
    session = await whip.created()
    response = await whip.restart(session)
    assert response.status_code == 200
    assert response.headers["content-type"] == FRAGMENT
    assert re.fullmatch(r'"[!#-~]+"', response.headers["etag"])
    assert response.headers["etag"] != session.headers["etag"]
    assert attributes(response.text, "ice-ufrag")
    assert attributes(response.text, "ice-pwd")


@http.row("4.3.3", "MUST", "the wildcard is also taken in quotes, as the text's example writes it")
async def quoted_wildcard(whip: Endpoint) -> None:
    session = await whip.created()
    assert (await whip.restart(session, **{"If-Match": '"*"'})).status_code == 200


@http.row("4.3.3", "MUST", "after a restart the old tag is stale and the new one current")
async def tags_move_on(whip: Endpoint) -> None:
    session = await whip.created()
    restarted_session = await whip.restart(session)
    refused(await whip.trickle(session, **{"If-Match": session.headers["etag"]}), 412)
    response = await whip.trickle(session, **{"If-Match": restarted_session.headers["etag"]})
    assert response.status_code == 204


@media.row("4.3.3", "MUST", "the restart answers with new credentials, candidates and the same ICE options")
async def restart_content(whip: Endpoint) -> None:
    session = await whip.created()
    response = await whip.restart(session)
    for name in ("ice-ufrag", "ice-pwd"):
        assert attributes(response.text, name)[0] not in attributes(session.text, name)
    assert attributes(response.text, "candidate")
    for name in ("ice-lite", "ice-options"):
        assert attributes(response.text, name) == attributes(session.text, name)


@http.row("4.3.3", "MUST", "a restart that cannot be satisfied is refused and the session kept")
async def failed_restart(whip: Endpoint) -> None:
    session = await whip.created()
    broken = "m=audio 9 UDP/TLS/RTP/SAVPF 111\r\na=mid:0\r\na=ice-ufrag:new\r\n"
    refused(await whip.patch(session.headers["location"], broken, **{"If-Match": "*"}), 400, 422)
    response = await whip.trickle(session, **{"If-Match": session.headers["etag"]})
    assert response.status_code == 204


# ---------------------------------------------------------------- 4.4 WebRTC constraints


@media.row("4.4.1", "MUST", "all media sections share one BUNDLE group")
async def bundled(whip: Endpoint) -> None:
    answer = (await whip.created()).text
    assert attributes(answer, "group") == ["BUNDLE " + " ".join(attributes(answer, "mid"))]


@media.row("4.4.1", "MUST", "rtcp-mux and rtcp-mux-only in each section of the answer")
async def muxed(whip: Endpoint) -> None:
    for section in sections((await whip.created()).text):
        assert attributes(section, "rtcp-mux") == [""]
        assert attributes(section, "rtcp-mux-only") == [""]


@http.row("4.4.2", "MUST", "more tracks than one audio and one video: 4xx, never a part of it")
async def too_many_tracks(whip: Endpoint) -> None:
    for kinds in (("video", "video"), ("audio", "audio"), ("audio", "video", "video"), ("video",) * 30):
        offer = whip.peer.offer("sendonly", media=kinds)
        assert refused(await whip.post(offer), 400, 422) == "bad_offer"


@media.row("4.4.2", "MUST", "more than one MediaStream: 4xx")
async def two_streams(whip: Endpoint) -> None:
    offer = whip.peer.offer("sendonly", streams=("one", "two"))
    assert refused(await whip.post(offer), 400, 422) == "bad_offer"


@http.row("4.4.2", "MUST", "one track of either kind is enough")
async def one_track(whip: Endpoint) -> None:
    for kind in ("audio", "video"):
        assert (await whip.post(whip.peer.offer("sendonly", media=(kind,)))).status_code == 201


@media.row("4.4.3", "SHOULD", "a section that cannot be taken refuses the whole offer")
async def no_partial_success(whip: Endpoint) -> None:
    offer = whip.peer.offer("sendonly", video_codec="THEORA")
    assert refused(await whip.post(offer), 400, 422) == "bad_offer"


@media.row("4.4.4", "MUST", "setup: actpass and active are answered passive")
async def setup_roles(whip: Endpoint) -> None:
    for setup in ("actpass", "active"):
        answer = await whip.post(whip.peer.offer("sendonly", setup=setup))
        assert answer.status_code == 201, answer.text
        assert set(attributes(answer.text, "setup")) == {"passive"}


@media.row("4.4.4", "MUST", "setup: passive (FFmpeg) is answered active")
async def setup_passive(whip: Endpoint) -> None:
    answer = await whip.post(whip.peer.offer("sendonly", setup="passive"))
    assert answer.status_code == 201, answer.text
    assert set(attributes(answer.text, "setup")) == {"active"}


@media.row("4.4.5", "MAY", "an offer without candidates is taken (trickle)")
async def no_candidates(whip: Endpoint) -> None:
    assert (await whip.post(whip.peer.offer("sendonly"))).status_code == 201


@media.row("4.4", "MUST", "an offer without fingerprint has no security and is refused (RFC 8826)")
async def no_fingerprint(whip: Endpoint) -> None:
    assert refused(await whip.post(whip.peer.offer("sendonly", fingerprint=None)), 400, 422) == "bad_offer"


# ---------------------------------------------------------------- 4.5 load balancing


@http.row("4.5", "MUST", "never 301 or 302, not even for a slash too many")
async def no_redirects(whip: Endpoint) -> None:
    for path in (whip.path, whip.path + "/", f"/{whip.kind}", f"/{whip.kind}/", f"/{whip.kind}/sessions/"):
        response = await whip.http.post(
            path, content=whip.offer(), headers={"Content-Type": SDP, **whip.auth}, follow_redirects=False
        )
        assert not 300 <= response.status_code < 400, path


# ---------------------------------------------------------------- 4.6 STUN/TURN server configuration


@http.row("4.6", "MAY", "201 names STUN and TURN servers as Link, rel ice-server, with credentials")
async def ice_links(whip: Endpoint) -> None:
    links = (await whip.created()).headers.get_list("link")
    assert links[0] == '<stun:stun.example:3478>; rel="ice-server"'
    assert re.fullmatch(
        r'<turn:turn\.example:3478\?transport=udp>; rel="ice-server"; username="\d+:\w+"; '
        r'credential="[\w+/=]+"; credential-type="password"',
        links[1],
    )


@http.row("4.6", "MAY", "OPTIONS names them as well")
async def ice_links_on_options(whip: Endpoint) -> None:
    assert len((await whip.http.options(whip.path)).headers.get_list("link")) == 2


@http.row("4.6", "SHOULD", "a CORS preflight does not")
async def no_ice_links_on_preflight(whip: Endpoint) -> None:
    response = await whip.http.options(
        whip.path, headers={"Origin": "https://x", "Access-Control-Request-Method": "POST"}
    )
    assert "link" not in response.headers


# ---------------------------------------------------------------- 4.7 authentication and authorization


@http.row("4.7", "MUST", "without a token: 401 with WWW-Authenticate (RFC 9110 §11.6.1)")
async def unauthenticated(whip: Endpoint) -> None:
    session = await whip.created()
    for method, path in (
        ("POST", whip.path),
        ("PATCH", session.headers["location"]),
        ("DELETE", session.headers["location"]),
    ):
        response = await whip.http.request(
            method, path, content=whip.offer(), headers={"Content-Type": SDP if method == "POST" else FRAGMENT}
        )
        assert refused(response, 401) == "unauthenticated"
        assert response.headers["www-authenticate"] == 'Bearer realm="vitrine"'
    assert (await whip.delete(session)).status_code == 200


@http.row("4.7.1", "MUST", "a Bearer token is understood; one that is no good: 401 invalid_token")
async def bad_tokens(whip: Endpoint) -> None:
    for header in ("Bearer nonsense", "Bearer", "Basic aG9zdDpwdw==", "Bearer " + "x" * 5000):
        response = await whip.post(Authorization=header)
        assert refused(response, 401) == "token_invalid"
        assert 'error="invalid_token"' in response.headers["www-authenticate"]


@http.row("4.7.1", "MUST", "the scheme's name is not case-sensitive (RFC 9110 §11.1)")
async def scheme_case(whip: Endpoint) -> None:
    assert (await whip.post(Authorization=f"bearer {whip.token}")).status_code == 201


@http.row("4.7.1", "MUST", "OPTIONS needs no token")
async def options_without_token(whip: Endpoint) -> None:
    response = await whip.http.options(whip.path)
    assert response.status_code == 200


# ---------------------------------------------------------------- 4.8 simulcast


@media.row(
    "4.8", "MUST", "a simulcast offer is answered by the rules of RFC 8853 §5.3.2: taken whole, or not negotiated"
)
async def simulcast(whip: Endpoint) -> None:
    offer = whip.peer.offer("sendonly")
    offer += "".join(f"a=rid:{rid} send\r\n" for rid in "qhf") + "a=simulcast:send q;h;f\r\n"
    answer = await whip.post(offer)
    assert answer.status_code in (201, 422)
    if attributes(answer.text, "simulcast"):
        assert attributes(answer.text, "simulcast") == ["recv q;h;f"]
        assert attributes(answer.text, "rid") == ["q recv", "h recv", "f recv"]


# ---------------------------------------------------------------- 5 security


@http.row("5", "SHOULD", "session URLs cannot be guessed: 100 random bits")
async def unguessable(whip: Endpoint) -> None:
    paths = {(await whip.created()).headers["location"] for _ in range(5)}
    assert len(paths) == 5
    for odd in ("1", "whip_1", "../admin", "whip_" + "0" * 20, "whep_" + "0" * 20, "x" * 3000):
        response = await whip.http.delete(f"/whip/sessions/{odd}", headers=whip.auth)
        assert response.status_code in (404, 405)


# ---------------------------------------------------------------- running them


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def real_server() -> AsyncIterator[Server]:
    async with real_media_plane() as plane, running_server(plane, WITH_TURN) as server:
        yield server


@pytest.mark.asyncio(loop_scope="module")
@pytest.mark.parametrize("row", [*http.rows, *media.rows], ids=str)
async def test_rfc_9725_with_the_media_process(row: Row, real_server: Server) -> None:
    show = await real_server.show()
    await row.check(Endpoint(real_server.http, "whip", show.show_id, real_server.token(HOST)))


@pytest.mark.parametrize("row", http.rows, ids=str)
async def test_rfc_9725_with_the_fake_media_plane(row: Row) -> None:
    async with running_server(MemoryMediaPlane(strict=True), WITH_TURN) as server:
        show = await server.show()
        await row.check(Endpoint(server.http, "whip", show.show_id, server.token(HOST)))


async def test_4_5_overload_is_503_with_retry_after() -> None:
    plane = MemoryMediaPlane()
    async with running_server(plane) as server:
        whip = Endpoint(server.http, "whip", (await server.show()).show_id, server.token(HOST))
        plane.is_full = True
        response = await whip.post()
        assert refused(response, 503) == "overloaded"
        assert response.headers["retry-after"] == "3"
        plane.is_full, plane.is_down = False, True
        response = await whip.post()
        assert refused(response, 503) == "unavailable"
        assert response.headers["retry-after"] == "1"


async def test_4_7_1_an_expired_token_says_so_and_a_strangers_token_is_forbidden() -> None:
    clock = ManualClock()
    async with running_server(clock=clock) as server:
        show = await server.show()
        expired = server.token(HOST, lifetime_s=60)
        clock.advance(120)
        for who, status, code in (
            (expired, 401, "token_expired"),
            (server.token(person("host")), 403, "forbidden"),
            (server.token(person("viewer")), 403, "forbidden"),
            (server.token(person("brand")), 403, "forbidden"),
            (server.token(person("moderator", None, show.show_id)), 403, "forbidden"),
        ):
            whip = Endpoint(server.http, "whip", show.show_id, who)
            assert refused(await whip.post(), status) == code
        admin = Endpoint(server.http, "whip", show.show_id, server.token(person("admin")))
        assert (await admin.post()).status_code == 201


async def test_5_post_patch_and_delete_are_limited_per_client() -> None:
    once = Rate(burst=2, per_second=0.001)
    rates = Rates(whip_post=once, session_patch=once, session_delete=once)
    async with running_server(choices=Choices(rates=rates)) as server:
        whip = Endpoint(server.http, "whip", (await server.show()).show_id, server.token(HOST))
        first, _ = await whip.created(), await whip.created()

        async def patch() -> httpx2.Response:
            return await whip.trickle(first, **{"If-Match": "*"})

        async def delete() -> httpx2.Response:
            return await whip.delete(first)

        for request in (whip.post, patch, delete):
            answers = [await request() for _ in range(3)]
            assert refused(answers[-1], 429) == "too_many"
            assert int(answers[-1].headers["retry-after"]) > 0
