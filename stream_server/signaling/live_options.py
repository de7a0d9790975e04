"""Limits of the live channel."""

from __future__ import annotations

from dataclasses import dataclass, field

from stream_server.signaling.session import SessionOptions


@dataclass(frozen=True)
class LiveOptions:
    """Limits of the live channel in one process."""

    hello_s: float = 10.0
    """How long a new connection may stay silent."""
    tick_s: float = 1.0
    """Counters are sent at most this often …"""
    remind_s: float = 10.0
    """… and at least this often, so that clients keep their show clock."""
    record_s: float = 2.0
    """How old the plan of a show may be that a late joiner is told."""
    resume_events: int = 1000
    """A client that missed more gets the whole state instead."""
    clients: int = 20_000
    people: int = 10_000
    """People whose last commands are remembered."""
    public_url: str = ""
    """What WHEP addresses start with; empty: relative to the server that the client is connected to."""
    session: SessionOptions = field(default_factory=SessionOptions)
