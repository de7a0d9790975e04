"""What the media process counts."""

from __future__ import annotations

from dataclasses import dataclass, fields


@dataclass
class Counters:
    """Totals since the process started; each becomes one metric of the same name."""

    packets_received: int = 0
    """RTP packets from publishers."""
    octets_received: int = 0
    packets_sent: int = 0
    """RTP packets to viewers, without retransmissions."""
    octets_sent: int = 0
    packets_dropped: int = 0
    """RTP packets that the kernel did not take (full buffer, network gone)."""
    nacks_received: int = 0
    """Packets that viewers asked for again."""
    rtx_sent: int = 0
    rtx_refused: int = 0
    """Asked for, but over the viewer's budget or no longer in the cache."""
    nacks_sent: int = 0
    """Packets that we asked publishers for again."""
    rtx_received: int = 0
    plis_received: int = 0
    plis_sent: int = 0
    layer_changes: int = 0
    """How often a viewer was changed to another simulcast layer."""
    packets_piped: int = 0
    """RTP packets to other media processes, counted once for each of them."""
    packets_not_piped: int = 0
    """Dropped because the other process did not read."""
    packets_from_sisters: int = 0
    stray_datagrams: int = 0
    """Datagrams that belonged to nobody or were not authentic."""
    tcp_accepted: int = 0
    tcp_evicted: int = 0
    """TCP connections closed because they did not show an authentic check in time, or to make room for others."""
    publishes: int = 0
    joins: int = 0
    sessions_failed: int = 0

    def read(self) -> dict[str, float]:
        """All of them by name."""
        return {field.name: getattr(self, field.name) for field in fields(self)}
