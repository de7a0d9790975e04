"""What the media process can be told; built by the command line from the settings, never read from them here."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Literal


@dataclass(frozen=True)
class MediaOptions:
    """Everything `serve_media` needs to know. The limits bound what strangers can make us hold."""

    socket_path: Path
    """Unix socket of the control channel; its directory must exist and be private (mode 0700)."""
    index: int = 0
    """Which of the server's media processes this is."""
    trunk_paths: tuple[Path, ...] = ()
    """Unix sockets between the media processes, one for each, ours at ``index``; fewer than two: no others."""
    port: int = 8880
    """UDP and TCP port, the same on every local address; 0 takes a free one."""
    addresses: tuple[str, ...] = ()
    """Local addresses to listen on; empty for all of this machine's own, loopback last."""
    public_address: str | None = None
    """Address or name told to clients instead of the local ones (1:1 NAT, containers)."""
    owns_process: bool = False
    """Nothing else runs in this process: it may go before others, and what it has at the start is never collected."""
    egress: Literal["auto", "native", "python"] = "auto"
    """What sends to viewers; ``auto`` is native where it was built."""
    max_sessions: int = 1000
    """Publishers and viewers together."""
    max_connecting: int = 100
    """Sessions that have not finished their handshake yet."""
    connect_timeout_s: float = 15.0
    """How long a session may take from its answer to the end of its handshake."""
    consent_timeout_s: float = 15.0
    """Silence (no STUN, no SRTP) after which a peer is gone; FFmpeg sends checks only every 5 s."""
    stall_timeout_s: float = 5.0
    """Silence after which another publisher may take the place of this one without ``replace``."""
    max_publish_bps: int = 2_500_000
    """The most we ask a publisher for (REMB); less when packets get lost."""
    cached_packets: int = 1024
    """Packets of each track kept for retransmission, about 7 s at 150 packets a second."""
    unwatched_s: float = 10.0
    """A show that comes from another process is given up when nobody has watched it here for this long."""
    forget_show_s: float = 3600.0
    """A show without publisher and viewers is forgotten after this long."""
