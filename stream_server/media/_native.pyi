"""Types of the C extension (native/egress.c)."""

MAX_TRACKS: int
MAX_THREADS: int
MAX_PAYLOAD: int

class Egress:
    def __init__(self, max_streams: int = 4096, threads: int = 1, gso: bool = True) -> None: ...
    def add(
        self,
        thread: int,
        track: int,
        fd: int,
        address: bytes,
        profile: int,
        key: bytes,
        salt: bytes,
        auth: bytes,
        ssrc: int,
        payload_type: int,
        index_offset: int,
        /,
    ) -> int: ...
    def remove(self, stream: int, /) -> None: ...
    def move(self, stream: int, fd: int, address: bytes, /) -> None: ...
    def attach(self, stream: int, track: int, /) -> None: ...
    def retarget(self, stream: int, track: int, index_offset: int, timestamp_offset: int, /) -> None: ...
    def set_payload_type(self, stream: int, payload_type: int, /) -> None: ...
    def push(
        self,
        track: int,
        payload: bytes,
        index: int,
        timestamp: int,
        marker: bool,
        padded: bool,
        flush: bool,
        more: bool,
        /,
    ) -> bool: ...
    def push_to(
        self, stream: int, payload: bytes, index: int, timestamp: int, marker: bool, padded: bool, /
    ) -> bool: ...
    def counters(self, stream: int, /) -> dict[str, int]: ...
    def close(self) -> None: ...
