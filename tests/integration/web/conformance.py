"""The vocabulary of the two conformance tables: one row per requirement on a server, with its section."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Literal

import httpx2

from stream_server.ids import ShowId
from tests.integration.web.offers import Peer

SDP = "application/sdp"
FRAGMENT = "application/trickle-ice-sdpfrag"


@dataclass
class Endpoint:
    """One WHIP or WHEP endpoint under test, seen as a client sees it."""

    http: httpx2.AsyncClient
    kind: Literal["whip", "whep"]
    show_id: ShowId
    token: str | None
    peer: Peer = field(default_factory=Peer)

    @property
    def path(self) -> str:
        return f"/{self.kind}/{self.show_id}"

    @property
    def auth(self) -> dict[str, str]:
        return {} if self.token is None else {"Authorization": f"Bearer {self.token}"}

    @property
    def direction(self) -> str:
        return "sendonly" if self.kind == "whip" else "recvonly"

    def offer(self, **changes: object) -> str:
        return self.peer.offer(self.direction, **changes)  # type: ignore[arg-type]

    async def post(self, body: str | bytes | None = None, **headers: str) -> httpx2.Response:
        content = self.offer() if body is None else body
        return await self.http.post(self.path, content=content, headers={"Content-Type": SDP, **self.auth, **headers})

    async def created(self) -> httpx2.Response:
        """A session that was accepted."""
        response = await self.post()
        assert response.status_code == 201, response.text
        return response

    async def patch(self, session: str, body: str, **headers: str) -> httpx2.Response:
        sent = {"Content-Type": FRAGMENT, **self.auth, **headers}
        return await self.http.patch(session, content=body, headers=sent)

    async def trickle(self, session: httpx2.Response, **headers: str) -> httpx2.Response:
        return await self.patch(session.headers["location"], self.peer.fragment(), **headers)

    async def restart(self, session: httpx2.Response, **headers: str) -> httpx2.Response:
        body = self.peer.fragment(new_credentials=True)
        return await self.patch(session.headers["location"], body, **({"If-Match": "*"} | headers))

    async def delete(self, session: httpx2.Response, **headers: str) -> httpx2.Response:
        return await self.http.delete(session.headers["location"], headers={**self.auth, **headers})


Check = Callable[[Endpoint], Awaitable[None]]


@dataclass(frozen=True)
class Row:
    """One requirement."""

    section: str
    level: Literal["MUST", "SHOULD", "MAY"]
    requirement: str
    check: Check

    def __str__(self) -> str:
        return f"{self.section} {self.level} {self.requirement}"


class Table:
    """Collects rows in the order of the text."""

    def __init__(self) -> None:
        self.rows: list[Row] = []

    def row(self, section: str, level: Literal["MUST", "SHOULD", "MAY"], requirement: str) -> Callable[[Check], Check]:
        def add(check: Check) -> Check:
            self.rows.append(Row(section, level, requirement, check))
            return check

        return add


def refused(response: httpx2.Response, *statuses: int) -> str:
    """See that a request was refused with one of ``statuses`` and our error body; returns its code."""
    assert response.status_code in statuses, (response.status_code, response.text)
    body = response.json()
    assert set(body) == {"code", "message", "detail"}
    code = body["code"]
    assert isinstance(code, str)
    return code
