"""The demo host's other hand: opens the next product's card now and then, over the live channel like any studio."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

from websockets.exceptions import WebSocketException
from websockets.sync.client import ClientConnection, connect

from stream_server.signaling.messages import (
    PROTOCOL_VERSION,
    Ack,
    Hello,
    Pin,
    Problem,
    Welcome,
    server_adapter,
)

logger = logging.getLogger(__name__)

PIN_EVERY_S = 24
"""Long enough to look at a card and buy."""
ANSWER_S = 5.0


class Director:
    """Pins the products of a show's rundown, one after the other, while its `tick` is called."""

    def __init__(self, whip_url: str, token: str) -> None:
        """``whip_url`` names server and show."""
        address = urlsplit(whip_url)
        self._live_url = f"{'wss' if address.scheme == 'https' else 'ws'}://{address.netloc}/live"
        self._show_id = address.path.rsplit("/", 1)[-1]
        self._token = token
        self._ticks = 0

    def tick(self) -> None:
        """A second of the film went by. Never waits: the pin itself is another thread's business."""
        if self._ticks % PIN_EVERY_S == 0:
            threading.Thread(target=self._try_pin, name="director", daemon=True).start()
        self._ticks += 1

    def _try_pin(self) -> None:
        try:
            self.pin_next()
        except (OSError, ValueError, WebSocketException) as error:
            logger.warning("no product pinned: %s", error)

    def pin_next(self) -> None:
        """Pin what follows the newest card in the rundown.

        Raises: OSError, ValueError, WebSocketException when the server does not play along.
        """
        with connect(self._live_url, open_timeout=ANSWER_S, close_timeout=1, proxy=None) as connection:
            connection.send(Hello(version=PROTOCOL_VERSION, show_id=self._show_id, token=self._token).model_dump_json())
            state = next(m for m in _messages(connection) if isinstance(m, Welcome)).state
            if state is None or not state.rundown:
                return
            newest = state.pins[-1].product_id if state.pins else None
            after = state.rundown.index(newest) + 1 if newest in state.rundown else 0
            product_id = state.rundown[after % len(state.rundown)]
            connection.send(Pin(ref="director", product_id=product_id).model_dump_json())
            answer = next(m for m in _messages(connection) if isinstance(m, Ack | Problem))
            if isinstance(answer, Problem):
                raise ValueError(answer.message)


def _messages(connection: ClientConnection) -> Iterator[Any]:
    """What the server says within the time limit. Raises: TimeoutError, ValueError for what is not a message."""
    deadline_s = time.monotonic() + ANSWER_S  # noqa: TID251  a wait on the outside, not a rule
    while True:
        yield server_adapter.validate_json(connection.recv(timeout=max(0.0, deadline_s - time.monotonic())))  # noqa: TID251
