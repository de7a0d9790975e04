"""Runs the C loop that shows what kernel and cipher alone cost (`benchmarks/native/floor.c`)."""

from __future__ import annotations

import asyncio
import socket
import subprocess
import tempfile
import threading
from pathlib import Path

ROOT = Path(__file__).parents[2]


def build(folder: Path) -> Path:
    """Compile it. Raises: subprocess.CalledProcessError without a compiler or OpenSSL's headers."""
    target = folder / "floor"
    sources = [ROOT / "benchmarks/native/floor.c", ROOT / "stream_server/media/native/srtp.c"]
    subprocess.run(["cc", "-O2", *map(str, sources), "-lcrypto", "-o", str(target)], check=True)
    return target


def _drain(sinks: list[socket.socket], stop: threading.Event) -> None:
    buffer = bytearray(2048)
    while not stop.wait(0.002):
        for sink in sinks:
            try:
                while True:
                    sink.recv_into(buffer)
            except OSError:
                continue


async def floor_us(viewers: int, seconds: float, payload: int, burst: int) -> float:
    """CPU microseconds per packet of the bare loop with as many sinks."""
    sinks = []
    for _ in range(viewers):
        sink = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        sink.bind(("127.0.0.1", 0))
        sink.setblocking(False)
        sink.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 1 << 20)
        sinks.append(sink)
    stop = threading.Event()
    drain = threading.Thread(target=_drain, args=(sinks, stop))
    drain.start()
    try:
        with tempfile.TemporaryDirectory(prefix="floor-") as folder:
            program = await asyncio.to_thread(build, Path(folder))
            process = await asyncio.create_subprocess_exec(
                str(program),
                *(str(seconds), str(payload), "150", str(burst)),
                stdin=asyncio.subprocess.PIPE,
                stdout=asyncio.subprocess.PIPE,
            )
            ports = "\n".join(str(sink.getsockname()[1]) for sink in sinks)
            output, _ = await process.communicate(ports.encode())
    finally:
        stop.set()
        drain.join()
        for sink in sinks:
            sink.close()
    return float(output.split()[1])
