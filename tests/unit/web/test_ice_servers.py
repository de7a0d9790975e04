from __future__ import annotations

import base64
import hashlib
import hmac

import pytest

from stream_server.clock import ManualClock
from stream_server.web.ice_servers import IceServers, TurnOptions

URLS = ("stun:stun.example:3478", "turn:turn.example:3478?transport=udp", "turns:turn.example:5349?transport=tcp")


def test_turn_credentials_are_those_coturn_computes_and_end_after_the_ttl() -> None:
    clock = ManualClock()
    username, password = IceServers(TurnOptions(URLS, "north wind", ttl_s=600), clock).credentials("turn_x")
    assert username == f"{int(clock.now().timestamp()) + 600}:turn_x"
    expected = hmac.new(b"north wind", username.encode(), hashlib.sha1).digest()
    assert base64.b64decode(password) == expected


def test_each_server_is_a_link_and_stun_needs_no_credentials() -> None:
    stun, udp, tls = IceServers(TurnOptions(URLS, "north wind"), ManualClock()).links()
    assert stun == '<stun:stun.example:3478>; rel="ice-server"'
    assert udp.startswith('<turn:turn.example:3478?transport=udp>; rel="ice-server"; username="')
    assert tls.endswith('; credential-type="password"')


def test_without_a_secret_no_turn_server_is_named() -> None:
    ice = IceServers(TurnOptions(URLS, None), ManualClock())
    assert ice.configuration() == [{"urls": ["stun:stun.example:3478"]}]
    with pytest.raises(ValueError, match="secret"):
        ice.credentials("x")


def test_nothing_configured_gives_nothing() -> None:
    assert IceServers(TurnOptions(), ManualClock()).links() == []
