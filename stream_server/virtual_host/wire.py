"""The virtual host's end of the live channel: what happens comes in, pins and chat go out, like any studio's."""

from __future__ import annotations

import asyncio
import itertools
import logging
from collections.abc import AsyncGenerator, Callable
from typing import Protocol

from pydantic import ValidationError
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import WebSocketException

from stream_server.ids import new_id
from stream_server.signaling.messages import (
    PROTOCOL_VERSION,
    ClientCommand,
    Closing,
    Hello,
    Problem,
    ServerMessage,
    Welcome,
    server_adapter,
)

logger = logging.getLogger(__name__)

FIRST_RETRY_S = 0.5
LONGEST_RETRY_S = 5.0
OPEN_S = 5.0
MAX_WAITING = 50
"""Commands that wait while the server is away; the oldest go first."""
MAX_FRAME_BYTES = 2_000_000


class Wire(Protocol):
    """The live channel as a host uses it."""

    @property
    def is_open(self) -> bool:
        """Whether what is sent now goes out at once."""

    def send(self, make: Callable[[str], ClientCommand]) -> None:
        """Send a command; ``make`` gets its ``ref``. Never waits."""

    def messages(self) -> AsyncGenerator[ServerMessage, None]:
        """What the server says, beginning with a `Welcome`; without end."""

    async def deliver(self) -> None:
        """Send what waits; for ever."""


class LiveWire:
    """Keeps a connection up; `messages` goes on for ever, across reconnects."""

    def __init__(self, url: str, show_id: str, token: str, language: str = "en") -> None:
        """``url`` is the server's http(s) address; chat and captions come translated into ``language``."""
        self._url = url.replace("http", "ws", 1) + "/live"
        self._show_id, self._token, self._language = show_id, token, language
        # The server remembers a person's refs beyond a connection: a host that was started again must not repeat them.
        self._run = new_id("ai")
        self._numbers = itertools.count()
        self._out: asyncio.Queue[ClientCommand] = asyncio.Queue(MAX_WAITING)
        self._connection: ClientConnection | None = None
        self._is_open = asyncio.Event()

    @property
    def is_open(self) -> bool:
        """See `Wire.is_open`."""
        return self._is_open.is_set()

    def send(self, make: Callable[[str], ClientCommand]) -> None:
        """Send a command; ``make`` gets its ``ref``. Never waits: the oldest goes when too many wait."""
        if self._out.full():
            self._out.get_nowait()
            logger.warning("a command was left out: the server does not listen")
        self._out.put_nowait(make(f"{self._run}-{next(self._numbers)}"))

    async def messages(self) -> AsyncGenerator[ServerMessage, None]:
        """What the server says, beginning each time with a `Welcome`. Close it when done (`aclosing`)."""
        pause_s = FIRST_RETRY_S
        while True:
            try:
                async with connect(
                    self._url, open_timeout=OPEN_S, close_timeout=1, proxy=None, max_size=MAX_FRAME_BYTES
                ) as connection:
                    hello = Hello(
                        version=PROTOCOL_VERSION, show_id=self._show_id, token=self._token, language=self._language
                    )
                    await connection.send(hello.model_dump_json())
                    async for text in connection:
                        message = _read(text)
                        if message is not None:
                            pause_s = FIRST_RETRY_S
                            yield message
                        if isinstance(message, Welcome):
                            self._connection = connection
                            self._is_open.set()
                        elif isinstance(message, Closing):
                            break
            except (OSError, WebSocketException, TimeoutError) as error:
                logger.warning("the live channel broke: %s", error or type(error).__name__)
            finally:
                self._is_open.clear()
            await asyncio.sleep(pause_s)
            pause_s = min(pause_s * 2, LONGEST_RETRY_S)

    async def deliver(self) -> None:
        """Send what waits, whenever the connection is there; for ever, as a task beside the reader of `messages`."""
        while True:
            command = await self._out.get()
            await self._is_open.wait()
            assert self._connection is not None
            try:
                await self._connection.send(command.model_dump_json())
            except WebSocketException:
                logger.warning("%s was not sent: the live channel broke", command.type)


def _read(text: str | bytes) -> ServerMessage | None:
    """None for what we do not know: a newer server may say more."""
    try:
        message = server_adapter.validate_json(text)
    except ValidationError:
        return None
    if isinstance(message, Problem):
        logger.warning("refused: %s %s", message.code, message.message)
    return message
