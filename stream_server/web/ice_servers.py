"""STUN and TURN servers for browsers: Link headers (RFC 9725 §4.6) and the RTCConfiguration form.

Credentials follow draft-uberti-behave-turn-rest-00, as coturn's ``use-auth-secret`` checks them: the user name
carries the expiry, the password is its HMAC. They cannot be revoked, hence the short life.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
from dataclasses import dataclass
from typing import Any

from stream_server.clock import Clock
from stream_server.ids import new_id


@dataclass(frozen=True)
class TurnOptions:
    """Where the TURN servers are and the secret shared with them."""

    urls: tuple[str, ...] = ()
    secret: str | None = None
    ttl_s: int = 4 * 3600
    """Longer than most visits: a relayed viewer is cut when it runs out and must reconnect."""


class IceServers:
    """Makes fresh credentials for each asker."""

    def __init__(self, options: TurnOptions, clock: Clock) -> None:
        self._options = options
        self._clock = clock

    def credentials(self, user: str) -> tuple[str, str]:
        """A user name and password that TURN takes until the ttl is over. Raises: ValueError without a secret."""
        if self._options.secret is None:
            raise ValueError("no TURN secret is configured")
        expiry = int(self._clock.now().timestamp()) + self._options.ttl_s
        username = f"{expiry}:{user}"
        # SHA-1 is what the TURN servers in the field implement; as an HMAC it is still sound
        digest = hmac.new(self._options.secret.encode(), username.encode(), hashlib.sha1).digest()
        return username, base64.b64encode(digest).decode()

    def configuration(self) -> list[dict[str, Any]]:
        """The ``iceServers`` list for RTCPeerConnection; empty when no server is configured."""
        stun = [url for url in self._options.urls if url.startswith(("stun:", "stuns:"))]
        turn = [url for url in self._options.urls if url.startswith(("turn:", "turns:"))]
        servers: list[dict[str, Any]] = [{"urls": stun}] if stun else []
        if turn and self._options.secret is not None:
            username, credential = self.credentials(new_id("turn"))
            servers.append({"urls": turn, "username": username, "credential": credential})
        return servers

    def links(self) -> list[str]:
        """One Link header value for each server."""
        values = []
        for server in self.configuration():
            for url in server["urls"]:
                value = f'<{url}>; rel="ice-server"'
                if "username" in server:
                    value += (
                        f'; username="{server["username"]}"; credential="{server["credential"]}"'
                        '; credential-type="password"'
                    )
                values.append(value)
        return values
