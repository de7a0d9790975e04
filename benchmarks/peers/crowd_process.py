"""A crowd behind standard input and output, one JSON object a line: ``{"join": 100}``, ``{"count": true}``."""

from __future__ import annotations

import asyncio
import json
import sys

from benchmarks.peers import crowd
from benchmarks.peers.signalling import joining


async def serve(kind: str, where: str) -> None:
    """Answer questions until standard input ends."""
    viewers = crowd.Crowd()
    async with joining(kind, where) as one:
        while line := await asyncio.to_thread(sys.stdin.readline):
            question = json.loads(line)
            if "join" in question:
                await viewers.join(question["join"], one)
            packets, octets = viewers.counts()
            print(json.dumps({"packets": packets, "bytes": octets}), flush=True)
    viewers.close()


if __name__ == "__main__":
    crowd.prepare(sys.argv[3])
    asyncio.run(serve(sys.argv[1], sys.argv[2]))
