"""One client's half of the live channel, without any I/O: text in, actions out.

It knows the order of the conversation (hello first, then commands), its limits, and which commands it has seen.
What a command does is not its business (`signaling.commands`).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from pydantic import ValidationError
from pydantic_core import from_json

from stream_server.clock import Clock
from stream_server.errors import VitrineError
from stream_server.signaling.messages import (
    MAX_MESSAGE_BYTES,
    PROTOCOL_VERSION,
    Ack,
    ClientCommand,
    Hello,
    Problem,
    command_adapter,
    hello_adapter,
)
from stream_server.signaling.problems import (
    BadMessage,
    CloseCode,
    CommandFlood,
    HelloExpected,
    HelloRepeated,
    MessageTooLarge,
    UnknownMessage,
    VersionMismatch,
    problem,
)
from stream_server.signaling.refs import Refs

SUPPORTED_VERSIONS = (PROTOCOL_VERSION,)
_MAX_REF_CHARS = 40
_MAX_VERSION = 1_000_000
"""Python refuses to print integers of thousands of digits, which JSON may contain."""


@dataclass(frozen=True)
class Greet:
    """The client said hello: welcome it."""

    hello: Hello


@dataclass(frozen=True)
class Carry:
    """Carry out a command, then tell the session with `LiveSession.done`."""

    command: ClientCommand


@dataclass(frozen=True)
class Reply:
    """Send this."""

    message: Ack | Problem


@dataclass(frozen=True)
class Close:
    """End the connection."""

    code: CloseCode


Action = Greet | Carry | Reply | Close


@dataclass(frozen=True)
class SessionOptions:
    """How much one client may say."""

    burst: int = 30
    per_second: float = 10.0
    refused_at_most: int = 100
    """Refused messages in a row after which nobody listens any more."""


class LiveSession:
    """The conversation with one client."""

    def __init__(self, clock: Clock, options: SessionOptions | None = None) -> None:
        self._clock = clock
        self._options = options or SessionOptions()
        self._greeted = False
        self._refs = Refs()
        self._tokens = float(self._options.burst)
        self._filled_s = clock.monotonic_s()
        self._refused = 0

    def feed(self, text: str | bytes) -> Sequence[Action]:
        """The next message from the client. Never raises."""
        try:
            message, ref = self._read(text)
        except MessageTooLarge as error:
            return self._end(error, CloseCode.TOO_BIG)
        except BadMessage as error:
            return self._refuse(error, None) if self._greeted else self._end(error, CloseCode.BAD_HELLO)
        try:
            return self._command(message, ref, text) if self._greeted else self._hello(message, text)
        except CommandFlood as error:
            return self._refuse(error, ref)
        except (BadMessage, UnknownMessage, HelloRepeated) as error:
            return self._refuse(error, ref) if self._greeted else self._end(error, CloseCode.BAD_HELLO)
        except (HelloExpected, VersionMismatch) as error:
            return self._end(error, CloseCode.BAD_HELLO)

    def welcomed(self, refs: Refs) -> None:
        """The client's `Greet` was answered; from now on it gives commands. ``refs`` are this person's."""
        self._refs = refs

    def done(self, command: ClientCommand, outcome: Ack | Problem) -> None:
        """What came of a `Carry`."""
        self._refs.end(command.ref, outcome)

    def _read(self, text: str | bytes) -> tuple[dict[str, Any], str | None]:
        raw = text.encode("utf-8", "surrogatepass") if isinstance(text, str) else text
        if len(raw) > MAX_MESSAGE_BYTES:
            raise MessageTooLarge(MAX_MESSAGE_BYTES)
        try:
            message = from_json(raw, allow_inf_nan=False)
        except ValueError as error:
            raise BadMessage("it is not JSON") from error
        if not isinstance(message, dict):
            raise BadMessage("it is not an object")
        ref = message.get("ref")
        return message, ref if isinstance(ref, str) and 0 < len(ref) <= _MAX_REF_CHARS else None

    def _hello(self, message: dict[str, Any], text: str | bytes) -> Sequence[Action]:
        if message.get("type") != "hello":
            raise HelloExpected
        version = message.get("version")
        # Before anything else is looked at: another version may have other fields.
        if isinstance(version, int) and abs(version) < _MAX_VERSION and version not in SUPPORTED_VERSIONS:
            raise VersionMismatch(version, list(SUPPORTED_VERSIONS))
        try:
            hello = hello_adapter.validate_json(text, strict=True)
        except ValidationError as error:
            raise BadMessage(_reason(error)) from error
        self._greeted = True
        return [Greet(hello)]

    def _command(self, message: dict[str, Any], ref: str | None, text: str | bytes) -> Sequence[Action]:
        self._take()
        kind = message.get("type")
        if not isinstance(kind, str):
            raise BadMessage("it has no type")
        if kind == "hello":
            raise HelloRepeated
        try:
            command = command_adapter.validate_json(text, strict=True)
        except ValidationError as error:
            if error.errors(include_url=False, include_input=False)[0]["type"] == "union_tag_invalid":
                raise UnknownMessage(kind[:40]) from error
            raise BadMessage(_reason(error)) from error
        self._refused = 0
        known = self._refs.begin(command.ref)
        return [Carry(command)] if known is None else [Reply(known)]

    def _take(self) -> None:
        options, now_s = self._options, self._clock.monotonic_s()
        self._tokens = min(options.burst, self._tokens + (now_s - self._filled_s) * options.per_second)
        self._filled_s = now_s
        if self._tokens < 1:
            raise CommandFlood((1 - self._tokens) / options.per_second)
        self._tokens -= 1

    def _refuse(self, error: VitrineError, ref: str | None) -> Sequence[Action]:
        self._refused += 1
        if self._refused > self._options.refused_at_most:
            return self._end(error, CloseCode.FLOOD)
        return [Reply(problem(error, ref))]

    def _end(self, error: VitrineError, code: CloseCode) -> Sequence[Action]:
        return [Reply(problem(error)), Close(code)]


def _reason(error: ValidationError) -> str:
    """The first thing wrong, without repeating what was sent."""
    first = error.errors(include_url=False, include_input=False, include_context=False)[0]
    where = ".".join(str(part) for part in first["loc"] if part != "hello")
    return f"{where}: {first['msg']}"[:200] if where else str(first["msg"])[:200]
