"""What the live channel needs of the web edge: one client's socket."""

from __future__ import annotations

from typing import Protocol


class Connection(Protocol):
    """One client's socket. Nothing here waits for the client."""

    @property
    def is_slow(self) -> bool:
        """True when so much is waiting to be read by this client that it should be dropped."""

    def send_text(self, text: str) -> None:
        """Queue a whole text message. The same `str` object goes to many clients: its frame can be made once.

        Does nothing when the connection is closing or gone.
        """

    def close(self, code: int) -> None:
        """Close with a WebSocket close code; the incoming messages end then. May be called twice.

        A client that does not read (code 4413) is cut off: it would not read the close frame either.
        """
