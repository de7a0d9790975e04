"""What can be wrong with a conversation on the live channel, and with which close code it ends (PROTOCOL.md)."""

from __future__ import annotations

import json
from dataclasses import dataclass
from enum import IntEnum
from typing import ClassVar

from stream_server.errors import Conflict, Invalid, NotFound, TooMany, Unauthenticated, VitrineError
from stream_server.signaling.messages import Problem


class CloseCode(IntEnum):
    """Why a connection ends. 4000 to 4999 are ours (RFC 6455 §7.4.2)."""

    TOO_BIG = 1009
    SERVER_ERROR = 1011
    COME_BACK = 1012
    """The server goes away: reconnect and resume."""
    BAD_HELLO = 4400
    """What came first was no usable `Hello`: do not try the same again."""
    UNAUTHENTICATED = 4401
    """Get a new token first."""
    UNKNOWN_SHOW = 4404
    HELLO_TIMEOUT = 4408
    TOO_SLOW = 4413
    """The client did not read fast enough: reconnect and resume."""
    FLOOD = 4429
    """Far too many messages: wait before reconnecting."""


@dataclass(eq=False)
class BadMessage(Invalid):
    """Not JSON, or not a message of the shape that its type has."""

    code: ClassVar[str] = "bad_message"
    reason: str

    def __str__(self) -> str:
        return f"The message cannot be read: {self.reason}."


@dataclass(eq=False)
class UnknownMessage(Invalid):
    """No message has this type (in this version)."""

    code: ClassVar[str] = "unknown_message"
    type: str

    def __str__(self) -> str:
        return f"There is no message of type {self.type!r}."


@dataclass(eq=False)
class MessageTooLarge(Invalid):
    """More bytes than any message has."""

    code: ClassVar[str] = "message_too_large"
    limit_bytes: int

    def __str__(self) -> str:
        return f"A message has at most {self.limit_bytes} bytes."


@dataclass(eq=False)
class VersionMismatch(Invalid):
    """The client speaks a version that this server does not: load the page again."""

    code: ClassVar[str] = "version_mismatch"
    version: int
    supported: list[int]

    def __str__(self) -> str:
        return f"Version {self.version} of the protocol is not supported. Reload the page."


class HelloExpected(Invalid):
    """The first message must be `Hello`, and it must come soon."""

    code: ClassVar[str] = "hello_expected"

    def __str__(self) -> str:
        return "Say hello first."


class HelloRepeated(Conflict):
    """A connection says hello once."""

    code: ClassVar[str] = "hello_repeated"

    def __str__(self) -> str:
        return "This connection has said hello already."


class InProgress(Conflict):
    """A command with the same ``ref`` is being carried out right now."""

    code: ClassVar[str] = "in_progress"

    def __str__(self) -> str:
        return "This is being done already."


class CommandFlood(TooMany):
    """More commands than a person can give."""

    code: ClassVar[str] = "command_flood"


def problem(error: VitrineError, ref: str | None = None) -> Problem:
    """An error as the message that tells of it."""
    detail = json.loads(json.dumps(error.detail(), default=str))
    return Problem(ref=ref, code=error.code, message=str(error), detail=detail)


def close_code(error: VitrineError) -> CloseCode:
    """How a connection ends that was refused with ``error`` before it was welcomed."""
    match error:
        case Unauthenticated():
            return CloseCode.UNAUTHENTICATED
        case NotFound():
            return CloseCode.UNKNOWN_SHOW
        case _:
            return CloseCode.COME_BACK
